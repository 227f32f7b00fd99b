package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.expression.Value;
import java.util.HashMap;
import java.util.Map;

/** Whole strings; of equal ones the first counts. */
final class StringIndex implements Index {

    private final boolean ignoreCase;
    private final Map<String, Entry> entries = new HashMap<>();

    StringIndex(final boolean ignoreCase) {
        this.ignoreCase = ignoreCase;
    }

    @Override
    public void add(final Entry entry) {
        entries.putIfAbsent(key(entry.element().pattern()), entry);
    }

    private String key(final String text) {
        return ignoreCase ? Ascii.lower(text) : text;
    }

    @Override
    public void clear() {
        entries.clear();
    }

    @Override
    public Entry find(final Value value) {
        return value instanceof Value.Str(String text) ? entries.get(key(text)) : null;
    }

    @Override
    public boolean isTree() {
        return !ignoreCase;
    }
}
