package io.netchannel.samples.haproxy.http;

/** Lists in the text of fields (RFC 9110, 5.6.1), and cookies, which share their quoting. */
public final class ListText {

    private ListText() {
    }

    /** @return index of the first of the delimiters at or after {@code from} that isn't quoted, or the text's end */
    public static int elementEnd(final String text, final int from, final String delimiters) {
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted) {
                i += c == '\\' ? 1 : 0;
            } else if (delimiters.indexOf(c) >= 0) {
                return i;
            }
        }
        return text.length();
    }
}
