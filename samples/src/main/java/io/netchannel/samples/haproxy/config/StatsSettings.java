package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.expression.SampleContext;
import java.util.List;
import java.util.function.Predicate;

/** The page of statistics: {@code stats} in a proxy's section. */
public final class StatsSettings {

    public static final Setting<Boolean> ENABLED = Setting.of("stats enable", false);
    /** What the page's URIs begin with. */
    public static final Setting<String> URI = Setting.of("stats uri", "/haproxy?stats");
    public static final Setting<String> REALM = Setting.of("stats realm", "HAProxy Statistics");
    /** {@code user:password} of those who may see it; none: all. */
    public static final Setting<List<String>> ACCOUNTS = Setting.list("stats auth");
    /** Proxies that are shown, {@code .} for the page's own; none: all. */
    public static final Setting<List<String>> SCOPE = Setting.list("stats scope");
    public static final Setting<Boolean> HIDE_VERSION = Setting.of("stats hide-version", false);
    public static final Setting<Boolean> SHOW_LEGENDS = Setting.of("stats show-legends", false);
    public static final Setting<Boolean> SHOW_MODULES = Setting.of("stats show-modules", false);
    /** Null: not shown; "": as {@code global} has it, or the host's name. */
    public static final Setting<String> SHOW_NODE = Setting.of("stats show-node", null);
    /** Null: not shown; "": as {@code global} has it. */
    public static final Setting<String> SHOW_DESCRIPTION = Setting.of("stats show-desc", null);
    /** 0: the page doesn't load itself anew. */
    public static final Setting<Long> REFRESH_S = Setting.of("stats refresh", 0L);
    /** Whoever fulfils one may change states of servers. */
    public static final Setting<List<Predicate<SampleContext>>> ADMIN = Setting.list("stats admin");

    static final List<Setting<?>> ALL = List.of(ENABLED, URI, REALM, ACCOUNTS, SCOPE, HIDE_VERSION, SHOW_LEGENDS,
            SHOW_MODULES, SHOW_NODE, SHOW_DESCRIPTION, REFRESH_S, ADMIN);
    /** The section whose lines the values are of: a proxy with a line of its own has none of its defaults'. */
    static final Setting<ProxySection> OWNER = Setting.of("stats", null);

    private StatsSettings() {
    }
}
