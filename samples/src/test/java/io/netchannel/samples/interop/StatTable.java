package io.netchannel.samples.interop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows of {@code show stat} by the names of their columns. */
final class StatTable {

    private StatTable() {
    }

    static List<Map<String, String>> parse(final String csv) {
        final List<Map<String, String>> rows = new ArrayList<>();
        String[] names = null;
        for (final String line : csv.split("\n")) {
            final String[] cells = line.split(",", -1);
            if (line.startsWith("# ")) {
                names = line.substring(2).split(",");
            } else if (names != null && cells.length >= names.length) {
                final Map<String, String> row = new HashMap<>();
                for (int i = 0; i < names.length; i++) {
                    if (!cells[i].isEmpty()) {
                        row.put(names[i], cells[i]);
                    }
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /** @return 0 for a column that has none */
    static long number(final Map<String, String> row, final String column) {
        return Long.parseLong(row.getOrDefault(column, "0"));
    }
}
