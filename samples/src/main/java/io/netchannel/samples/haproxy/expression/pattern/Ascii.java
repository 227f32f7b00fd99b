package io.netchannel.samples.haproxy.expression.pattern;

/** Case of ASCII letters only, as the C locale has it. */
public final class Ascii {

    private Ascii() {
    }

    /** @return {@code text} itself if it has no capital */
    public static String lower(final String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUpper(text.charAt(i))) {
                final char[] chars = text.toCharArray();
                for (int j = i; j < chars.length; j++) {
                    chars[j] = lower(chars[j]);
                }
                return new String(chars);
            }
        }
        return text;
    }

    public static String upper(final String text) {
        final char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            chars[i] = chars[i] >= 'a' && chars[i] <= 'z' ? (char) (chars[i] - 32) : chars[i];
        }
        return new String(chars);
    }

    public static char lower(final char c) {
        return isUpper(c) ? (char) (c + 32) : c;
    }

    private static boolean isUpper(final char c) {
        return c >= 'A' && c <= 'Z';
    }

    /** Whether {@code part} stands in {@code text} at {@code at}. */
    public static boolean matches(final String text, final int at, final String part, final int from, final int length,
            final boolean ignoreCase) {
        if (!ignoreCase) {
            return text.startsWith(from == 0 && length == part.length() ? part : part.substring(from, from + length),
                    at);
        }
        if (at < 0 || at + length > text.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(text.charAt(at + i)) != lower(part.charAt(from + i))) {
                return false;
            }
        }
        return true;
    }
}
