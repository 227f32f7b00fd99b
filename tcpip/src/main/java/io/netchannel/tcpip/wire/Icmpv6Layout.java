package io.netchannel.tcpip.wire;

import io.netchannel.cpu.OrderedMemory;

/**
 * ICMPv6 messages (RFC 4443, 2.1).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------------+  0
 *  |     type      |     code      |           checksum            |
 *  +---------------+---------------+-------------------------------+  4
 *  |  echo: identifier             |  echo: sequence number        |
 *  |  too big: MTU (32); parameter problem: pointer (32)           |
 *  +-------------------------------+-------------------------------+  8
 *  |  echo: data; error: the packet, as much as fits into 1280 bytes
 *  +----------------------------------------------------------------
 * </pre>
 * The checksum covers the pseudo header of RFC 8200, 8.1.
 */
public final class Icmpv6Layout {

    public static final int TYPE_OFFSET = 0;
    public static final int CODE_OFFSET = 1;
    public static final int CHECKSUM_OFFSET = 2;
    public static final int REST_OFFSET = 4;
    public static final int HEADER_BYTES = 8;

    public static final int DESTINATION_UNREACHABLE = 1;
    public static final int PACKET_TOO_BIG = 2;
    public static final int TIME_EXCEEDED = 3;
    public static final int PARAMETER_PROBLEM = 4;
    public static final int ECHO_REQUEST = 128;
    public static final int ECHO_REPLY = 129;
    public static final int ROUTER_SOLICITATION = 133;
    public static final int ROUTER_ADVERTISEMENT = 134;
    public static final int NEIGHBOR_SOLICITATION = 135;
    public static final int NEIGHBOR_ADVERTISEMENT = 136;
    public static final int REDIRECT = 137;

    public static final int NO_ROUTE = 0;
    public static final int ADMINISTRATIVELY_PROHIBITED = 1;
    public static final int ADDRESS_UNREACHABLE = 3;
    public static final int PORT_UNREACHABLE = 4;
    public static final int ERRONEOUS_HEADER = 0;
    public static final int UNRECOGNIZED_NEXT_HEADER = 1;
    public static final int UNRECOGNIZED_OPTION = 2;
    /** RFC 7112, 7. */
    public static final int INCOMPLETE_HEADER_CHAIN = 3;

    /** Of time exceeded. */
    public static final int REASSEMBLY_TIME_EXCEEDED = 1;

    private Icmpv6Layout() {
    }

    public static int type(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getByte(memory, icmp + TYPE_OFFSET);
    }

    public static int code(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getByte(memory, icmp + CODE_OFFSET);
    }

    /** MTU of a packet-too-big message; unsigned. */
    public static long mtuBytes(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getInt(memory, icmp + REST_OFFSET) & 0xFFFF_FFFFL;
    }

    /** Writes the header with a checksum of 0. */
    public static void put(final OrderedMemory memory, final long icmp, final int type, final int code,
            final int rest) {
        NetworkOrder.putInt(memory, icmp, type << 24 | code << 16);
        NetworkOrder.putInt(memory, icmp + REST_OFFSET, rest);
    }

    /** Types below 128 report errors, also those we don't know (RFC 4443, 2.1). */
    public static boolean isError(final int type) {
        return type < 128;
    }
}
