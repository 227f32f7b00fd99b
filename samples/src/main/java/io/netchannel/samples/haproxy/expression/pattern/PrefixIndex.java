package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.expression.Value;
import java.util.Map;
import java.util.TreeMap;

/** Beginnings of strings: the longest that fits is found, as in haproxy's prefix tree. */
final class PrefixIndex implements Index {

    private final TreeMap<String, Entry> entries = new TreeMap<>();

    @Override
    public void add(final Entry entry) {
        entries.putIfAbsent(entry.element().pattern(), entry);
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
        // The greatest key not above the text either begins it, or shares with it at most what a shorter key has.
        String bound = text;
        while (true) {
            final Map.Entry<String, Entry> floor = entries.floorEntry(bound);
            if (floor == null) {
                return null;
            }
            final String key = floor.getKey();
            if (text.startsWith(key)) {
                return floor.getValue();
            }
            int common = 0;
            while (common < key.length() && common < bound.length() && key.charAt(common) == bound.charAt(common)) {
                common++;
            }
            bound = text.substring(0, common);
        }
    }

    @Override
    public boolean isTree() {
        return true;
    }
}
