package io.netchannel.samples.memcached.server;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.wire.NetworkOrder;

/**
 * The header in front of each datagram.
 *
 * <pre>
 *    0            2            4            6            8
 *   +------------+------------+------------+------------+
 *   | request id | number     | datagrams  | reserved 0 | data
 *   +------------+------------+------------+------------+
 * </pre>
 */
final class UdpFrames {

    static final int HEADER_BYTES = 8;
    static final int MAX_DATAGRAM_BYTES = 1400;
    static final int DATA_BYTES = MAX_DATAGRAM_BYTES - HEADER_BYTES;
    private static final int NUMBER_OFFSET = 2;
    private static final int COUNT_OFFSET = 4;
    private static final int RESERVED_OFFSET = 6;
    private static final int MAX_DATAGRAMS = 0xFFFF;
    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;

    private UdpFrames() {
    }

    /** Whether it is a whole request: one of several datagrams is not. */
    static boolean isRequest(final long address, final int length) {
        return length > HEADER_BYTES && NetworkOrder.getShort(MEMORY, address + COUNT_OFFSET) == 1;
    }

    static int requestId(final long address) {
        return NetworkOrder.getShort(MEMORY, address);
    }

    /** Datagrams that an answer takes. */
    static int count(final int answerBytes) {
        return Math.min(MAX_DATAGRAMS, (answerBytes + DATA_BYTES - 1) / DATA_BYTES);
    }

    /**
     * Makes one datagram of an answer.
     *
     * @param destination address of {@link #MAX_DATAGRAM_BYTES} bytes
     * @return its length
     */
    static int make(final long destination, final int requestId, final int number, final int count, final long answer,
            final int answerBytes) {
        final int from = number * DATA_BYTES;
        final int length = Math.min(DATA_BYTES, answerBytes - from);
        NetworkOrder.putShort(MEMORY, destination, requestId);
        NetworkOrder.putShort(MEMORY, destination + NUMBER_OFFSET, number);
        NetworkOrder.putShort(MEMORY, destination + COUNT_OFFSET, count);
        NetworkOrder.putShort(MEMORY, destination + RESERVED_OFFSET, 0);
        MEMORY.copy(answer + from, destination + HEADER_BYTES, length);
        return HEADER_BYTES + length;
    }
}
