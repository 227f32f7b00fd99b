package io.netchannel.tcpip.capture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes frames in the pcapng format (draft-ietf-opsawg-pcapng): one section, one Ethernet interface, times in nanoseconds.
 *
 * <pre>
 *   block     type (4) │ total length (4) │ body, padded to 4 │ options │ total length (4)
 *   option    code (2) │ length (2) │ value, padded to 4
 * </pre>
 *
 * <p>Threading: one thread.
 */
public final class PcapngWriter implements AutoCloseable {

    private static final int SECTION_HEADER = 0x0A0D_0D0A;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int INTERFACE_STATISTICS = 5;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B_3C4D;
    private static final int LINKTYPE_ETHERNET = 1;

    private static final int OPT_END = 0;
    private static final int SHB_USERAPPL = 4;
    private static final int IF_NAME = 2;
    private static final int IF_TSRESOL = 9;
    private static final int IF_FILTER = 11;
    private static final int EPB_FLAGS = 2;
    private static final int ISB_STARTTIME = 2;
    private static final int ISB_ENDTIME = 3;
    private static final int ISB_IFRECV = 4;
    private static final int ISB_FILTERACCEPT = 6;
    private static final int ISB_OSDROP = 7;
    private static final int FLAG_INBOUND = 1;
    private static final int FLAG_OUTBOUND = 2;
    private static final int NANOSECONDS = 9;
    /** Block and option headers, with room for a few options. */
    private static final int OVERHEAD_BYTES = 512;

    private final OutputStream out;
    private ByteBuffer block = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);
    private long frames;

    /** Writes the section's header. @param filter text of it; empty for none */
    public PcapngWriter(final OutputStream out, final String interfaceName, final int snapBytes, final String filter)
            throws IOException {
        this.out = out;
        begin(SECTION_HEADER, 0);
        block.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
        option(SHB_USERAPPL, "netchannel".getBytes(StandardCharsets.UTF_8));
        end();
        final byte[] filterBytes = filter.getBytes(StandardCharsets.UTF_8);
        begin(INTERFACE_DESCRIPTION, filterBytes.length);
        block.putShort((short) LINKTYPE_ETHERNET).putShort((short) 0).putInt(snapBytes);
        option(IF_NAME, interfaceName.getBytes(StandardCharsets.UTF_8));
        option(IF_TSRESOL, new byte[]{NANOSECONDS});
        if (filterBytes.length > 0) {
            final byte[] value = new byte[1 + filterBytes.length];
            // 0: the text of a pcap filter follows.
            System.arraycopy(filterBytes, 0, value, 1, filterBytes.length);
            option(IF_FILTER, value);
        }
        end();
    }

    /**
     * @param unixTimeNs since 1970
     * @param bytes the first {@code capturedBytes} of the frame
     */
    public void frame(final long unixTimeNs, final boolean outbound, final byte[] bytes, final int capturedBytes,
            final int frameBytes) throws IOException {
        begin(ENHANCED_PACKET, capturedBytes);
        block.putInt(0);
        time(unixTimeNs);
        block.putInt(capturedBytes).putInt(frameBytes).put(bytes, 0, capturedBytes);
        pad();
        optionHeader(EPB_FLAGS, Integer.BYTES);
        block.putInt(outbound ? FLAG_OUTBOUND : FLAG_INBOUND);
        end();
        frames++;
    }

    /**
     * Writes what was lost, at the end.
     *
     * @param accepted frames that the filter selected
     * @param dropped of these, those that are missing
     */
    public void statistics(final long startUnixNs, final long endUnixNs, final long accepted, final long dropped)
            throws IOException {
        begin(INTERFACE_STATISTICS, 0);
        block.putInt(0);
        time(endUnixNs);
        optionHeader(ISB_STARTTIME, Long.BYTES);
        time(startUnixNs);
        optionHeader(ISB_ENDTIME, Long.BYTES);
        time(endUnixNs);
        count(ISB_IFRECV, accepted);
        count(ISB_FILTERACCEPT, accepted);
        count(ISB_OSDROP, dropped);
        end();
    }

    public long frames() {
        return frames;
    }

    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    // -- blocks

    private void begin(final int type, final int variableBytes) {
        if (block.capacity() < variableBytes + OVERHEAD_BYTES) {
            block = ByteBuffer.allocate(variableBytes + OVERHEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }
        block.clear();
        block.putInt(type).putInt(0);
    }

    private void end() throws IOException {
        optionHeader(OPT_END, 0);
        final int totalBytes = block.position() + Integer.BYTES;
        block.putInt(totalBytes).putInt(Integer.BYTES, totalBytes);
        out.write(block.array(), 0, totalBytes);
    }

    /** High half first, whatever the byte order. */
    private void time(final long unixTimeNs) {
        block.putInt((int) (unixTimeNs >>> 32)).putInt((int) unixTimeNs);
    }

    private void count(final int code, final long value) {
        optionHeader(code, Long.BYTES);
        block.putLong(value);
    }

    private void option(final int code, final byte[] value) {
        optionHeader(code, value.length);
        block.put(value);
        pad();
    }

    private void optionHeader(final int code, final int lengthBytes) {
        block.putShort((short) code).putShort((short) lengthBytes);
    }

    private void pad() {
        while (block.position() % Integer.BYTES != 0) {
            block.put((byte) 0);
        }
    }
}
