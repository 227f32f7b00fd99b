package io.netchannel.samples.haproxy.log;

import java.util.List;

/** Names of facilities and levels, in the order of their numbers (RFC 5424, 6.2.1, with haproxy's names). */
public final class Syslog {

    public static final int EMERG = 0;
    public static final int ALERT = 1;
    public static final int ERR = 3;
    public static final int WARNING = 4;
    public static final int NOTICE = 5;
    public static final int INFO = 6;
    public static final int DEBUG = 7;

    /** UDP port of RFC 5426. */
    static final int PORT = 514;

    private static final List<String> FACILITIES = List.of("kern", "user", "mail", "daemon", "auth", "syslog", "lpr",
            "news", "uucp", "cron", "auth2", "ftp", "ntp", "audit", "alert", "cron2", "local0", "local1", "local2",
            "local3", "local4", "local5", "local6", "local7");
    private static final List<String> LEVELS = List.of("emerg", "alert", "crit", "err", "warning", "notice", "info",
            "debug");

    private Syslog() {
    }

    /** @return -1 if there is none of that name */
    static int facility(final String name) {
        return FACILITIES.indexOf(name);
    }

    /** @return -1 if there is none of that name */
    public static int level(final String name) {
        return LEVELS.indexOf(name);
    }
}
