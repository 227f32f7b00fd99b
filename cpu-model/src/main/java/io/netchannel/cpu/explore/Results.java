package io.netchannel.cpu.explore;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Named values of a final state, in the order of their names. */
public final class Results {

    private final Map<String, Long> values = new TreeMap<>();

    Results() {
    }

    /** Adds or replaces one. */
    public void put(final String name, final long value) {
        values.put(name, value);
    }

    /** @throws IllegalArgumentException if no thread gave it */
    public long get(final String name) {
        final Long value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no result " + name + " among " + values.keySet());
        }
        return value;
    }

    public Map<String, Long> asMap() {
        return Collections.unmodifiableMap(values);
    }

    void putAll(final Map<String, Long> more) {
        values.putAll(more);
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(value));
        return text.toString();
    }
}
