package io.netchannel.tcpip.tcp.congestion;

import io.netchannel.tcpip.tcp.ConnectionImage;

/**
 * HyStart++ (RFC 9406): leaves slow start when the round-trip time grows, that is when a queue builds up, before it
 * overflows.
 *
 * <pre>
 *                  least RTT of a round grew by an eighth (within 4 to 16 ms)
 *   SLOW START ──────────────────────────────────────────────────────────────▶ CONSERVATIVE SLOW START
 *   (cwnd += acked)  ◀──────────────────────────────────────────────────────     (cwnd += acked / 4)
 *                     it fell below what it was then: that was jitter                    │
 *                                                                                        │ five rounds
 *   DONE (ssthresh = cwnd) ◀─────────────────────────────────────────────────────────────┘
 * </pre>
 * Only for the first slow start of a connection, as 4.3 advises. The limit of 8 segments to one acknowledgment (4.2, L)
 * is left out: an acknowledgment may stand for a super-frame of 44 segments, for which a peer without them would have
 * sent 22.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class HyStart {

    // RFC 9406, 4.2 and 4.3.
    private static final long MIN_RTT_THRESHOLD_NS = 4_000_000;
    private static final long MAX_RTT_THRESHOLD_NS = 16_000_000;
    private static final int MIN_RTT_DIVISOR = 8;
    private static final int RTT_SAMPLES = 8;
    private static final int CONSERVATIVE_GROWTH_DIVISOR = 4;
    private static final int CONSERVATIVE_ROUNDS = 5;

    private static final long UNKNOWN = Long.MAX_VALUE;

    private long lastRoundMinRttNs = UNKNOWN;
    private long roundMinRttNs = UNKNOWN;
    private long baselineMinRttNs = UNKNOWN;
    private int samples;
    private int conservativeRounds;
    private int remainder;
    private boolean conservative;

    boolean isConservative() {
        return conservative;
    }

    /** An acknowledgment in slow start, before the window grows by it. */
    void onAcknowledgment(final CongestionWindow window, final RateSample sample) {
        if (sample.roundStart) {
            beginRound(window);
        }
        if (sample.rttNs == RateSample.NO_RTT) {
            return;
        }
        roundMinRttNs = Math.min(roundMinRttNs, sample.rttNs);
        samples++;
        if (samples < RTT_SAMPLES) {
            return;
        }
        if (conservative) {
            if (roundMinRttNs < baselineMinRttNs) {
                conservative = false;
                baselineMinRttNs = UNKNOWN;
            }
        } else if (lastRoundMinRttNs != UNKNOWN && roundMinRttNs >= lastRoundMinRttNs + thresholdNs()) {
            conservative = true;
            conservativeRounds = 0;
            baselineMinRttNs = roundMinRttNs;
        }
    }

    private long thresholdNs() {
        return Math.clamp(lastRoundMinRttNs / MIN_RTT_DIVISOR, MIN_RTT_THRESHOLD_NS, MAX_RTT_THRESHOLD_NS);
    }

    private void beginRound(final CongestionWindow window) {
        lastRoundMinRttNs = roundMinRttNs;
        roundMinRttNs = UNKNOWN;
        samples = 0;
        if (conservative && ++conservativeRounds >= CONSERVATIVE_ROUNDS) {
            window.thresholdSegments(window.segments());
        }
    }

    /** @return segments by which {@code ackedSegments} let the window grow */
    int growth(final int ackedSegments) {
        if (!conservative) {
            return ackedSegments;
        }
        remainder += ackedSegments;
        final int grown = remainder / CONSERVATIVE_GROWTH_DIVISOR;
        remainder -= grown * CONSERVATIVE_GROWTH_DIVISOR;
        return grown;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        lastRoundMinRttNs = image.of(lastRoundMinRttNs);
        roundMinRttNs = image.of(roundMinRttNs);
        baselineMinRttNs = image.of(baselineMinRttNs);
        samples = image.of(samples);
        conservativeRounds = image.of(conservativeRounds);
        remainder = image.of(remainder);
        conservative = image.of(conservative);
    }
}
