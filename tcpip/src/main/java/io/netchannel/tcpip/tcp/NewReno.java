package io.netchannel.tcpip.tcp;

/**
 * Slow start and congestion avoidance (RFC 5681) with appropriate byte counting (RFC 3465) and a large initial window
 * (RFC 6928).
 *
 * <pre>
 *  slow start, cwnd < ssthresh:   cwnd += acked
 *  congestion avoidance:          cwnd += MSS for each cwnd acknowledged
 *  loss:                          ssthresh = cwnd = max(flight / 2, 2 MSS)
 *  timeout:                       ssthresh likewise, cwnd = MSS
 * </pre>
 * RFC 3465 bounds the growth by one acknowledgment to 2 MSS in slow start. Here one acknowledgment may stand for a
 * whole super-frame of 44 segments, for which the peer would have sent 22; so the limit is the flight that it
 * acknowledges. After a timeout it is 1 MSS, as RFC 3465, 2.3 demands.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class NewReno implements CongestionControl {

    private static final int MAX_WINDOW_BYTES = 1 << 30;

    private final int initialWindowSegments;
    private int mssBytes = 1;
    private int windowBytes;
    private int thresholdBytes = MAX_WINDOW_BYTES;
    private int avoidanceBytes;
    private boolean afterTimeout;

    NewReno(final int initialWindowSegments) {
        this.initialWindowSegments = initialWindowSegments;
    }

    @Override
    public void onSegmentSize(final int mssBytes) {
        this.mssBytes = mssBytes;
        if (windowBytes == 0) {
            windowBytes = initialWindowBytes();
        }
        windowBytes = Math.max(windowBytes, mssBytes);
    }

    @Override
    public void onHandshakeLoss() {
        windowBytes = mssBytes;
    }

    private int initialWindowBytes() {
        // RFC 6928, 2: min(10 MSS, max(2 MSS, 14600)), for 10 segments.
        return Math.min(initialWindowSegments * mssBytes, Math.max(2 * mssBytes, initialWindowSegments * 1460));
    }

    @Override
    public void onAck(final AckSample sample) {
        // In slow start a flight of half the window justifies more, as in Linux: the end of a write is seldom a full
        // window.
        if (!sample.windowLimited() && !(inSlowStart() && windowBytes < 2 * sample.priorFlightBytes())) {
            return;
        }
        int acked = sample.ackedBytes();
        if (windowBytes < thresholdBytes) {
            final int growth = Math.min(afterTimeout ? Math.min(acked, mssBytes) : acked, thresholdBytes - windowBytes);
            windowBytes = Math.min(windowBytes + growth, MAX_WINDOW_BYTES);
            acked -= growth;
            if (windowBytes < thresholdBytes || acked == 0) {
                return;
            }
        }
        afterTimeout = false;
        avoidanceBytes += acked;
        if (avoidanceBytes >= windowBytes) {
            avoidanceBytes -= windowBytes;
            windowBytes = Math.min(windowBytes + mssBytes, MAX_WINDOW_BYTES);
        }
    }

    @Override
    public void onLoss(final int flightBytes, final long nowNs) {
        thresholdBytes = Math.max(flightBytes / 2, 2 * mssBytes);
        windowBytes = thresholdBytes;
        avoidanceBytes = 0;
        afterTimeout = false;
    }

    @Override
    public void onRecovered(final int flightBytes, final long nowNs) {
        // RFC 6582, 3.2 (3), first option: no burst into a pipe that has drained.
        windowBytes = Math.min(thresholdBytes, Math.max(flightBytes, mssBytes) + mssBytes);
    }

    @Override
    public void onTimeout(final int flightBytes, final boolean repeated, final long nowNs) {
        if (!repeated) {
            // RFC 5681, 3.1 (4): held if the segment was retransmitted by the timer before.
            thresholdBytes = Math.max(flightBytes / 2, 2 * mssBytes);
        }
        windowBytes = mssBytes;
        avoidanceBytes = 0;
        afterTimeout = true;
    }

    @Override
    public void onIdle() {
        windowBytes = Math.min(windowBytes, initialWindowBytes());
    }

    @Override
    public int windowBytes() {
        return windowBytes;
    }

    @Override
    public int slowStartThresholdBytes() {
        return thresholdBytes;
    }
}
