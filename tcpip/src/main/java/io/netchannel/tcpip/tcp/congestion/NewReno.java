package io.netchannel.tcpip.tcp.congestion;

/**
 * Slow start and congestion avoidance (RFC 5681) with appropriate byte counting (RFC 3465).
 *
 * <pre>
 *  slow start, cwnd < ssthresh:   cwnd += acked
 *  congestion avoidance:          cwnd += 1 for each cwnd acknowledged
 *  congestion:                    ssthresh = max(cwnd / 2, 2)
 * </pre>
 * <p>Threading: confined to the thread of its stack.
 */
public final class NewReno implements CongestionControl {

    @Override
    public String name() {
        return "reno";
    }

    @Override
    public void grow(final CongestionWindow window, final RateSample sample) {
        if (!sample.windowLimited) {
            return;
        }
        final int left = window.inSlowStart() ? window.slowStart(sample.ackedSegments) : sample.ackedSegments;
        if (left > 0) {
            window.avoid(window.segments(), left);
        }
    }

    @Override
    public int onCongestion(final CongestionWindow window, final CongestionEvent event, final long nowNs) {
        return Math.max(window.segments() / 2, 2);
    }

    @Override
    public int undoSegments(final CongestionWindow window, final int priorSegments) {
        return Math.max(window.segments(), priorSegments);
    }
}
