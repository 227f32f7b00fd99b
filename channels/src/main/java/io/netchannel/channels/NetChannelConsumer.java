package io.netchannel.channels;

import static io.netchannel.channels.NetChannelLayout.*;

import io.netchannel.cpu.OrderedMemory;

/**
 * The side of a {@link NetChannel} that takes.
 *
 * <p>Slots go back to the producer in bursts: at the end of {@link #drain}, at {@link #flush}, and when {@link #poll}
 * comes to the end of what it has seen in the ring.
 *
 * <p>Threading: one thread at a time; the counters may be read by any.
 */
public final class NetChannelConsumer {

    /** Answer of {@link #poll} if there is nothing. */
    public static final long NONE = -1L;

    private static final int HEAD = 0;
    private static final int RELEASED = 1;
    /** The newest tail that was seen: up to it, the producer's line is not touched. */
    private static final int CACHED_TAIL = 2;
    private static final int CLOSED = 3;

    private final OrderedMemory memory;
    private final long address;
    private final long slots;
    private final int mask;
    private final OwnedLongs own = new OwnedLongs(4);

    /**
     * Continues at the indices that are in memory, all zero for a new channel.
     *
     * @param capacity as in {@link NetChannel#sizeBytes}
     * @throws IllegalArgumentException if the capacity or the alignment is wrong
     */
    public NetChannelConsumer(final OrderedMemory memory, final long address, final int capacity) {
        NetChannel.check(address, capacity);
        this.memory = memory;
        this.address = address;
        this.slots = address + SLOTS_OFFSET;
        this.mask = capacity - 1;
        final long head = memory.getLongAcquire(address + HEAD_OFFSET);
        own.set(HEAD, head);
        own.set(RELEASED, head);
        own.set(CACHED_TAIL, head);
        own.set(CLOSED, memory.getIntAcquire(address + CONSUMER_END_OFFSET));
    }

    /** Takes the oldest element, or answers {@link #NONE}. */
    public long poll() {
        final long head = own.get(HEAD);
        if (own.get(CACHED_TAIL) == head) {
            // The end of what was seen: the shared lines are to be touched anyway. A consumer that only polls needs no
            // more.
            flush();
            if (available(head, 1) < 1) {
                return NONE;
            }
        }
        final long value = memory.getLong(slot(head));
        own.set(HEAD, head + 1);
        return value;
    }

    /**
     * Takes up to {@code max} of the oldest elements and gives their slots back.
     *
     * @return how many are now in {@code into}, from 0 on
     */
    public int drain(final long[] into, final int max) {
        final long head = own.get(HEAD);
        final int count = available(head, max);
        for (int i = 0; i < count; i++) {
            // Plain: ordered after the acquire of the tail and before the release of the head.
            into[i] = memory.getLong(slot(head + i));
        }
        own.set(HEAD, head + count);
        flush();
        return count;
    }

    /** Gives the slots of elements that were polled back to the producer. */
    public void flush() {
        final long head = own.get(HEAD);
        if (head != own.get(RELEASED)) {
            headRelease(head);
            own.set(RELEASED, head);
        }
    }

    /** A fresh look: what a consumer asks between arming its wake word and parking. */
    public boolean isEmpty() {
        return tailAcquire() == own.get(HEAD);
    }

    /**
     * Asks the producer to stop. It may still publish what it has accepted by the time it sees this: go on draining
     * until {@link #isFinished}. Idempotent.
     */
    public void close() {
        if (own.get(CLOSED) == 0) {
            own.set(CLOSED, 1);
            // Opaque is enough on the producer's side; release so that it does not overtake the heads given back
            // before.
            memory.putIntRelease(address + CONSUMER_END_OFFSET, ENDED);
        }
    }

    /** Whether this side has asked the producer to stop. */
    public boolean isClosed() {
        return own.get(CLOSED) != 0;
    }

    /**
     * Whether the producer has closed and every element has been taken: the ring's memory may be used for something
     * else.
     */
    public boolean isFinished() {
        // Pairs with the release in NetChannelProducer.close(): the tail that is read after it is the last one.
        // Essay 4.
        return memory.getIntAcquire(address + PRODUCER_END_OFFSET) != OPEN && isEmpty();
    }

    public int capacity() {
        return mask + 1;
    }

    /** Elements taken since the channel was made, by this and earlier consumers. */
    public long taken() {
        return own.read(HEAD);
    }

    private int available(final long head, final int wanted) {
        long ready = own.get(CACHED_TAIL) - head;
        if (ready < wanted) {
            final long tail = tailAcquire();
            ready = tail - head;
            // A tail that can't be true, from a producer gone wrong, is not taken.
            if (ready < 0 || ready > mask + 1) {
                return 0;
            }
            own.set(CACHED_TAIL, tail);
        }
        return (int) Math.min(ready, wanted);
    }

    private long tailAcquire() {
        // Pairs with the release in NetChannelProducer.publish(): without it a slot could be read before it was
        // written. Essay 2; of slots that the producer itself got from elsewhere, essay 8.
        return memory.getLongAcquire(address + TAIL_OFFSET);
    }

    private void headRelease(final long head) {
        // Pairs with headAcquire() of the producer: without it our reads of the slots could be performed after the
        // producer has seen them free and overwritten them (load buffering). Essay 3.
        memory.putLongRelease(address + HEAD_OFFSET, head);
    }

    private long slot(final long index) {
        return slots + (index & mask) * SLOT_BYTES;
    }
}
