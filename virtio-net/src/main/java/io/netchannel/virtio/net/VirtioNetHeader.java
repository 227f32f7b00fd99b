package io.netchannel.virtio.net;

import static io.netchannel.virtio.net.VirtioNetHeaderLayout.*;

import io.netchannel.cpu.OrderedMemory;

/**
 * A copy of a {@code virtio_net_hdr}, taken once: what is checked is what is used, whatever the other side does to the
 * original meanwhile. Reused.
 *
 * <p>Threading: confined to one thread.
 */
public final class VirtioNetHeader {

    private int flags;
    private int gsoType;
    private int headerLengthBytes;
    private int gsoSizeBytes;
    private int checksumStart;
    private int checksumOffset;
    private int bufferCount;

    /** A frame that is finished: nothing to fill in, nothing to cut, nothing vouched for. */
    public VirtioNetHeader clear() {
        flags = 0;
        gsoType = GSO_NONE;
        headerLengthBytes = 0;
        gsoSizeBytes = 0;
        checksumStart = 0;
        checksumOffset = 0;
        bufferCount = 0;
        return this;
    }

    public VirtioNetHeader read(final OrderedMemory memory, final long address) {
        final long first = memory.getLong(address);
        final int second = memory.getInt(address + CSUM_OFFSET_OFFSET);
        flags = (int) first & 0xFF;
        gsoType = (int) (first >>> 8) & 0xFF;
        headerLengthBytes = (int) (first >>> 16) & 0xFFFF;
        gsoSizeBytes = (int) (first >>> 32) & 0xFFFF;
        checksumStart = (int) (first >>> 48) & 0xFFFF;
        checksumOffset = second & 0xFFFF;
        bufferCount = second >>> 16;
        return this;
    }

    public void write(final OrderedMemory memory, final long address) {
        memory.putLong(address, flags | gsoType << 8 | (long) headerLengthBytes << 16 | (long) gsoSizeBytes << 32
                | (long) checksumStart << 48);
        memory.putInt(address + CSUM_OFFSET_OFFSET, checksumOffset | bufferCount << 16);
    }

    /** Everything but the number of buffers, which belongs to the chain and not to the frame. */
    public VirtioNetHeader copy(final VirtioNetHeader other) {
        flags = other.flags;
        gsoType = other.gsoType;
        headerLengthBytes = other.headerLengthBytes;
        gsoSizeBytes = other.gsoSizeBytes;
        checksumStart = other.checksumStart;
        checksumOffset = other.checksumOffset;
        return this;
    }

    /**
     * What is wrong with the header of a frame of {@code frameBytes}.
     *
     * @param accepted GUEST_ features that the receiver of the frame has negotiated
     * @return null if nothing is
     */
    public HeaderFault fault(final int frameBytes, final long accepted) {
        if (needsChecksum()) {
            if (!VirtioFeature.GUEST_CSUM.in(accepted)) {
                return HeaderFault.CHECKSUM_NOT_NEGOTIATED;
            }
            if (checksumStart < 14 || checksumStart + checksumOffset + 2 > frameBytes) {
                return HeaderFault.CHECKSUM_RANGE;
            }
        }
        if (gsoType == GSO_NONE) {
            return null;
        }
        // ECN's bit speaks of a TCP header; there is no UDP super-frame with it.
        final boolean known = gsoType() == GSO_TCPV4 || gsoType() == GSO_TCPV6 || gsoType == GSO_UDP_L4;
        if (!known) {
            return HeaderFault.GSO_TYPE;
        }
        if (!isGsoTypeIn(accepted)) {
            return HeaderFault.GSO_NOT_NEGOTIATED;
        }
        if (hasEcn() && !VirtioFeature.GUEST_ECN.in(accepted)) {
            return HeaderFault.ECN_NOT_NEGOTIATED;
        }
        return gsoSizeBytes == 0 ? HeaderFault.GSO_SIZE : null;
    }

    /** Whether a receiver with these GUEST_ features accepts super-frames of this type, ECN aside. */
    boolean isGsoTypeIn(final long accepted) {
        return switch (gsoType()) {
            case GSO_TCPV4 -> VirtioFeature.GUEST_TSO4.in(accepted);
            case GSO_TCPV6 -> VirtioFeature.GUEST_TSO6.in(accepted);
            case GSO_UDP_L4 -> VirtioFeature.acceptsUso(accepted);
            default -> false;
        };
    }

    public boolean needsChecksum() {
        return (flags & FLAG_NEEDS_CSUM) != 0;
    }

    public boolean isChecksumValid() {
        return (flags & FLAG_DATA_VALID) != 0;
    }

    public void flags(final int value) {
        flags = value;
    }

    public boolean isGso() {
        return gsoType != GSO_NONE;
    }

    /** {@link VirtioNetHeaderLayout#GSO_TCPV4} and so on, without the ECN bit. */
    public int gsoType() {
        return gsoType & ~GSO_ECN;
    }

    public boolean hasEcn() {
        return (gsoType & GSO_ECN) != 0;
    }

    public int gsoSizeBytes() {
        return gsoSizeBytes;
    }

    public void gso(final int type, final boolean ecn, final int sizeBytes, final int headersBytes) {
        gsoType = ecn ? type | GSO_ECN : type;
        gsoSizeBytes = sizeBytes;
        headerLengthBytes = headersBytes;
    }

    public int headerLengthBytes() {
        return headerLengthBytes;
    }

    public int checksumStart() {
        return checksumStart;
    }

    public int checksumOffset() {
        return checksumOffset;
    }

    public void checksum(final int startBytes, final int offsetBytes) {
        checksumStart = startBytes;
        checksumOffset = offsetBytes;
    }

    public int bufferCount() {
        return bufferCount;
    }

    public void bufferCount(final int count) {
        bufferCount = count;
    }
}
