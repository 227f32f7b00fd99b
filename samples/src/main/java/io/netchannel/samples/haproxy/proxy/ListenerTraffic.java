package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Setting;

/** What a {@code bind} line says about its connections. */
public final class ListenerTraffic {

    public static final Setting<String> NAME = Setting.of("name", null);
    public static final Setting<Integer> ID = Setting.of("id", 0);
    public static final Setting<Integer> MAXCONN = Setting.of("maxconn", 0);
    public static final Setting<Integer> BACKLOG = Setting.of("backlog", 0);
    public static final Setting<Boolean> ACCEPT_PROXY = Setting.of("accept-proxy", false);
    public static final Setting<Boolean> DEFER_ACCEPT = Setting.of("defer-accept", false);
    public static final Setting<Boolean> V6ONLY = Setting.of("v6only", false);

    private ListenerTraffic() {
    }
}
