package io.netchannel.samples.haproxy.config;

import java.util.List;

/** What {@code server} lines say of names and health; see {@link TlsOptions} and {@code proxy.ServerTraffic} for more. */
public final class ServerOptions {

    /** Which traffic tells about a server's health. */
    public enum Observe {
        NONE, LAYER4, LAYER7
    }

    /** What follows from observed errors. */
    public enum OnError {
        FASTINTER, FAIL_CHECK, SUDDEN_DEATH, MARK_DOWN
    }

    public static final Setting<Address> ADDRESS = Setting.of("address", null);
    public static final Setting<Integer> POOL_LOW_CONNECTIONS = Setting.of("pool-low-conn", 0);
    public static final Setting<Boolean> NON_STICK = Setting.of("non-stick", false);
    public static final Setting<Boolean> FAST_OPEN = Setting.of("tfo", false);
    public static final Setting<Integer> TCP_USER_TIMEOUT_MS = Setting.of("tcp-ut", 0);
    /** {@code h1} or {@code none}; null for what fits the mode. */
    public static final Setting<String> PROTOCOL = Setting.of("proto", null);

    // -- names

    /** {@code last}, {@code libc}, {@code none} or an address; null for the first two. */
    public static final Setting<List<String>> INIT_ADDRESS = Setting.of("init-addr", null);
    /** Its name isn't known (yet): it is in maintenance until it is. */
    public static final Setting<Boolean> UNRESOLVED = Setting.of("unresolved", false);
    /** Name of a resolvers section, or null. */
    public static final Setting<String> RESOLVERS = Setting.of("resolvers", null);

    // -- health

    public static final Setting<Boolean> CHECK = Setting.of("check", false);
    public static final Setting<Long> INTER_MS = Setting.of("inter", 2_000L);
    /** 0 for {@link #INTER_MS}. */
    public static final Setting<Long> FAST_INTER_MS = Setting.of("fastinter", 0L);
    /** 0 for {@link #INTER_MS}. */
    public static final Setting<Long> DOWN_INTER_MS = Setting.of("downinter", 0L);
    public static final Setting<Integer> RISE = Setting.of("rise", 2);
    public static final Setting<Integer> FALL = Setting.of("fall", 3);
    /** 0 for the server's. */
    public static final Setting<Integer> CHECK_PORT = Setting.of("port", 0);
    /** Null for the server's. */
    public static final Setting<Address> CHECK_ADDRESS = Setting.of("addr", null);
    public static final Setting<Boolean> CHECK_SEND_PROXY = Setting.of("check-send-proxy", false);
    /** Checks go by {@code socks4} too. */
    public static final Setting<Boolean> CHECK_VIA_SOCKS4 = Setting.of("check-via-socks4", false);
    public static final Setting<String> CHECK_PROTOCOL = Setting.of("check-proto", null);
    public static final Setting<Boolean> CHECK_SSL = Setting.of("check-ssl", false);
    public static final Setting<String> CHECK_SNI = Setting.of("check-sni", null);
    public static final Setting<List<String>> CHECK_ALPN = Setting.list("check-alpn");
    public static final Setting<Boolean> AGENT_CHECK = Setting.of("agent-check", false);
    /** 0: it has none. */
    public static final Setting<Integer> AGENT_PORT = Setting.of("agent-port", 0);
    /** Null for {@link #CHECK_ADDRESS}, and that for the server's. */
    public static final Setting<Address> AGENT_ADDRESS = Setting.of("agent-addr", null);
    public static final Setting<Long> AGENT_INTER_MS = Setting.of("agent-inter", 2_000L);
    /** What is sent to it; null for nothing. */
    public static final Setting<String> AGENT_SEND = Setting.of("agent-send", null);
    public static final Setting<Observe> OBSERVE = Setting.of("observe", Observe.NONE);
    public static final Setting<OnError> ON_ERROR = Setting.of("on-error", OnError.FAIL_CHECK);
    /** Consecutive observed errors that lead to {@link #ON_ERROR}. */
    public static final Setting<Integer> ERROR_LIMIT = Setting.of("error-limit", 10);
    /** Sessions end when the server goes down. */
    public static final Setting<Boolean> SHUTDOWN_SESSIONS = Setting.of("on-marked-down shutdown-sessions", false);
    /** Sessions of backup servers end when this one comes up. */
    public static final Setting<Boolean> SHUTDOWN_BACKUP_SESSIONS = Setting.of("on-marked-up shutdown-backup-sessions",
            false);

    private ServerOptions() {
    }
}
