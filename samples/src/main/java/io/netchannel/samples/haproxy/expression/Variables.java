package io.netchannel.samples.haproxy.expression;

import java.util.HashMap;
import java.util.Map;

/** Variables of one scope: {@code proc}, {@code sess}, {@code txn}, {@code req}, {@code res} or {@code check}. */
public final class Variables {

    private Map<String, Value> values = Map.of();

    /** @return null if it is not set */
    public Value get(final String name) {
        return values.get(name);
    }

    /** @param value null: unset */
    public void set(final String name, final Value value) {
        if (value == null) {
            if (!values.isEmpty()) {
                values.remove(name);
            }
            return;
        }
        if (values.isEmpty()) {
            values = new HashMap<>();
        }
        values.put(name, value);
    }

    public void clear() {
        values = Map.of();
    }
}
