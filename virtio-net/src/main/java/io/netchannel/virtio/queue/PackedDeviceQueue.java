package io.netchannel.virtio.queue;

import static io.netchannel.virtio.queue.PackedQueueLayout.*;

import io.netchannel.cpu.OrderedMemory;

/**
 * The device's side of a packed virtqueue (VirtIO 1.3, 2.8). A chain's id is its buffer id.
 *
 * <p>Used descriptors are written into the ring as chains are completed, all but the flags of the first of the batch:
 * the driver stops there, so the batch appears at once when {@link #publish} writes them. A used descriptor stands for
 * as many ring entries as its chain took. It never overwrites one that is still to be read, not even after
 * {@link #putBack}: the chains completed are all among those taken before the ones put back, so together they took no
 * more entries than lie before those.
 *
 * <p>Threading: one thread.
 */
public final class PackedDeviceQueue implements DeviceQueue {

    private static final long NO_BATCH = 0;
    private static final int KNOWN_FLAGS = DescriptorFlags.NEXT | DescriptorFlags.WRITE | DescriptorFlags.INDIRECT
            | DescriptorFlags.AVAIL | DescriptorFlags.USED;

    private final OrderedMemory memory;
    private final AddressSpace addressSpace;
    private final ChainValidator validator;
    private final int size;
    private final int maxChain;
    private final boolean eventIndex;
    private final boolean indirect;
    private final long ring;
    private final long driverEvent;
    private final long deviceEvent;

    private final boolean[] inFlight;
    private final short[] taken;
    private final short[] order;
    private int orderPosition;

    private int position;
    private boolean wrap = true;
    private long takenDescriptors;
    private int chainId;
    private int chainDescriptors;

    private int usedPosition;
    private boolean usedWrap = true;
    private long batchHead = NO_BATCH;
    private int batchHeadFlags;
    private long usedDescriptors;
    private long publishedDescriptors;
    private long interruptedDescriptors;
    private int publishedPosition;
    private boolean publishedWrap = true;
    private boolean notificationsEnabled = true;
    private QueueViolation violation;

    /** @throws IllegalArgumentException if no packed queue can lie there */
    public PackedDeviceQueue(final QueueConfig config) {
        PackedQueueLayout.check(config);
        memory = config.memory();
        addressSpace = config.addressSpace();
        size = config.size();
        maxChain = config.maxChain();
        eventIndex = config.eventIndex();
        indirect = config.indirect();
        ring = config.descriptorArea();
        driverEvent = config.driverArea();
        deviceEvent = config.deviceArea();
        validator = new ChainValidator(addressSpace, maxChain);
        inFlight = new boolean[size];
        taken = new short[size];
        order = new short[size];
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean hasAvailable() {
        return violation == null && isAvailable(headFlags(), wrap);
    }

    /**
     * Flags of the next descriptor to be taken. The acquire pairs with the driver's release of the head of a batch.
     * Without it the rest of the batch, its tables and its readable bytes could still be the old ones. Essay 4.
     */
    private int headFlags() {
        return memory.getShortAcquire(ring + (long) position * DESCRIPTOR_BYTES + DESCRIPTOR_FLAGS_OFFSET) & 0xFFFF;
    }

    private static boolean isAvailable(final int flags, final boolean wrap) {
        return (flags & WRAP_MASK) == (wrap ? AVAILABLE_1 : AVAILABLE_0);
    }

    @Override
    public int next(final DescriptorChain chain) {
        validator.start(chain);
        if (violation != null) {
            return BROKEN;
        }
        final int flags = headFlags();
        if (!isAvailable(flags, wrap)) {
            return EMPTY;
        }
        QueueViolation breach = readChain(flags);
        if (breach == null && (chainId >= size || inFlight[chainId])) {
            breach = QueueViolation.BAD_INDEX;
        }
        if (breach != null) {
            violation = breach;
            chain.clear();
            return BROKEN;
        }
        take();
        return chainId;
    }

    private void take() {
        inFlight[chainId] = true;
        taken[chainId] = (short) chainDescriptors;
        order[orderPosition] = (short) chainId;
        orderPosition = orderPosition + 1 == size ? 0 : orderPosition + 1;
        takenDescriptors += chainDescriptors;
        position += chainDescriptors;
        if (position >= size) {
            position -= size;
            wrap = !wrap;
        }
    }

    /** Sets {@link #chainId} and {@link #chainDescriptors}, if there is no breach. */
    private QueueViolation readChain(final int headFlags) {
        // A driver writes an entry anew only when it has seen it used, so it is never more than a lap ahead of that.
        final long entriesLeft = size - (takenDescriptors - publishedDescriptors);
        int at = position;
        boolean atWrap = wrap;
        int flags = headFlags;
        for (int i = 0; i < entriesLeft; i++) {
            final long descriptor = ring + (long) at * DESCRIPTOR_BYTES;
            if (i > 0) {
                // Under the acquire of the head's flags: a chain becomes available as a whole.
                flags = memory.getShort(descriptor + DESCRIPTOR_FLAGS_OFFSET) & 0xFFFF;
            }
            final QueueViolation breach = readDescriptor(descriptor, flags, atWrap, i);
            if (breach != null) {
                return breach;
            }
            if ((flags & DescriptorFlags.NEXT) == 0) {
                chainId = memory.getShort(descriptor + DESCRIPTOR_ID_OFFSET) & 0xFFFF;
                chainDescriptors = i + 1;
                return null;
            }
            at++;
            if (at == size) {
                at = 0;
                atWrap = !atWrap;
            }
        }
        return entriesLeft == size ? QueueViolation.CHAIN_TOO_LONG : QueueViolation.BAD_RING_ADVANCE;
    }

    private QueueViolation readDescriptor(final long descriptor, final int flags, final boolean atWrap,
            final int index) {
        if ((flags & ~KNOWN_FLAGS) != 0 || !isAvailable(flags, atWrap)) {
            return QueueViolation.BAD_FLAGS;
        }
        final long deviceAddress = memory.getLong(descriptor + DESCRIPTOR_ADDRESS_OFFSET);
        final int length = memory.getInt(descriptor + DESCRIPTOR_LENGTH_OFFSET);
        if ((flags & DescriptorFlags.INDIRECT) == 0) {
            return validator.append(deviceAddress, length, (flags & DescriptorFlags.WRITE) != 0);
        }
        // Unlike in split queues it stands alone (2.8.19).
        return !indirect || index > 0 || (flags & DescriptorFlags.NEXT) != 0
                ? QueueViolation.BAD_INDIRECT
                : readTable(deviceAddress, length);
    }

    private QueueViolation readTable(final long deviceAddress, final int length) {
        if (!ChainValidator.isTableLength(length, maxChain)) {
            return QueueViolation.BAD_INDIRECT_LENGTH;
        }
        final long table = addressSpace.toHost(deviceAddress, length);
        if (table == AddressSpace.INVALID) {
            return QueueViolation.BAD_ADDRESS;
        }
        for (int i = 0; i < length; i += DESCRIPTOR_BYTES) {
            final long entry = table + i;
            // The device ignores all flags but WRITE, INDIRECT included: there is no nesting to follow (2.8.7).
            final int flags = memory.getShort(entry + DESCRIPTOR_FLAGS_OFFSET);
            final QueueViolation breach = validator.append(memory.getLong(entry + DESCRIPTOR_ADDRESS_OFFSET),
                    memory.getInt(entry + DESCRIPTOR_LENGTH_OFFSET), (flags & DescriptorFlags.WRITE) != 0);
            if (breach != null) {
                return breach;
            }
        }
        return null;
    }

    @Override
    public void putBack(final int count) {
        for (int i = 0; i < count; i++) {
            final int previous = orderPosition == 0 ? size - 1 : orderPosition - 1;
            final int id = order[previous] & 0xFFFF;
            requireInFlight(id);
            orderPosition = previous;
            inFlight[id] = false;
            final int descriptors = taken[id] & 0xFFFF;
            takenDescriptors -= descriptors;
            position -= descriptors;
            if (position < 0) {
                position += size;
                wrap = !wrap;
            }
        }
    }

    @Override
    public void complete(final int id, final int writtenBytes) {
        requireInFlight(id);
        inFlight[id] = false;
        if (violation != null) {
            return;
        }
        final long at = ring + (long) usedPosition * DESCRIPTOR_BYTES;
        final int flags = (usedWrap ? USED_1 : USED_0) | (writtenBytes > 0 ? DescriptorFlags.WRITE : 0);
        memory.putInt(at + DESCRIPTOR_LENGTH_OFFSET, writtenBytes);
        memory.putShort(at + DESCRIPTOR_ID_OFFSET, (short) id);
        if (batchHead == NO_BATCH) {
            batchHead = at;
            batchHeadFlags = flags;
        } else {
            // No order needed: the driver comes here only past the head of the batch, whose release in publish() covers
            // it.
            memory.putShortOpaque(at + DESCRIPTOR_FLAGS_OFFSET, (short) flags);
        }
        final int descriptors = taken[id] & 0xFFFF;
        usedDescriptors += descriptors;
        usedPosition += descriptors;
        if (usedPosition >= size) {
            usedPosition -= size;
            usedWrap = !usedWrap;
        }
    }

    private void requireInFlight(final int id) {
        if (!inFlight[id]) {
            throw new IllegalStateException("chain id=" + id + " is not in flight");
        }
    }

    @Override
    public void publish() {
        if (batchHead == NO_BATCH || violation != null) {
            return;
        }
        // Pairs with the driver's acquire of the flags of the next descriptor to be used. Without it a driver could see
        // the head used before the rest of the batch and the bytes written; and it could overwrite descriptors and
        // tables that are still to be read here. Essay 2, essay 3.
        memory.putShortRelease(batchHead + DESCRIPTOR_FLAGS_OFFSET, (short) batchHeadFlags);
        batchHead = NO_BATCH;
        publishedDescriptors = usedDescriptors;
        publishedPosition = usedPosition;
        publishedWrap = usedWrap;
    }

    @Override
    public boolean needsInterrupt() {
        final long count = publishedDescriptors - interruptedDescriptors;
        if (count == 0 || violation != null) {
            return false;
        }
        interruptedDescriptors = publishedDescriptors;
        // Pairs with the fence in the driver's enableInterrupts(): it stores its event structure, then looks at the
        // ring; we have stored the head's flags and now look at its structure. Without both fences each could miss the
        // other's store, and the driver would sleep on used chains. Essay 5.
        memory.fullFence();
        final int event = memory.getIntOpaque(driverEvent);
        if (eventIndex && eventFlags(event) == EVENT_DESCRIPTOR) {
            return EventIndex.passed(event, publishedPosition, publishedWrap, size, count);
        }
        return eventFlags(event) != EVENT_DISABLE;
    }

    @Override
    public void enableNotifications() {
        notificationsEnabled = true;
        memory.putIntOpaque(deviceEvent,
                eventIndex ? event(position, wrap, EVENT_DESCRIPTOR) : event(0, false, EVENT_ENABLE));
        // Pairs with the fence in the driver's needsNotification(). Without it the caller's look at the ring could be
        // performed before the store above: it would see no work, and the driver no wish for a notification. Essay 5.
        memory.fullFence();
    }

    @Override
    public void disableNotifications() {
        if (notificationsEnabled) {
            notificationsEnabled = false;
            memory.putIntOpaque(deviceEvent, event(0, false, EVENT_DISABLE));
        }
    }

    @Override
    public QueueViolation violation() {
        return violation;
    }
}
