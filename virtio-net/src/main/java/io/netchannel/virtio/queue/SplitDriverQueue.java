package io.netchannel.virtio.queue;

import static io.netchannel.virtio.queue.SplitQueueLayout.*;

import io.netchannel.cpu.OrderedMemory;

/**
 * The driver's side of a split virtqueue (VirtIO 1.3, 2.7).
 *
 * <p>Free descriptors are linked on the heap; the next fields in shared memory are written for the device and never
 * read back. Chains of several buffers go through an indirect table, one per head descriptor, where that was
 * negotiated.
 *
 * <p>Counts of chains run over 64 bits; the indices in memory are their low 16.
 *
 * <p>Threading: one thread.
 */
public final class SplitDriverQueue implements DriverQueue {

    private final OrderedMemory memory;
    private final AddressSpace addressSpace;
    private final int size;
    private final int mask;
    private final int maxChain;
    private final boolean eventIndex;
    private final long tables;
    private final long tableBytes;
    private final long descriptors;
    private final long available;
    private final long used;
    private final long usedEvent;
    private final long availableEvent;

    private final InFlightChains inFlight;
    private final short[] next;
    private final short[] last;
    private final short[] taken;
    private int freeHead;
    private int free;

    private long addedChains;
    private long publishedChains;
    private long notifiedChains;
    private long usedChains;
    private long usedChainsSeen;
    private int usedBytes;
    private boolean interruptsEnabled = true;
    private boolean stopped;
    private QueueViolation violation;

    /**
     * Zeroes the areas: a queue begins here, before a device looks at it.
     *
     * @throws IllegalArgumentException if no split queue can lie there
     */
    public SplitDriverQueue(final QueueConfig config) {
        SplitQueueLayout.check(config);
        memory = config.memory();
        addressSpace = config.addressSpace();
        size = config.size();
        mask = size - 1;
        maxChain = Math.min(size, config.maxChain());
        eventIndex = config.eventIndex();
        tables = config.indirect() ? config.indirectTables() : 0;
        tableBytes = (long) config.maxChain() * DESCRIPTOR_BYTES;
        descriptors = config.descriptorArea();
        available = config.driverArea();
        used = config.deviceArea();
        usedEvent = available + usedEventOffset(size);
        availableEvent = used + availableEventOffset(size);
        inFlight = new InFlightChains(size, maxChain);
        next = new short[size];
        last = new short[size];
        taken = new short[size];
        free = size;
        for (int i = 0; i < size; i++) {
            next[i] = (short) (i + 1 & mask);
        }
        QueueMemory.clear(config, false);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int maxChain() {
        return maxChain;
    }

    @Override
    public int freeDescriptors() {
        return stopped ? 0 : free;
    }

    @Override
    public boolean add(final DescriptorChain chain, final long cookie) {
        inFlight.requireValid(chain, cookie);
        final int count = chain.count();
        final boolean indirect = count > 1 && tables != 0;
        if (stopped || free < (indirect ? 1 : count)) {
            return false;
        }
        final int head = freeHead;
        final int tail = indirect ? writeIndirect(chain, head) : writeDirect(chain, head);
        offer(head, tail, indirect ? 1 : count, cookie, chain.writableBytes());
        return true;
    }

    @Override
    public boolean addWritable(final long address, final int lengthBytes, final long cookie) {
        inFlight.requireValid(lengthBytes, cookie);
        if (stopped || free == 0) {
            return false;
        }
        final int head = freeHead;
        write(descriptors + (long) head * DESCRIPTOR_BYTES, addressSpace.toDevice(address), lengthBytes,
                DescriptorFlags.WRITE, 0);
        offer(head, head, 1, cookie, lengthBytes);
        return true;
    }

    private int writeDirect(final DescriptorChain chain, final int head) {
        int descriptor = head;
        for (int i = 0, end = chain.count() - 1;; i++) {
            final int flags = (i < end ? DescriptorFlags.NEXT : 0) | writeFlag(chain, i);
            write(descriptors + (long) descriptor * DESCRIPTOR_BYTES, addressSpace.toDevice(chain.address(i)),
                    chain.lengthBytes(i), flags, i < end ? next[descriptor] : 0);
            if (i == end) {
                return descriptor;
            }
            descriptor = next[descriptor];
        }
    }

    private int writeIndirect(final DescriptorChain chain, final int head) {
        final long table = tables + head * tableBytes;
        final int count = chain.count();
        for (int i = 0; i < count; i++) {
            final boolean more = i < count - 1;
            write(table + (long) i * DESCRIPTOR_BYTES, addressSpace.toDevice(chain.address(i)), chain.lengthBytes(i),
                    (more ? DescriptorFlags.NEXT : 0) | writeFlag(chain, i), more ? i + 1 : 0);
        }
        write(descriptors + (long) head * DESCRIPTOR_BYTES, addressSpace.toDevice(table), count * DESCRIPTOR_BYTES,
                DescriptorFlags.INDIRECT, 0);
        return head;
    }

    private static int writeFlag(final DescriptorChain chain, final int position) {
        return position < chain.readableCount() ? 0 : DescriptorFlags.WRITE;
    }

    private void write(final long at, final long deviceAddress, final int lengthBytes, final int flags,
            final int nextEntry) {
        memory.putLong(at + DESCRIPTOR_ADDRESS_OFFSET, deviceAddress);
        memory.putLong(at + DESCRIPTOR_LENGTH_OFFSET, word(lengthBytes, flags, nextEntry));
    }

    /** Takes descriptors {@code head} to {@code tail} off the free list and puts the chain into the next ring entry. */
    private void offer(final int head, final int tail, final int count, final long cookie, final int writableBytes) {
        freeHead = next[tail];
        free -= count;
        last[head] = (short) tail;
        taken[head] = (short) count;
        inFlight.open(head, cookie, writableBytes, addedChains);
        memory.putShort(available + AVAILABLE_RING_OFFSET + (addedChains & mask) * AVAILABLE_ENTRY_BYTES, (short) head);
        addedChains++;
    }

    @Override
    public void publish() {
        if (publishedChains == addedChains || stopped) {
            return;
        }
        publishedChains = addedChains;
        // Pairs with the device's acquire of the index. Without it a device could see the index before the ring
        // entries, the descriptors or the readable bytes that it stands for. Essay 2.
        memory.putShortRelease(available + AVAILABLE_INDEX_OFFSET, (short) publishedChains);
    }

    @Override
    public boolean needsNotification() {
        final long count = publishedChains - notifiedChains;
        if (count == 0 || stopped) {
            return false;
        }
        notifiedChains = publishedChains;
        // Pairs with the fence in the device's enableNotifications(): it stores its event word, then looks at our
        // index; we have stored our index and now look at its event word. Without both fences each could miss the
        // other's store, and the device would sleep on chains. Essay 5.
        memory.fullFence();
        if (!eventIndex) {
            return (memory.getShortOpaque(used + USED_FLAGS_OFFSET) & USED_FLAG_NO_NOTIFY) == 0;
        }
        return EventIndex.passed(memory.getShortOpaque(availableEvent), publishedChains, count);
    }

    @Override
    public boolean hasUsed() {
        return !stopped && (usedChains != usedChainsSeen
                || memory.getShortAcquire(used + USED_INDEX_OFFSET) != (short) usedChains);
    }

    @Override
    public long takeUsed() {
        if (stopped || usedChains == usedChainsSeen && !seeUsed()) {
            return NONE;
        }
        final long entry = used + USED_RING_OFFSET + (usedChains & mask) * USED_ENTRY_BYTES;
        final int id = memory.getInt(entry + USED_ENTRY_ID_OFFSET);
        final int lengthBytes = memory.getInt(entry + USED_ENTRY_LENGTH_OFFSET);
        final QueueViolation breach = inFlight.check(id, lengthBytes, publishedChains);
        if (breach != null) {
            stop(breach);
            return NONE;
        }
        usedChains++;
        usedBytes = lengthBytes;
        next[last[id]] = (short) freeHead;
        freeHead = id;
        free += taken[id] & 0xFFFF;
        return inFlight.close(id);
    }

    /** Looks how far the device is; false if no further than before. */
    private boolean seeUsed() {
        // Pairs with the device's release of the index. Without it the used entries and the bytes that the device has
        // written could still be the old ones; and the descriptors could be written anew while the device reads them.
        // Essay 4, essay 3.
        final int index = memory.getShortAcquire(used + USED_INDEX_OFFSET);
        final long count = index - usedChains & 0xFFFF;
        if (count > publishedChains - usedChains) {
            stop(QueueViolation.BAD_RING_ADVANCE);
            return false;
        }
        usedChainsSeen = usedChains + count;
        return count != 0;
    }

    private void stop(final QueueViolation breach) {
        violation = breach;
        stopped = true;
    }

    @Override
    public int usedBytes() {
        return usedBytes;
    }

    @Override
    public void enableInterrupts() {
        interruptsEnabled = true;
        if (eventIndex) {
            memory.putShortOpaque(usedEvent, (short) usedChains);
        } else {
            memory.putShortOpaque(available + AVAILABLE_FLAGS_OFFSET, (short) 0);
        }
        // Pairs with the fence in the device's needsInterrupt(). Without it the caller's look at the used ring could be
        // performed before the store above: it would see no work, and the device no wish for an interrupt. Essay 5.
        memory.fullFence();
    }

    @Override
    public void disableInterrupts() {
        if (!interruptsEnabled) {
            return;
        }
        interruptsEnabled = false;
        if (eventIndex) {
            // VirtIO has no "never" here (2.7.7.1): take an index that the device has passed for certain, and so meets
            // again only after another lap of 2^16.
            memory.putShortOpaque(usedEvent, (short) (usedChains - size - 1));
        } else {
            memory.putShortOpaque(available + AVAILABLE_FLAGS_OFFSET, (short) AVAILABLE_FLAG_NO_INTERRUPT);
        }
    }

    @Override
    public long reclaim() {
        stopped = true;
        return inFlight.closeAny();
    }

    @Override
    public QueueViolation violation() {
        return violation;
    }
}
