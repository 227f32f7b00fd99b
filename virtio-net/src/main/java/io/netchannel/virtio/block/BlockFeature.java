package io.netchannel.virtio.block;

/** Feature bits that are spoken here (VirtIO 1.3, 5.2.3 for the block device, 6 for the reserved ones). */
public enum BlockFeature {

    /** Config space has the most segments of a request. */
    SEG_MAX(2),
    /** The device is read-only. */
    RO(5),
    /** Config space has the size of a block. */
    BLK_SIZE(6),
    /** Writes may wait in a cache until a flush; a driver without it is given writes that are durable when complete. */
    FLUSH(9),
    /** Several queues. */
    MQ(12),
    /** Ranges can be discarded. */
    DISCARD(13),
    /** Ranges can be zeroed without sending the zeroes. */
    WRITE_ZEROES(14),
    /** A descriptor may point at a table of descriptors. */
    INDIRECT_DESC(28),
    /** Each side names the index at which it wants to be told. */
    EVENT_IDX(29),
    /** VirtIO 1.0 or later; a legacy driver doesn't acknowledge it and is not served. */
    VERSION_1(32),
    /** Packed virtqueues. */
    RING_PACKED(34),
    /** The driver may have the device stop serving one queue. */
    RING_RESET(40);

    private final int bit;

    BlockFeature(final int bit) {
        this.bit = bit;
    }

    public long mask() {
        return 1L << bit;
    }

    public boolean in(final long features) {
        return (features & mask()) != 0;
    }

    /** @return bits of all of them */
    public static long of(final BlockFeature... features) {
        long mask = 0;
        for (final BlockFeature feature : features) {
            mask |= feature.mask();
        }
        return mask;
    }

    /** Every feature that has a name here. */
    public static long all() {
        return of(values());
    }
}
