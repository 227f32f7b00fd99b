package io.netchannel.tcpip.wire;

import io.netchannel.cpu.OrderedMemory;

/**
 * ICMP messages for IPv4 (RFC 792; next-hop MTU of RFC 1191, 4).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------------+  0
 *  |     type      |     code      |           checksum            |
 *  +---------------+---------------+-------------------------------+  4
 *  |  echo: identifier             |  echo: sequence number        |
 *  |  error: unused, pointer       |  too big: next-hop MTU        |
 *  +-------------------------------+-------------------------------+  8
 *  |  echo: data; error: IP header and 8 or more bytes of the packet
 *  +----------------------------------------------------------------
 * </pre>
 */
public final class Icmpv4Layout {

    public static final int TYPE_OFFSET = 0;
    public static final int CODE_OFFSET = 1;
    public static final int CHECKSUM_OFFSET = 2;
    public static final int REST_OFFSET = 4;
    public static final int NEXT_HOP_MTU_OFFSET = 6;
    public static final int HEADER_BYTES = 8;

    public static final int ECHO_REPLY = 0;
    public static final int DESTINATION_UNREACHABLE = 3;
    public static final int SOURCE_QUENCH = 4;
    public static final int REDIRECT = 5;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;

    public static final int NET_UNREACHABLE = 0;
    public static final int HOST_UNREACHABLE = 1;
    public static final int PROTOCOL_UNREACHABLE = 2;
    public static final int PORT_UNREACHABLE = 3;
    public static final int FRAGMENTATION_NEEDED = 4;
    public static final int NET_PROHIBITED = 9;
    public static final int HOST_PROHIBITED = 10;
    public static final int ADMINISTRATIVELY_PROHIBITED = 13;

    /** Of time exceeded. */
    public static final int REASSEMBLY_TIME_EXCEEDED = 1;

    /** An error carries as much of the packet as fits into 576 bytes (RFC 1812, 4.3.2.3). */
    public static final int MAX_ERROR_PACKET_BYTES = 576;

    private Icmpv4Layout() {
    }

    public static int type(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getByte(memory, icmp + TYPE_OFFSET);
    }

    public static int code(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getByte(memory, icmp + CODE_OFFSET);
    }

    public static int nextHopMtuBytes(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getShort(memory, icmp + NEXT_HOP_MTU_OFFSET);
    }

    /** Writes the header with a checksum of 0. */
    public static void put(final OrderedMemory memory, final long icmp, final int type, final int code,
            final int rest) {
        NetworkOrder.putInt(memory, icmp, type << 24 | code << 16);
        NetworkOrder.putInt(memory, icmp + REST_OFFSET, rest);
    }

    /** Whether a message of this type reports an error, about which no error may be sent (RFC 1122, 3.2.2). */
    public static boolean isError(final int type) {
        return type == DESTINATION_UNREACHABLE || type == SOURCE_QUENCH || type == REDIRECT || type == TIME_EXCEEDED
                || type == PARAMETER_PROBLEM;
    }
}
