package io.netchannel.samples.memcached.protocol;

/** What may be watched. */
public final class LogFlags {

    public static final int RAW_COMMANDS = 1;
    public static final int EVICTIONS = 1 << 1;
    public static final int FETCHERS = 1 << 2;
    public static final int MUTATIONS = 1 << 3;
    public static final int SYSTEM_EVENTS = 1 << 4;
    public static final int CONNECTION_EVENTS = 1 << 5;
    /** Nothing here writes these; they may be asked for. */
    private static final int PROXY = 1 << 6;

    private LogFlags() {
    }

    /** @return 0 for a name that is none */
    static int of(final String name) {
        return switch (name) {
            case "rawcmds" -> RAW_COMMANDS;
            case "evictions" -> EVICTIONS;
            case "fetchers" -> FETCHERS;
            case "mutations" -> MUTATIONS;
            case "sysevents" -> SYSTEM_EVENTS;
            case "connevents" -> CONNECTION_EVENTS;
            case "proxyreqs", "proxyevents", "proxyuser" -> PROXY;
            default -> 0;
        };
    }
}
