package io.netchannel.samples.haproxy.config;

/** What {@code bind} and {@code stats socket} lines say of their sockets; {@link TlsOptions} are of both too. */
public final class BindOptions {

    /** What a command on a stats socket may do. */
    public enum Level {
        USER, OPERATOR, ADMIN
    }

    /** What stands before an answer of a stats socket. */
    public enum SeverityOutput {
        NONE, NUMBER, STRING
    }

    /** 0 for the system's. */
    public static final Setting<Integer> TCP_USER_TIMEOUT_MS = Setting.of("tcp-ut", 0);
    /** The only one that it listens at; null: all. */
    public static final Setting<String> INTERFACE = Setting.of("interface", null);
    /** Of TCP; less than 0: so much less than the path takes; 0: the system's. */
    public static final Setting<Integer> MAX_SEGMENT_BYTES = Setting.of("mss", 0);
    public static final Setting<Boolean> FAST_OPEN = Setting.of("tfo", false);
    /** It may listen at addresses that aren't the machine's. */
    public static final Setting<Boolean> TRANSPARENT = Setting.of("transparent", false);
    /** {@code h1} or {@code none}; null for what fits the mode. */
    public static final Setting<String> PROTOCOL = Setting.of("proto", null);
    /** Whether another process may listen beside this one (socket(7), SO_REUSEPORT). */
    public static final Setting<Boolean> REUSE_PORT = Setting.of("SO_REUSEPORT", true);
    /** Of a UNIX socket's file; -1 leaves it. */
    public static final Setting<Integer> FILE_MODE = Setting.of("mode", -1);
    public static final Setting<Integer> UID = Setting.of("uid", -1);
    public static final Setting<Integer> GID = Setting.of("gid", -1);
    public static final Setting<Level> LEVEL = Setting.of("level", Level.OPERATOR);
    public static final Setting<SeverityOutput> SEVERITY_OUTPUT = Setting.of("severity-output", SeverityOutput.NONE);

    private BindOptions() {
    }
}
