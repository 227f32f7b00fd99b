package io.netchannel.samples.memcached.store;

import static io.netchannel.samples.memcached.store.Item.MEMORY;

/**
 * Bytes into items and out of them, in one piece or in chunks.
 *
 * <p>Threading: under the store's lock.
 */
public final class Values {

    private final Store store;

    Values(final Store store) {
        this.store = store;
    }

    /**
     * Appends to a value that is being filled: {@code filled} bytes are there already.
     *
     * @return whether there was memory
     */
    public boolean append(final long item, final int filled, final long source, final int length) {
        if (!Item.isChunked(item)) {
            MEMORY.copy(source, Item.value(item) + filled, length);
            return true;
        }
        long chunk = lastChunk(item);
        int done = 0;
        while (done < length) {
            final int free = Chunk.size(chunk) - Chunk.used(chunk);
            if (free == 0) {
                chunk = addChunk(item, chunk, Item.valueBytes(item) - filled - done);
                if (chunk == Item.NONE) {
                    return false;
                }
                continue;
            }
            final int count = Math.min(free, length - done);
            MEMORY.copy(source + done, Chunk.bytes(chunk) + Chunk.used(chunk), count);
            Chunk.used(chunk, Chunk.used(chunk) + count);
            done += count;
        }
        return true;
    }

    /** The first chunk points back to the last one: found without a walk. */
    private static long lastChunk(final long item) {
        final long first = Item.value(item);
        final long last = Chunk.previous(first);
        return last == Item.NONE ? first : last;
    }

    private long addChunk(final long item, final long last, final int remaining) {
        final long chunk = store.allocateChunk(remaining);
        if (chunk == Item.NONE) {
            return Item.NONE;
        }
        Chunk.head(chunk, item);
        Chunk.next(chunk, Item.NONE);
        Chunk.previous(chunk, last);
        Chunk.used(chunk, 0);
        Chunk.next(last, chunk);
        Chunk.previous(Item.value(item), chunk);
        return chunk;
    }

    /** Copies {@code length} bytes from the value's start; not more than it has. */
    public static void copy(final long item, final long destination, final int length) {
        if (!Item.isChunked(item)) {
            MEMORY.copy(Item.value(item), destination, length);
            return;
        }
        int done = 0;
        for (long chunk = Item.value(item); chunk != Item.NONE && done < length; chunk = Chunk.next(chunk)) {
            final int count = Math.min(Chunk.used(chunk), length - done);
            MEMORY.copy(Chunk.bytes(chunk), destination + done, count);
            done += count;
        }
    }

    /** Appends the first bytes of another item's value. */
    boolean appendValue(final long item, final int filled, final long source, final int length) {
        if (!Item.isChunked(source)) {
            return append(item, filled, Item.value(source), length);
        }
        int done = 0;
        for (long chunk = Item.value(source); chunk != Item.NONE && done < length; chunk = Chunk.next(chunk)) {
            final int count = Math.min(Chunk.used(chunk), length - done);
            if (count > 0 && !append(item, filled + done, Chunk.bytes(chunk), count)) {
                return false;
            }
            done += count;
        }
        return true;
    }

    /** Whether a filled value ends in CR LF, as the text protocol wants it. */
    public static boolean endsLine(final long item) {
        if (!Item.isChunked(item)) {
            final long end = Item.value(item) + Item.valueBytes(item);
            return MEMORY.getByte(end - 2) == '\r' && MEMORY.getByte(end - 1) == '\n';
        }
        final long last = lastChunk(item);
        final int used = Chunk.used(last);
        if (used == 0) {
            return false;
        }
        final int beforeLast;
        if (used > 1) {
            beforeLast = MEMORY.getByte(Chunk.bytes(last) + used - 2);
        } else {
            final long previous = Chunk.previous(last);
            beforeLast = MEMORY.getByte(Chunk.bytes(previous) + Chunk.used(previous) - 1);
        }
        return beforeLast == '\r' && MEMORY.getByte(Chunk.bytes(last) + used - 1) == '\n';
    }
}
