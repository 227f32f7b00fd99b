package io.netchannel.tcpip.tcp;

/** What one flow has received, for TCP_INFO. Confined to the thread of its stack. */
final class ReceiveStatistics {

    long bytes;
    long outOfOrderSegments;
    private long segments;
    private long dataSegments;

    void count(final TcpSegment segment) {
        final int count = segment.segmentCount();
        segments += count;
        dataSegments += segment.payloadBytes() > 0 ? count : 0;
    }

    /** A FIN counts as a byte, as in Linux. */
    void info(final TcpInfo into, final boolean finPassed) {
        into.set(TcpInfo.Field.BYTES_RECEIVED, bytes + (finPassed ? 1 : 0));
        into.set(TcpInfo.Field.SEGS_IN, segments);
        into.set(TcpInfo.Field.DATA_SEGS_IN, dataSegments);
        into.set(TcpInfo.Field.RCV_OOOPACK, outOfOrderSegments);
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        bytes = image.of(bytes);
        outOfOrderSegments = image.of(outOfOrderSegments);
        segments = image.of(segments);
        dataSegments = image.of(dataSegments);
    }
}
