package io.netchannel.samples.haproxy.stats;

/** Durations in two units, as people read them: {@code 3d4h}, {@code 5m12s}. */
final class HtmlTimes {

    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;

    private HtmlTimes() {
    }

    static String text(final long seconds) {
        if (seconds >= DAY) {
            return seconds / DAY + "d" + seconds % DAY / HOUR + "h";
        }
        if (seconds >= HOUR) {
            return seconds / HOUR + "h" + seconds % HOUR / MINUTE + "m";
        }
        return seconds >= MINUTE ? seconds / MINUTE + "m" + seconds % MINUTE + "s" : seconds + "s";
    }
}
