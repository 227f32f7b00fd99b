package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.expression.Value;
import java.util.List;
import java.util.Map;

/** What {@code global} says. */
public final class GlobalOptions {

    public static final Setting<Boolean> DAEMON = Setting.of("daemon", false);
    public static final Setting<Boolean> MASTER_WORKER = Setting.of("master-worker", false);
    public static final Setting<Boolean> QUIET = Setting.of("quiet", false);
    public static final Setting<Boolean> ZERO_WARNING = Setting.of("zero-warning", false);
    /** Connections in a second; 0 for no limit. */
    public static final Setting<Integer> MAX_CONNECTION_RATE = Setting.of("maxconnrate", 0);
    /** Sessions in a second; 0 for no limit. */
    public static final Setting<Integer> MAX_SESSION_RATE = Setting.of("maxsessrate", 0);
    /** Connections by TLS; 0 for no limit. */
    public static final Setting<Integer> MAX_TLS_CONNECTIONS = Setting.of("maxsslconn", 0);
    /** Connections by TLS in a second; 0 for no limit. */
    public static final Setting<Integer> MAX_TLS_RATE = Setting.of("maxsslrate", 0);
    /** Compressed bytes in a second; 0 for no limit. */
    public static final Setting<Long> MAX_COMPRESSION_RATE = Setting.of("maxcomprate", 0L);
    /** Percent of the CPU's time beyond which nothing is compressed. */
    public static final Setting<Integer> MAX_COMPRESSION_CPU = Setting.of("maxcompcpuusage", 100);
    public static final Setting<String> PID_FILE = Setting.of("pidfile", null);
    public static final Setting<String> NODE = Setting.of("node", null);
    public static final Setting<String> DESCRIPTION = Setting.of("description", null);
    public static final Setting<String> CHROOT = Setting.of("chroot", null);
    public static final Setting<Integer> UID = Setting.of("uid", 0);
    public static final Setting<Integer> GID = Setting.of("gid", 0);
    /** 0 for none. */
    public static final Setting<Integer> OPEN_FILES = Setting.of("ulimit-n", 0);
    /** After a soft stop; 0 for never. */
    public static final Setting<Long> HARD_STOP_AFTER_MS = Setting.of("hard-stop-after", 0L);
    /** In which a soft stop waits before it stops to listen. */
    public static final Setting<Long> GRACE_MS = Setting.of("grace", 0L);
    /** Over which a soft stop spreads the end of idle connections. */
    public static final Setting<Long> CLOSE_SPREAD_MS = Setting.of("close-spread-time", 0L);
    public static final Setting<List<BindSettings>> STATS_SOCKETS = Setting.list("stats socket");
    /** {@code -S}: the master's own. */
    public static final Setting<List<BindSettings>> MASTER_SOCKETS = Setting.list("-S");
    /** {@code program} sections. */
    public static final Setting<List<ProgramSection>> PROGRAMS = Setting.list("program");
    public static final Setting<Long> STATS_TIMEOUT_MS = Setting.of("stats timeout", 10_000L);
    public static final Setting<Integer> STATS_MAX_CONNECTIONS = Setting.of("stats maxconn", 10);
    public static final Setting<String> UNIX_BIND_PREFIX = Setting.of("unix-bind prefix", "");
    public static final Setting<Boolean> NO_REUSEPORT = Setting.of("noreuseport", false);
    public static final Setting<Integer> UNIX_BIND_MODE = Setting.of("unix-bind mode", -1);
    public static final Setting<Integer> UNIX_BIND_UID = Setting.of("unix-bind uid", -1);
    public static final Setting<Integer> UNIX_BIND_GID = Setting.of("unix-bind gid", -1);
    public static final Setting<String> SERVER_STATE_BASE = Setting.of("server-state-base", null);
    public static final Setting<String> SERVER_STATE_FILE = Setting.of("server-state-file", null);
    public static final Setting<String> LOCAL_PEER = Setting.of("localpeer", null);
    /** Programs may check servers. */
    public static final Setting<Boolean> EXTERNAL_CHECK = Setting.of("external-check", false);
    public static final Setting<Boolean> FORK_WANTED = Setting.of("insecure-fork-wanted", false);
    /** Percent, 0 to 50, by which intervals of checks vary. */
    public static final Setting<Integer> SPREAD_CHECKS = Setting.of("spread-checks", 0);
    /** The most by which the first and the last check may be apart; 0 for no limit. */
    public static final Setting<Long> MAX_SPREAD_CHECKS_MS = Setting.of("max-spread-checks", 0L);
    public static final Setting<Boolean> NEVER_SEND_LOCAL = Setting.of("pp2-never-send-local", false);
    public static final Setting<Boolean> PAYLOAD_WITH_ANY_METHOD = Setting.of("h1-accept-payload-with-any-method",
            false);
    /** Names of headers as they come, which is in lower case, and as they are to be written. */
    public static final Setting<Map<String, String>> CASE_ADJUST = Setting.of("h1-case-adjust", Map.of());
    static final Setting<String> CASE_ADJUST_FILE = Setting.of("h1-case-adjust-file", null);

    // -- TLS

    public static final Setting<String> CA_BASE = Setting.of("ca-base", null);
    public static final Setting<String> CRT_BASE = Setting.of("crt-base", null);
    public static final Setting<TlsOptions.Verify> SERVER_VERIFY = Setting.of("ssl-server-verify",
            TlsOptions.Verify.REQUIRED);

    public static final Setting<String> BIND_CIPHERS = Setting.of("ssl-default-bind-ciphers", null);
    public static final Setting<String> BIND_CIPHER_SUITES = Setting.of("ssl-default-bind-ciphersuites", null);
    public static final Setting<String> BIND_MIN_VERSION = Setting.of("ssl-default-bind-options ssl-min-ver", null);
    public static final Setting<String> BIND_MAX_VERSION = Setting.of("ssl-default-bind-options ssl-max-ver", null);
    public static final Setting<String> SERVER_CIPHERS = Setting.of("ssl-default-server-ciphers", null);
    public static final Setting<String> SERVER_CIPHER_SUITES = Setting.of("ssl-default-server-ciphersuites", null);
    public static final Setting<String> SERVER_MIN_VERSION = Setting.of("ssl-default-server-options ssl-min-ver", null);
    public static final Setting<String> SERVER_MAX_VERSION = Setting.of("ssl-default-server-options ssl-max-ver", null);

    // -- tune

    /** Of a captured cookie. */
    public static final Setting<Integer> COOKIE_BYTES = Setting.of("tune.http.cookielen", 63);
    /** Of a URI in a log. */
    public static final Setting<Integer> LOG_URI_BYTES = Setting.of("tune.http.logurilen", 1_023);
    /** Connections that are accepted at once; -1 for no limit. */
    public static final Setting<Integer> MAX_ACCEPT = Setting.of("tune.maxaccept", 4);
    public static final Setting<Integer> COMPRESSION_LEVEL = Setting.of("tune.comp.maxlevel", 1);
    /** 0 for the system's. */
    public static final Setting<Integer> CLIENT_RECEIVE_BUFFER = Setting.of("tune.rcvbuf.client", 0);
    public static final Setting<Integer> CLIENT_SEND_BUFFER = Setting.of("tune.sndbuf.client", 0);
    public static final Setting<Integer> SERVER_RECEIVE_BUFFER = Setting.of("tune.rcvbuf.server", 0);
    public static final Setting<Integer> SERVER_SEND_BUFFER = Setting.of("tune.sndbuf.server", 0);

    /** What {@code set-var} gave variables of the scope {@code proc}: the begin of those of the process. */
    public static final Setting<Map<String, Value>> VARIABLES = Setting.of("set-var", Map.of());

    // -- the command line

    /** {@code -N}: what a proxy's {@code maxconn} is that has none; 0 for {@code maxconn} of global. */
    public static final Setting<Integer> DEFAULT_PROXY_CONNECTIONS = Setting.of("-N", 0);
    /** {@code -dr}: a server whose name isn't known is started without its address. */
    public static final Setting<Boolean> IGNORE_UNRESOLVED = Setting.of("-dr", false);

    private GlobalOptions() {
    }
}
