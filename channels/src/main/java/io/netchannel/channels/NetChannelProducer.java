package io.netchannel.channels;

import static io.netchannel.channels.NetChannelLayout.*;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.sched.WakeWord;

/**
 * The side of a {@link NetChannel} that offers. Elements become visible to the consumer at {@link #flush}, which also
 * wakes it, once for all of them.
 *
 * <p>Threading: one thread at a time; the counters may be read by any.
 */
public final class NetChannelProducer {

    private static final int TAIL = 0;
    private static final int PUBLISHED = 1;
    /** The newest head that was seen: as long as it leaves space, the consumer's line is not touched. */
    private static final int CACHED_HEAD = 2;
    private static final int CLOSED = 3;
    private static final int OFFERS = 4;
    private static final int FULL = 5;
    private static final int REJECTED_CLOSED = 6;
    private static final int WAKE_UPS = 7;
    private static final int SUPPRESSED_WAKE_UPS = 8;

    private final OrderedMemory memory;
    private final long address;
    private final long slots;
    private final int capacity;
    private final int mask;
    private final WakeWord consumerWake;
    private final OwnedLongs own = new OwnedLongs(9);

    /**
     * Continues at the indices that are in memory, all zero for a new channel.
     *
     * @param capacity as in {@link NetChannel#sizeBytes}
     * @param consumerWake how the consumer asks to be woken, or null for one that only polls
     * @throws IllegalArgumentException if the capacity or the alignment is wrong
     */
    public NetChannelProducer(final OrderedMemory memory, final long address, final int capacity,
            final WakeWord consumerWake) {
        NetChannel.check(address, capacity);
        this.memory = memory;
        this.address = address;
        this.slots = address + SLOTS_OFFSET;
        this.capacity = capacity;
        this.mask = capacity - 1;
        this.consumerWake = consumerWake;
        final long tail = memory.getLongAcquire(address + TAIL_OFFSET);
        own.set(TAIL, tail);
        own.set(PUBLISHED, tail);
        own.set(CACHED_HEAD, headAcquire());
        own.set(CLOSED, memory.getIntAcquire(address + PRODUCER_END_OFFSET));
    }

    /**
     * Puts one element behind the others; it is published by the next {@link #flush}.
     *
     * @param value at least 0
     * @return false if the ring is full or closed; counted
     */
    public boolean offer(final long value) {
        if (value < 0) {
            throw new IllegalArgumentException("value=" + value + " < 0");
        }
        final long tail = own.get(TAIL);
        if (spaceAt(tail, 1) < 1) {
            return reject(1);
        }
        // Plain: published by the release of the tail, and free to be written by the acquire of the head.
        memory.putLong(slot(tail), value);
        own.set(TAIL, tail + 1);
        own.add(OFFERS, 1);
        return true;
    }

    /**
     * Puts as many elements as there is space for.
     *
     * @return how many were taken, from the first on; the others are counted as rejected
     */
    public int offer(final long[] from, final int offset, final int count) {
        final long tail = own.get(TAIL);
        final int accepted = Math.min(count, spaceAt(tail, count));
        for (int i = 0; i < accepted; i++) {
            final long value = from[offset + i];
            if (value < 0) {
                throw new IllegalArgumentException("value=" + value + " < 0 at " + (offset + i));
            }
            memory.putLong(slot(tail + i), value);
        }
        own.set(TAIL, tail + accepted);
        own.add(OFFERS, accepted);
        if (accepted < count) {
            reject(count - accepted);
        }
        return accepted;
    }

    /** Elements that {@link #offer} will take now; 0 once closed. A fresh look. */
    public int space() {
        return spaceAt(own.get(TAIL), capacity);
    }

    /** Publishes what was offered and wakes the consumer if it asked for it. Sees whether the consumer has closed. */
    public void flush() {
        if (own.get(CLOSED) != 0) {
            return;
        }
        if (own.get(TAIL) != own.get(PUBLISHED)) {
            publish();
            wake();
        }
        observeConsumerEnd();
    }

    /** No more elements; those that were accepted are published first. Idempotent. */
    public void close() {
        if (own.get(CLOSED) != 0) {
            return;
        }
        publish();
        own.set(CLOSED, 1);
        // Pairs with the acquire in NetChannelConsumer.isFinished(). Were it performed before the tail's store, the
        // consumer would see the end and an old tail, and leave the last elements in the ring. Essay 4.
        memory.putIntRelease(address + PRODUCER_END_OFFSET, ENDED);
        wake();
    }

    /** Whether either side has closed: nothing will be taken any more. A fresh look. */
    public boolean isClosed() {
        if (own.get(CLOSED) == 0) {
            observeConsumerEnd();
        }
        return own.get(CLOSED) != 0;
    }

    public int capacity() {
        return capacity;
    }

    // -- counters, any thread

    /** Elements accepted. */
    public long offers() {
        return own.read(OFFERS);
    }

    /** Elements rejected because the ring was full. */
    public long fullRejections() {
        return own.read(FULL);
    }

    /** Elements rejected because the channel was closed. */
    public long closedRejections() {
        return own.read(REJECTED_CLOSED);
    }

    /** Bursts that rang the consumer's bell. */
    public long wakeUps() {
        return own.read(WAKE_UPS);
    }

    /** Bursts whose consumer was awake. */
    public long suppressedWakeUps() {
        return own.read(SUPPRESSED_WAKE_UPS);
    }

    private int spaceAt(final long tail, final int wanted) {
        if (own.get(CLOSED) != 0) {
            return 0;
        }
        final long cached = capacity - (tail - own.get(CACHED_HEAD));
        if (cached >= wanted) {
            return (int) Math.min(cached, capacity);
        }
        return freshSpaceAt(tail);
    }

    private int freshSpaceAt(final long tail) {
        observeConsumerEnd();
        if (own.get(CLOSED) != 0) {
            return 0;
        }
        final long head = headAcquire();
        final long used = tail - head;
        // A head that can't be true, from a consumer gone wrong, is not taken: the ring stays as full as it was.
        if (used >= 0 && used <= capacity) {
            own.set(CACHED_HEAD, head);
        }
        return (int) (capacity - (tail - own.get(CACHED_HEAD)));
    }

    private void publish() {
        final long tail = own.get(TAIL);
        // Pairs with tailAcquire() of the consumer: without it the consumer could see the new tail and an old slot, or
        // a slot and not the packet that it stands for. Essay 2.
        memory.putLongRelease(address + TAIL_OFFSET, tail);
        own.set(PUBLISHED, tail);
    }

    private void wake() {
        if (consumerWake != null) {
            // signal() begins with the full fence that orders our tail before its look at the wake word.
            // Essay 1; nothing stored in between is a fence: essay 10.
            own.add(consumerWake.signal() ? WAKE_UPS : SUPPRESSED_WAKE_UPS, 1);
        }
    }

    // Once per burst: the line is written once in the channel's life, so it stays in this core's cache.
    private void observeConsumerEnd() {
        // Opaque is enough: nothing of the consumer's is read because of it, and the answer, P END, is ordered by
        // close().
        if (memory.getIntOpaque(address + CONSUMER_END_OFFSET) != OPEN) {
            close();
        }
    }

    private boolean reject(final int count) {
        own.add(own.get(CLOSED) != 0 ? REJECTED_CLOSED : FULL, count);
        return false;
    }

    private long headAcquire() {
        // Pairs with headRelease() of the consumer: without it a slot could be overwritten before the consumer has read
        // it. Essay 3.
        return memory.getLongAcquire(address + HEAD_OFFSET);
    }

    private long slot(final long index) {
        return slots + (index & mask) * SLOT_BYTES;
    }
}
