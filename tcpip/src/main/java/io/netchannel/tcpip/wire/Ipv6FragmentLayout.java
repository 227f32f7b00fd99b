package io.netchannel.tcpip.wire;

import io.netchannel.cpu.OrderedMemory;

/**
 * IPv6 fragment header (RFC 8200, 4.5).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------+---+-+  0
 *  |  next header  |   reserved    |  offset, in 8 bytes     | 0 |M|
 *  +---------------+---------------+-------------------------+---+-+  4
 *  |                        identification                         |
 *  +---------------------------------------------------------------+  8
 * </pre>
 */
public final class Ipv6FragmentLayout {

    public static final int NEXT_HEADER_OFFSET = 0;
    public static final int OFFSET_OFFSET = 2;
    public static final int IDENTIFICATION_OFFSET = 4;
    public static final int BYTES = 8;

    public static final int MORE_FRAGMENTS = 1;

    private static final int OFFSET_MASK = 0xFFF8;

    private Ipv6FragmentLayout() {
    }

    public static int nextHeader(final OrderedMemory memory, final long header) {
        return NetworkOrder.getByte(memory, header + NEXT_HEADER_OFFSET);
    }

    public static int offsetBytes(final OrderedMemory memory, final long header) {
        return NetworkOrder.getShort(memory, header + OFFSET_OFFSET) & OFFSET_MASK;
    }

    public static boolean moreFragments(final OrderedMemory memory, final long header) {
        return (NetworkOrder.getShort(memory, header + OFFSET_OFFSET) & MORE_FRAGMENTS) != 0;
    }

    public static int identification(final OrderedMemory memory, final long header) {
        return NetworkOrder.getInt(memory, header + IDENTIFICATION_OFFSET);
    }

    /** @param offsetBytes a multiple of 8 */
    public static void put(final OrderedMemory memory, final long header, final int nextHeader, final int offsetBytes,
            final boolean moreFragments, final int identification) {
        NetworkOrder.putInt(memory, header, nextHeader << 24 | offsetBytes | (moreFragments ? MORE_FRAGMENTS : 0));
        NetworkOrder.putInt(memory, header + IDENTIFICATION_OFFSET, identification);
    }
}
