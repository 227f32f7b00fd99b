package io.netchannel.channels;

import static io.netchannel.channels.NetChannelLayout.*;

import io.netchannel.cpu.OrderedMemory;

/**
 * A ring of non-negative longs in shared memory, from one thread to one other. This class makes and sizes it; the two
 * sides are {@link NetChannelProducer} and {@link NetChannelConsumer}.
 *
 * <h2>Orderings</h2>
 * <pre>
 *   producer                                   consumer
 *   slot[tail] = v            plain            ARM: wake word, full fence
 *   TAIL = tail               release  ──(1)─▶ TAIL                  acquire
 *   full fence                         ──(2)─▶ v = slot[head]        plain
 *   wake word armed?                           HEAD = head           release
 *   HEAD                      acquire  ◀─(3)── (before slots are overwritten)
 *   P END = 1                 release  ──(4)─▶ P END                 acquire, then TAIL
 * </pre>
 * (1) carries the slots, and whatever they stand for: packet bytes, metadata, reference counts. (2) is the StoreLoad
 * fence of {@link io.netchannel.kernel.sched.WakeWord}; without it the look at the wake word could be performed before
 * TAIL is visible, and a consumer that parks in between would sleep on work. (3) keeps the producer from overwriting
 * slots that are still being read. (4) follows the last TAIL, so that a consumer that sees the end and then an empty
 * ring has seen all. Essays 2, 1, 3 and 4 of cpu-model, in that order.
 *
 * <h2>Closing</h2>
 * The producer closes: what it accepted is published, then P END; the consumer takes what is left and is
 * {@linkplain NetChannelConsumer#isFinished() finished}. The consumer closes: it sets C END and goes on draining; the
 * producer sees it at its next flush or full ring, and closes as above. So in both cases the consumer gets every
 * element that was accepted, and nothing is left in the ring when it is finished.
 *
 * <h2>Hand-over</h2>
 * The state of the ring is in its memory. After a producer has flushed, or a consumer has flushed, another thread may
 * make a new producer or consumer on the same address, provided that something else (joining the thread, another
 * channel) orders the two.
 */
public final class NetChannel {

    private NetChannel() {
    }

    /**
     * Bytes to allocate, at an alignment of {@link NetChannelLayout#ALIGNMENT_BYTES}.
     *
     * @param capacity a power of two, at least {@link NetChannelLayout#MIN_CAPACITY}
     * @throws IllegalArgumentException if the capacity is none of these
     */
    public static long sizeBytes(final int capacity) {
        checkCapacity(capacity);
        final long bytes = SLOTS_OFFSET + (long) capacity * SLOT_BYTES;
        return bytes + ALIGNMENT_BYTES - 1 & -ALIGNMENT_BYTES;
    }

    /** Makes an empty, open channel of memory that held something else; new memory of a region needs no formatting. */
    public static void format(final OrderedMemory memory, final long address, final int capacity) {
        memory.fill(address, sizeBytes(capacity), (byte) 0);
    }

    static void check(final long address, final int capacity) {
        checkCapacity(capacity);
        if ((address & ALIGNMENT_BYTES - 1) != 0) {
            throw new IllegalArgumentException("address=0x" + Long.toHexString(address) + " is not aligned to "
                    + ALIGNMENT_BYTES);
        }
    }

    private static void checkCapacity(final int capacity) {
        if (capacity < MIN_CAPACITY || capacity > MAX_CAPACITY || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity=" + capacity + " is not a power of two within " + MIN_CAPACITY
                    + ".." + MAX_CAPACITY);
        }
    }
}
