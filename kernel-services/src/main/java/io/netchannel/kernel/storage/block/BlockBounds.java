package io.netchannel.kernel.storage.block;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.memory.Region;

/**
 * The boundary at which requests are checked, once for all devices.
 *
 * <p>Threading: immutable.
 */
public final class BlockBounds {

    /** Of one read or write; below what Linux moves in one call. */
    public static final int MAX_TRANSFER_BYTES = 1 << 30;

    public static final int MIN_BLOCK_BYTES = 512;
    public static final int MAX_BLOCK_BYTES = 1 << 16;

    private final Region region;
    private final long capacityBytes;
    private final long unalignedBits;
    private final boolean readOnly;

    public BlockBounds(final BlockDevice device, final Region region) {
        this.region = region;
        this.capacityBytes = device.capacityBytes();
        this.unalignedBits = requireBlockBytes(device.blockBytes()) - 1L;
        this.readOnly = device.isReadOnly();
    }

    /** @throws IllegalArgumentException unless it is a power of two within the limits */
    public static int requireBlockBytes(final int blockBytes) {
        if (Integer.bitCount(blockBytes) != 1 || blockBytes < MIN_BLOCK_BYTES || blockBytes > MAX_BLOCK_BYTES) {
            throw new IllegalArgumentException("blockBytes=" + blockBytes + " is not a power of two within "
                    + MIN_BLOCK_BYTES + ".." + MAX_BLOCK_BYTES);
        }
        return blockBytes;
    }

    /** @throws IllegalArgumentException unless it is within 1 to {@link BlockQueue#MAX_DEPTH} */
    public static int requireDepth(final int depth) {
        if (depth < 1 || depth > BlockQueue.MAX_DEPTH) {
            throw new IllegalArgumentException("depth=" + depth + " is not within 1.." + BlockQueue.MAX_DEPTH);
        }
        return depth;
    }

    /** @return 0, or the negated errno that a read is refused with */
    public int read(final long address, final int lengthBytes, final long offsetBytes) {
        final boolean good = lengthBytes <= MAX_TRANSFER_BYTES && isRange(offsetBytes, lengthBytes)
                && (address & unalignedBits) == 0 && region.contains(address, lengthBytes);
        return good ? 0 : -Errno.EINVAL;
    }

    /** @return 0, or the negated errno that a write is refused with */
    public int write(final long address, final int lengthBytes, final long offsetBytes) {
        return readOnly ? -Errno.EROFS : read(address, lengthBytes, offsetBytes);
    }

    /** @return 0, or the negated errno that a discard or a write of zeroes is refused with */
    public int range(final long offsetBytes, final long lengthBytes) {
        if (readOnly) {
            return -Errno.EROFS;
        }
        return isRange(offsetBytes, lengthBytes) ? 0 : -Errno.EINVAL;
    }

    // The length is compared with what is left, never added: no sum can wrap around.
    private boolean isRange(final long offsetBytes, final long lengthBytes) {
        return ((offsetBytes | lengthBytes) & unalignedBits) == 0 && lengthBytes > 0 && offsetBytes >= 0
                && offsetBytes <= capacityBytes && lengthBytes <= capacityBytes - offsetBytes;
    }
}
