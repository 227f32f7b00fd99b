package io.netchannel.samples.haproxy.expression.converter;

/**
 * Finds one value in a JSON text (RFC 8259) by a path {@code $.name.list[3]}, without building a tree. A dot or bracket
 * that belongs to a name has a backslash before it.
 */
final class JsonText {

    private static final int MAX_DEPTH = 20;

    private final String text;
    private int at;
    private int end;

    JsonText(final String text) {
        this.text = text;
    }

    /** @return whether there is such a value, in a text that is right up to its end */
    boolean find(final String path) {
        at = 0;
        if (!path.startsWith("$")) {
            return false;
        }
        blanks();
        final int start = at;
        if (!skip(0)) {
            return false;
        }
        at = start;
        int step = 1;
        while (step < path.length()) {
            if (path.charAt(step) == '.') {
                final StringBuilder name = new StringBuilder();
                step++;
                while (step < path.length() && path.charAt(step) != '.' && path.charAt(step) != '[') {
                    if (path.charAt(step) == '\\' && step + 1 < path.length()) {
                        step++;
                    }
                    name.append(path.charAt(step++));
                }
                if (!member(name.toString())) {
                    return false;
                }
            } else if (path.charAt(step) == '[') {
                final int close = path.indexOf(']', step);
                final String digits = close < 0 ? "" : path.substring(step + 1, close);
                if (digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')
                        || !element(Integer.parseInt(digits))) {
                    return false;
                }
                step = close + 1;
            } else {
                return false;
            }
        }
        final int found = at;
        skip(0);
        end = at;
        at = found;
        return true;
    }

    char firstChar() {
        return text.charAt(at);
    }

    String token() {
        return text.substring(at, end);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean accept(final char c) {
        blanks();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    /** To the value of that name in the object here. */
    private boolean member(final String name) {
        if (!accept('{')) {
            return false;
        }
        while (true) {
            blanks();
            final int start = at;
            if (!skipString()) {
                return false;
            }
            final boolean same = name.equals(text.substring(start + 1, at - 1));
            accept(':');
            blanks();
            if (same) {
                return true;
            }
            if (!skip(0) || !accept(',')) {
                return false;
            }
        }
    }

    private boolean element(final int index) {
        if (!accept('[')) {
            return false;
        }
        blanks();
        if (at < text.length() && text.charAt(at) == ']') {
            return false;
        }
        for (int i = 0; i < index; i++) {
            if (!skip(0) || !accept(',')) {
                return false;
            }
            blanks();
        }
        return true;
    }

    /** Over one value. */
    private boolean skip(final int depth) {
        blanks();
        if (at >= text.length() || depth > MAX_DEPTH) {
            return false;
        }
        return switch (text.charAt(at)) {
            case '"' -> skipString();
            case '{' -> skipAll('}', true, depth);
            case '[' -> skipAll(']', false, depth);
            case 't' -> skipWord("true");
            case 'f' -> skipWord("false");
            case 'n' -> skipWord("null");
            default -> skipNumber();
        };
    }

    private boolean skipAll(final char close, final boolean named, final int depth) {
        at++;
        if (accept(close)) {
            return true;
        }
        do {
            blanks();
            if (named && !(skipString() && accept(':')) || !skip(depth + 1)) {
                return false;
            }
        } while (accept(','));
        return accept(close);
    }

    private boolean skipWord(final String word) {
        if (!text.startsWith(word, at)) {
            return false;
        }
        at += word.length();
        return true;
    }

    private boolean skipNumber() {
        final int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at > start;
    }

    private boolean skipString() {
        if (at >= text.length() || text.charAt(at) != '"') {
            return false;
        }
        for (at++; at < text.length(); at++) {
            final char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '"') {
                at++;
                return true;
            }
        }
        at = text.length();
        return false;
    }

    /** The string found, its escapes resolved; null if one is of a char that is no byte. */
    String string() {
        final StringBuilder out = new StringBuilder();
        for (int i = at + 1; i < end - 1; i++) {
            final char c = text.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            final char next = text.charAt(++i);
            if (next == 'u') {
                if (i + 4 >= end || !text.startsWith("00", i + 1)) {
                    return null;
                }
                final int high = Character.digit(text.charAt(i + 3), 16);
                final int low = Character.digit(text.charAt(i + 4), 16);
                if (high < 0 || low < 0) {
                    return null;
                }
                out.append((char) (high << 4 | low));
                i += 4;
            } else {
                final int index = "\"\\/bfnrt".indexOf(next);
                if (index < 0) {
                    return null;
                }
                out.append("\"\\/\b\f\n\r\t".charAt(index));
            }
        }
        return out.toString();
    }
}
