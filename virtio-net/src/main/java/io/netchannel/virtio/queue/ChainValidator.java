package io.netchannel.virtio.queue;

/**
 * The trust boundary of a device: turns descriptors, already copied out of shared memory, into buffers of a chain, or
 * says why not.
 *
 * <p>A chain of more than 2^31-1 bytes counts as {@link QueueViolation#LENGTH_OVERFLOW} although VirtIO allows 2^32: no
 * device here has use for one, and lengths stay positive ints.
 *
 * <p>Threading: the device's thread.
 */
final class ChainValidator {

    private final AddressSpace addressSpace;
    private final int maxChain;
    private DescriptorChain chain;
    private long totalBytes;

    ChainValidator(final AddressSpace addressSpace, final int maxChain) {
        this.addressSpace = addressSpace;
        this.maxChain = maxChain;
    }

    /** Begins an empty chain. */
    void start(final DescriptorChain empty) {
        if (empty.capacity() < maxChain) {
            throw new IllegalArgumentException("capacity=" + empty.capacity() + " < maxChain=" + maxChain);
        }
        chain = empty.clear();
        totalBytes = 0;
    }

    /** @return null if the buffer is now the last of the chain */
    QueueViolation append(final long deviceAddress, final int length, final boolean writable) {
        if (chain.count() == maxChain) {
            return QueueViolation.CHAIN_TOO_LONG;
        }
        if (length == 0) {
            return QueueViolation.ZERO_LENGTH;
        }
        if (!writable && chain.readableCount() != chain.count()) {
            return QueueViolation.READABLE_AFTER_WRITABLE;
        }
        final long lengthBytes = Integer.toUnsignedLong(length);
        final long address = addressSpace.toHost(deviceAddress, lengthBytes);
        if (address == AddressSpace.INVALID) {
            return QueueViolation.BAD_ADDRESS;
        }
        totalBytes += lengthBytes;
        if (totalBytes > Integer.MAX_VALUE) {
            return QueueViolation.LENGTH_OVERFLOW;
        }
        if (writable) {
            chain.addWritable(address, length);
        } else {
            chain.addReadable(address, length);
        }
        return null;
    }

    /** Whether an indirect table may be so long: whole descriptors, at least one, at most {@code maxEntries}. */
    static boolean isTableLength(final int length, final int maxEntries) {
        final long lengthBytes = Integer.toUnsignedLong(length);
        return lengthBytes != 0 && lengthBytes % SplitQueueLayout.DESCRIPTOR_BYTES == 0
                && lengthBytes / SplitQueueLayout.DESCRIPTOR_BYTES <= maxEntries;
    }
}
