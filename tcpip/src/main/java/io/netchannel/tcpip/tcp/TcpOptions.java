package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.wire.NetworkOrder;

/**
 * The options of one header, parsed into fields; and their writers.
 *
 * <p>A malformed option ends the parse (RFC 9293, MUST-7: no crash); what came before it stands. An option of a known
 * kind with a wrong length is passed over.
 *
 * <p>Threading: confined to the thread of its stack, which re-uses one instance.
 */
public final class TcpOptions {

    /** An option that is not there. */
    public static final int ABSENT = -1;

    /** Largest shift (RFC 7323, 2.3). */
    public static final int MAX_WINDOW_SCALE = 14;

    private int mssBytes;
    private int windowScale;
    private boolean sackPermitted;
    private boolean timestamps;
    private int timestampValue;
    private int timestampEcho;
    private final int[] sackStarts = new int[MAX_SACK_BLOCKS];
    private final int[] sackEnds = new int[MAX_SACK_BLOCKS];
    private int sackBlocks;

    /** The MSS option, or {@link #ABSENT}. */
    public int mssBytes() {
        return mssBytes;
    }

    /** The shift, at most {@link #MAX_WINDOW_SCALE}, or {@link #ABSENT}. */
    public int windowScale() {
        return windowScale;
    }

    public boolean sackPermitted() {
        return sackPermitted;
    }

    public boolean hasTimestamps() {
        return timestamps;
    }

    /** TSval; 0 without timestamps. */
    public int timestampValue() {
        return timestampValue;
    }

    /** TSecr; 0 without timestamps. */
    public int timestampEcho() {
        return timestampEcho;
    }

    /** Blocks of the SACK option (RFC 2018, 3), at most 4. As sent: the sender checks them. */
    public int sackBlocks() {
        return sackBlocks;
    }

    /** First number of block {@code i}. */
    public int sackStart(final int i) {
        return sackStarts[i];
    }

    /** The number after the last of block {@code i}. */
    public int sackEnd(final int i) {
        return sackEnds[i];
    }

    void clear() {
        sackBlocks = 0;
        mssBytes = ABSENT;
        windowScale = ABSENT;
        sackPermitted = false;
        timestamps = false;
        timestampValue = 0;
        timestampEcho = 0;
    }

    /**
     * Parses {@code lengthBytes} bytes of options.
     *
     * @return false if they are malformed
     */
    public boolean parse(final OrderedMemory memory, final long address, final int lengthBytes) {
        clear();
        if (lengthBytes == PADDED_TIMESTAMPS_BYTES
                && NetworkOrder.getInt(memory, address) == PADDED_TIMESTAMPS_WORD) {
            timestamps(memory, address + 4);
            return true;
        }
        int position = 0;
        while (position < lengthBytes) {
            final int kind = NetworkOrder.getByte(memory, address + position);
            if (kind == OPTION_END) {
                return true;
            }
            if (kind == OPTION_NO_OPERATION) {
                position++;
                continue;
            }
            if (position + 1 == lengthBytes) {
                return false;
            }
            final int length = NetworkOrder.getByte(memory, address + position + 1);
            if (length < 2 || length > lengthBytes - position) {
                return false;
            }
            option(memory, address + position + 2, kind, length);
            position += length;
        }
        return true;
    }

    private void option(final OrderedMemory memory, final long value, final int kind, final int length) {
        if (kind == OPTION_MSS && length == MSS_BYTES) {
            mssBytes = NetworkOrder.getShort(memory, value);
        } else if (kind == OPTION_WINDOW_SCALE && length == WINDOW_SCALE_BYTES) {
            // RFC 7323, 2.3: a greater shift is taken for 14.
            windowScale = Math.min(NetworkOrder.getByte(memory, value), MAX_WINDOW_SCALE);
        } else if (kind == OPTION_SACK_PERMITTED && length == SACK_PERMITTED_BYTES) {
            sackPermitted = true;
        } else if (kind == OPTION_TIMESTAMPS && length == TIMESTAMPS_BYTES) {
            timestamps(memory, value);
        } else if (kind == OPTION_SACK && (length - SACK_PREFIX_BYTES) % SACK_BLOCK_BYTES == 0) {
            sack(memory, value, Math.min((length - SACK_PREFIX_BYTES) / SACK_BLOCK_BYTES, MAX_SACK_BLOCKS));
        }
    }

    private void sack(final OrderedMemory memory, final long value, final int blocks) {
        sackBlocks = blocks;
        for (int i = 0; i < blocks; i++) {
            sackStarts[i] = NetworkOrder.getInt(memory, value + i * SACK_BLOCK_BYTES);
            sackEnds[i] = NetworkOrder.getInt(memory, value + i * SACK_BLOCK_BYTES + 4);
        }
    }

    private void timestamps(final OrderedMemory memory, final long value) {
        timestamps = true;
        timestampValue = NetworkOrder.getInt(memory, value);
        timestampEcho = NetworkOrder.getInt(memory, value + 4);
    }

    // -- writers; each returns the bytes it wrote, a multiple of 4

    static int putMss(final OrderedMemory memory, final long address, final int mssBytes) {
        NetworkOrder.putInt(memory, address, OPTION_MSS << 24 | MSS_BYTES << 16 | mssBytes);
        return MSS_BYTES;
    }

    static int putSackPermitted(final OrderedMemory memory, final long address) {
        NetworkOrder.putInt(memory, address, OPTION_NO_OPERATION << 24 | OPTION_NO_OPERATION << 16
                | OPTION_SACK_PERMITTED << 8 | SACK_PERMITTED_BYTES);
        return 4;
    }

    /** SACK permitted in the place of the timestamps' padding, as Linux sends it. */
    static int putSackPermittedAndTimestamps(final OrderedMemory memory, final long address, final int value,
            final int echo) {
        NetworkOrder.putInt(memory, address, OPTION_SACK_PERMITTED << 24 | SACK_PERMITTED_BYTES << 16
                | OPTION_TIMESTAMPS << 8 | TIMESTAMPS_BYTES);
        NetworkOrder.putInt(memory, address + 4, value);
        NetworkOrder.putInt(memory, address + 8, echo);
        return PADDED_TIMESTAMPS_BYTES;
    }

    /** The head of a SACK option of {@code blocks} blocks; {@link #putSackBlock} follows for each. */
    static int putSack(final OrderedMemory memory, final long address, final int blocks) {
        NetworkOrder.putInt(memory, address, OPTION_NO_OPERATION << 24 | OPTION_NO_OPERATION << 16 | OPTION_SACK << 8
                | SACK_PREFIX_BYTES + blocks * SACK_BLOCK_BYTES);
        return 4;
    }

    static int putSackBlock(final OrderedMemory memory, final long address, final int start, final int end) {
        NetworkOrder.putInt(memory, address, start);
        NetworkOrder.putInt(memory, address + 4, end);
        return SACK_BLOCK_BYTES;
    }

    static int putWindowScale(final OrderedMemory memory, final long address, final int shift) {
        NetworkOrder.putInt(memory, address,
                OPTION_NO_OPERATION << 24 | OPTION_WINDOW_SCALE << 16 | WINDOW_SCALE_BYTES << 8 | shift);
        return 4;
    }

    static int putTimestamps(final OrderedMemory memory, final long address, final int value, final int echo) {
        NetworkOrder.putInt(memory, address, PADDED_TIMESTAMPS_WORD);
        NetworkOrder.putInt(memory, address + 4, value);
        NetworkOrder.putInt(memory, address + 8, echo);
        return PADDED_TIMESTAMPS_BYTES;
    }
}
