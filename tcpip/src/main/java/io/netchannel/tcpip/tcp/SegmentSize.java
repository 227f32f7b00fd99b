package io.netchannel.tcpip.tcp;

/**
 * Payload of a full segment that is sent: as the peer and the path say, as the search for the path's MTU has found, and as
 * the peer's window lets it be.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SegmentSize {

    private static final int UNKNOWN_BYTES = 536;

    private final SendParts parts;
    private final int leastBytes;
    private int pathMssBytes = UNKNOWN_BYTES;
    private int mssBytes = UNKNOWN_BYTES;
    private int optionBytes;

    SegmentSize(final SendParts parts, final TcpConfig config) {
        this.parts = parts;
        this.leastBytes = config.getInt(TcpSetting.MIN_SEND_SEGMENT_BYTES);
    }

    /** @param options bytes of every header */
    void begin(final int segmentBytes, final int options) {
        pathMssBytes = segmentBytes;
        optionBytes = options;
    }

    int mssBytes() {
        return mssBytes;
    }

    int optionBytes() {
        return optionBytes;
    }

    int pathMssBytes() {
        return pathMssBytes;
    }

    /** Segments to come hold at most {@code segmentBytes}. */
    void limit(final int segmentBytes) {
        pathMssBytes = segmentBytes;
        sync();
    }

    /** What is known of the path, or of the peer, has changed. */
    void sync() {
        final int mss = parts.mtu.boundSegment(pathMssBytes, optionBytes);
        mssBytes = parts.window.boundSegment(Math.max(mss, leastBytes - optionBytes));
        parts.flight.window().mssBytes(mssBytes);
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        pathMssBytes = image.of(pathMssBytes);
        mssBytes = image.of(mssBytes);
        optionBytes = image.of(optionBytes);
    }
}
