package io.netchannel.samples.memcached.store;

import static io.netchannel.samples.memcached.store.Item.MEMORY;

/**
 * A piece of a value that is too large for one slab chunk.
 *
 * <pre>
 *    0        8          16          24     28     32        40      42      43               44        48
 *   +--------+----------+-----------+------+------+---------+-------+-------+----------------+---------+------
 *   | next   | previous | head item | size | used | unused  | flags | class | original class | unused  | bytes
 *   +--------+----------+-----------+------+------+---------+-------+-------+----------------+---------+------
 * </pre>
 * Flags and class are where an {@link Item} has them: a slab page may hold either. The first chunk of an item lies in
 * the item
 * itself, has no bytes, and remembers the slab class of the item's own chunk, since the item's is that of its whole
 * size.
 *
 * <p>Threading: under the store's lock.
 */
final class Chunk {

    static final int HEAD_OFFSET = 16;
    static final int SIZE_OFFSET = 24;
    static final int USED_OFFSET = 28;
    static final int ORIGINAL_CLASS_OFFSET = 43;
    static final int HEADER_BYTES = 48;

    private Chunk() {
    }

    static long next(final long chunk) {
        return Item.next(chunk);
    }

    static void next(final long chunk, final long next) {
        Item.next(chunk, next);
    }

    static long previous(final long chunk) {
        return Item.previous(chunk);
    }

    static void previous(final long chunk, final long previous) {
        Item.previous(chunk, previous);
    }

    static long head(final long chunk) {
        return MEMORY.getLong(chunk + HEAD_OFFSET);
    }

    static void head(final long chunk, final long item) {
        MEMORY.putLong(chunk + HEAD_OFFSET, item);
    }

    static int size(final long chunk) {
        return MEMORY.getInt(chunk + SIZE_OFFSET);
    }

    static void size(final long chunk, final int bytes) {
        MEMORY.putInt(chunk + SIZE_OFFSET, bytes);
    }

    static int used(final long chunk) {
        return MEMORY.getInt(chunk + USED_OFFSET);
    }

    static void used(final long chunk, final int bytes) {
        MEMORY.putInt(chunk + USED_OFFSET, bytes);
    }

    static int originalClass(final long chunk) {
        return MEMORY.getByte(chunk + ORIGINAL_CLASS_OFFSET) & 0xFF;
    }

    static void originalClass(final long chunk, final int classId) {
        MEMORY.putByte(chunk + ORIGINAL_CLASS_OFFSET, (byte) classId);
    }

    static long bytes(final long chunk) {
        return chunk + HEADER_BYTES;
    }
}
