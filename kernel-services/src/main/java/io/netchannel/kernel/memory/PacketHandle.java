package io.netchannel.kernel.memory;

/**
 * A run of bytes inside one packet buffer, as a {@code long}.
 *
 * <pre>
 *   63 62               40 39               20 19                0
 *  +--+-------------------+-------------------+------------------+
 *  | 0|  buffer index (23)|  offset bytes (20)|  length bytes (20)|
 *  +--+-------------------+-------------------+------------------+
 * </pre>
 * Never negative, so that negative values are free to mean "none". The offset counts from the start of the buffer.
 */
public final class PacketHandle {

    /** No packet. */
    public static final long NONE = -1L;

    public static final int MAX_BUFFERS = 1 << 23;
    public static final int MAX_BUFFER_BYTES = (1 << 20) - 1;

    private static final int OFFSET_SHIFT = 20;
    private static final int INDEX_SHIFT = 40;
    private static final int FIELD_MASK = (1 << 20) - 1;

    private PacketHandle() {
    }

    /** The fields must fit; that is the caller's to see to, before it believes a length from outside. */
    public static long of(final int index, final int offsetBytes, final int lengthBytes) {
        assert index >= 0 && index < MAX_BUFFERS && (offsetBytes & ~FIELD_MASK) == 0
                && (lengthBytes & ~FIELD_MASK) == 0 : index + " [" + offsetBytes + ", +" + lengthBytes + ")";
        return (long) index << INDEX_SHIFT | (long) offsetBytes << OFFSET_SHIFT | lengthBytes;
    }

    public static int index(final long handle) {
        return (int) (handle >>> INDEX_SHIFT);
    }

    public static int offsetBytes(final long handle) {
        return (int) (handle >>> OFFSET_SHIFT) & FIELD_MASK;
    }

    public static int lengthBytes(final long handle) {
        return (int) handle & FIELD_MASK;
    }

    /** The same buffer with another offset and length. */
    public static long withRange(final long handle, final int offsetBytes, final int lengthBytes) {
        return of(index(handle), offsetBytes, lengthBytes);
    }

    /** The handle without its first {@code bytes}, of which there are no more than its length. */
    public static long skip(final long handle, final int bytes) {
        return of(index(handle), offsetBytes(handle) + bytes, lengthBytes(handle) - bytes);
    }

    public static String toString(final long handle) {
        return handle < 0
                ? "none"
                : "buffer " + index(handle) + " [" + offsetBytes(handle) + ", +" + lengthBytes(handle) + ")";
    }
}
