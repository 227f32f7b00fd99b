package io.netchannel.tcpip.tcp.congestion;

import io.netchannel.tcpip.tcp.ConnectionImage;

/**
 * Slow start and congestion avoidance (RFC 5681) with appropriate byte counting (RFC 3465).
 *
 * <pre>
 *  slow start, cwnd &lt; ssthresh:   cwnd += acked
 *  congestion avoidance:          cwnd += 1 for each cwnd acknowledged
 *  congestion:                    ssthresh = max(cwnd / 2, 2); for ECN's mark 4/5 if so configured (RFC 8511)
 * </pre>
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class NewReno implements CongestionControl {

    private static final int MIN_THRESHOLD_SEGMENTS = 2;

    private final boolean alternativeBackoff;

    public NewReno(final boolean alternativeBackoff) {
        this.alternativeBackoff = alternativeBackoff;
    }

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
        final int segments = window.segments();
        window.resetAvoidance();
        final boolean gentle = alternativeBackoff && event == CongestionEvent.ECN;
        return Math.max(gentle ? (int) (segments * 4L / 5) : segments / 2, MIN_THRESHOLD_SEGMENTS);
    }

    @Override
    public int undoSegments(final CongestionWindow window, final int priorSegments) {
        return Math.max(window.segments(), priorSegments);
    }

    @Override
    public boolean keep(final ConnectionImage image) {
        return true;
    }
}
