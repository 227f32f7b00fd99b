package io.netchannel.samples.haproxy.config;

/** Numbers with the units that the configuration manual gives them (2.5), and what haproxy says of wrong ones. */
public final class Units {

    private static final long MAX_TIME = 0x7fff_ffffL;
    private static final long MAX_SIZE = 0xffff_ffffL;

    /** The unit of a number without one, and of the result. */
    public enum TimeUnit {
        US(1), MS(1_000), S(1_000_000), MIN(60_000_000), HOUR(3_600_000_000L), DAY(86_400_000_000L);

        private final long micros;

        TimeUnit(final long micros) {
            this.micros = micros;
        }
    }

    /** What a number with a unit turned out to be. */
    public enum Verdict {
        OK, UNEXPECTED, OVERFLOW, UNDERFLOW
    }

    /**
     * A number read.
     *
     * @param unexpected the char that doesn't belong there, 0 if it is the end that came too early
     */
    public record Parsed(Verdict verdict, long value, char unexpected) {

        public boolean isOk() {
            return verdict == Verdict.OK;
        }

        /** The value that stands, as messages show it. */
        static Parsed bad(final String text, final int at) {
            return new Parsed(Verdict.UNEXPECTED, 0, at < text.length() ? text.charAt(at) : 0);
        }
    }

    private Units() {
    }

    /** @return at most 2^31 - 1 of {@code unit}, rounded up */
    public static Parsed time(final String text, final TimeUnit unit) {
        int at = 0;
        long value = 0;
        boolean overflow = false;
        while (at < text.length() && isDigit(text.charAt(at))) {
            value = value * 10 + (text.charAt(at) - '0');
            overflow |= value > MAX_TIME * 1_000_000;
            value = Math.min(value, MAX_TIME * 1_000_000);
            at++;
        }
        if (at == 0) {
            return Parsed.bad(text, 0);
        }
        long micros = unit.micros;
        if (at < text.length()) {
            final TimeUnit given;
            switch (text.charAt(at)) {
                case 's' -> given = TimeUnit.S;
                case 'h' -> given = TimeUnit.HOUR;
                case 'd' -> given = TimeUnit.DAY;
                case 'm' -> given = text.startsWith("s", at + 1) ? TimeUnit.MS : TimeUnit.MIN;
                case 'u' -> {
                    if (!text.startsWith("s", at + 1)) {
                        return Parsed.bad(text, at);
                    }
                    given = TimeUnit.US;
                }
                default -> {
                    return Parsed.bad(text, at);
                }
            }
            micros = given.micros;
        }
        final double exact = (double) value * micros / unit.micros;
        if (overflow || exact > MAX_TIME) {
            return new Parsed(Verdict.OVERFLOW, 0, '\0');
        }
        final long scaled = Math.ceilDiv(value * micros, unit.micros);
        return new Parsed(Verdict.OK, scaled, '\0');
    }

    /** @return bytes, below 2^32: units k, m and g are of 1024 */
    public static Parsed size(final String text) {
        int at = 0;
        long value = 0;
        while (at < text.length() && isDigit(text.charAt(at))) {
            value = value * 10 + (text.charAt(at) - '0');
            if (value > MAX_SIZE) {
                return Parsed.bad(text, at);
            }
            at++;
        }
        if (at == 0) {
            return Parsed.bad(text, 0);
        }
        if (at == text.length()) {
            return new Parsed(Verdict.OK, value, '\0');
        }
        final int shift = switch (text.charAt(at)) {
            case 'k', 'K' -> 10;
            case 'm', 'M' -> 20;
            case 'g', 'G' -> 30;
            default -> -1;
        };
        if (shift < 0 || value << shift > MAX_SIZE) {
            return Parsed.bad(text, at);
        }
        return at + 1 < text.length() ? Parsed.bad(text, at + 1) : new Parsed(Verdict.OK, value << shift, '\0');
    }

    /** As C's atol: a sign, digits, and what follows doesn't matter; 0 without any. */
    public static long leadingInteger(final String text) {
        int at = 0;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        final boolean negative = text.startsWith("-", at);
        if (negative || text.startsWith("+", at)) {
            at++;
        }
        long value = 0;
        while (at < text.length() && isDigit(text.charAt(at)) && value < Long.MAX_VALUE / 100) {
            value = value * 10 + (text.charAt(at) - '0');
            at++;
        }
        return negative ? -value : value;
    }

    private static boolean isDigit(final char c) {
        return c >= '0' && c <= '9';
    }
}
