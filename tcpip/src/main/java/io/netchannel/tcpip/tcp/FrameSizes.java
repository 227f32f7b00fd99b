package io.netchannel.tcpip.tcp;

/**
 * How large a frame may be: by the segment size, by the pieces in which the send queue lies, by what the link cuts.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class FrameSizes {

    // What Linux leaves for data where options take all the room they may.
    private static final int LEAST_SEGMENT_BYTES = 8;

    private final TcpConnection connection;
    private final SegmentWriter writer;
    private final SendQueue queue;

    FrameSizes(final TcpConnection connection, final SegmentWriter writer, final SendQueue queue) {
        this.connection = connection;
        this.writer = writer;
        this.queue = queue;
    }

    /** Payload of a full segment: what the path lets through, less the SACK option beside it, if one is due. */
    int mssBytes() {
        final int mss = connection.sender().mssBytes();
        final int sack = connection.receiver().acks().sackOptionBytes();
        return sack == 0 ? mss : Math.max(mss - sack, Math.min(mss, LEAST_SEGMENT_BYTES));
    }

    /** Bytes from {@code position} of the queue that fit in one frame. */
    int sliceableBytes(final int position) {
        return writer.sliceableBytes(queue, position);
    }

    /** A full segment, or what the memory's pieces let a frame hold. */
    int segmentBytes(final int position, final int lengthBytes) {
        final int mss = mssBytes();
        // A few bytes are copied into the head in any case.
        return lengthBytes <= writer.copyBytes() ? mss : Math.min(mss, sliceableBytes(position));
    }

    /** Segments of a frame, at most. */
    int largestSegments(final int position, final int mssBytes) {
        final int bytes = Math.min(writer.maxPayloadBytes(connection.path(), mssBytes), sliceableBytes(position));
        return Math.max(bytes / mssBytes, 1);
    }
}
