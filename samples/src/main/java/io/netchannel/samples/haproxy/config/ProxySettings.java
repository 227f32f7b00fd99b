package io.netchannel.samples.haproxy.config;

import java.util.List;

/** What a proxy is, where it listens and whom it connects to. */
public final class ProxySettings {

    /** The layer that a proxy works at. */
    public enum Mode {
        TCP, HTTP
    }

    public static final Setting<Mode> MODE = Setting.of("mode", Mode.TCP);
    public static final Setting<List<BindSettings>> BINDS = Setting.list("bind");
    public static final Setting<List<ServerSettings>> SERVERS = Setting.list("server");
    /** What later servers of the section start with. */
    static final Setting<ServerSettings> DEFAULT_SERVER = Setting.of("default-server", null);

    /** What {@code load-server-state-from-file} takes the states of servers from. */
    public enum StateFile {
        NONE, GLOBAL, LOCAL
    }

    public static final Setting<String> DESCRIPTION = Setting.of("description", null);
    /** Streams that wait at a server, above which its connections aren't kept for a client; -1 for no limit. */
    public static final Setting<Integer> MAX_KEEP_ALIVE_QUEUE = Setting.of("max-keep-alive-queue", -1);
    /** Idle connections to servers that a session keeps. */
    public static final Setting<Integer> MAX_SESSION_SERVER_CONNECTIONS = Setting.of("max-session-srv-conns", 5);
    public static final Setting<StateFile> STATE_FILE = Setting.of("load-server-state-from-file", StateFile.NONE);
    public static final Setting<String> STATE_FILE_NAME = Setting.of("server-state-file-name", null);
    /** Of TCP's keep-alive; 0 for the system's. */
    public static final Setting<Integer> CLIENT_PROBES = Setting.of("clitcpka-cnt", 0);
    public static final Setting<Long> CLIENT_PROBE_IDLE_S = Setting.of("clitcpka-idle", 0L);
    public static final Setting<Long> CLIENT_PROBE_INTERVAL_S = Setting.of("clitcpka-intvl", 0L);
    public static final Setting<Integer> SERVER_PROBES = Setting.of("srvtcpka-cnt", 0);
    public static final Setting<Long> SERVER_PROBE_IDLE_S = Setting.of("srvtcpka-idle", 0L);
    public static final Setting<Long> SERVER_PROBE_INTERVAL_S = Setting.of("srvtcpka-intvl", 0L);

    // -- options

    /** Counters grow while bytes pass, not at the end of a session. */
    public static final Setting<Boolean> CONTINUOUS_STATS = Setting.of("option contstats", false);
    /** Each socket of a frontend has counters of its own. */
    public static final Setting<Boolean> SOCKET_STATS = Setting.of("option socket-stats", false);
    /** At a soft stop an idle connection may answer one more request. */
    public static final Setting<Boolean> IDLE_CLOSE_ON_RESPONSE = Setting.of("option idle-close-on-response", false);
    /** Bytes in one direction don't restart the timeout of the other. */
    public static final Setting<Boolean> INDEPENDENT_STREAMS = Setting.of("option independent-streams", false);
    /** {@code Proxy-Connection} where a client uses it. */
    public static final Setting<Boolean> USE_PROXY_FIELD = Setting.of("option http-use-proxy-header", false);
    /** Taken: what is there to be sent goes at the end of each event anyway. */
    static final Setting<Boolean> NO_DELAY = Setting.of("option http-no-delay", false);
    public static final Setting<Boolean> SMART_ACCEPT = Setting.of("option tcp-smart-accept", false);
    public static final Setting<Boolean> SMART_CONNECT = Setting.of("option tcp-smart-connect", false);
    /** Names of fields are written as {@code h1-case-adjust} has them. */
    public static final Setting<Boolean> ADJUST_CLIENT_CASE = Setting.of("option h1-case-adjust-bogus-client", false);
    public static final Setting<Boolean> ADJUST_SERVER_CASE = Setting.of("option h1-case-adjust-bogus-server", false);
    public static final Setting<Boolean> LOG_HEALTH_CHECKS = Setting.of("option log-health-checks", false);
    /** Name of the cookie of {@code persist rdp-cookie}, or null. */
    public static final Setting<String> RDP_COOKIE = Setting.of("persist rdp-cookie", null);

    /** Percent of the average load that a server may have with {@code hash-type consistent}; 0 for no limit. */
    public static final Setting<Integer> HASH_BALANCE_FACTOR = Setting.of("hash-balance-factor", 0);

    private ProxySettings() {
    }
}
