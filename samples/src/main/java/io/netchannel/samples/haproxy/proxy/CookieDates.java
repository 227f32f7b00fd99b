package io.netchannel.samples.haproxy.proxy;

/** Dates inside of a persistence cookie: 30 bits of seconds / 4, as five chars of base 64. */
final class CookieDates {

    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int CHARS = 5;

    private CookieDates() {
    }

    /** So that a date is never one of before. */
    static long roundedUp(final long seconds) {
        return seconds + 3 & ~3L;
    }

    static String encode(final long seconds) {
        final long value = seconds >>> 2;
        final StringBuilder text = new StringBuilder();
        for (int shift = 6 * (CHARS - 1); shift >= 0; shift -= 6) {
            text.append(DIGITS.charAt((int) (value >>> shift & 63)));
        }
        return text.toString();
    }

    /** @return 0 for what is no date */
    static long decode(final String text) {
        if (text.length() < CHARS) {
            return 0;
        }
        long value = 0;
        for (int i = 0; i < CHARS; i++) {
            final int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < 0) {
                return 0;
            }
            value = value << 6 | digit;
        }
        return value << 2;
    }
}
