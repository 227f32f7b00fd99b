package io.netchannel.tcpip.wire;

import io.netchannel.cpu.OrderedMemory;

/**
 * Multicast Listener Discovery: version 2 (RFC 3810, 5) and 1 (RFC 2710, 3). Messages are ICMPv6.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  Query (130); report (131) and done (132) of version 1 end at byte 24
 *  +---------------+---------------+-------------------------------+  0
 *  |     type      |   code (0)    |           checksum            |
 *  +---------------+---------------+-------------------------------+  4
 *  |       max response code       |           reserved            |
 *  +-------------------------------+-------------------------------+  8
 *  |                      group address (16)                       |
 *  +-------+-+-----+---------------+-------------------------------+ 24
 *  | resv  |S| QRV |     QQIC      |       number of sources       |
 *  +-------+-+-----+---------------+-------------------------------+ 28
 *  |                    source addresses (16 each)
 *
 *  Report of version 2 (143)
 *  +---------------+---------------+-------------------------------+  0
 *  |     type      |   reserved    |           checksum            |
 *  +---------------+---------------+-------------------------------+  4
 *  |           reserved            |       number of records       |
 *  +---------------+---------------+-------------------------------+  8
 *  |  record type  | aux data len  |       number of sources       |
 *  +---------------+---------------+-------------------------------+ 12
 *  |                      group address (16)                       |
 *  +---------------------------------------------------------------+ 28
 *  |                    source addresses (16 each), next record
 * </pre>
 */
public final class MldLayout {

    public static final int MAX_RESPONSE_CODE_OFFSET = 4;
    public static final int GROUP_OFFSET = 8;
    public static final int ROBUSTNESS_OFFSET = 24;
    public static final int QUERY_INTERVAL_CODE_OFFSET = 25;
    public static final int SOURCE_COUNT_OFFSET = 26;
    public static final int SOURCES_OFFSET = 28;

    public static final int OLD_MESSAGE_BYTES = 24;
    public static final int QUERY_BYTES = 28;
    public static final int REPORT_BYTES = 8;
    public static final int RECORD_BYTES = 20;
    public static final int SOURCE_BYTES = 16;

    public static final int QUERY = 130;
    public static final int VERSION_1_REPORT = 131;
    public static final int DONE = 132;
    public static final int VERSION_2_REPORT = 143;

    /** Hop-by-hop header with Router Alert for MLD (RFC 2711, 2.1) and padding, behind its next header. */
    public static final long ROUTER_ALERT_HEADER = 0x0000_0502_0000_0100L;
    public static final int ROUTER_ALERT_HEADER_BYTES = 8;

    /** Low longs of link-scope addresses. */
    public static final long ALL_NODES_LOW = 1;
    public static final long ALL_ROUTERS_LOW = 2;
    public static final long VERSION_2_ROUTERS_LOW = 0x16;

    private static final int OPTION_ROUTER_ALERT = 5;

    private MldLayout() {
    }

    public static int maxResponseCode(final OrderedMemory memory, final long mld) {
        return NetworkOrder.getShort(memory, mld + MAX_RESPONSE_CODE_OFFSET);
    }

    public static long groupHigh(final OrderedMemory memory, final long mld) {
        return NetworkOrder.getLong(memory, mld + GROUP_OFFSET);
    }

    public static long groupLow(final OrderedMemory memory, final long mld) {
        return NetworkOrder.getLong(memory, mld + GROUP_OFFSET + 8);
    }

    /** Querier's robustness variable; 0 says nothing. */
    public static int robustness(final OrderedMemory memory, final long mld) {
        return NetworkOrder.getByte(memory, mld + ROBUSTNESS_OFFSET) & 7;
    }

    public static int queryIntervalCode(final OrderedMemory memory, final long mld) {
        return NetworkOrder.getByte(memory, mld + QUERY_INTERVAL_CODE_OFFSET);
    }

    public static int sourceCount(final OrderedMemory memory, final long mld) {
        return NetworkOrder.getShort(memory, mld + SOURCE_COUNT_OFFSET);
    }

    public static long sourceHigh(final OrderedMemory memory, final long mld, final int index) {
        return NetworkOrder.getLong(memory, mld + SOURCES_OFFSET + (long) index * SOURCE_BYTES);
    }

    public static long sourceLow(final OrderedMemory memory, final long mld, final int index) {
        return NetworkOrder.getLong(memory, mld + SOURCES_OFFSET + (long) index * SOURCE_BYTES + 8);
    }

    /** Milliseconds of a code of 16 bits: itself below 32768, else a floating-point number (RFC 3810, 5.1.3). */
    public static int decodeResponse(final int code) {
        return code < 0x8000 ? code : (code & 0xFFF | 0x1000) << (code >>> 12 & 7) + 3;
    }

    /** Whether a packet whose extension headers the classifier found sound has a Router Alert for MLD. */
    public static boolean hasRouterAlert(final OrderedMemory memory, final long ip) {
        if (Ipv6Layout.nextHeader(memory, ip) != IpProtocol.HOP_BY_HOP) {
            return false;
        }
        final long header = ip + Ipv6Layout.HEADER_BYTES;
        final int end = (NetworkOrder.getByte(memory, header + 1) + 1) * 8;
        int at = 2;
        while (at + 4 <= end) {
            final int type = NetworkOrder.getByte(memory, header + at);
            if (type == OPTION_ROUTER_ALERT) {
                return NetworkOrder.getShort(memory, header + at + 2) == 0;
            }
            at += type == 0 ? 1 : 2 + NetworkOrder.getByte(memory, header + at + 1);
        }
        return false;
    }

    /** Writes a message of version 1 with a checksum of 0. */
    public static void putOld(final OrderedMemory memory, final long mld, final int type, final long groupHigh,
            final long groupLow) {
        NetworkOrder.putLong(memory, mld, (long) type << 56);
        NetworkOrder.putLong(memory, mld + GROUP_OFFSET, groupHigh);
        NetworkOrder.putLong(memory, mld + GROUP_OFFSET + 8, groupLow);
    }

    public static void putReport(final OrderedMemory memory, final long mld, final int records) {
        NetworkOrder.putLong(memory, mld, (long) VERSION_2_REPORT << 56 | records);
    }

    public static void putRecord(final OrderedMemory memory, final long record, final int type, final int sources,
            final long groupHigh, final long groupLow) {
        NetworkOrder.putInt(memory, record, type << 24 | sources);
        NetworkOrder.putLong(memory, record + 4, groupHigh);
        NetworkOrder.putLong(memory, record + 12, groupLow);
    }
}
