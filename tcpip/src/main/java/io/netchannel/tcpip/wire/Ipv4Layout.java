package io.netchannel.tcpip.wire;

import io.netchannel.cpu.OrderedMemory;

/**
 * IPv4 header (RFC 791, 3.1).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+-------+-----------+---+-------------------------------+  0
 *  |version|  IHL  |   DSCP    |ECN|         total length          |
 *  +-------+-------+-----------+---+-----+-------------------------+  4
 *  |        identification         |0|D|M|     fragment offset     |
 *  +---------------+---------------+-----+-------------------------+  8
 *  | time to live  |   protocol    |        header checksum        |
 *  +---------------+---------------+-------------------------------+ 12
 *  |                        source address                         |
 *  +---------------------------------------------------------------+ 16
 *  |                     destination address                       |
 *  +---------------------------------------------------------------+ 20
 * </pre>
 */
public final class Ipv4Layout {

    public static final int VERSION_IHL_OFFSET = 0;
    public static final int TRAFFIC_CLASS_OFFSET = 1;
    public static final int TOTAL_LENGTH_OFFSET = 2;
    public static final int IDENTIFICATION_OFFSET = 4;
    public static final int FRAGMENT_OFFSET = 6;
    public static final int TIME_TO_LIVE_OFFSET = 8;
    public static final int PROTOCOL_OFFSET = 9;
    public static final int CHECKSUM_OFFSET = 10;
    public static final int SOURCE_OFFSET = 12;
    public static final int DESTINATION_OFFSET = 16;
    public static final int HEADER_BYTES = 20;
    public static final int MAX_HEADER_BYTES = 60;

    public static final int DONT_FRAGMENT = 0x4000;
    public static final int MORE_FRAGMENTS = 0x2000;
    /** More fragments, or an offset: any bit says that the packet is a fragment. */
    public static final int FRAGMENT_MASK = 0x3FFF;
    /** Of {@link #fragmentField}: the offset, in units of 8 bytes. */
    public static final int FRAGMENT_OFFSET_MASK = 0x1FFF;
    /** Every router must forward a packet of this size (RFC 791, 3.2). */
    public static final int MIN_MTU_BYTES = 68;

    private Ipv4Layout() {
    }

    public static int version(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getByte(memory, ip + VERSION_IHL_OFFSET) >>> 4;
    }

    public static int headerBytes(final OrderedMemory memory, final long ip) {
        return (NetworkOrder.getByte(memory, ip + VERSION_IHL_OFFSET) & 0xF) * 4;
    }

    public static int trafficClass(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getByte(memory, ip + TRAFFIC_CLASS_OFFSET);
    }

    public static int totalLengthBytes(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getShort(memory, ip + TOTAL_LENGTH_OFFSET);
    }

    public static int identification(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getShort(memory, ip + IDENTIFICATION_OFFSET);
    }

    /** Flags and fragment offset, as on the wire. */
    public static int fragmentField(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getShort(memory, ip + FRAGMENT_OFFSET);
    }

    public static int timeToLive(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getByte(memory, ip + TIME_TO_LIVE_OFFSET);
    }

    public static int protocol(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getByte(memory, ip + PROTOCOL_OFFSET);
    }

    public static int source(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getInt(memory, ip + SOURCE_OFFSET);
    }

    public static int destination(final OrderedMemory memory, final long ip) {
        return NetworkOrder.getInt(memory, ip + DESTINATION_OFFSET);
    }

    /**
     * Writes a header without options, checksum included.
     *
     * @param fragmentField {@link #DONT_FRAGMENT} or 0
     */
    public static void put(final OrderedMemory memory, final long ip, final int trafficClass,
            final int totalLengthBytes,
            final int identification, final int fragmentField, final int timeToLive, final int protocol,
            final int source, final int destination) {
        final int word0 = 0x45 << 24 | trafficClass << 16 | totalLengthBytes;
        final int word1 = identification << 16 | fragmentField;
        final int word2 = timeToLive << 24 | protocol << 16;
        NetworkOrder.putInt(memory, ip, word0);
        NetworkOrder.putInt(memory, ip + IDENTIFICATION_OFFSET, word1);
        NetworkOrder.putInt(memory, ip + TIME_TO_LIVE_OFFSET,
                word2 | headerChecksum(word0, word1, word2, source, destination));
        NetworkOrder.putInt(memory, ip + SOURCE_OFFSET, source);
        NetworkOrder.putInt(memory, ip + DESTINATION_OFFSET, destination);
    }

    /** Ones-complement sum of the five words (RFC 1071), which the caller still has in registers. */
    private static int headerChecksum(final int word0, final int word1, final int word2, final int source,
            final int destination) {
        final long mask = 0xFFFF_FFFFL;
        long sum = (word0 & mask) + (word1 & mask) + (word2 & mask) + (source & mask) + (destination & mask);
        sum = (sum >>> 32) + (sum & mask);
        sum = (sum >>> 16) + (sum & 0xFFFF);
        sum = (sum >>> 16) + (sum & 0xFFFF);
        return (int) ~((sum >>> 16) + (sum & 0xFFFF)) & 0xFFFF;
    }
}
