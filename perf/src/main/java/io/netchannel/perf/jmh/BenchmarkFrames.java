package io.netchannel.perf.jmh;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.channels.flow.FlowKey;
import io.netchannel.cpu.OrderedMemory;

/** Writes whole, valid Ethernet frames: {@code IP, TCP or UDP, zeros} between 10.0.0.1 and 10.0.0.2, or fd00::1 and ::2. */
final class BenchmarkFrames {

    static final int LINK_HEADER_BYTES = 14;
    static final int DESTINATION_PORT = 80;
    static final long LOCAL_V4 = FlowKey.v4Mapped(0x0A00_0002);
    static final long REMOTE_V4 = FlowKey.v4Mapped(0x0A00_0001);
    private static final long PREFIX_V6 = 0xFD00L << 48;
    private static final int TCP_HEADER_BYTES = 20;
    private static final int UDP_HEADER_BYTES = 8;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;

    private final OrderedMemory memory;
    private final boolean ipv6;
    private final int protocol;

    /** @param protocol of {@link FlowKey} */
    BenchmarkFrames(final OrderedMemory memory, final boolean ipv6, final int protocol) {
        this.memory = memory;
        this.ipv6 = ipv6;
        this.protocol = protocol;
    }

    int headersBytes() {
        return LINK_HEADER_BYTES + networkBytes() + transportBytes();
    }

    /** The local address and port, and the remote address of the frames; the remote port too. */
    void writeKey(final FlowKey key, final int remotePort) {
        key.protocol(protocol).local(ipv6 ? PREFIX_V6 : 0, ipv6 ? 2 : LOCAL_V4, DESTINATION_PORT)
                .remote(ipv6 ? PREFIX_V6 : 0, ipv6 ? 1 : REMOTE_V4, remotePort);
    }

    /** @return the frame's length */
    int write(final long at, final long destinationMac, final long sourceMac, final int remotePort,
            final int payloadBytes) {
        final int frameBytes = headersBytes() + payloadBytes;
        memory.fill(at, frameBytes, (byte) 0);
        mac(at, destinationMac);
        mac(at + 6, sourceMac);
        word(at + 12, ipv6 ? 0x86DD : 0x0800);
        final long network = at + LINK_HEADER_BYTES;
        final int segmentBytes = transportBytes() + payloadBytes;
        if (ipv6) {
            writeIpv6(network, segmentBytes);
        } else {
            writeIpv4(network, segmentBytes);
        }
        writeTransport(network + networkBytes(), remotePort, segmentBytes);
        return frameBytes;
    }

    private void writeIpv4(final long at, final int segmentBytes) {
        memory.putByte(at, (byte) 0x45);
        word(at + 2, 20 + segmentBytes);
        word(at + 6, 0x4000);
        memory.putByte(at + 8, (byte) 64);
        memory.putByte(at + 9, (byte) protocol);
        memory.putInt(at + 12, Integer.reverseBytes((int) REMOTE_V4));
        memory.putInt(at + 16, Integer.reverseBytes((int) LOCAL_V4));
        word(at + 10, InternetChecksum.checksum(InternetChecksum.sum(memory, at, 20, 0)));
    }

    private void writeIpv6(final long at, final int segmentBytes) {
        memory.putByte(at, (byte) 0x60);
        word(at + 4, segmentBytes);
        memory.putByte(at + 6, (byte) protocol);
        memory.putByte(at + 7, (byte) 64);
        memory.putLong(at + 8, Long.reverseBytes(PREFIX_V6));
        memory.putLong(at + 16, Long.reverseBytes(1));
        memory.putLong(at + 24, Long.reverseBytes(PREFIX_V6));
        memory.putLong(at + 32, Long.reverseBytes(2));
    }

    private void writeTransport(final long at, final int remotePort, final int segmentBytes) {
        word(at, remotePort);
        word(at + 2, DESTINATION_PORT);
        if (protocol == FlowKey.TCP) {
            memory.putByte(at + 12, (byte) (TCP_HEADER_BYTES << 2));
            memory.putByte(at + 13, (byte) 0x10);
            word(at + 14, 0xFFFF);
        } else {
            word(at + 4, segmentBytes);
        }
        final int pseudo = InternetChecksum.pseudoHeader(ipv6 ? PREFIX_V6 : 0, ipv6 ? 1 : REMOTE_V4,
                ipv6 ? PREFIX_V6 : 0, ipv6 ? 2 : LOCAL_V4, protocol, segmentBytes);
        final int sum = InternetChecksum.sum(memory, at, segmentBytes, pseudo);
        word(at + (protocol == FlowKey.TCP ? TCP_CHECKSUM : UDP_CHECKSUM), InternetChecksum.udpChecksum(sum));
    }

    private int networkBytes() {
        return ipv6 ? 40 : 20;
    }

    private int transportBytes() {
        return protocol == FlowKey.TCP ? TCP_HEADER_BYTES : UDP_HEADER_BYTES;
    }

    private void mac(final long at, final long address) {
        word(at, (int) (address >>> 32));
        memory.putInt(at + 2, Integer.reverseBytes((int) address));
    }

    private void word(final long at, final int value) {
        memory.putShort(at, Short.reverseBytes((short) value));
    }
}
