package io.netchannel.samples.haproxy.expression.pattern;

import java.util.Arrays;

/** Entries by a long key, without boxes; of equal keys the first stays. Open addressing, at most half full. */
final class LongTable {

    private static final int INITIAL = 16;

    private long[] keys = new long[INITIAL];
    private Entry[] entries = new Entry[INITIAL];
    private int size;

    int size() {
        return size;
    }

    Entry get(final long key) {
        for (int i = slot(key, keys.length);; i = i + 1 & keys.length - 1) {
            if (entries[i] == null || keys[i] == key) {
                return entries[i];
            }
        }
    }

    void putIfAbsent(final long key, final Entry entry) {
        if (size * 2 >= keys.length) {
            grow();
        }
        int i = slot(key, keys.length);
        while (entries[i] != null) {
            if (keys[i] == key) {
                return;
            }
            i = i + 1 & keys.length - 1;
        }
        keys[i] = key;
        entries[i] = entry;
        size++;
    }

    private void grow() {
        final long[] oldKeys = keys;
        final Entry[] oldEntries = entries;
        keys = new long[oldKeys.length * 2];
        entries = new Entry[oldKeys.length * 2];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldEntries[i] != null) {
                putIfAbsent(oldKeys[i], oldEntries[i]);
            }
        }
    }

    void clear() {
        Arrays.fill(entries, null);
        size = 0;
    }

    private static int slot(final long key, final int length) {
        final long mixed = key * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & length - 1;
    }
}
