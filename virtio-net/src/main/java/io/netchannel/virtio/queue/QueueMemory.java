package io.netchannel.virtio.queue;

import io.netchannel.kernel.memory.Region;

/** Cuts the areas of a virtqueue, and the driver's indirect tables, from a region. */
public final class QueueMemory {

    /** Areas that different sides write don't share cache lines, nor pairs of them. */
    private static final long SEPARATION_BYTES = 128;

    private QueueMemory() {
    }

    /**
     * @param size entries; split: a power of two
     * @param maxChain longest chain; more than {@code size} only lets the device take longer indirect ones
     * @throws IllegalArgumentException if a queue of that kind can't be so large
     * @throws IllegalStateException if the region is full
     */
    public static QueueConfig allocate(final Region region, final int size, final boolean packed,
            final boolean eventIndex, final boolean indirect, final int maxChain, final AddressSpace addressSpace) {
        final long bytes = requiredBytes(size, packed, indirect, maxChain);
        final long descriptorArea = region.allocate(bytes, SEPARATION_BYTES);
        final long driverArea = descriptorArea + separated(descriptorAreaBytes(size, packed));
        final long deviceArea = driverArea + separated(driverAreaBytes(size, packed));
        final long tables = indirect ? deviceArea + separated(deviceAreaBytes(size, packed)) : 0;
        final QueueConfig config = new QueueConfig(region.memory(), addressSpace, size, descriptorArea, driverArea,
                deviceArea, eventIndex, indirect, tables, maxChain);
        return packed ? PackedQueueLayout.check(config) : SplitQueueLayout.check(config);
    }

    /** Region bytes that {@link #allocate} takes, at an alignment of 128. */
    public static long requiredBytes(final int size, final boolean packed, final boolean indirect, final int maxChain) {
        if (size < 1 || size > SplitQueueLayout.MAX_SIZE) {
            throw new IllegalArgumentException("size=" + size + " is not within 1.." + SplitQueueLayout.MAX_SIZE);
        }
        requireMaxChain(maxChain);
        return separated(descriptorAreaBytes(size, packed)) + separated(driverAreaBytes(size, packed))
                + separated(deviceAreaBytes(size, packed))
                + (indirect ? separated((long) size * maxChain * SplitQueueLayout.DESCRIPTOR_BYTES) : 0);
    }

    /** Zeroes the areas, as both sides expect them at first. */
    static void clear(final QueueConfig config, final boolean packed) {
        final int size = config.size();
        config.memory().fill(config.descriptorArea(), descriptorAreaBytes(size, packed), (byte) 0);
        config.memory().fill(config.driverArea(), driverAreaBytes(size, packed), (byte) 0);
        config.memory().fill(config.deviceArea(), deviceAreaBytes(size, packed), (byte) 0);
    }

    private static long descriptorAreaBytes(final int size, final boolean packed) {
        return packed ? PackedQueueLayout.descriptorAreaBytes(size) : SplitQueueLayout.descriptorAreaBytes(size);
    }

    private static long driverAreaBytes(final int size, final boolean packed) {
        return packed ? PackedQueueLayout.driverAreaBytes() : SplitQueueLayout.driverAreaBytes(size);
    }

    private static long deviceAreaBytes(final int size, final boolean packed) {
        return packed ? PackedQueueLayout.deviceAreaBytes() : SplitQueueLayout.deviceAreaBytes(size);
    }

    private static long separated(final long bytes) {
        return bytes + SEPARATION_BYTES - 1 & -SEPARATION_BYTES;
    }

    static void requireAligned(final String name, final long address, final int alignmentBytes) {
        if (address == 0 || (address & alignmentBytes - 1) != 0) {
            throw new IllegalArgumentException(
                    name + "=" + Long.toHexString(address) + " is 0 or not a multiple of " + alignmentBytes);
        }
    }

    static void requireMaxChain(final int maxChain) {
        if (maxChain < 1 || maxChain > SplitQueueLayout.MAX_SIZE) {
            throw new IllegalArgumentException(
                    "maxChain=" + maxChain + " is not within 1.." + SplitQueueLayout.MAX_SIZE);
        }
    }
}
