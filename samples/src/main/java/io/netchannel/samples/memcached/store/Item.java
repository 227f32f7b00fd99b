package io.netchannel.samples.memcached.store;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;

/**
 * An item, at its address. Header and contents are as long as memcached's on a 64-bit machine, so a value goes into
 * the same
 * slab class, and as many items fit.
 *
 * <pre>
 *    0        8         16         24     28      32           36     40      42    43          44        48
 *   +--------+---------+----------+------+-------+------------+------+-------+-----+-----------+---------+
 *   | next   |previous | hash next| time |expiry | value bytes| hash | flags | LRU | key bytes | unused  |
 *   +--------+---------+----------+------+-------+------------+------+-------+-----+-----------+---------+
 *   | CAS id, 8, if FLAG_CAS | key | 1 | client flags, 4, if FLAG_CLIENT_FLAGS | value with CR LF         |
 *   +------------------------+-----+---+---------------------------------------+--------------------------+
 * </pre>
 * With FLAG_CHUNKED a {@link Chunk} stands in the value's place, and the value is in the chunks that follow it. Times
 * are
 * seconds of the {@link StoreClock}.
 *
 * <p>Threading: under the store's lock.
 */
public final class Item {

    static final int NEXT_OFFSET = 0;
    static final int PREVIOUS_OFFSET = 8;
    static final int HASH_NEXT_OFFSET = 16;
    static final int TIME_OFFSET = 24;
    static final int EXPIRY_OFFSET = 28;
    static final int VALUE_BYTES_OFFSET = 32;
    static final int HASH_OFFSET = 36;
    static final int FLAGS_OFFSET = 40;
    static final int LRU_OFFSET = 42;
    static final int KEY_BYTES_OFFSET = 43;
    static final int HEADER_BYTES = 48;
    static final int CAS_BYTES = 8;
    static final int CLIENT_FLAGS_BYTES = 4;

    public static final int MAX_KEY_BYTES = 250;
    public static final int NONE = 0;

    // Numbered as the original's, whose tools print them.
    static final int FLAG_LINKED = 1;
    static final int FLAG_CAS = 2;
    static final int FLAG_SLABBED = 4;
    static final int FLAG_FETCHED = 8;
    static final int FLAG_ACTIVE = 16;
    static final int FLAG_CHUNKED = 32;
    static final int FLAG_CHUNK = 64;
    static final int FLAG_CLIENT_FLAGS = 256;
    public static final int FLAG_TOKEN_SENT = 512;
    public static final int FLAG_STALE = 2048;
    public static final int FLAG_KEY_BINARY = 4096;

    /** The value's last two bytes, which a client sends and doesn't count. */
    public static final int END_BYTES = 2;

    static final OrderedMemory MEMORY = HostMemory.INSTANCE;
    private static final int LRU_SHIFT = 6;
    private static final int CLASS_MASK = (1 << LRU_SHIFT) - 1;

    private Item() {
    }

    // -- lists

    static long next(final long item) {
        return MEMORY.getLong(item + NEXT_OFFSET);
    }

    static void next(final long item, final long next) {
        MEMORY.putLong(item + NEXT_OFFSET, next);
    }

    static long previous(final long item) {
        return MEMORY.getLong(item + PREVIOUS_OFFSET);
    }

    static void previous(final long item, final long previous) {
        MEMORY.putLong(item + PREVIOUS_OFFSET, previous);
    }

    static long hashNext(final long item) {
        return MEMORY.getLong(item + HASH_NEXT_OFFSET);
    }

    static void hashNext(final long item, final long next) {
        MEMORY.putLong(item + HASH_NEXT_OFFSET, next);
    }

    // -- header

    /** Of the last use that counted. */
    public static int time(final long item) {
        return MEMORY.getInt(item + TIME_OFFSET);
    }

    static void time(final long item, final int seconds) {
        MEMORY.putInt(item + TIME_OFFSET, seconds);
    }

    /** 0 for never. */
    public static int expiry(final long item) {
        return MEMORY.getInt(item + EXPIRY_OFFSET);
    }

    public static void expiry(final long item, final int seconds) {
        MEMORY.putInt(item + EXPIRY_OFFSET, seconds);
    }

    /** With the CR LF at its end. */
    public static int valueBytes(final long item) {
        return MEMORY.getInt(item + VALUE_BYTES_OFFSET);
    }

    static void valueBytes(final long item, final int bytes) {
        MEMORY.putInt(item + VALUE_BYTES_OFFSET, bytes);
    }

    static int hash(final long item) {
        return MEMORY.getInt(item + HASH_OFFSET);
    }

    static void hash(final long item, final int hash) {
        MEMORY.putInt(item + HASH_OFFSET, hash);
    }

    public static int flags(final long item) {
        return MEMORY.getShort(item + FLAGS_OFFSET) & 0xFFFF;
    }

    static void flags(final long item, final int flags) {
        MEMORY.putShort(item + FLAGS_OFFSET, (short) flags);
    }

    public static boolean has(final long item, final int flag) {
        return (flags(item) & flag) != 0;
    }

    public static void set(final long item, final int flag) {
        flags(item, flags(item) | flag);
    }

    public static void clear(final long item, final int flag) {
        flags(item, flags(item) & ~flag);
    }

    /** Slab class and list: index of {@link Lru}'s arrays. */
    public static int lruId(final long item) {
        return MEMORY.getByte(item + LRU_OFFSET) & 0xFF;
    }

    static void lruId(final long item, final int id) {
        MEMORY.putByte(item + LRU_OFFSET, (byte) id);
    }

    public static int classId(final long item) {
        return lruId(item) & CLASS_MASK;
    }

    public static int keyBytes(final long item) {
        return MEMORY.getByte(item + KEY_BYTES_OFFSET) & 0xFF;
    }

    static void keyBytes(final long item, final int bytes) {
        MEMORY.putByte(item + KEY_BYTES_OFFSET, (byte) bytes);
    }

    public static boolean isFetched(final long item) {
        return has(item, FLAG_FETCHED);
    }

    public static boolean isChunked(final long item) {
        return has(item, FLAG_CHUNKED);
    }

    // -- contents

    /** 0 if the store keeps none. */
    public static long cas(final long item) {
        return has(item, FLAG_CAS) ? MEMORY.getLong(item + HEADER_BYTES) : 0;
    }

    public static void cas(final long item, final long id) {
        if (has(item, FLAG_CAS)) {
            MEMORY.putLong(item + HEADER_BYTES, id);
        }
    }

    /** Address of the key. */
    public static long key(final long item) {
        return item + HEADER_BYTES + (has(item, FLAG_CAS) ? CAS_BYTES : 0);
    }

    public static int clientFlags(final long item) {
        return has(item, FLAG_CLIENT_FLAGS) ? MEMORY.getInt(key(item) + keyBytes(item) + 1) : 0;
    }

    static void clientFlags(final long item, final int flags) {
        MEMORY.putInt(key(item) + keyBytes(item) + 1, flags);
    }

    /** Address of the value, or of the first chunk. */
    public static long value(final long item) {
        return key(item) + keyBytes(item) + 1 + (has(item, FLAG_CLIENT_FLAGS) ? CLIENT_FLAGS_BYTES : 0);
    }

    /** Bytes that the original accounts for it. */
    public static int totalBytes(final long item) {
        return (int) (value(item) - item) + valueBytes(item);
    }

    static int totalBytes(final int keyBytes, final boolean cas, final int clientFlags, final int valueBytes) {
        return HEADER_BYTES + (cas ? CAS_BYTES : 0) + keyBytes + 1 + (clientFlags == 0 ? 0 : CLIENT_FLAGS_BYTES)
                + valueBytes;
    }
}
