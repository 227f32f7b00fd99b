package io.netchannel.kernel.storage.ramfs.nio;

import java.nio.file.FileSystem;
import java.util.regex.PatternSyntaxException;

/** Globs as {@link FileSystem#getPathMatcher} describes them, as regular expressions. */
final class Globs {

    private static final String REGEX_META = ".^$+{[]|()";
    private static final String GLOB_META = "\\*?[{";
    private static final char END = 0;

    private final String glob;
    private final StringBuilder regex = new StringBuilder("^");
    private int at;
    private boolean inGroup;

    private Globs(final String glob) {
        this.glob = glob;
    }

    /** @throws PatternSyntaxException if it is none */
    static String toRegex(final String glob) {
        return new Globs(glob).translate();
    }

    private char peek() {
        return at < glob.length() ? glob.charAt(at) : END;
    }

    private PatternSyntaxException bad(final String what) {
        return new PatternSyntaxException(what, glob, at - 1);
    }

    private String translate() {
        while (at < glob.length()) {
            final char c = glob.charAt(at++);
            switch (c) {
                case '\\' -> escaped();
                case '[' -> bracket();
                case '{' -> {
                    if (inGroup) {
                        throw bad("Cannot nest groups");
                    }
                    regex.append("(?:(?:");
                    inGroup = true;
                }
                case '}' -> regex.append(inGroup ? "))" : "}");
                case ',' -> regex.append(inGroup ? ")|(?:" : ",");
                case '*' -> star();
                case '?' -> regex.append("[^/]");
                default -> literal(c);
            }
            inGroup &= c != '}';
        }
        if (inGroup) {
            throw bad("Missing '}'");
        }
        return regex.append('$').toString();
    }

    private void literal(final char c) {
        if (REGEX_META.indexOf(c) >= 0) {
            regex.append('\\');
        }
        regex.append(c);
    }

    private void escaped() {
        if (at == glob.length()) {
            throw bad("No character to escape");
        }
        final char next = glob.charAt(at++);
        if (GLOB_META.indexOf(next) >= 0 || REGEX_META.indexOf(next) >= 0) {
            regex.append('\\');
        }
        regex.append(next);
    }

    private void star() {
        if (peek() == '*') {
            at++;
            regex.append(".*");
        } else {
            regex.append("[^/]*");
        }
    }

    /** A class, of which a slash is no member, whatever it says. */
    private void bracket() {
        regex.append("[[^/]&&[");
        if (peek() == '^') {
            regex.append("\\^");
            at++;
        } else {
            if (peek() == '!') {
                regex.append('^');
                at++;
            }
            if (peek() == '-') {
                regex.append('-');
                at++;
            }
        }
        boolean rangeStarted = false;
        char last = END;
        char c = END;
        while (at < glob.length()) {
            c = glob.charAt(at++);
            if (c == ']') {
                break;
            }
            if (c == '/') {
                throw bad("Explicit 'name separator' in class");
            }
            if (c == '\\' || c == '[' || c == '&' && peek() == '&') {
                regex.append('\\');
            }
            regex.append(c);
            if (c != '-') {
                rangeStarted = true;
                last = c;
                continue;
            }
            if (!rangeStarted) {
                throw bad("Invalid range");
            }
            c = peek();
            at++;
            if (c == END || c == ']') {
                break;
            }
            if (c < last) {
                throw bad("Invalid range");
            }
            regex.append(c);
            rangeStarted = false;
        }
        if (c != ']') {
            throw bad("Missing ']'");
        }
        regex.append("]]");
    }
}
