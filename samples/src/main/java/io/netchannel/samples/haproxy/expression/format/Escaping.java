package io.netchannel.samples.haproxy.expression.format;

/** Text into a format, with what would break the format's syntax escaped. */
public final class Escaping {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    /** What else than control chars and bytes above ASCII is escaped in captured headers and in requests. */
    static final String HEADER = "\"#{|}";
    static final String URL = "\"#";

    private Escaping() {
    }

    /** As it is, but for options' quotes, backslashes, and the dash of what is empty. */
    public static void text(final StringBuilder out, final String text, final int options) {
        final boolean quote = (options & FormatOptions.QUOTE) != 0;
        if (quote) {
            out.append('"');
        }
        if (text != null && !text.isEmpty()) {
            if ((options & FormatOptions.ESCAPE) == 0) {
                out.append(text);
            } else {
                for (int i = 0; i < text.length(); i++) {
                    backslashed(out, text.charAt(i));
                }
            }
        } else if (!quote && (options & FormatOptions.MANDATORY) != 0) {
            out.append('-');
        }
        if (quote) {
            out.append('"');
        }
    }

    private static void backslashed(final StringBuilder out, final char c) {
        if (c == '"' || c == '\\' || c == ']') {
            out.append('\\');
        }
        out.append(c);
    }

    /** Unsafe bytes as {@code #} and two hexadecimal digits. */
    static void hash(final StringBuilder out, final String text, final String unsafe, final int options) {
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c < 32 || c >= 127 || unsafe.indexOf(c) >= 0) {
                hex(out.append('#'), c);
            } else if ((options & FormatOptions.ESCAPE) != 0) {
                backslashed(out, c);
            } else {
                out.append(c);
            }
        }
    }

    /** What can't stand in a header field's value as {@code %} and two hexadecimal digits. */
    public static void percent(final StringBuilder out, final String text, final int options) {
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c < 32 && c != '\t' || c == 127) {
                hex(out.append('%'), c);
            } else if ((options & FormatOptions.ESCAPE) != 0) {
                backslashed(out, c);
            } else {
                out.append(c);
            }
        }
    }

    static void hex(final StringBuilder out, final int byteValue) {
        out.append(HEX[byteValue >> 4 & 15]).append(HEX[byteValue & 15]);
    }
}
