package io.netchannel.kernel.memory;

import java.util.Arrays;

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

    // Of the list and of the counts, in front and behind: what changes with each packet shares no line of the cache, nor a pair
    // of them, with what another loop changes. Objects of two pools lie side by side, as they were made or as the collector
    // moves them; two loops that did nothing but take and release took up to twice as long.
    private static final int PAD_BYTES = 128;
    private static final int LIST = PAD_BYTES / Integer.BYTES;
    private static final int FREE = PAD_BYTES / Long.BYTES;
    private static final int LOWEST_FREE = FREE + 1;
    private static final int ALLOCATIONS = FREE + 2;
    private static final int EXHAUSTIONS = FREE + 3;

    private final PacketMemory packets;
    // Buffers from here on are of no pool: their counts are shared.
    private final int sharedFrom;
    private final int first;
    private final int count;
    private final int[] free;
    private final long[] counts = new long[EXHAUSTIONS + 1 + FREE];
    private final BufferReturn foreign;
    private final MemoryDebugger debugger;

    /**
     * @param first index of the first buffer of this pool's range
     * @param count buffers in the range
     * @param foreign takes buffers outside the range
     */
    public PacketPool(final PacketMemory packets, final int first, final int count, final BufferReturn foreign) {
        if (first < 0 || count < 1 || count > packets.ownedCount() - first) {
            throw new IllegalArgumentException("buffers " + first + "..+" + count + " are not within bufferCount="
                    + packets.ownedCount());
        }
        this.packets = packets;
        this.sharedFrom = packets.ownedCount();
        this.first = first;
        this.count = count;
        this.foreign = foreign;
        this.debugger = packets.debugger();
        this.free = new int[LIST + count + LIST];
        for (int i = 0; i < count; i++) {
            free[LIST + i] = first + count - 1 - i;
        }
        counts[FREE] = count;
        counts[LOWEST_FREE] = count;
    }

    /** A pool over all buffers of {@code packets}, for a memory with a single thread. */
    public PacketPool(final PacketMemory packets) {
        this(packets, 0, packets.ownedCount(), index -> {
            throw new IllegalStateException("buffer " + index + " belongs to no pool");
        });
    }

    public PacketMemory packets() {
        return packets;
    }

    /** @return a buffer with one reference and cleared metadata, or {@link #EMPTY} */
    public int allocate() {
        final long left = counts[FREE] - 1;
        if (left < 0) {
            counts[EXHAUSTIONS]++;
            return EMPTY;
        }
        counts[FREE] = left;
        if (left < counts[LOWEST_FREE]) {
            counts[LOWEST_FREE] = left;
        }
        counts[ALLOCATIONS]++;
        final int index = free[LIST + (int) left];
        if (debugger != null) {
            debugger.allocated(packets.bufferAddress(index), packets.bufferBytes());
        }
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
        if (index >= sharedFrom) {
            packets.sharedPages().retain(index);
            return;
        }
        final int references = packets.referenceCount(index);
        if (references < 1) {
            throw new IllegalStateException("buffer " + index + " retained after its release" + story(index));
        }
        packets.referenceCount(index, references + 1);
    }

    /** Whether somebody else holds a buffer that the caller holds, or may at any time. */
    public boolean isShared(final int index) {
        return index >= sharedFrom || packets.referenceCount(index) > 1;
    }

    /**
     * Drops a reference to one buffer; with the last one the buffer goes back to its pool.
     *
     * @throws IllegalStateException if nobody holds it
     */
    public void release(final int index) {
        if (index >= sharedFrom) {
            packets.sharedPages().release(index);
            return;
        }
        final int references = packets.referenceCount(index) - 1;
        if (references > 0) {
            packets.referenceCount(index, references);
            return;
        }
        if (references < 0) {
            throw new IllegalStateException("buffer " + index + " released twice" + story(index));
        }
        if (debugger != null) {
            debugger.freed(packets.bufferAddress(index), packets.bufferBytes());
        }
        if (owns(index)) {
            packets.referenceCount(index, 0);
            putBack(index);
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
        putBack(index);
    }

    private void putBack(final int index) {
        final long before = counts[FREE];
        free[LIST + (int) before] = index;
        counts[FREE] = before + 1;
    }

    private String story(final int index) {
        return debugger == null ? "" : ": " + debugger.story(packets.bufferAddress(index));
    }

    /** What the free buffers take, resident or not. */
    public long freeBytes() {
        return counts[FREE] * packets.strideBytes();
    }

    /**
     * Gives the memory of free buffers to the system, of those that lie side by side, the last first. They stay free, and are
     * handed out again when there are no others: their pages come back at the first touch.
     *
     * @return bytes that are no longer resident
     */
    public long releaseFree(final long wantedBytes) {
        final boolean[] isFree = new boolean[count];
        for (int i = 0; i < available(); i++) {
            isFree[free[LIST + i] - first] = true;
        }
        final boolean[] released = new boolean[count];
        long given = 0;
        for (int end = count; end > 0 && given < wantedBytes;) {
            int start = end;
            // No more than is wanted, and a page at either end that may be somebody else's too.
            final int most = (int) Math.min(count, (wantedBytes - given) / packets.strideBytes() + 4);
            while (start > 0 && isFree[start - 1] && end - start < most) {
                start--;
            }
            if (start < end) {
                final long bytes = packets.releaseBuffers(first + start, end - start);
                given += bytes;
                Arrays.fill(released, start, end, bytes > 0);
            }
            end = start == end ? end - 1 : start;
        }
        putLast(released);
        return given;
    }

    /** Has these buffers handed out behind all others that are free now. */
    private void putLast(final boolean[] buffers) {
        final int[] before = Arrays.copyOfRange(free, LIST, LIST + available());
        int next = LIST;
        for (final boolean last : new boolean[]{true, false}) {
            for (final int index : before) {
                if (buffers[index - first] == last) {
                    free[next++] = index;
                }
            }
        }
    }

    public boolean owns(final int index) {
        return index >= first && index < first + count;
    }

    public int capacity() {
        return count;
    }

    public int available() {
        return (int) counts[FREE];
    }

    /** The fewest buffers that were ever free: how near the pool came to running out. */
    public int lowestAvailable() {
        return (int) counts[LOWEST_FREE];
    }

    public long allocations() {
        return counts[ALLOCATIONS];
    }

    /** How often {@link #allocate()} found nothing. */
    public long exhaustions() {
        return counts[EXHAUSTIONS];
    }

    /** @throws IllegalStateException naming the buffers that are still out, if any are */
    public void checkNoLeaks() {
        final int freeCount = available();
        if (freeCount == count) {
            return;
        }
        final boolean[] home = new boolean[count];
        for (int i = 0; i < freeCount; i++) {
            home[free[LIST + i] - first] = true;
        }
        final StringBuilder out = new StringBuilder();
        for (int i = 0, listed = 0; i < count && listed < 16; i++) {
            if (!home[i]) {
                out.append(' ').append(first + i).append("(references=").append(packets.referenceCount(first + i))
                        .append(')').append(story(first + i));
                listed++;
            }
        }
        throw new IllegalStateException(count - freeCount + " of " + count + " buffers not returned:" + out);
    }
}
