package io.netchannel.tcpip.tcp;

/**
 * The peer's window, as its segments tell (RFC 9293, 3.10.7.4: SND.WND, SND.WL1).
 *
 * <p>Which segment may change it is Linux's choice: one that acknowledges something new, or has a newer sequence number;
 * of others of the same number only one that opens the window further or shuts it.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SendWindow {

    // Below this the peer's largest window says nothing about its segments.
    private static final int DEFAULT_MSS_BYTES = 536;
    private static final int LEAST_MSS_BYTES = 48;

    private int scale;
    private int bytes;
    private int maxBytes;
    private int updateSequence;
    private int end;

    void scale(final int shift) {
        scale = shift;
    }

    int scale() {
        return scale;
    }

    /** Of the segment that ends the handshake. */
    void begin(final int sequence, final int una, final int offeredBytes) {
        updateSequence = sequence;
        bytes = offeredBytes;
        maxBytes = Math.max(maxBytes, offeredBytes);
        end = SeqNum.add(una, offeredBytes);
    }

    /**
     * @param advances whether {@code una} is new
     * @return whether the segment has the say
     */
    boolean update(final TcpSegment segment, final int una, final boolean advances) {
        final int offeredBytes = segment.window() << scale;
        final int sequence = segment.sequence();
        final boolean may = advances || SeqNum.greaterThan(sequence, updateSequence)
                || sequence == updateSequence && (offeredBytes > bytes || offeredBytes == 0);
        if (may) {
            updateSequence = sequence;
            bytes = offeredBytes;
            maxBytes = Math.max(maxBytes, offeredBytes);
        }
        end = SeqNum.add(una, bytes);
        return may;
    }

    int bytes() {
        return bytes;
    }

    /** The largest that was offered. */
    int maxBytes() {
        return maxBytes;
    }

    /** The number after the last that may be sent. */
    int end() {
        return end;
    }

    /** Bytes that may be sent from {@code sequence} on; negative if the window was drawn back. */
    int roomBytes(final int sequence) {
        return SeqNum.distance(sequence, end);
    }

    /** No more than half of a small window goes into one segment, lest each fill it. */
    int boundSegment(final int mssBytes) {
        final int bound = maxBytes > DEFAULT_MSS_BYTES ? maxBytes >> 1 : maxBytes;
        return bound > 0 && mssBytes > bound ? Math.max(bound, LEAST_MSS_BYTES) : mssBytes;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        scale = image.of(scale);
        bytes = image.of(bytes);
        maxBytes = image.of(maxBytes);
        updateSequence = image.sequence(updateSequence);
        end = image.sequence(end);
    }
}
