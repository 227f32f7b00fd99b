package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;

/** Numbers in text, read as tolerantly or as strictly as the place asks. */
public final class Numbers {

    private Numbers() {
    }

    /** The number at the front of {@code text}, 0 if there is none; what doesn't fit saturates. */
    public static long leading(final String text) {
        return leading(text, 0, text.length());
    }

    public static long leading(final String text, final int from, final int to) {
        final boolean negative = from < to && text.charAt(from) == '-';
        int at = from < to && (negative || text.charAt(from) == '+') ? from + 1 : from;
        long value = 0;
        while (at < to && isDigit(text.charAt(at))) {
            final int digit = text.charAt(at++) - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    /** Whether {@link #leading} would use up the whole text, which may be empty. */
    public static boolean isWhole(final String text) {
        int at = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at == text.length();
    }

    /** @return null unless the whole text is a number, with at most a minus sign, that fits */
    public static Long strict(final String text) {
        final int digits = text.startsWith("-") ? 1 : 0;
        if (text.isEmpty()) {
            return null;
        }
        for (int i = digits; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return null;
            }
        }
        try {
            return digits == text.length() ? 0L : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Two hexadecimal digits for each byte. */
    public static byte[] hexBytes(final String text) throws ConfigException {
        if (text.length() % 2 != 0) {
            throw new ConfigException("an even number of hex digit is expected");
        }
        final byte[] bytes = new byte[text.length() / 2];
        for (int i = 0; i < text.length(); i++) {
            final int digit = hexDigit(text.charAt(i));
            if (digit < 0) {
                throw new ConfigException("an hex digit is expected (found '" + text.charAt(i) + "')");
            }
            bytes[i / 2] = (byte) (bytes[i / 2] << 4 | digit);
        }
        return bytes;
    }

    public static boolean isDigit(final char c) {
        return c >= '0' && c <= '9';
    }

    /** @return 0 to 15, or -1 */
    public static int hexDigit(final char c) {
        if (isDigit(c)) {
            return c - '0';
        }
        final int letter = (c | 0x20) - 'a';
        return c < 128 && letter >= 0 && letter < 6 ? letter + 10 : -1;
    }
}
