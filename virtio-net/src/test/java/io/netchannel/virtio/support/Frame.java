package io.netchannel.virtio.support;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import java.util.Arrays;

/** A frame as bytes, read naively: byte by byte, with no code of what is tested. */
public final class Frame {

    private final byte[] bytes;
    private final int flags;
    private final int gsoType;
    private final int gsoSize;
    private final int checksumStart;
    private final int checksumOffset;
    private final int buffers;

    public Frame(final byte[] bytes) {
        this.bytes = bytes;
        flags = 0;
        gsoType = 0;
        gsoSize = 0;
        checksumStart = 0;
        checksumOffset = 0;
        buffers = 1;
    }

    /** A copy of a packet and its metadata. */
    public Frame(final PacketMemory packets, final long packet) {
        final int head = PacketHandle.index(packet);
        bytes = new byte[packets.frameBytes(packet)];
        int at = copy(packets, packet, 0);
        for (int i = 0; i < packets.sliceCount(head); i++) {
            at = copy(packets, packets.slice(head, i), at);
        }
        flags = packets.flags(head);
        gsoType = packets.gsoType(head);
        gsoSize = packets.gsoSizeBytes(head);
        checksumStart = packets.checksumStart(head);
        checksumOffset = packets.checksumOffset(head);
        buffers = 1 + packets.sliceCount(head);
    }

    private int copy(final PacketMemory packets, final long handle, final int at) {
        final int length = PacketHandle.lengthBytes(handle);
        packets.memory().copyToArray(packets.address(handle), bytes, at, length);
        return at + length;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return bytes.length;
    }

    public int buffers() {
        return buffers;
    }

    public boolean needsChecksum() {
        return (flags & PacketLayout.FLAG_NEEDS_CHECKSUM) != 0;
    }

    public boolean isVouchedFor() {
        return (flags & PacketLayout.FLAG_CHECKSUM_VALID) != 0;
    }

    public boolean hasGsoEcn() {
        return (flags & PacketLayout.FLAG_GSO_ECN) != 0;
    }

    public int gsoType() {
        return gsoType;
    }

    public int gsoSize() {
        return gsoSize;
    }

    public int checksumStart() {
        return checksumStart;
    }

    public int checksumOffset() {
        return checksumOffset;
    }

    public int u8(final int at) {
        return bytes[at] & 0xFF;
    }

    public int u16(final int at) {
        return u8(at) << 8 | u8(at + 1);
    }

    public int i32(final int at) {
        return u16(at) << 16 | u16(at + 2);
    }

    public boolean isIpv6() {
        return u16(12) == 0x86DD;
    }

    public int transport() {
        return isIpv6() ? 54 : 14 + (u8(14) & 0xF) * 4;
    }

    public boolean isUdp() {
        return u8(isIpv6() ? 20 : 23) == 17;
    }

    public int udpLength() {
        return u16(transport() + 4);
    }

    public int udpChecksum() {
        return u16(transport() + 6);
    }

    public int sequence() {
        return i32(transport() + 4);
    }

    public int tcpFlags() {
        return u8(transport() + 13);
    }

    public byte[] payload() {
        final int from = transport() + (isUdp() ? 8 : (u8(transport() + 12) >>> 4) * 4);
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    public int ipId() {
        return u16(18);
    }

    /** Length that the IP header names, plus the link header. */
    public int lengthByIp() {
        return isIpv6() ? 54 + u16(18) : 14 + u16(16);
    }

    public boolean isIpChecksumRight() {
        return isIpv6() || onesSum(14, 14 + (u8(14) & 0xF) * 4, 0) == 0xFFFF;
    }

    /** Whether the transport checksum, pseudo header included, is right. */
    public boolean isTransportChecksumRight() {
        return onesSum(transport(), bytes.length, pseudoSum()) == 0xFFFF;
    }

    /** Whether the checksum field holds the pseudo header's sum, as NEEDS_CSUM promises. */
    public boolean isPseudoSumRight() {
        return u16(checksumStart + checksumOffset) == pseudoSum();
    }

    private int pseudoSum() {
        final int from = isIpv6() ? 22 : 26;
        final int to = isIpv6() ? 54 : 34;
        final int protocol = isIpv6() ? u8(20) : u8(23);
        final int length = bytes.length - transport();
        return onesSum(from, to, fold(protocol + length));
    }

    private int onesSum(final int from, final int to, final int initial) {
        int sum = initial;
        for (int i = from; i < to; i++) {
            sum = fold(sum + ((i - from & 1) == 0 ? u8(i) << 8 : u8(i)));
        }
        return sum;
    }

    private static int fold(final int sum) {
        return (sum & 0xFFFF) + (sum >>> 16);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes, gso " + gsoType + "/" + gsoSize + ", flags " + flags;
    }
}
