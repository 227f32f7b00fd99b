package io.netchannel.cpu.litmus.parse;

import io.netchannel.cpu.litmus.LitmusException;

/** The text of a test without its comments, read from the front; knows the line that it is at. */
final class Text {

    private final char[] chars;
    private int position;

    Text(final String text) {
        chars = text.replace("\r", "").toCharArray();
    }

    private Text(final char[] chars, final int position) {
        this.chars = chars;
        this.position = position;
    }

    int position() {
        return position;
    }

    void seek(final int newPosition) {
        position = newPosition;
    }

    int length() {
        return chars.length;
    }

    boolean isAtEnd() {
        return position >= chars.length;
    }

    char peek() {
        return isAtEnd() ? '\0' : chars[position];
    }

    boolean startsWith(final String prefix) {
        if (position + prefix.length() > chars.length) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (chars[position + i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Skips a literal if it is next. */
    boolean take(final String literal) {
        skipSpace();
        if (!startsWith(literal)) {
            return false;
        }
        position += literal.length();
        return true;
    }

    void skipSpace() {
        while (!isAtEnd() && Character.isWhitespace(chars[position])) {
            position++;
        }
    }

    /** The rest of the line, which is passed. */
    String line() {
        final int start = position;
        while (!isAtEnd() && chars[position] != '\n') {
            position++;
        }
        final String line = new String(chars, start, position - start);
        position++;
        return line;
    }

    /** What stands before the first of some characters; all of the rest if none comes. */
    String until(final String ends) {
        final int start = position;
        while (!isAtEnd() && ends.indexOf(chars[position]) < 0) {
            position++;
        }
        return new String(chars, start, position - start);
    }

    /** A word of letters, digits and underscores; empty if something else is next. */
    String word() {
        skipSpace();
        final int start = position;
        while (!isAtEnd() && (Character.isLetterOrDigit(chars[position]) || chars[position] == '_'
                || position > start && (chars[position] == '.' || chars[position] == '$'))) {
            position++;
        }
        return new String(chars, start, position - start);
    }

    int lineNumber() {
        return lineNumberAt(position);
    }

    int lineNumberAt(final int at) {
        int line = 1;
        for (int i = 0; i < Math.min(at, chars.length); i++) {
            line += chars[i] == '\n' ? 1 : 0;
        }
        return line;
    }

    /** What is next, for a message. */
    String nextToken() {
        skipSpace();
        if (isAtEnd()) {
            return "end of file";
        }
        final int start = position;
        final String word = word();
        position = start;
        return word.isEmpty() ? String.valueOf(chars[start]) : word;
    }

    LitmusException malformed(final String what) {
        final String token = nextToken();
        return LitmusException.malformed(lineNumber(), token, what);
    }

    /** Turns herd's comments, (* … *) and nested, into spaces from here on. */
    void blankComments() {
        int depth = 0;
        int start = 0;
        boolean isQuoted = false;
        for (int i = position; i < chars.length; i++) {
            if (depth == 0 && chars[i] == '"') {
                isQuoted = !isQuoted;
            }
            if (isQuoted) {
                continue;
            }
            if (i + 1 < chars.length && chars[i] == '(' && chars[i + 1] == '*') {
                if (depth++ == 0) {
                    start = i;
                }
                blank(i);
                blank(++i);
            } else if (depth > 0 && i + 1 < chars.length && chars[i] == '*' && chars[i + 1] == ')') {
                depth--;
                blank(i);
                blank(++i);
            } else if (depth > 0) {
                blank(i);
            }
        }
        if (depth > 0) {
            throw LitmusException.malformed(lineNumberAt(start), "(*", "the comment doesn't end");
        }
    }

    private void blank(final int index) {
        if (chars[index] != '\n') {
            chars[index] = ' ';
        }
    }

    /** A part of this text with the same line numbers. */
    Text part(final int from, final int to) {
        return new Text(java.util.Arrays.copyOf(chars, to), from);
    }
}
