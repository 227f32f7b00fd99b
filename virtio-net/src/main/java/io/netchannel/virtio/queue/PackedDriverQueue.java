package io.netchannel.virtio.queue;

import static io.netchannel.virtio.queue.PackedQueueLayout.*;

import io.netchannel.cpu.OrderedMemory;

/**
 * The driver's side of a packed virtqueue (VirtIO 1.3, 2.8).
 *
 * <p>Chains are written into the ring as they are added, all but the flags of the first descriptor of the batch: the
 * device stops there, so the batch appears at once when {@link #publish} writes them.
 *
 * <p>Threading: one thread.
 */
public final class PackedDriverQueue implements DriverQueue {

    private static final long NO_BATCH = 0;

    private final OrderedMemory memory;
    private final AddressSpace addressSpace;
    private final int size;
    private final int maxChain;
    private final boolean eventIndex;
    private final long tables;
    private final long tableBytes;
    private final long ring;
    private final long driverEvent;
    private final long deviceEvent;

    private final InFlightChains inFlight;
    private final short[] nextFreeId;
    private final short[] taken;
    private int freeId;
    private int free;

    private int position;
    private boolean wrap = true;
    private long batchHead = NO_BATCH;
    private int batchHeadFlags;
    private long addedChains;
    private long publishedChains;
    private long addedDescriptors;
    private long notifiedDescriptors;
    private long publishedDescriptors;
    private int publishedPosition;
    private boolean publishedWrap = true;

    private int usedPosition;
    private boolean usedWrap = true;
    private long usedChains;
    private int usedBytes;
    private boolean interruptsEnabled = true;
    private boolean stopped;
    private QueueViolation violation;

    /**
     * Zeroes the areas: a queue begins here, before a device looks at it.
     *
     * @throws IllegalArgumentException if no packed queue can lie there
     */
    public PackedDriverQueue(final QueueConfig config) {
        PackedQueueLayout.check(config);
        memory = config.memory();
        addressSpace = config.addressSpace();
        size = config.size();
        maxChain = Math.min(size, config.maxChain());
        eventIndex = config.eventIndex();
        tables = config.indirect() ? config.indirectTables() : 0;
        tableBytes = (long) config.maxChain() * DESCRIPTOR_BYTES;
        ring = config.descriptorArea();
        driverEvent = config.driverArea();
        deviceEvent = config.deviceArea();
        inFlight = new InFlightChains(size, maxChain);
        nextFreeId = new short[size];
        taken = new short[size];
        free = size;
        for (int i = 0; i < size; i++) {
            nextFreeId[i] = (short) (i + 1);
        }
        QueueMemory.clear(config, true);
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
        if (indirect) {
            final long table = writeTable(chain);
            write(addressSpace.toDevice(table), count * DESCRIPTOR_BYTES, DescriptorFlags.INDIRECT);
        } else {
            for (int i = 0; i < count; i++) {
                write(addressSpace.toDevice(chain.address(i)), chain.lengthBytes(i),
                        (i < count - 1 ? DescriptorFlags.NEXT : 0) | writeFlag(chain, i));
            }
        }
        close(indirect ? 1 : count, cookie, chain.writableBytes());
        return true;
    }

    @Override
    public boolean addWritable(final long address, final int lengthBytes, final long cookie) {
        inFlight.requireValid(lengthBytes, cookie);
        if (stopped || free == 0) {
            return false;
        }
        write(addressSpace.toDevice(address), lengthBytes, DescriptorFlags.WRITE);
        close(1, cookie, lengthBytes);
        return true;
    }

    private long writeTable(final DescriptorChain chain) {
        final long table = tables + freeId * tableBytes;
        for (int i = 0; i < chain.count(); i++) {
            final long at = table + (long) i * DESCRIPTOR_BYTES;
            memory.putLong(at + DESCRIPTOR_ADDRESS_OFFSET, addressSpace.toDevice(chain.address(i)));
            memory.putInt(at + DESCRIPTOR_LENGTH_OFFSET, chain.lengthBytes(i));
            memory.putShort(at + DESCRIPTOR_ID_OFFSET, (short) 0);
            memory.putShort(at + DESCRIPTOR_FLAGS_OFFSET, (short) writeFlag(chain, i));
        }
        return table;
    }

    private static int writeFlag(final DescriptorChain chain, final int position) {
        return position < chain.readableCount() ? 0 : DescriptorFlags.WRITE;
    }

    /** Writes the next descriptor of the ring, under the id of the chain that is being added. */
    private void write(final long deviceAddress, final int lengthBytes, final int flags) {
        final long at = ring + (long) position * DESCRIPTOR_BYTES;
        final int wrappedFlags = flags | (wrap ? AVAILABLE_1 : AVAILABLE_0);
        memory.putLong(at + DESCRIPTOR_ADDRESS_OFFSET, deviceAddress);
        memory.putInt(at + DESCRIPTOR_LENGTH_OFFSET, lengthBytes);
        // Only the last descriptor's id counts (2.8.6); which one that is need not be known here.
        memory.putShort(at + DESCRIPTOR_ID_OFFSET, (short) freeId);
        if (batchHead == NO_BATCH) {
            batchHead = at;
            batchHeadFlags = wrappedFlags;
        } else {
            // No order needed: the device comes here only past the head of the batch, whose release in publish() covers
            // it.
            memory.putShortOpaque(at + DESCRIPTOR_FLAGS_OFFSET, (short) wrappedFlags);
        }
        position++;
        if (position == size) {
            position = 0;
            wrap = !wrap;
        }
    }

    private void close(final int count, final long cookie, final int writableBytes) {
        final int id = freeId;
        freeId = nextFreeId[id];
        free -= count;
        taken[id] = (short) count;
        inFlight.open(id, cookie, writableBytes, addedChains);
        addedChains++;
        addedDescriptors += count;
    }

    @Override
    public void publish() {
        if (batchHead == NO_BATCH || stopped) {
            return;
        }
        // Pairs with the device's acquire of a head's flags. Without it a device could see the head available before
        // the rest of the batch, its tables or its readable bytes. Essay 2.
        memory.putShortRelease(batchHead + DESCRIPTOR_FLAGS_OFFSET, (short) batchHeadFlags);
        batchHead = NO_BATCH;
        publishedChains = addedChains;
        publishedDescriptors = addedDescriptors;
        publishedPosition = position;
        publishedWrap = wrap;
    }

    @Override
    public boolean needsNotification() {
        final long count = publishedDescriptors - notifiedDescriptors;
        if (count == 0 || stopped) {
            return false;
        }
        notifiedDescriptors = publishedDescriptors;
        // Pairs with the fence in the device's enableNotifications(): it stores its event structure, then looks at the
        // ring; we have stored the head's flags and now look at its structure. Without both fences each could miss the
        // other's store, and the device would sleep on chains. Essay 5.
        memory.fullFence();
        final int event = memory.getIntOpaque(deviceEvent);
        if (eventIndex && eventFlags(event) == EVENT_DESCRIPTOR) {
            return EventIndex.passed(event, publishedPosition, publishedWrap, size, count);
        }
        return eventFlags(event) != EVENT_DISABLE;
    }

    @Override
    public boolean hasUsed() {
        return !stopped && (usedFlags() & WRAP_MASK) == (usedWrap ? USED_1 : USED_0);
    }

    /**
     * Flags of the next descriptor to be used. The acquire pairs with the device's release of the head of a batch of
     * used descriptors. Without it the ids and the bytes that the device has written could still be the old ones; and
     * descriptors and tables could be written anew while the device reads them. Essay 4, essay 3.
     */
    private int usedFlags() {
        return memory.getShortAcquire(ring + (long) usedPosition * DESCRIPTOR_BYTES + DESCRIPTOR_FLAGS_OFFSET);
    }

    @Override
    public long takeUsed() {
        if (stopped) {
            return NONE;
        }
        final int flags = usedFlags();
        if ((flags & WRAP_MASK) != (usedWrap ? USED_1 : USED_0)) {
            return NONE;
        }
        final long at = ring + (long) usedPosition * DESCRIPTOR_BYTES;
        final int id = memory.getShort(at + DESCRIPTOR_ID_OFFSET) & 0xFFFF;
        // The length means nothing where nothing was written (2.8.4).
        final int lengthBytes = (flags & DescriptorFlags.WRITE) != 0 ? memory.getInt(at + DESCRIPTOR_LENGTH_OFFSET) : 0;
        final QueueViolation breach = usedChains == publishedChains
                ? QueueViolation.BAD_RING_ADVANCE
                : inFlight.check(id, lengthBytes, publishedChains);
        if (breach != null) {
            violation = breach;
            stopped = true;
            return NONE;
        }
        release(id);
        usedChains++;
        usedBytes = lengthBytes;
        return inFlight.close(id);
    }

    /** Frees an id and its descriptors; the device has skipped as many (2.8.6). */
    private void release(final int id) {
        final int count = taken[id] & 0xFFFF;
        nextFreeId[id] = (short) freeId;
        freeId = id;
        free += count;
        usedPosition += count;
        if (usedPosition >= size) {
            usedPosition -= size;
            usedWrap = !usedWrap;
        }
    }

    @Override
    public int usedBytes() {
        return usedBytes;
    }

    @Override
    public void enableInterrupts() {
        interruptsEnabled = true;
        memory.putIntOpaque(driverEvent,
                eventIndex ? event(usedPosition, usedWrap, EVENT_DESCRIPTOR) : event(0, false, EVENT_ENABLE));
        // Pairs with the fence in the device's needsInterrupt(). Without it the caller's look at the ring could be
        // performed before the store above: it would see no work, and the device no wish for an interrupt. Essay 5.
        memory.fullFence();
    }

    @Override
    public void disableInterrupts() {
        if (interruptsEnabled) {
            interruptsEnabled = false;
            memory.putIntOpaque(driverEvent, event(0, false, EVENT_DISABLE));
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
