package io.netchannel.tcpip.tcp.congestion;

import io.netchannel.tcpip.tcp.ConnectionImage;

/**
 * Data Center TCP (RFC 8257): the window shrinks in proportion to the share of marked segments.
 *
 * <pre>
 *  each round trip:  alpha += (marked / acknowledged - alpha) / 16
 *  marks:            ssthresh = cwnd (1 - alpha / 2), once for each round trip
 *  loss:             ssthresh = cwnd / 2
 * </pre>
 * Growth is {@link NewReno}'s. Only for networks that mark early and share nothing with other traffic (RFC 8257, 5).
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Dctcp implements CongestionControl {

    // alpha in 1/1024; RFC 8257, 4.2: g = 1/16.
    private static final int ALPHA_ONE = 1 << 10;
    private static final int GAIN_SHIFT = 4;
    private static final int MIN_THRESHOLD_SEGMENTS = 2;

    private final NewReno growth = new NewReno(false);
    // RFC 8257, 3.3: a cautious beginning.
    private int alpha = ALPHA_ONE;
    private int deliveredSegments;
    private int markedSegments;

    @Override
    public String name() {
        return "dctcp";
    }

    /** The estimated share of marked segments, 0 to 1. */
    public double alpha() {
        return (double) alpha / ALPHA_ONE;
    }

    @Override
    public void onAcknowledgment(final CongestionWindow window, final RateSample sample) {
        if (sample.roundStart) {
            endRound();
        }
        deliveredSegments += sample.deliveredSegments;
        if (sample.ecnEcho) {
            markedSegments += sample.deliveredSegments;
        }
    }

    private void endRound() {
        if (deliveredSegments > 0) {
            final int share = (int) (((long) markedSegments << 10) / deliveredSegments);
            // What a shift would round away must not keep alpha above zero for ever.
            final int decay = Math.max(alpha >> GAIN_SHIFT, Math.min(alpha, 1));
            alpha = Math.min(alpha - decay + (share >> GAIN_SHIFT), ALPHA_ONE);
        }
        deliveredSegments = 0;
        markedSegments = 0;
    }

    @Override
    public void grow(final CongestionWindow window, final RateSample sample) {
        growth.grow(window, sample);
    }

    @Override
    public int onCongestion(final CongestionWindow window, final CongestionEvent event, final long nowNs) {
        final int segments = window.segments();
        window.resetAvoidance();
        final int reduced = event == CongestionEvent.ECN
                ? segments - (int) ((long) segments * alpha >> 11)
                : segments / 2;
        return Math.max(reduced, MIN_THRESHOLD_SEGMENTS);
    }

    @Override
    public int undoSegments(final CongestionWindow window, final int priorSegments) {
        return Math.max(window.segments(), priorSegments);
    }

    @Override
    public boolean keep(final ConnectionImage image) {
        alpha = image.of(alpha);
        deliveredSegments = image.of(deliveredSegments);
        markedSegments = image.of(markedSegments);
        return true;
    }
}
