package io.netchannel.perf.conventional;

/**
 * Packets, or buffers, in order, in a ring that grows up to a limit.
 *
 * <p>Threading: none of its own; whoever has one guards it by a lock.
 */
final class PacketQueue {

    private static final int INITIAL_CAPACITY = 64;

    private final int limit;
    private long[] ring = new long[INITIAL_CAPACITY];
    private int head;
    private int size;

    /** @param limit a power of two, at least 64 */
    PacketQueue(final int limit) {
        this.limit = limit;
    }

    int size() {
        return size;
    }

    /** @return false if the queue is at its limit */
    boolean add(final long packet) {
        if (size == ring.length) {
            if (size >= limit) {
                return false;
            }
            grow();
        }
        ring[head + size++ & ring.length - 1] = packet;
        return true;
    }

    private void grow() {
        final long[] wider = new long[ring.length * 2];
        for (int i = 0; i < size; i++) {
            wider[i] = ring[head + i & ring.length - 1];
        }
        ring = wider;
        head = 0;
    }

    /** Takes the first ones, at most as many as fit; @return how many */
    int take(final long[] into) {
        final int count = Math.min(size, into.length);
        for (int i = 0; i < count; i++) {
            into[i] = ring[head + i & ring.length - 1];
        }
        head = head + count & ring.length - 1;
        size -= count;
        return count;
    }
}
