package io.netchannel.samples.haproxy.stick;

import java.util.HashMap;
import java.util.Map;

/** Where the data of a table's entries lie in their array of words, by the names that expressions and commands use. */
final class TableLayout {

    /** @param at first word; @param periodMs of rates */
    record Slot(DataType.Kind kind, int at, long periodMs) {
    }

    private final Map<String, Slot> slots = new HashMap<>();
    private final int words;

    TableLayout(final Map<DataType, TableConfig.Store> stores) {
        int at = 0;
        for (final Map.Entry<DataType, TableConfig.Store> stored : stores.entrySet()) {
            final DataType type = stored.getKey();
            for (int i = 0; i < stored.getValue().elements(); i++) {
                final Slot slot = new Slot(type.kind(), at, stored.getValue().periodMs());
                if (type.isArray()) {
                    slots.put(type.text() + "(" + i + ")", slot);
                }
                if (!type.isArray() || i == 0) {
                    slots.put(type.text(), slot);
                }
                at += type.words();
            }
        }
        words = at;
        // Where gpc0 and its like are not stored, elements of the arrays stand for them.
        alias("gpc0", "gpc(0)");
        alias("gpc1", "gpc(1)");
        alias("gpt0", "gpt(0)");
        alias("gpc0_rate", "gpc_rate(0)");
        alias("gpc1_rate", "gpc_rate(1)");
    }

    private void alias(final String name, final String element) {
        if (slots.containsKey(element)) {
            slots.putIfAbsent(name, slots.get(element));
        }
    }

    /** @return null if it isn't stored */
    Slot slot(final String name) {
        return slots.get(name);
    }

    int words() {
        return words;
    }
}
