package io.netchannel.samples.haproxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Splits a line into words, as the configuration manual has it in 2.2 and 2.3. */
final class Lexer {

    private final String text;
    private final UnaryOperator<String> variables;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private int at;
    /** Where the quote that is open began, or -1. */
    private int quotedFrom = -1;
    private char quote;

    private final boolean comments;

    private Lexer(final String text, final UnaryOperator<String> variables, final boolean comments) {
        this.text = text;
        this.variables = variables;
        this.comments = comments;
    }

    /**
     * @param text without its line feed and leading white space
     * @param variables an environment variable's value by its name, or null; of a name with a dot before it also, and
     *     then null is an error
     * @return at least one word; one that is empty if the line is
     */
    static List<String> split(final String text, final UnaryOperator<String> variables) throws LexerException {
        final Lexer lexer = new Lexer(text, variables, true);
        lexer.run();
        return lexer.words;
    }

    /** A condition of the command line, in which # is a char like others. */
    static List<String> splitCondition(final String text, final UnaryOperator<String> variables)
            throws LexerException {
        final Lexer lexer = new Lexer(text, variables, false);
        lexer.run();
        return lexer.words;
    }

    private void run() throws LexerException {
        while (at < text.length()) {
            final char c = text.charAt(at);
            if (c == '\r' || c == '\n' || c == '\0' || c == '#' && comments && quotedFrom < 0) {
                break;
            }
            if (c == '"' && !inside('\'') || c == '\'' && !inside('"')) {
                toggle(c);
            } else if (c == '\\' && !inside('\'')) {
                escape();
            } else if (isSpace(c) && quotedFrom < 0) {
                skipSpace();
                endWord();
            } else if (c == '$' && inside('"')) {
                variable();
            } else {
                word.append(c);
                at++;
            }
        }
        endWord();
        if (quotedFrom >= 0) {
            throw new LexerException("unmatched quote", quotedFrom);
        }
    }

    private boolean inside(final char kind) {
        return quotedFrom >= 0 && quote == kind;
    }

    private void toggle(final char kind) {
        if (quotedFrom >= 0) {
            quotedFrom = -1;
        } else {
            quotedFrom = at;
            quote = kind;
        }
        at++;
    }

    private void skipSpace() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    private void endWord() {
        words.add(word.toString());
        word.setLength(0);
    }

    /** What isn't an escape keeps its backslash. */
    private void escape() throws LexerException {
        final char next = at + 1 < text.length() ? text.charAt(at + 1) : 0;
        switch (next) {
            case ' ', '\\', '\'', '"' -> emit(next);
            case 't' -> emit('\t');
            case 'n' -> emit('\n');
            case 'r' -> emit('\r');
            case 'x' -> {
                final int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
                final int low = at + 3 < text.length() ? Character.digit(text.charAt(at + 3), 16) : -1;
                if (high < 0 || low < 0) {
                    throw new LexerException("truncated or invalid hexadecimal sequence", at);
                }
                emit((char) (high << 4 | low));
                at += 2;
            }
            default -> {
                if (next == '$' && inside('"') || next == '#' && comments) {
                    emit(next);
                } else {
                    word.append('\\');
                    at++;
                }
            }
        }
    }

    private void emit(final char c) {
        word.append(c);
        at += 2;
    }

    private void variable() throws LexerException {
        at++;
        final int brace = charAt(at) == '{' ? at++ : -1;
        final char first = charAt(at);
        if (!isAsciiLetter(first) && first != '_' && first != '.') {
            throw new LexerException("forbidden first char in environment variable name", at);
        }
        final int from = at;
        at++;
        while (isAsciiLetter(charAt(at)) || charAt(at) >= '0' && charAt(at) <= '9' || charAt(at) == '_') {
            at++;
        }
        String value = variables.apply(text.substring(from, at));
        if (value == null && first == '.') {
            throw new LexerException("forbidden first char in environment variable name", from);
        }
        boolean asWords = false;
        if (brace >= 0) {
            if (charAt(at) == '[') {
                if (!text.startsWith("[*]", at)) {
                    throw new LexerException("truncated or invalid word expansion sequence", at);
                }
                asWords = true;
                at += 3;
            }
            value = closeBrace(brace, value);
        }
        if (value != null) {
            expand(value, asWords);
        }
    }

    private String closeBrace(final int brace, final String value) throws LexerException {
        String result = value;
        if (charAt(at) == '-') {
            final int end = text.indexOf('}', at);
            if (end >= 0 && value == null) {
                result = text.substring(at + 1, end);
            }
            at = end < 0 ? text.length() : end;
        }
        if (charAt(at) != '}') {
            throw new LexerException("unmatched brace in environment variable name", brace);
        }
        at++;
        return result;
    }

    private void expand(final String value, final boolean asWords) {
        int i = 0;
        while (i < value.length()) {
            if (asWords && isSpace(value.charAt(i))) {
                endWord();
                while (i < value.length() && isSpace(value.charAt(i))) {
                    i++;
                }
            } else {
                word.append(value.charAt(i));
                i++;
            }
        }
    }

    private char charAt(final int index) {
        return index < text.length() ? text.charAt(index) : 0;
    }

    private static boolean isAsciiLetter(final char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    /** C's isspace. */
    static boolean isSpace(final char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }
}
