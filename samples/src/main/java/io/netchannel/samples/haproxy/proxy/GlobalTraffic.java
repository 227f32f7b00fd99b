package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Setting;

/** What {@code global} says about connections and messages. */
public final class GlobalTraffic {

    public static final Setting<Integer> MAXCONN = Setting.of("global maxconn", 0);
    public static final Setting<Integer> BUFFER_BYTES = Setting.of("tune.bufsize", 16_384);
    public static final Setting<Integer> REWRITE_BYTES = Setting.of("tune.maxrewrite", 1_024);
    public static final Setting<Integer> MAX_FIELDS = Setting.of("tune.http.maxhdr", 101);

    private GlobalTraffic() {
    }
}
