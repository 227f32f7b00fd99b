package io.netchannel.samples.haproxy.expression.format;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** The dates of logs. */
public final class Dates {

    private static final String[] MONTHS = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
        "Dec"};

    private Dates() {
    }

    /** {@code 06/Feb/2009:12:14:14.655}, local. */
    public static void withMillis(final StringBuilder out, final long ms) {
        seconds(out, local(ms));
        out.append('.');
        padded(out, (int) Math.floorMod(ms, 1000L), 3);
    }

    /** {@code 06/Feb/2009:12:14:14 +0000} */
    static void utc(final StringBuilder out, final long ms) {
        seconds(out, Instant.ofEpochMilli(ms).atZone(ZoneOffset.UTC));
        out.append(" +0000");
    }

    /** {@code 06/Feb/2009:12:14:14 +0100} */
    static void localWithOffset(final StringBuilder out, final long ms) {
        final ZonedDateTime date = local(ms);
        seconds(out, date);
        final int minutes = date.getOffset().getTotalSeconds() / 60;
        out.append(minutes < 0 ? " -" : " +");
        padded(out, Math.abs(minutes) / 60, 2);
        padded(out, Math.abs(minutes) % 60, 2);
    }

    private static ZonedDateTime local(final long ms) {
        return Instant.ofEpochMilli(ms).atZone(ZoneId.systemDefault());
    }

    private static void seconds(final StringBuilder out, final ZonedDateTime date) {
        padded(out, date.getDayOfMonth(), 2);
        out.append('/').append(MONTHS[date.getMonthValue() - 1]).append('/');
        padded(out, date.getYear(), 4);
        out.append(':');
        padded(out, date.getHour(), 2);
        out.append(':');
        padded(out, date.getMinute(), 2);
        out.append(':');
        padded(out, date.getSecond(), 2);
    }

    static void padded(final StringBuilder out, final int value, final int digits) {
        final String text = Integer.toString(value);
        for (int i = text.length(); i < digits; i++) {
            out.append('0');
        }
        out.append(text);
    }
}
