package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.wire.NetworkOrder;

/**
 * Fields of a TCP header in memory; {@code header} is the address of its first byte, of which at least
 * {@link TcpHeaderLayout#MIN_HEADER_BYTES} must be there.
 *
 * <p>Threading: stateless.
 */
public final class TcpHeader {

    private TcpHeader() {
    }

    public static int sourcePort(final OrderedMemory memory, final long header) {
        return NetworkOrder.getShort(memory, header + SOURCE_PORT_OFFSET);
    }

    public static int destinationPort(final OrderedMemory memory, final long header) {
        return NetworkOrder.getShort(memory, header + DESTINATION_PORT_OFFSET);
    }

    public static int sequence(final OrderedMemory memory, final long header) {
        return NetworkOrder.getInt(memory, header + SEQUENCE_OFFSET);
    }

    public static int acknowledgment(final OrderedMemory memory, final long header) {
        return NetworkOrder.getInt(memory, header + ACKNOWLEDGMENT_OFFSET);
    }

    /** Header bytes as the data offset claims: 0 to 60. */
    public static int headerBytes(final OrderedMemory memory, final long header) {
        return NetworkOrder.getByte(memory, header + DATA_OFFSET_OFFSET) >>> 4 << 2;
    }

    public static int flags(final OrderedMemory memory, final long header) {
        return NetworkOrder.getByte(memory, header + FLAGS_OFFSET);
    }

    /** The window field, not scaled. */
    public static int window(final OrderedMemory memory, final long header) {
        return NetworkOrder.getShort(memory, header + WINDOW_OFFSET);
    }

    public static int checksum(final OrderedMemory memory, final long header) {
        return NetworkOrder.getShort(memory, header + CHECKSUM_OFFSET);
    }

    /**
     * Writes all but options and checksum, which stays 0; {@code headerBytes} includes the options and is a multiple of
     * 4.
     */
    public static void put(final OrderedMemory memory, final long header, final int sourcePort,
            final int destinationPort, final int sequence, final int acknowledgment, final int headerBytes,
            final int flags, final int window) {
        NetworkOrder.putInt(memory, header + SOURCE_PORT_OFFSET, sourcePort << 16 | destinationPort);
        NetworkOrder.putInt(memory, header + SEQUENCE_OFFSET, sequence);
        NetworkOrder.putInt(memory, header + ACKNOWLEDGMENT_OFFSET, acknowledgment);
        NetworkOrder.putInt(memory, header + DATA_OFFSET_OFFSET, headerBytes << 26 | flags << 16 | window);
        memory.putInt(header + CHECKSUM_OFFSET, 0);
    }

    /** {@code SA}, {@code R}… for messages: FSRPAUEC in the order of the bits. */
    public static String flagsText(final int flags) {
        final StringBuilder out = new StringBuilder(8);
        for (int i = 0; i < 8; i++) {
            if ((flags & 1 << i) != 0) {
                out.append("FSRPAUEC".charAt(i));
            }
        }
        return out.toString();
    }
}
