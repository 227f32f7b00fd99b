package io.netchannel.tcpip.wire;

import io.netchannel.cpu.OrderedMemory;

/**
 * IGMP messages: version 3 (RFC 3376, 4), with version 2 (RFC 2236, 2) and 1 (RFC 1112, appendix I).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  Query (0x11); reports of versions 1 (0x12) and 2 (0x16), and leave (0x17), end at byte 8
 *  +---------------+---------------+-------------------------------+  0
 *  |     type      | max resp code |           checksum            |
 *  +---------------+---------------+-------------------------------+  4
 *  |                         group address                         |
 *  +-------+-+-----+---------------+-------------------------------+  8
 *  | resv  |S| QRV |     QQIC      |       number of sources       |
 *  +-------+-+-----+---------------+-------------------------------+ 12
 *  |                    source addresses (4 each)
 *
 *  Report of version 3 (0x22)
 *  +---------------+---------------+-------------------------------+  0
 *  |     type      |   reserved    |           checksum            |
 *  +---------------+---------------+-------------------------------+  4
 *  |           reserved            |       number of records       |
 *  +-------------------------------+-------------------------------+  8
 *  |  record type  | aux data len  |       number of sources       |
 *  +---------------+---------------+-------------------------------+ 12
 *  |                         group address                         |
 *  +---------------------------------------------------------------+ 16
 *  |                    source addresses (4 each), next record
 * </pre>
 */
public final class IgmpLayout {

    public static final int MAX_RESPONSE_CODE_OFFSET = 1;
    public static final int CHECKSUM_OFFSET = 2;
    public static final int GROUP_OFFSET = 4;
    public static final int ROBUSTNESS_OFFSET = 8;
    public static final int QUERY_INTERVAL_CODE_OFFSET = 9;
    public static final int SOURCE_COUNT_OFFSET = 10;
    public static final int SOURCES_OFFSET = 12;
    public static final int RECORD_COUNT_OFFSET = 6;

    public static final int OLD_MESSAGE_BYTES = 8;
    public static final int QUERY_BYTES = 12;
    public static final int REPORT_BYTES = 8;
    public static final int RECORD_BYTES = 8;
    public static final int SOURCE_BYTES = 4;

    public static final int QUERY = 0x11;
    public static final int VERSION_1_REPORT = 0x12;
    public static final int VERSION_2_REPORT = 0x16;
    public static final int LEAVE = 0x17;
    public static final int VERSION_3_REPORT = 0x22;

    /** Router Alert (RFC 2113, 2.1) as IPv4 option, 4 bytes. */
    public static final int ROUTER_ALERT_OPTION = 0x9404_0000;
    public static final int ROUTER_ALERT_BYTES = 4;

    /** All systems: every host is in it, nobody reports it. */
    public static final int ALL_SYSTEMS = 0xE000_0001;
    public static final int ALL_ROUTERS = 0xE000_0002;
    public static final int VERSION_3_ROUTERS = 0xE000_0016;

    private IgmpLayout() {
    }

    public static int type(final OrderedMemory memory, final long igmp) {
        return NetworkOrder.getByte(memory, igmp);
    }

    public static int maxResponseCode(final OrderedMemory memory, final long igmp) {
        return NetworkOrder.getByte(memory, igmp + MAX_RESPONSE_CODE_OFFSET);
    }

    public static int group(final OrderedMemory memory, final long igmp) {
        return NetworkOrder.getInt(memory, igmp + GROUP_OFFSET);
    }

    /** Querier's robustness variable; 0 says nothing. */
    public static int robustness(final OrderedMemory memory, final long igmp) {
        return NetworkOrder.getByte(memory, igmp + ROBUSTNESS_OFFSET) & 7;
    }

    public static int queryIntervalCode(final OrderedMemory memory, final long igmp) {
        return NetworkOrder.getByte(memory, igmp + QUERY_INTERVAL_CODE_OFFSET);
    }

    public static int sourceCount(final OrderedMemory memory, final long igmp) {
        return NetworkOrder.getShort(memory, igmp + SOURCE_COUNT_OFFSET);
    }

    public static int source(final OrderedMemory memory, final long igmp, final int index) {
        return NetworkOrder.getInt(memory, igmp + SOURCES_OFFSET + (long) index * SOURCE_BYTES);
    }

    /** Value of a code of 8 bits: itself below 128, else a floating-point number (RFC 3376, 4.1.1 and 4.1.7). */
    public static int decode(final int code) {
        return code < 128 ? code : (code & 0xF | 0x10) << (code >>> 4 & 7) + 3;
    }

    /** Writes a message of version 1 or 2 with a checksum of 0. */
    public static void putOld(final OrderedMemory memory, final long igmp, final int type, final int group) {
        NetworkOrder.putInt(memory, igmp, type << 24);
        NetworkOrder.putInt(memory, igmp + GROUP_OFFSET, group);
    }

    public static void putReport(final OrderedMemory memory, final long igmp, final int records) {
        NetworkOrder.putInt(memory, igmp, VERSION_3_REPORT << 24);
        NetworkOrder.putInt(memory, igmp + GROUP_OFFSET, records);
    }

    public static void putRecord(final OrderedMemory memory, final long record, final int type, final int sources,
            final int group) {
        NetworkOrder.putInt(memory, record, type << 24 | sources);
        NetworkOrder.putInt(memory, record + 4, group);
    }
}
