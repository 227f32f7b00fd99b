package io.netchannel.virtio.queue;

/**
 * The three areas of a packed virtqueue of {@code size} entries (VirtIO 1.3, 2.8). All fields are little-endian.
 *
 * <p>Descriptor area: a ring (2.8.13), written by both sides, 16 per entry, aligned to 16; the same record makes up
 * indirect tables (2.8.7), where of the flags only WRITE counts and the id is ignored:
 * <pre>
 *   0               1               2               3
 *   0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *  +---------------------------------------------------------------+  0
 *  |                                                               |
 *  |              buffer address (used: no meaning)                |
 *  +---------------------------------------------------------------+  8
 *  |            buffer length (used: bytes written)                |
 *  +-------------------------------+-------------------------------+ 12
 *  |           buffer id           |             flags             |
 *  +-------------------------------+-------------------------------+ 16
 *                                    N W I         A               U
 * </pre>
 * N next, W write, I indirect, A avail, U used (bits 0, 1, 2, 7, 15 of the flags). With the wrap counter of the lap, 1
 * in the first, a descriptor is available if A is the counter and U is not, used if both are.
 *
 * <p>Driver area and device area: one event suppression structure each (2.8.14), aligned to 4; the owner writes what it
 * wants to be told by the other:
 * <pre>
 *  +-----------------------------+-+---+---------------------------+  0
 *  |    descriptor event offset  |w|fl.|         reserved          |
 *  +-----------------------------+-+---+---------------------------+  4
 * </pre>
 * w: wrap counter that the offset belongs to; fl.: {@link #EVENT_ENABLE}, {@link #EVENT_DISABLE} or
 * {@link #EVENT_DESCRIPTOR}. The structure is read and written as one word of 32 bits, so that flags never meet another
 * event's offset.
 */
public final class PackedQueueLayout {

    public static final int MAX_SIZE = 32768;

    public static final int DESCRIPTOR_BYTES = 16;
    public static final int DESCRIPTOR_ADDRESS_OFFSET = 0;
    public static final int DESCRIPTOR_LENGTH_OFFSET = 8;
    public static final int DESCRIPTOR_ID_OFFSET = 12;
    public static final int DESCRIPTOR_FLAGS_OFFSET = 14;

    public static final int EVENT_SUPPRESSION_BYTES = 4;
    /** Notify at every descriptor. */
    public static final int EVENT_ENABLE = 0;
    /** Don't. */
    public static final int EVENT_DISABLE = 1;
    /** Notify when the descriptor at the offset is passed; only with VIRTIO_F_EVENT_IDX. */
    public static final int EVENT_DESCRIPTOR = 2;

    public static final int DESCRIPTOR_AREA_ALIGNMENT = 16;
    public static final int DRIVER_AREA_ALIGNMENT = 4;
    public static final int DEVICE_AREA_ALIGNMENT = 4;

    /** Flags of an available descriptor by wrap counter; {@link #USED_1} likewise of a used one. */
    static final int AVAILABLE_1 = DescriptorFlags.AVAIL;
    static final int AVAILABLE_0 = DescriptorFlags.USED;
    static final int USED_1 = DescriptorFlags.AVAIL | DescriptorFlags.USED;
    static final int USED_0 = 0;
    static final int WRAP_MASK = DescriptorFlags.AVAIL | DescriptorFlags.USED;

    private static final int EVENT_OFFSET_MASK = 0x7FFF;
    private static final int EVENT_WRAP = 1 << 15;
    private static final int EVENT_FLAGS_SHIFT = 16;
    private static final int EVENT_FLAGS_MASK = 3;

    private PackedQueueLayout() {
    }

    public static long descriptorAreaBytes(final int size) {
        return (long) size * DESCRIPTOR_BYTES;
    }

    public static long driverAreaBytes() {
        return EVENT_SUPPRESSION_BYTES;
    }

    public static long deviceAreaBytes() {
        return EVENT_SUPPRESSION_BYTES;
    }

    static int event(final int offset, final boolean wrap, final int flags) {
        return offset | (wrap ? EVENT_WRAP : 0) | flags << EVENT_FLAGS_SHIFT;
    }

    static int eventFlags(final int event) {
        return event >>> EVENT_FLAGS_SHIFT & EVENT_FLAGS_MASK;
    }

    static int eventOffset(final int event) {
        return event & EVENT_OFFSET_MASK;
    }

    static boolean eventWrap(final int event) {
        return (event & EVENT_WRAP) != 0;
    }

    /** @throws IllegalArgumentException if no packed queue can lie there */
    static QueueConfig check(final QueueConfig config) {
        if (config.size() < 1 || config.size() > MAX_SIZE) {
            throw new IllegalArgumentException("size=" + config.size() + " is not within 1.." + MAX_SIZE);
        }
        QueueMemory.requireAligned("descriptorArea", config.descriptorArea(), DESCRIPTOR_AREA_ALIGNMENT);
        QueueMemory.requireAligned("driverArea", config.driverArea(), DRIVER_AREA_ALIGNMENT);
        QueueMemory.requireAligned("deviceArea", config.deviceArea(), DEVICE_AREA_ALIGNMENT);
        QueueMemory.requireMaxChain(config.maxChain());
        return config;
    }
}
