package io.netchannel.samples.haproxy.expression.format;

/** How a part of a format is written, as bits. */
public final class FormatOptions {

    /** {@code M}: a dash for what is empty. */
    public static final int MANDATORY = 1;
    /** {@code Q}: between double quotes. */
    public static final int QUOTE = 1 << 1;
    /** {@code X}: numbers and addresses in hexadecimal. */
    public static final int HEX = 1 << 2;
    /** {@code E}: a backslash before what RFC 5424, section 6.3.3 wants escaped. */
    public static final int ESCAPE = 1 << 3;
    /** Several spaces become one. */
    public static final int MERGE_SPACES = 1 << 4;
    /** Part of an HTTP message: what can't stand in a header field is written as percent and two digits. */
    public static final int HTTP = 1 << 5;

    private FormatOptions() {
    }

    /** Applies {@code +Q,-X}: unknown letters, and those without a sign, say nothing. */
    public static int apply(final String args, final int options) {
        int result = options;
        for (final String arg : args.split(",")) {
            final int sign = Math.max(arg.lastIndexOf('+'), arg.lastIndexOf('-'));
            if (sign < 0) {
                continue;
            }
            final int bit = switch (arg.substring(sign + 1)) {
                case "M" -> MANDATORY;
                case "Q" -> QUOTE;
                case "X" -> HEX;
                case "E" -> ESCAPE;
                default -> 0;
            };
            result = arg.charAt(sign) == '+' ? result | bit : result & ~bit;
        }
        return result;
    }
}
