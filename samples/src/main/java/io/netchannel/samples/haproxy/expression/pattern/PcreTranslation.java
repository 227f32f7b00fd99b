package io.netchannel.samples.haproxy.expression.pattern;

import java.util.Map;
import java.util.regex.PatternSyntaxException;

/** Writes a PCRE expression so that {@link java.util.regex.Pattern} understands the same. */
final class PcreTranslation {

    private static final Map<String, String> CLASSES = Map.ofEntries(Map.entry("alpha", "\\p{Alpha}"),
            Map.entry("digit", "\\p{Digit}"), Map.entry("alnum", "\\p{Alnum}"), Map.entry("upper", "\\p{Upper}"),
            Map.entry("lower", "\\p{Lower}"), Map.entry("space", "\\s"), Map.entry("blank", "\\p{Blank}"),
            Map.entry("punct", "\\p{Punct}"), Map.entry("print", "\\p{Print}"), Map.entry("graph", "\\p{Graph}"),
            Map.entry("cntrl", "\\p{Cntrl}"), Map.entry("xdigit", "\\p{XDigit}"), Map.entry("word", "\\w"),
            Map.entry("ascii", "\\p{ASCII}"));

    private final String source;
    private final boolean capturing;
    private final StringBuilder out;
    private int at;

    private PcreTranslation(final String source, final boolean capturing) {
        this.source = source;
        this.capturing = capturing;
        this.out = new StringBuilder(source.length() + 16);
    }

    static String translate(final String source, final boolean capturing) {
        return new PcreTranslation(source, capturing).run();
    }

    private String run() {
        while (at < source.length()) {
            final char c = source.charAt(at);
            if (c == '\\') {
                if (!capturing && at + 1 < source.length() && source.charAt(at + 1) >= '1'
                        && source.charAt(at + 1) <= '9') {
                    throw new PatternSyntaxException("reference to non-existent subpattern", source, at + 2);
                }
                escape();
            } else if (c == '[') {
                bracket();
            } else if (c == '{' && !isQuantifier()) {
                // A brace that counts nothing is itself.
                out.append("\\{");
                at++;
            } else if (source.startsWith("(?P<", at)) {
                out.append("(?<");
                at += 4;
            } else if (source.startsWith("(?#", at)) {
                final int close = source.indexOf(')', at);
                if (close < 0) {
                    throw new PatternSyntaxException("missing ) after (?# comment", source, source.length());
                }
                at = close + 1;
            } else {
                out.append(c);
                at++;
            }
        }
        return out.toString();
    }

    private boolean isQuantifier() {
        int i = at + 1;
        final int digits = i;
        while (i < source.length() && Character.isDigit(source.charAt(i))) {
            i++;
        }
        if (i == digits) {
            return false;
        }
        if (i < source.length() && source.charAt(i) == ',') {
            i++;
            while (i < source.length() && Character.isDigit(source.charAt(i))) {
                i++;
            }
        }
        return i < source.length() && source.charAt(i) == '}';
    }

    private void escape() {
        if (at + 1 >= source.length()) {
            throw new PatternSyntaxException("\\ at end of pattern", source, source.length());
        }
        final char next = source.charAt(at + 1);
        if (source.startsWith("\\Q", at)) {
            final int end = source.indexOf("\\E", at + 2);
            final int stop = end < 0 ? source.length() : end;
            for (int i = at + 2; i < stop; i++) {
                literal(source.charAt(i));
            }
            at = end < 0 ? stop : end + 2;
            return;
        }
        if (next == '0') {
            // Java wants one zero more before octal digits.
            out.append("\\0");
        } else {
            out.append('\\').append(next);
            at += 2;
            return;
        }
        at++;
    }

    private void literal(final char c) {
        if (c < 128 && !Character.isLetterOrDigit(c)) {
            out.append('\\');
        }
        out.append(c);
    }

    /** A class: a bracket or {@code &&} within it is a char in PCRE, but an operator in Java. */
    private void bracket() {
        out.append('[');
        at++;
        if (at < source.length() && source.charAt(at) == '^') {
            out.append('^');
            at++;
        }
        boolean first = true;
        while (at < source.length()) {
            final char c = source.charAt(at);
            if (c == ']' && !first) {
                out.append(']');
                at++;
                return;
            }
            first = false;
            if (c == '\\') {
                escape();
            } else if (c == '[' && posix()) {
                continue;
            } else {
                if (c == ']' || c == '[' || c == '&' || c == '^') {
                    out.append('\\');
                }
                out.append(c);
                at++;
            }
        }
        throw new PatternSyntaxException("missing terminating ] for character class", source, source.length());
    }

    private boolean posix() {
        final int close = source.indexOf(":]", at);
        if (!source.startsWith("[:", at) || close < 0) {
            return false;
        }
        final boolean negated = source.startsWith("[:^", at);
        final String name = source.substring(at + (negated ? 3 : 2), close);
        final String written = CLASSES.get(name);
        if (written == null) {
            if (!name.chars().allMatch(Character::isLetter)) {
                return false;
            }
            throw new PatternSyntaxException("unknown POSIX class name", source, at);
        }
        out.append(negated ? "[^" + written + "]" : written);
        at = close + 2;
        return true;
    }
}
