package io.netchannel.tcpip.tcp;

/**
 * How large a frame may be: by the segment size, by the pieces in which the send queue lies, by what the link cuts.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class FrameSizes {

    private final TcpConnection connection;
    private final SegmentWriter writer;
    private final SendQueue queue;

    FrameSizes(final TcpConnection connection, final SegmentWriter writer, final SendQueue queue) {
        this.connection = connection;
        this.writer = writer;
        this.queue = queue;
    }

    /** Bytes from {@code position} of the queue that fit in one frame. */
    int sliceableBytes(final int position) {
        return writer.sliceableBytes(queue, position);
    }

    /** A full segment of {@code mssBytes}, or what the memory's pieces let a frame hold. */
    int segmentBytes(final int position, final int lengthBytes, final int mssBytes) {
        // A few bytes are copied into the head in any case.
        return lengthBytes <= writer.copyBytes() ? mssBytes : Math.min(mssBytes, sliceableBytes(position));
    }

    /** Segments of a frame, at most. */
    int largestSegments(final int position, final int mssBytes) {
        final int bytes = Math.min(writer.maxPayloadBytes(connection.path(), mssBytes), sliceableBytes(position));
        return Math.max(bytes / mssBytes, 1);
    }

    /** Payload of the largest frame to a peer that has offered {@code maxWindowBytes}: at most half of that. */
    int largestBytes(final int maxWindowBytes, final int mssBytes) {
        final int halfWindow = Math.max(maxWindowBytes >> 1, mssBytes);
        return Math.min(writer.maxPayloadBytes(connection.path(), mssBytes), halfWindow) / mssBytes * mssBytes;
    }
}
