package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.expression.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** HTTP methods: those that everybody knows are compared as they are, whatever is said of case. */
final class MethodIndex implements Index {

    private static final Set<String> KNOWN = Set.of("OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE",
            "CONNECT");

    private final boolean ignoreCase;
    private final Map<String, Entry> entries = new HashMap<>();

    MethodIndex(final boolean ignoreCase) {
        this.ignoreCase = ignoreCase;
    }

    @Override
    public void add(final Entry entry) {
        entries.putIfAbsent(key(entry.element().pattern()), entry);
    }

    private String key(final String name) {
        return ignoreCase && !KNOWN.contains(name) ? Ascii.lower(name) : name;
    }

    @Override
    public void clear() {
        entries.clear();
    }

    @Override
    public Entry find(final Value value) {
        return value instanceof Value.Method(String name) ? entries.get(key(name)) : null;
    }
}
