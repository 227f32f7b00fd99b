package io.netchannel.tcpip.tcp.congestion;

import io.netchannel.tcpip.tcp.ConnectionImage;

/**
 * CUBIC (RFC 9438) with HyStart++ (RFC 9406).
 *
 * <pre>
 *  W_cubic(t) = C (t - K)^3 + W_max           steep, flat around W_max, steep again
 *  W_est     += alpha * acked / cwnd           what Reno would have: the larger of the two counts
 *  congestion: W_max = cwnd (less if it was below the last W_max), ssthresh = beta * cwnd
 * </pre>
 * t is the time since congestion avoidance began, so growth doesn't depend on the round-trip time. The target is a whole
 * number, before W_max the next above the curve, as in Linux: where loss keeps the window at ten segments, to be behind by
 * part of one is to be slower by part of a tenth.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Cubic implements CongestionControl {

    /** RFC 9438, 4.1.2: segments / s^3. */
    private static final double C = 0.4;
    /** RFC 9438, 4.6: 0.7, a little more so that its products with whole numbers don't end just below them. */
    private static final double BETA = 717 / 1024.0;
    /** RFC 8511, 4.1: for ECN's mark, which comes before a queue overflows. */
    private static final double BETA_ECN = 0.85;
    /** RFC 9438, 4.3: what makes Reno's average window with {@link #BETA} that of Reno with 1/2. */
    private static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);
    private static final int MIN_THRESHOLD_SEGMENTS = 2;
    // Growth in a round trip: at least a hundredth of a segment (as in Linux), a twentieth of the window while no limit is
    // known (likewise); at most half of it (RFC 9438, 4.2).
    private static final int SLOWEST_GROWTH_WINDOWS = 100;
    private static final int UNKNOWN_LIMIT_SEGMENTS = 20;
    private static final int FASTEST_GROWTH_SEGMENTS = 2;
    private static final double NS = 1e9;

    private final boolean alternativeBackoff;
    private final HyStart hyStart;
    // 0: no limit was found yet, or all was forgotten by a timeout.
    private int maxSegments;
    private double estimateSegments;
    private int priorSegments;
    private int originSegments;
    private double kSeconds;
    private long epochStartNs;
    private boolean inEpoch;
    // For undo (RFC 9438, 4.9.2).
    private int undoMaxSegments;
    private double undoEstimateSegments;
    private int undoPriorSegments;
    private int undoOriginSegments;
    private double undoKSeconds;
    private long undoEpochStartNs;
    private boolean undoInEpoch;

    /** @param hyStart whether the first slow start ends when the delay grows */
    public Cubic(final boolean hyStart, final boolean alternativeBackoff) {
        this.hyStart = hyStart ? new HyStart() : null;
        this.alternativeBackoff = alternativeBackoff;
    }

    @Override
    public String name() {
        return "cubic";
    }

    @Override
    public void onAcknowledgment(final CongestionWindow window, final RateSample sample) {
        if (hyStart != null && isFirstSlowStart(window)) {
            hyStart.onAcknowledgment(window, sample);
        }
    }

    private static boolean isFirstSlowStart(final CongestionWindow window) {
        return window.thresholdSegments() == CongestionWindow.NO_THRESHOLD;
    }

    @Override
    public void grow(final CongestionWindow window, final RateSample sample) {
        if (!sample.windowLimited) {
            return;
        }
        int acked = sample.ackedSegments;
        if (window.inSlowStart()) {
            acked = window.slowStart(
                    hyStart != null && isFirstSlowStart(window) ? hyStart.growth(acked) : acked);
        }
        if (acked > 0 && !window.inSlowStart()) {
            avoid(window, acked, sample.nowNs);
        }
    }

    private void avoid(final CongestionWindow window, final int acked, final long nowNs) {
        final int segments = window.segments();
        if (!inEpoch) {
            beginEpoch(segments, nowNs);
        }
        // RFC 9438, 4.3: once the estimate has passed the window before the reduction, it grows as Reno does.
        final double alpha = estimateSegments >= priorSegments ? 1 : ALPHA;
        estimateSegments += alpha * acked / segments;
        window.avoid(segmentsPerGrowth(window, nowNs), acked);
    }

    /** @return segments to be acknowledged for the window to grow by one */
    private int segmentsPerGrowth(final CongestionWindow window, final long nowNs) {
        final int segments = window.segments();
        final double rttSeconds = Math.max(0, window.minRttNs()) / NS;
        final double seconds = (nowNs - epochStartNs) / NS + rttSeconds - kSeconds;
        final double offset = Math.clamp(C * seconds * seconds * seconds, -originSegments, segments);
        // Towards zero: before K, where it is negative, the target is above the curve.
        final int target = originSegments + (int) offset;
        int perGrowth = target > segments ? segments / (target - segments) : SLOWEST_GROWTH_WINDOWS * segments;
        if (maxSegments == 0) {
            perGrowth = Math.min(perGrowth, UNKNOWN_LIMIT_SEGMENTS);
        }
        // RFC 9438, 4.3: never less than Reno.
        final int estimate = (int) estimateSegments;
        if (estimate > segments) {
            perGrowth = Math.min(perGrowth, segments / (estimate - segments));
        }
        return Math.max(perGrowth, FASTEST_GROWTH_SEGMENTS);
    }

    private void beginEpoch(final int segments, final long nowNs) {
        inEpoch = true;
        epochStartNs = nowNs;
        estimateSegments = segments;
        if (segments < maxSegments) {
            kSeconds = StrictMath.cbrt((maxSegments - segments) / C);
            originSegments = maxSegments;
        } else {
            kSeconds = 0;
            originSegments = segments;
        }
    }

    @Override
    public int onCongestion(final CongestionWindow window, final CongestionEvent event, final long nowNs) {
        save();
        final int segments = window.segments();
        final double beta = alternativeBackoff && event == CongestionEvent.ECN ? BETA_ECN : BETA;
        inEpoch = false;
        window.resetAvoidance();
        priorSegments = segments;
        if (event == CongestionEvent.TIMEOUT) {
            // RFC 9438, 4.8: the curve begins at the window with which congestion avoidance will.
            maxSegments = 0;
        } else {
            // RFC 9438, 4.7, fast convergence: a window that shrinks makes room for newcomers.
            maxSegments = segments < maxSegments ? (int) (segments * (1 + beta) / 2) : segments;
        }
        return Math.max((int) (segments * beta), MIN_THRESHOLD_SEGMENTS);
    }

    private void save() {
        undoMaxSegments = maxSegments;
        undoEstimateSegments = estimateSegments;
        undoPriorSegments = priorSegments;
        undoOriginSegments = originSegments;
        undoKSeconds = kSeconds;
        undoEpochStartNs = epochStartNs;
        undoInEpoch = inEpoch;
    }

    @Override
    public int undoSegments(final CongestionWindow window, final int windowBefore) {
        maxSegments = undoMaxSegments;
        estimateSegments = undoEstimateSegments;
        priorSegments = undoPriorSegments;
        originSegments = undoOriginSegments;
        kSeconds = undoKSeconds;
        epochStartNs = undoEpochStartNs;
        inEpoch = undoInEpoch;
        return Math.max(window.segments(), windowBefore);
    }

    @Override
    public void onTransmitStart(final CongestionWindow window, final long idleNs, final long nowNs) {
        // RFC 9438, 4.2: time in which nothing was sent is not time in which the window has grown.
        if (inEpoch && idleNs > 0) {
            epochStartNs = Math.min(nowNs, epochStartNs + idleNs);
        }
    }

    @Override
    public boolean keep(final ConnectionImage image) {
        maxSegments = image.of(maxSegments);
        estimateSegments = image.of(estimateSegments);
        priorSegments = image.of(priorSegments);
        originSegments = image.of(originSegments);
        kSeconds = image.of(kSeconds);
        epochStartNs = image.of(epochStartNs);
        inEpoch = image.of(inEpoch);
        undoMaxSegments = image.of(undoMaxSegments);
        undoEstimateSegments = image.of(undoEstimateSegments);
        undoPriorSegments = image.of(undoPriorSegments);
        undoOriginSegments = image.of(undoOriginSegments);
        undoKSeconds = image.of(undoKSeconds);
        undoEpochStartNs = image.of(undoEpochStartNs);
        undoInEpoch = image.of(undoInEpoch);
        if (hyStart != null) {
            hyStart.keep(image);
        }
        return true;
    }
}
