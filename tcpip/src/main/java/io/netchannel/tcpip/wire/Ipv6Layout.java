package io.netchannel.tcpip.wire;

import io.netchannel.cpu.OrderedMemory;

/**
 * IPv6 header (RFC 8200, 3).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+---------------+---------------------------------------+  0
 *  |version| traffic class |              flow label               |
 *  +-------+---------------+-------+---------------+---------------+  4
 *  |        payload length         |  next header  |   hop limit   |
 *  +-------------------------------+---------------+---------------+  8
 *  |                     source address (16)                       |
 *  +---------------------------------------------------------------+ 24
 *  |                   destination address (16)                    |
 *  +---------------------------------------------------------------+ 40
 * </pre>
 */
public final class Ipv6Layout {

    public static final int VERSION_OFFSET = 0;
    public static final int PAYLOAD_LENGTH_OFFSET = 4;
    public static final int NEXT_HEADER_OFFSET = 6;
    public static final int HOP_LIMIT_OFFSET = 7;
    public static final int SOURCE_OFFSET = 8;
    public static final int DESTINATION_OFFSET = 24;
    public static final int HEADER_BYTES = 40;

    /** Every link carries packets of this size (RFC 8200, 5). */
    public static final int MIN_MTU_BYTES = 1280;

    /** {@link #findTransport} met a header that ends the chain or is cut off. */
    public static final int NOT_FOUND = -1;

    private static final int MAX_EXTENSION_HEADERS = 8;
    private static final int FRAGMENT_OFFSET_MASK = 0xFFF8;

    private Ipv6Layout() {
    }

    public static int version(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getByte(memory, ip + VERSION_OFFSET) >>> 4;
    }

    public static int trafficClass(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getShort(memory, ip + VERSION_OFFSET) >>> 4 & 0xFF;
    }

    public static int flowLabel(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getInt(memory, ip + VERSION_OFFSET) & 0xF_FFFF;
    }

    public static int payloadLengthBytes(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getShort(memory, ip + PAYLOAD_LENGTH_OFFSET);
    }

    public static int nextHeader(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getByte(memory, ip + NEXT_HEADER_OFFSET);
    }

    public static int hopLimit(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getByte(memory, ip + HOP_LIMIT_OFFSET);
    }

    public static long sourceHigh(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getLong(memory, ip + SOURCE_OFFSET);
    }

    public static long sourceLow(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getLong(memory, ip + SOURCE_OFFSET + 8);
    }

    public static long destinationHigh(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getLong(memory, ip + DESTINATION_OFFSET);
    }

    public static long destinationLow(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getLong(memory, ip + DESTINATION_OFFSET + 8);
    }

    public static void put(final OrderedMemory memory, final long ip, final int trafficClass, final int flowLabel,
            final int payloadLengthBytes, final int nextHeader, final int hopLimit, final long sourceHigh,
            final long sourceLow, final long destinationHigh, final long destinationLow) {
        NetworkOrder.putInt(memory, ip + VERSION_OFFSET, 6 << 28 | trafficClass << 20 | flowLabel);
        NetworkOrder.putInt(memory, ip + PAYLOAD_LENGTH_OFFSET, payloadLengthBytes << 16 | nextHeader << 8 | hopLimit);
        NetworkOrder.putLong(memory, ip + SOURCE_OFFSET, sourceHigh);
        NetworkOrder.putLong(memory, ip + SOURCE_OFFSET + 8, sourceLow);
        NetworkOrder.putLong(memory, ip + DESTINATION_OFFSET, destinationHigh);
        NetworkOrder.putLong(memory, ip + DESTINATION_OFFSET + 8, destinationLow);
    }

    /**
     * Skips extension headers (RFC 8200, 4) in a packet of which {@code availableBytes} are there, as in an ICMP error.
     *
     * @return {@code protocol << 16 | offset} of the transport header from {@code ip}, or {@link #NOT_FOUND}: the
     *         packet is cut off, a later fragment, encrypted, or has more headers than we follow
     */
    public static int findTransport(final OrderedMemory memory, final long ip, final int availableBytes) {
        if (availableBytes < HEADER_BYTES) {
            return NOT_FOUND;
        }
        int next = nextHeader(memory, ip);
        int at = HEADER_BYTES;
        for (int i = 0; i <= MAX_EXTENSION_HEADERS; i++) {
            final boolean extension = next == IpProtocol.HOP_BY_HOP || next == IpProtocol.ROUTING
                    || next == IpProtocol.DESTINATION_OPTIONS || next == IpProtocol.FRAGMENT;
            if (!extension) {
                return next == IpProtocol.NO_NEXT_HEADER || next == IpProtocol.AUTHENTICATION
                        ? NOT_FOUND
                        : next << 16 | at;
            }
            if (at + 8 > availableBytes) {
                return NOT_FOUND;
            }
            final boolean fragment = next == IpProtocol.FRAGMENT;
            if (fragment && (NetworkOrder.getShort(memory, ip + at + 2) & FRAGMENT_OFFSET_MASK) != 0) {
                return NOT_FOUND;
            }
            next = NetworkOrder.getByte(memory, ip + at);
            at += fragment ? 8 : 8 + NetworkOrder.getByte(memory, ip + at + 1) * 8;
        }
        return NOT_FOUND;
    }
}
