package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.expression.Value;
import java.util.ArrayList;
import java.util.List;

/** Parts of strings, tried in the order in which they were given. */
final class TextIndex implements Index {

    private final MatchMethod method;
    private final boolean ignoreCase;
    private final List<Entry> entries = new ArrayList<>();

    TextIndex(final MatchMethod method, final boolean ignoreCase) {
        this.method = method;
        this.ignoreCase = ignoreCase;
    }

    @Override
    public void add(final Entry entry) {
        entries.add(entry);
    }

    @Override
    public void clear() {
        entries.clear();
    }

    @Override
    public Entry find(final Value value) {
        if (!(value instanceof Value.Str(String text))) {
            return null;
        }
        for (int i = 0; i < entries.size(); i++) {
            final Entry entry = entries.get(i);
            if (matches(text, entry.element().pattern())) {
                return entry;
            }
        }
        return null;
    }

    private boolean matches(final String text, final String pattern) {
        return switch (method) {
            case BEG -> Ascii.matches(text, 0, pattern, 0, pattern.length(), ignoreCase);
            case END -> pattern.length() <= text.length()
                    && Ascii.matches(text, text.length() - pattern.length(), pattern, 0, pattern.length(), ignoreCase);
            case SUB -> contains(text, pattern);
            case DIR -> holdsWord(text, pattern, "/?");
            case DOM -> holdsWord(text, pattern, "/?.:");
            // Names of groups are separated by commas in the sample.
            default -> ("," + text + ",").contains("," + pattern + ",");
        };
    }

    private boolean contains(final String text, final String pattern) {
        if (!ignoreCase) {
            return text.contains(pattern);
        }
        for (int at = 0; at <= text.length() - pattern.length(); at++) {
            if (Ascii.matches(text, at, pattern, 0, pattern.length(), true)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the pattern, its own delimiters stripped, stands between delimiters or the ends. */
    private boolean holdsWord(final String text, final String pattern, final String delimiters) {
        int from = 0;
        int length = pattern.length();
        while (length > 0 && delimiters.indexOf(pattern.charAt(from)) >= 0) {
            from++;
            length--;
        }
        while (length > 0 && delimiters.indexOf(pattern.charAt(from + length - 1)) >= 0) {
            length--;
        }
        boolean atStart = true;
        for (int at = 0; at <= text.length() - length; at++) {
            if (at < text.length() && delimiters.indexOf(text.charAt(at)) >= 0) {
                atStart = true;
                continue;
            }
            if (!atStart) {
                continue;
            }
            final int end = at + length;
            if (length > 0 && Ascii.matches(text, at, pattern, from, length, ignoreCase)
                    && (end == text.length() || delimiters.indexOf(text.charAt(end)) >= 0)) {
                return true;
            }
            atStart = false;
        }
        return false;
    }
}
