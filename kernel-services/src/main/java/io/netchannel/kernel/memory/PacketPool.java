package io.netchannel.kernel.memory;

/**
 * One thread's free list over a range of the buffers of a {@link PacketMemory}.
 *
 * <p>Buffers that were taken here may be released by another thread only by way of that thread's own pool, which hands
 * them to its {@link BufferReturn}; the owner takes them back with {@link #reclaim}. So no word of a pool is shared.
 *
 * <p>The list is last-in, first-out: the buffer handed out next is the one most likely still in the cache.
 *
 * <p>Threading: confined to the owner's thread.
 */
public final class PacketPool {

    /** Returned by {@link #allocate()} when no buffer is left. */
    public static final int EMPTY = -1;

    // Reference count of a buffer on its way home; told from 0, in the free list, so that none comes home twice.
    private static final int RETURNING = -1;

    private final PacketMemory packets;
    private final int first;
    private final int count;
    private final int[] free;
    private final BufferReturn foreign;
    private int freeCount;
    private int lowestFreeCount;
    private long allocations;
    private long exhaustions;

    /**
     * @param first index of the first buffer of this pool's range
     * @param count buffers in the range
     * @param foreign takes buffers outside the range
     */
    public PacketPool(final PacketMemory packets, final int first, final int count, final BufferReturn foreign) {
        if (first < 0 || count < 1 || count > packets.bufferCount() - first) {
            throw new IllegalArgumentException("buffers " + first + "..+" + count + " are not within bufferCount="
                    + packets.bufferCount());
        }
        this.packets = packets;
        this.first = first;
        this.count = count;
        this.foreign = foreign;
        this.free = new int[count];
        for (int i = 0; i < count; i++) {
            free[i] = first + count - 1 - i;
        }
        this.freeCount = count;
        this.lowestFreeCount = count;
    }

    /** A pool over all buffers of {@code packets}, for a memory with a single thread. */
    public PacketPool(final PacketMemory packets) {
        this(packets, 0, packets.bufferCount(), index -> {
            throw new IllegalStateException("buffer " + index + " belongs to no pool");
        });
    }

    public PacketMemory packets() {
        return packets;
    }

    /** @return a buffer with one reference and cleared metadata, or {@link #EMPTY} */
    public int allocate() {
        if (freeCount == 0) {
            exhaustions++;
            return EMPTY;
        }
        final int index = free[--freeCount];
        if (freeCount < lowestFreeCount) {
            lowestFreeCount = freeCount;
        }
        allocations++;
        packets.referenceCount(index, 1);
        packets.resetMetadata(index);
        return index;
    }

    /**
     * Adds a reference to one buffer.
     *
     * @throws IllegalStateException if nobody holds it, so that the caller can't either
     */
    public void retain(final int index) {
        final int references = packets.referenceCount(index);
        if (references < 1) {
            throw new IllegalStateException("buffer " + index + " retained after its release");
        }
        packets.referenceCount(index, references + 1);
    }

    /** Whether somebody else holds a buffer that the caller holds. */
    public boolean isShared(final int index) {
        return packets.referenceCount(index) > 1;
    }

    /**
     * Drops a reference to one buffer; with the last one the buffer goes back to its pool.
     *
     * @throws IllegalStateException if nobody holds it
     */
    public void release(final int index) {
        final int references = packets.referenceCount(index) - 1;
        if (references > 0) {
            packets.referenceCount(index, references);
            return;
        }
        if (references < 0) {
            throw new IllegalStateException("buffer " + index + " released twice");
        }
        if (owns(index)) {
            packets.referenceCount(index, 0);
            free[freeCount++] = index;
        } else {
            packets.referenceCount(index, RETURNING);
            foreign.giveBack(index);
        }
    }

    /** Drops a reference to the head of a packet and to each of its slices. */
    public void releasePacket(final long packet) {
        final int index = PacketHandle.index(packet);
        for (int i = 0, n = packets.sliceCount(index); i < n; i++) {
            release(PacketHandle.index(packets.slice(index, i)));
        }
        packets.clearSlices(index);
        release(index);
    }

    /**
     * Takes back a buffer of this pool that another thread has released.
     *
     * @throws IllegalStateException if it isn't of this pool, or not on its way home
     */
    public void reclaim(final int index) {
        if (!owns(index)) {
            throw new IllegalStateException("buffer " + index + " is not of pool " + first + "..+" + count);
        }
        if (packets.referenceCount(index) != RETURNING) {
            throw new IllegalStateException(
                    "buffer " + index + " is not on its way home: references=" + packets.referenceCount(index));
        }
        packets.referenceCount(index, 0);
        free[freeCount++] = index;
    }

    public boolean owns(final int index) {
        return index >= first && index < first + count;
    }

    public int capacity() {
        return count;
    }

    public int available() {
        return freeCount;
    }

    /** The fewest buffers that were ever free: how near the pool came to running out. */
    public int lowestAvailable() {
        return lowestFreeCount;
    }

    public long allocations() {
        return allocations;
    }

    /** How often {@link #allocate()} found nothing. */
    public long exhaustions() {
        return exhaustions;
    }

    /** @throws IllegalStateException naming the buffers that are still out, if any are */
    public void checkNoLeaks() {
        if (freeCount == count) {
            return;
        }
        final boolean[] home = new boolean[count];
        for (int i = 0; i < freeCount; i++) {
            home[free[i] - first] = true;
        }
        final StringBuilder out = new StringBuilder();
        for (int i = 0, listed = 0; i < count && listed < 16; i++) {
            if (!home[i]) {
                out.append(' ').append(first + i).append("(references=").append(packets.referenceCount(first + i))
                        .append(')');
                listed++;
            }
        }
        throw new IllegalStateException(count - freeCount + " of " + count + " buffers not returned:" + out);
    }
}
