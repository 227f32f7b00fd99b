package io.netchannel.tcpip.tcp.congestion;

import io.netchannel.tcpip.tcp.ConnectionImage;

/**
 * The congestion window of one connection, with what an algorithm needs to know of the connection. In segments.
 *
 * <p>Written by the connection's sender, and by its {@link CongestionControl} in its call-backs.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class CongestionWindow {

    /** No congestion was met yet: slow start goes on. */
    public static final int NO_THRESHOLD = 0x7FFF_FFFF;

    /** No round-trip time is known. */
    public static final long NO_RTT = -1;

    private int segments;
    private int thresholdSegments = NO_THRESHOLD;
    private int maxSegments = 1 << 20;
    private int mssBytes;
    private int avoidanceCount;
    private long smoothedRttNs = NO_RTT;
    private long minRttNs = NO_RTT;

    /** The window, at least 1. */
    public int segments() {
        return segments;
    }

    public void segments(final int value) {
        segments = Math.clamp(value, 1, maxSegments);
    }

    public int thresholdSegments() {
        return thresholdSegments;
    }

    public void thresholdSegments(final int value) {
        thresholdSegments = value;
    }

    /** The window never passes it. */
    public int maxSegments() {
        return maxSegments;
    }

    public void maxSegments(final int value) {
        maxSegments = value;
    }

    public int mssBytes() {
        return mssBytes;
    }

    public void mssBytes(final int value) {
        mssBytes = value;
    }

    public long smoothedRttNs() {
        return smoothedRttNs;
    }

    /** Of the last ten seconds or so. */
    public long minRttNs() {
        return minRttNs;
    }

    public void roundTrip(final long smoothedNs, final long minNs) {
        smoothedRttNs = smoothedNs;
        minRttNs = minNs;
    }

    public boolean inSlowStart() {
        return segments < thresholdSegments;
    }

    /**
     * Slow start (RFC 5681, 3.1, with RFC 3465's byte counting): the window grows by what was acknowledged, up to the
     * threshold.
     *
     * @return acknowledged segments that are left over for congestion avoidance
     */
    public int slowStart(final int ackedSegments) {
        final int grown = (int) Math.min((long) segments + ackedSegments, thresholdSegments);
        final int left = ackedSegments - (grown - segments);
        segments(grown);
        return left;
    }

    /** Congestion avoidance: one segment more for each {@code perSegments} acknowledged. */
    public void avoid(final int perSegments, final int ackedSegments) {
        if (avoidanceCount >= perSegments) {
            // The pace has changed; what was counted for a slower one is worth one segment.
            avoidanceCount = 0;
            segments(segments + 1);
        }
        avoidanceCount += ackedSegments;
        if (avoidanceCount >= perSegments) {
            final int steps = avoidanceCount / perSegments;
            avoidanceCount -= steps * perSegments;
            segments(segments + steps);
        }
    }

    /** What congestion avoidance has counted towards the next segment begins anew. */
    public void resetAvoidance() {
        avoidanceCount = 0;
    }

    /** See {@link ConnectionImage}. */
    public void keep(final ConnectionImage image) {
        segments = image.of(segments);
        thresholdSegments = image.of(thresholdSegments);
        maxSegments = image.of(maxSegments);
        mssBytes = image.of(mssBytes);
        avoidanceCount = image.of(avoidanceCount);
        smoothedRttNs = image.of(smoothedRttNs);
        minRttNs = image.of(minRttNs);
    }
}
