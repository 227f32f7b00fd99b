package io.netchannel.virtio.queue;

import static io.netchannel.virtio.queue.SplitQueueLayout.*;

import io.netchannel.cpu.OrderedMemory;

/**
 * The device's side of a split virtqueue (VirtIO 1.3, 2.7).
 *
 * <p>Counts of chains run over 64 bits; the indices in memory are their low 16. A chain's id is its head descriptor.
 *
 * <p>Threading: one thread.
 */
public final class SplitDeviceQueue implements DeviceQueue {

    private static final int KNOWN_FLAGS = DescriptorFlags.NEXT | DescriptorFlags.WRITE | DescriptorFlags.INDIRECT;

    private final OrderedMemory memory;
    private final AddressSpace addressSpace;
    private final ChainValidator validator;
    private final int size;
    private final int mask;
    private final boolean eventIndex;
    private final boolean indirect;
    private final long descriptors;
    private final long available;
    private final long used;
    private final long usedEvent;
    private final long availableEvent;

    private final boolean[] inFlight;
    private final short[] order;

    private long takenChains;
    private long availableChainsSeen;
    private long usedChains;
    private long publishedChains;
    private long interruptedChains;
    private boolean notificationsEnabled = true;
    private QueueViolation violation;

    /** @throws IllegalArgumentException if no split queue can lie there */
    public SplitDeviceQueue(final QueueConfig config) {
        SplitQueueLayout.check(config);
        memory = config.memory();
        addressSpace = config.addressSpace();
        size = config.size();
        mask = size - 1;
        eventIndex = config.eventIndex();
        indirect = config.indirect();
        descriptors = config.descriptorArea();
        available = config.driverArea();
        used = config.deviceArea();
        usedEvent = available + usedEventOffset(size);
        availableEvent = used + availableEventOffset(size);
        validator = new ChainValidator(addressSpace, config.maxChain());
        inFlight = new boolean[size];
        order = new short[size];
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean hasAvailable() {
        return violation == null && (takenChains != availableChainsSeen
                || memory.getShortAcquire(available + AVAILABLE_INDEX_OFFSET) != (short) takenChains);
    }

    @Override
    public int next(final DescriptorChain chain) {
        validator.start(chain);
        if (violation != null) {
            return BROKEN;
        }
        if (takenChains == availableChainsSeen && !seeAvailable()) {
            return violation == null ? EMPTY : BROKEN;
        }
        final long entry = available + AVAILABLE_RING_OFFSET + (takenChains & mask) * AVAILABLE_ENTRY_BYTES;
        final int head = memory.getShort(entry) & 0xFFFF;
        final QueueViolation breach = head >= size || inFlight[head] ? QueueViolation.BAD_INDEX : readChain(head);
        if (breach != null) {
            violation = breach;
            chain.clear();
            return BROKEN;
        }
        inFlight[head] = true;
        order[(int) takenChains & mask] = (short) head;
        takenChains++;
        return head;
    }

    /** Looks how far the driver is; false if no further than before. */
    private boolean seeAvailable() {
        // Pairs with the driver's release of the index. Without it the ring entries, the descriptors and the readable
        // bytes could still be the old ones. Essay 4.
        final int index = memory.getShortAcquire(available + AVAILABLE_INDEX_OFFSET);
        final long count = index - takenChains & 0xFFFF;
        // A driver reuses an entry only when it has seen its chain used, so it is never more than size ahead of that.
        if (count > size - (takenChains - publishedChains)) {
            violation = QueueViolation.BAD_RING_ADVANCE;
            return false;
        }
        availableChainsSeen = takenChains + count;
        return count != 0;
    }

    private QueueViolation readChain(final int head) {
        int descriptor = head;
        // No chain visits a descriptor twice, so one of more steps than descriptors is a loop.
        for (int i = 0; i < size; i++) {
            final long at = descriptors + (long) descriptor * DESCRIPTOR_BYTES;
            final long deviceAddress = memory.getLong(at + DESCRIPTOR_ADDRESS_OFFSET);
            final long word = memory.getLong(at + DESCRIPTOR_LENGTH_OFFSET);
            final int flags = wordFlags(word);
            if ((flags & DescriptorFlags.INDIRECT) != 0) {
                // Direct descriptors may stand before it (2.7.5.3.2); after it there are none.
                return !indirect || (flags & DescriptorFlags.NEXT) != 0
                        ? QueueViolation.BAD_INDIRECT
                        : readTable(deviceAddress, wordLengthBytes(word), flags);
            }
            final QueueViolation breach = append(deviceAddress, word);
            if (breach != null || (flags & DescriptorFlags.NEXT) == 0) {
                return breach;
            }
            descriptor = wordNext(word);
            if (descriptor >= size) {
                return QueueViolation.BAD_INDEX;
            }
        }
        return QueueViolation.CHAIN_TOO_LONG;
    }

    private QueueViolation readTable(final long deviceAddress, final int length, final int tableFlags) {
        if ((tableFlags & ~KNOWN_FLAGS) != 0) {
            return QueueViolation.BAD_FLAGS;
        }
        // A table may have room to spare: what is limited is the chain in it.
        if (!ChainValidator.isTableLength(length, MAX_SIZE)) {
            return QueueViolation.BAD_INDIRECT_LENGTH;
        }
        final long table = addressSpace.toHost(deviceAddress, Integer.toUnsignedLong(length));
        if (table == AddressSpace.INVALID) {
            return QueueViolation.BAD_ADDRESS;
        }
        final int entries = length >>> 4;
        int entry = 0;
        // A loop ends when the validator's limit for the chain is reached.
        while (true) {
            final long at = table + (long) entry * DESCRIPTOR_BYTES;
            final long bufferAddress = memory.getLong(at + DESCRIPTOR_ADDRESS_OFFSET);
            final long word = memory.getLong(at + DESCRIPTOR_LENGTH_OFFSET);
            if ((wordFlags(word) & DescriptorFlags.INDIRECT) != 0) {
                return QueueViolation.BAD_INDIRECT;
            }
            final QueueViolation breach = append(bufferAddress, word);
            if (breach != null || (wordFlags(word) & DescriptorFlags.NEXT) == 0) {
                return breach;
            }
            entry = wordNext(word);
            if (entry >= entries) {
                return QueueViolation.BAD_INDEX;
            }
        }
    }

    private QueueViolation append(final long deviceAddress, final long word) {
        final int flags = wordFlags(word);
        return (flags & ~KNOWN_FLAGS) != 0
                ? QueueViolation.BAD_FLAGS
                : validator.append(deviceAddress, wordLengthBytes(word), (flags & DescriptorFlags.WRITE) != 0);
    }

    @Override
    public void putBack(final int count) {
        for (int i = 0; i < count; i++) {
            final int head = order[(int) (takenChains - 1) & mask] & 0xFFFF;
            requireInFlight(head);
            inFlight[head] = false;
            takenChains--;
        }
    }

    @Override
    public void complete(final int id, final int writtenBytes) {
        requireInFlight(id);
        inFlight[id] = false;
        if (violation != null) {
            return;
        }
        final long entry = used + USED_RING_OFFSET + (usedChains & mask) * USED_ENTRY_BYTES;
        memory.putInt(entry + USED_ENTRY_ID_OFFSET, id);
        memory.putInt(entry + USED_ENTRY_LENGTH_OFFSET, writtenBytes);
        usedChains++;
    }

    private void requireInFlight(final int id) {
        if (!inFlight[id]) {
            throw new IllegalStateException("chain id=" + id + " is not in flight");
        }
    }

    @Override
    public void publish() {
        if (publishedChains == usedChains || violation != null) {
            return;
        }
        publishedChains = usedChains;
        // Pairs with the driver's acquire of the index. Without it a driver could see the index before the used entries
        // and the bytes written; and it could overwrite descriptors that are still to be read here. Essay 2, essay 3.
        memory.putShortRelease(used + USED_INDEX_OFFSET, (short) publishedChains);
    }

    @Override
    public boolean needsInterrupt() {
        final long count = publishedChains - interruptedChains;
        if (count == 0 || violation != null) {
            return false;
        }
        interruptedChains = publishedChains;
        // Pairs with the fence in the driver's enableInterrupts(): it stores its event word, then looks at our index;
        // we have stored our index and now look at its event word. Without both fences each could miss the other's
        // store, and the driver would sleep on used chains. Essay 5.
        memory.fullFence();
        if (!eventIndex) {
            return (memory.getShortOpaque(available + AVAILABLE_FLAGS_OFFSET) & AVAILABLE_FLAG_NO_INTERRUPT) == 0;
        }
        return EventIndex.passed(memory.getShortOpaque(usedEvent), publishedChains, count);
    }

    @Override
    public void enableNotifications() {
        notificationsEnabled = true;
        if (eventIndex) {
            memory.putShortOpaque(availableEvent, (short) takenChains);
        } else {
            memory.putShortOpaque(used + USED_FLAGS_OFFSET, (short) 0);
        }
        // Pairs with the fence in the driver's needsNotification(). Without it the caller's look at the available ring
        // could be performed before the store above: it would see no work, and the driver no wish for a notification.
        // Essay 5.
        memory.fullFence();
    }

    @Override
    public void disableNotifications() {
        if (!notificationsEnabled) {
            return;
        }
        notificationsEnabled = false;
        if (eventIndex) {
            // VirtIO has no "never" here (2.7.10.1): take an index that the driver has passed for certain, and so meets
            // again only after another lap of 2^16.
            memory.putShortOpaque(availableEvent, (short) (takenChains - size - 1));
        } else {
            memory.putShortOpaque(used + USED_FLAGS_OFFSET, (short) USED_FLAG_NO_NOTIFY);
        }
    }

    @Override
    public QueueViolation violation() {
        return violation;
    }
}
