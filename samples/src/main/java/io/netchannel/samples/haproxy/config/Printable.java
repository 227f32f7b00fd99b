package io.netchannel.samples.haproxy.config;

/**
 * A part of a line that can be printed, and a place in it.
 *
 * @param position of what the place was in the whole
 */
record Printable(String text, int position) {

    private static final String DOTS = "...";

    /** At most {@code width} chars around a position, without any that would spoil a terminal. */
    static Printable around(final String line, final int position, final int width) {
        final int shift = position >= width ? position - width / 2 : 0;
        final StringBuilder text = new StringBuilder(width);
        int end = width;
        int at = shift;
        if (shift > 0) {
            text.append(DOTS);
            at += DOTS.length();
            end -= DOTS.length();
        }
        while (text.length() < end && at < line.length()) {
            final char c = line.charAt(at);
            if (Lexer.isSpace(c)) {
                text.append(' ');
            } else {
                text.append(c > ' ' && c < 0x7f ? c : '?');
            }
            at++;
        }
        if (end < width) {
            text.append(DOTS);
        }
        return new Printable(text.toString(), position - shift);
    }
}
