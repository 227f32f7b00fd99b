package io.netchannel.virtio.queue;

/**
 * The three areas of a split virtqueue of {@code size} entries (VirtIO 1.3, 2.7). All fields are little-endian.
 *
 * <p>Descriptor area (2.7.5), 16 per entry, aligned to 16; the same record makes up indirect tables (2.7.5.3):
 * <pre>
 *   0               1               2               3
 *   0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *  +---------------------------------------------------------------+  0
 *  |                                                               |
 *  |                        buffer address                         |
 *  +---------------------------------------------------------------+  8
 *  |                        buffer length                          |
 *  +-------------------------------+-------------------------------+ 12
 *  |             flags             |             next              |
 *  +-------------------------------+-------------------------------+ 16
 * </pre>
 * Driver area: available ring (2.7.6), written by the driver, aligned to 2:
 * <pre>
 *  +-------------------------------+-------------------------------+  0
 *  |             flags             |             index             |
 *  +-------------------------------+-------------------------------+  4
 *  |      head descriptor 0        |     head descriptor 1  ...    |
 *  +-------------------------------+-------------------------------+  4 + 2 size
 *  |          used event           |
 *  +-------------------------------+                                  6 + 2 size
 * </pre>
 * Device area: used ring (2.7.8), written by the device, aligned to 4:
 * <pre>
 *  +-------------------------------+-------------------------------+  0
 *  |             flags             |             index             |
 *  +-------------------------------+-------------------------------+  4
 *  |                     head descriptor, entry 0                  |
 *  +---------------------------------------------------------------+  8
 *  |                     bytes written, entry 0                    |
 *  +---------------------------------------------------------------+ 12
 *  |                              ...                              |
 *  +-------------------------------+-------------------------------+  4 + 8 size
 *  |         available event       |
 *  +-------------------------------+                                  6 + 8 size
 * </pre>
 * Indices run freely over 16 bits; an entry lies at the index modulo {@code size}. The event fields are there, and hold
 * the index whose passing asks for a notification, only with VIRTIO_F_EVENT_IDX; without it the flags suppress.
 */
public final class SplitQueueLayout {

    public static final int MAX_SIZE = 32768;

    public static final int DESCRIPTOR_BYTES = 16;
    public static final int DESCRIPTOR_ADDRESS_OFFSET = 0;
    /** Also where length, flags and next are read and written as one word of 64 bits. */
    public static final int DESCRIPTOR_LENGTH_OFFSET = 8;
    public static final int DESCRIPTOR_FLAGS_OFFSET = 12;
    public static final int DESCRIPTOR_NEXT_OFFSET = 14;

    public static final int AVAILABLE_FLAGS_OFFSET = 0;
    public static final int AVAILABLE_INDEX_OFFSET = 2;
    public static final int AVAILABLE_RING_OFFSET = 4;
    public static final int AVAILABLE_ENTRY_BYTES = 2;
    /** In the available ring's flags: the driver wants no interrupts. */
    public static final int AVAILABLE_FLAG_NO_INTERRUPT = 1;

    public static final int USED_FLAGS_OFFSET = 0;
    public static final int USED_INDEX_OFFSET = 2;
    public static final int USED_RING_OFFSET = 4;
    public static final int USED_ENTRY_BYTES = 8;
    public static final int USED_ENTRY_ID_OFFSET = 0;
    public static final int USED_ENTRY_LENGTH_OFFSET = 4;
    /** In the used ring's flags: the device wants no notifications. */
    public static final int USED_FLAG_NO_NOTIFY = 1;

    public static final int DESCRIPTOR_AREA_ALIGNMENT = 16;
    public static final int DRIVER_AREA_ALIGNMENT = 2;
    public static final int DEVICE_AREA_ALIGNMENT = 4;

    private static final int EVENT_BYTES = 2;

    private SplitQueueLayout() {
    }

    public static long descriptorAreaBytes(final int size) {
        return (long) size * DESCRIPTOR_BYTES;
    }

    public static long driverAreaBytes(final int size) {
        return usedEventOffset(size) + EVENT_BYTES;
    }

    public static long deviceAreaBytes(final int size) {
        return availableEventOffset(size) + EVENT_BYTES;
    }

    /** Within the driver area. */
    public static long usedEventOffset(final int size) {
        return AVAILABLE_RING_OFFSET + (long) size * AVAILABLE_ENTRY_BYTES;
    }

    /** Within the device area. */
    public static long availableEventOffset(final int size) {
        return USED_RING_OFFSET + (long) size * USED_ENTRY_BYTES;
    }

    /** Length, flags and next of a descriptor as the word at {@link #DESCRIPTOR_LENGTH_OFFSET}. */
    static long word(final int lengthBytes, final int flags, final int next) {
        return lengthBytes & 0xFFFF_FFFFL | (long) flags << 32 | (long) next << 48;
    }

    static int wordLengthBytes(final long word) {
        return (int) word;
    }

    static int wordFlags(final long word) {
        return (int) (word >>> 32) & 0xFFFF;
    }

    static int wordNext(final long word) {
        return (int) (word >>> 48);
    }

    /** @throws IllegalArgumentException if no split queue can lie there */
    static QueueConfig check(final QueueConfig config) {
        if (Integer.bitCount(config.size()) != 1 || config.size() < 1 || config.size() > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "size=" + config.size() + " is not a power of two within 1.." + MAX_SIZE);
        }
        QueueMemory.requireAligned("descriptorArea", config.descriptorArea(), DESCRIPTOR_AREA_ALIGNMENT);
        QueueMemory.requireAligned("driverArea", config.driverArea(), DRIVER_AREA_ALIGNMENT);
        QueueMemory.requireAligned("deviceArea", config.deviceArea(), DEVICE_AREA_ALIGNMENT);
        QueueMemory.requireMaxChain(config.maxChain());
        return config;
    }
}
