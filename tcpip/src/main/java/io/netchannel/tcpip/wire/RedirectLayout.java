package io.netchannel.tcpip.wire;

import io.netchannel.cpu.OrderedMemory;

/**
 * Redirects: of IPv4 (RFC 792) and of IPv6 (RFC 4861, 4.5).
 *
 * <pre>
 *   IPv4                                     IPv6
 *  +------+------+-------------------+  0   +------+------+-------------------+  0
 *  |  5   | code |      checksum     |      | 137  |  0   |      checksum     |
 *  +------+------+-------------------+  4   +------+------+-------------------+  4
 *  |          gateway (4)            |      |            reserved             |
 *  +---------------------------------+  8   +---------------------------------+  8
 *  |   IP header and 8 bytes         |      |       target address (16)       |
 *                                           +---------------------------------+ 24
 *                                           |     destination address (16)    |
 *                                           +---------------------------------+ 40
 *                                           |   options
 * </pre>
 */
public final class RedirectLayout {

    public static final int GATEWAY_OFFSET = 4;
    public static final int TARGET_OFFSET = 8;
    public static final int DESTINATION_OFFSET = 24;
    public static final int OPTIONS_OFFSET = 40;

    private RedirectLayout() {
    }

    /** Of IPv4. */
    public static int gateway(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getInt(memory, icmp + GATEWAY_OFFSET);
    }

    public static long targetHigh(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getLong(memory, icmp + TARGET_OFFSET);
    }

    public static long targetLow(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getLong(memory, icmp + TARGET_OFFSET + 8);
    }

    public static long destinationHigh(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getLong(memory, icmp + DESTINATION_OFFSET);
    }

    public static long destinationLow(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getLong(memory, icmp + DESTINATION_OFFSET + 8);
    }
}
