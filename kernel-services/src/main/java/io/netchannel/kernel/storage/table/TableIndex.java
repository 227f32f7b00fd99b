package io.netchannel.kernel.storage.table;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.storage.journal.Journal;

/**
 * From keys to positions of their records: open addressing, linear probing, removal by moving back. It keeps no keys: those
 * are in the journal.
 *
 * <p>The hash has a secret seed: who doesn't know it can't aim keys at one place.
 *
 * <p>Threading: the table's.
 */
final class TableIndex {

    private static final int MIN_SLOTS = 1 << 10;
    private static final int MAX_SLOTS = 1 << 30;
    private static final long FREE = 0;
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private final Journal journal;
    private final OrderedMemory memory;
    private final long seed;
    private long[] positions = new long[MIN_SLOTS];
    private int[] hashes = new int[MIN_SLOTS];
    private int size;

    TableIndex(final Journal journal, final long seed) {
        this.journal = journal;
        this.memory = journal.memory();
        this.seed = seed;
    }

    int hash(final long key, final int keyBytes) {
        long hash = seed ^ keyBytes * MULTIPLIER;
        int at = 0;
        for (; at + Long.BYTES <= keyBytes; at += Long.BYTES) {
            hash = mix(hash ^ memory.getLong(key + at));
        }
        long rest = 0;
        for (; at < keyBytes; at++) {
            rest = rest << Byte.SIZE | memory.getByte(key + at) & 0xFF;
        }
        hash = mix(hash ^ rest);
        return (int) (hash ^ hash >>> 32);
    }

    private static long mix(final long word) {
        final long product = (word ^ word >>> 29) * MULTIPLIER;
        return product ^ product >>> 32;
    }

    int size() {
        return size;
    }

    int slots() {
        return positions.length;
    }

    /** 0 if it is free. */
    long positionAt(final int slot) {
        return positions[slot];
    }

    /** @return the slot of a key, or -1 */
    int find(final int hash, final long key, final int keyBytes) {
        final int mask = positions.length - 1;
        for (int slot = hash & mask; positions[slot] != FREE; slot = slot + 1 & mask) {
            if (hashes[slot] == hash && isKeyOf(positions[slot], key, keyBytes)) {
                return slot;
            }
        }
        return -1;
    }

    private boolean isKeyOf(final long position, final long key, final int keyBytes) {
        final long payload = journal.payloadAddress(position);
        if (memory.getInt(payload + EntryLayout.KEY_BYTES_OFFSET) != keyBytes) {
            return false;
        }
        final long other = payload + EntryLayout.HEADER_BYTES;
        int at = 0;
        for (; at + Long.BYTES <= keyBytes; at += Long.BYTES) {
            if (memory.getLong(other + at) != memory.getLong(key + at)) {
                return false;
            }
        }
        for (; at < keyBytes; at++) {
            if (memory.getByte(other + at) != memory.getByte(key + at)) {
                return false;
            }
        }
        return true;
    }

    void replace(final int slot, final long position) {
        positions[slot] = position;
    }

    /** For a key that isn't there. */
    void add(final int hash, final long position) {
        if (size >= positions.length >> 1) {
            grow();
        }
        place(hash, position);
        size++;
    }

    private void place(final int hash, final long position) {
        final int mask = positions.length - 1;
        int slot = hash & mask;
        while (positions[slot] != FREE) {
            slot = slot + 1 & mask;
        }
        positions[slot] = position;
        hashes[slot] = hash;
    }

    private void grow() {
        if (positions.length == MAX_SLOTS) {
            throw new IllegalStateException("entries=" + size + " >= " + (MAX_SLOTS >> 1) + ", as many as a table has");
        }
        final long[] oldPositions = positions;
        final int[] oldHashes = hashes;
        positions = new long[oldPositions.length << 1];
        hashes = new int[oldPositions.length << 1];
        for (int slot = 0; slot < oldPositions.length; slot++) {
            if (oldPositions[slot] != FREE) {
                place(oldHashes[slot], oldPositions[slot]);
            }
        }
    }

    void remove(final int slot) {
        final int mask = positions.length - 1;
        int gap = slot;
        for (int at = slot + 1 & mask; positions[at] != FREE; at = at + 1 & mask) {
            // It may move back if the gap lies on its way from its home.
            if ((at - hashes[at] & mask) >= (at - gap & mask)) {
                positions[gap] = positions[at];
                hashes[gap] = hashes[at];
                gap = at;
            }
        }
        positions[gap] = FREE;
        size--;
    }
}
