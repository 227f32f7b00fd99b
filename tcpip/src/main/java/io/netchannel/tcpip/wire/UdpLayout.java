package io.netchannel.tcpip.wire;

import io.netchannel.cpu.OrderedMemory;

/**
 * UDP header (RFC 768).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+  0
 *  |          source port          |       destination port        |
 *  +-------------------------------+-------------------------------+  4
 *  |            length             |           checksum            |
 *  +-------------------------------+-------------------------------+  8
 * </pre>
 * A checksum of 0 says that there is none: allowed over IPv4, not over IPv6 (RFC 8200, 8.1). A computed checksum of 0
 * is sent as 0xFFFF.
 */
public final class UdpLayout {

    public static final int SOURCE_PORT_OFFSET = 0;
    public static final int DESTINATION_PORT_OFFSET = 2;
    public static final int LENGTH_OFFSET = 4;
    public static final int CHECKSUM_OFFSET = 6;
    public static final int HEADER_BYTES = 8;

    private UdpLayout() {
    }

    public static int sourcePort(final OrderedMemory memory, final long udp) {
        return NetworkOrder.getShort(memory, udp + SOURCE_PORT_OFFSET);
    }

    public static int destinationPort(final OrderedMemory memory, final long udp) {
        return NetworkOrder.getShort(memory, udp + DESTINATION_PORT_OFFSET);
    }

    /** Header and data. */
    public static int lengthBytes(final OrderedMemory memory, final long udp) {
        return NetworkOrder.getShort(memory, udp + LENGTH_OFFSET);
    }

    public static int checksum(final OrderedMemory memory, final long udp) {
        return NetworkOrder.getShort(memory, udp + CHECKSUM_OFFSET);
    }

    public static void checksum(final OrderedMemory memory, final long udp, final int checksum) {
        NetworkOrder.putShort(memory, udp + CHECKSUM_OFFSET, checksum);
    }

    /** Writes a header with a checksum of 0. */
    public static void put(final OrderedMemory memory, final long udp, final int sourcePort, final int destinationPort,
            final int lengthBytes) {
        NetworkOrder.putInt(memory, udp + SOURCE_PORT_OFFSET, sourcePort << 16 | destinationPort);
        NetworkOrder.putInt(memory, udp + LENGTH_OFFSET, lengthBytes << 16);
    }
}
