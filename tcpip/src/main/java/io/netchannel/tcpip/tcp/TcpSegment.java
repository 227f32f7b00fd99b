package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.channels.flow.FlowKey;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6Layout;

/**
 * A received segment: its header copied into fields once, its payload left in the packet.
 *
 * <p>The packet's memory may be shared with a device that is not trusted; so nothing is read from it twice before it
 * has been believed. The payload is a range of the packet's frame, given by an offset from the frame's first byte; it
 * may run over the head and several slices, and is trimmed here as the receiver's window demands.
 *
 * <p>Threading: confined to the thread of its stack, which re-uses one instance.
 */
final class TcpSegment {

    /** ECN field of the IP header (RFC 3168, 5): the router has marked the packet. */
    static final int ECN_CE = 3;
    static final int ECN_ECT0 = 2;
    static final int ECN_ECT1 = 1;
    static final int ECN_NOT_ECT = 0;

    private static final int ECN_MASK = 3;
    private static final int IPV4_VERSION = 4;

    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final TcpOptions options = new TcpOptions();

    private long packet = PacketHandle.NONE;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int sourcePort;
    private int destinationPort;
    private int sequence;
    private int acknowledgment;
    private int flags;
    private int window;
    private int headerBytes;
    private int payloadOffset;
    private int payloadBytes;
    private int gsoSizeBytes;
    private boolean optionsWellFormed;
    private int ecnCodePoint;

    TcpSegment(final PacketMemory packets) {
        this.packets = packets;
        this.memory = packets.memory();
    }

    /** Why {@link #parse} refused a packet; null if it didn't. */
    TcpCounter parse(final long packet) {
        this.packet = packet;
        final int index = PacketHandle.index(packet);
        final int headBytes = PacketHandle.lengthBytes(packet);
        final int networkOffset = packets.networkOffset(index);
        final int transportOffset = packets.transportOffset(index);
        final int transportBytes = networkOffset + packets.networkLengthBytes(index) - transportOffset;
        if (transportBytes < MIN_HEADER_BYTES || transportOffset + MIN_HEADER_BYTES > headBytes
                || networkOffset + Ipv4Layout.HEADER_BYTES > transportOffset) {
            return TcpCounter.IN_ERRORS;
        }
        final long frame = packets.address(packet);
        final long header = frame + transportOffset;
        headerBytes = TcpHeader.headerBytes(memory, header);
        if (headerBytes < MIN_HEADER_BYTES || headerBytes > transportBytes
                || transportOffset + headerBytes > headBytes
                || transportOffset + transportBytes > packets.frameBytes(packet)
                || !readAddresses(frame + networkOffset, transportOffset - networkOffset)) {
            return TcpCounter.IN_ERRORS;
        }
        if (!checksumHolds(index, transportOffset, transportBytes)) {
            return TcpCounter.IN_CHECKSUM_ERRORS;
        }
        sourcePort = TcpHeader.sourcePort(memory, header);
        destinationPort = TcpHeader.destinationPort(memory, header);
        sequence = TcpHeader.sequence(memory, header);
        acknowledgment = TcpHeader.acknowledgment(memory, header);
        flags = TcpHeader.flags(memory, header);
        window = TcpHeader.window(memory, header);
        payloadOffset = transportOffset + headerBytes;
        payloadBytes = transportBytes - headerBytes;
        gsoSizeBytes = packets.gsoType(index) == PacketLayout.GSO_NONE ? 0 : packets.gsoSizeBytes(index);
        optionsWellFormed = options.parse(memory, header + OPTIONS_OFFSET, headerBytes - MIN_HEADER_BYTES);
        return null;
    }

    private boolean readAddresses(final long network, final int networkHeaderBytes) {
        if (Ipv4Layout.version(memory, network) == IPV4_VERSION) {
            ecnCodePoint = Ipv4Layout.trafficClass(memory, network) & ECN_MASK;
            sourceHigh = 0;
            sourceLow = FlowKey.v4Mapped(Ipv4Layout.source(memory, network));
            destinationHigh = 0;
            destinationLow = FlowKey.v4Mapped(Ipv4Layout.destination(memory, network));
            return true;
        }
        if (networkHeaderBytes < Ipv6Layout.HEADER_BYTES) {
            return false;
        }
        ecnCodePoint = Ipv6Layout.trafficClass(memory, network) & ECN_MASK;
        sourceHigh = Ipv6Layout.sourceHigh(memory, network);
        sourceLow = Ipv6Layout.sourceLow(memory, network);
        destinationHigh = Ipv6Layout.destinationHigh(memory, network);
        destinationLow = Ipv6Layout.destinationLow(memory, network);
        return true;
    }

    private boolean checksumHolds(final int index, final int transportOffset, final int transportBytes) {
        // What the classifier has passed, it has verified or the device has vouched for.
        final int vouched = PacketLayout.FLAG_CLASSIFIED | PacketLayout.FLAG_CHECKSUM_VALID
                | PacketLayout.FLAG_NEEDS_CHECKSUM;
        return (packets.flags(index) & vouched) != 0
                || InternetChecksum.verifyTransport(packets, packet, transportOffset, transportBytes, IpProtocol.TCP,
                        sourceHigh, sourceLow, destinationHigh, destinationLow);
    }

    long packet() {
        return packet;
    }

    TcpOptions options() {
        return options;
    }

    boolean optionsWellFormed() {
        return optionsWellFormed;
    }

    long sourceHigh() {
        return sourceHigh;
    }

    long sourceLow() {
        return sourceLow;
    }

    long destinationHigh() {
        return destinationHigh;
    }

    long destinationLow() {
        return destinationLow;
    }

    int sourcePort() {
        return sourcePort;
    }

    int destinationPort() {
        return destinationPort;
    }

    int sequence() {
        return sequence;
    }

    int acknowledgment() {
        return acknowledgment;
    }

    /** The window field, not scaled. */
    int window() {
        return window;
    }

    int flags() {
        return flags;
    }

    boolean has(final int flag) {
        return (flags & flag) != 0;
    }

    /** The ECN field of the IP header: {@link #ECN_CE} and so on. */
    int ecnCodePoint() {
        return ecnCodePoint;
    }

    /** Options included. */
    int headerBytes() {
        return headerBytes;
    }

    /** From the first byte of the frame. */
    int payloadOffset() {
        return payloadOffset;
    }

    int payloadBytes() {
        return payloadBytes;
    }

    /** Payload of each segment that was merged into this one; 0 if it is a plain one. */
    int gsoSizeBytes() {
        return gsoSizeBytes;
    }

    /** How many segments of the sender this is. */
    int segmentCount() {
        return gsoSizeBytes == 0 || payloadBytes == 0 ? 1 : (payloadBytes + gsoSizeBytes - 1) / gsoSizeBytes;
    }

    /** SEG.LEN: payload, SYN and FIN (RFC 9293, 3.3.1). */
    int sequenceLength() {
        return payloadBytes + (flags & SYN) / SYN + (flags & FIN);
    }

    /** The number after the last of the segment. */
    int sequenceEnd() {
        return SeqNum.add(sequence, sequenceLength());
    }

    /** Drops SYN or payload from the front, {@code count} sequence numbers. */
    void trimFront(final int count) {
        int bytes = count;
        if (has(SYN) && bytes > 0) {
            flags &= ~SYN;
            sequence = SeqNum.add(sequence, 1);
            bytes--;
        }
        bytes = Math.min(bytes, payloadBytes);
        sequence = SeqNum.add(sequence, bytes);
        payloadOffset += bytes;
        payloadBytes -= bytes;
    }

    /** Keeps the first {@code bytes} of the payload; what came after it, FIN included, is dropped. */
    void trimTail(final int bytes) {
        payloadBytes = bytes;
        flags &= ~FIN;
    }
}
