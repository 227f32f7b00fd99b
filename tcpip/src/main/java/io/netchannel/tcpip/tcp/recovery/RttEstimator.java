package io.netchannel.tcpip.tcp.recovery;

import io.netchannel.tcpip.tcp.ConnectionImage;
import io.netchannel.tcpip.tcp.SeqNum;

/**
 * Round-trip time and retransmission timeout (RFC 6298), with Linux's refinements.
 *
 * <pre>
 *  first sample R:  SRTT = R,  MDEV = 2R
 *  then:            MDEV += (|R - SRTT| - MDEV / 4), an eighth of that if R is smaller than before;  SRTT += (R - SRTT) / 8
 *  RTTVAR           the largest MDEV of a round trip, at least the minimum; sinks by a quarter of the difference a round
 *  RTO = SRTT + RTTVAR, doubled by each timeout, at most the maximum
 * </pre>
 * MDEV and RTTVAR are four times the mean deviation. The minimum bounds the variance term and not the sum; so a steady
 * path with an RTT just under the minimum has room for a delayed acknowledgment.
 *
 * <p>Karn's algorithm is the caller's: only unambiguous samples come here (RFC 6298, 3), and only such a one ends the
 * backoff.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class RttEstimator {

    private static final int MAX_BACKOFF = 32;
    // Linux's tcp_min_rtt_wlen.
    private static final long MINIMUM_WINDOW_NS = 300_000_000_000L;
    // What a sample of 0 counts as, in a simulation.
    private static final long LEAST_MINIMUM_NS = 1_000_000;

    private final long minRtoNs;
    private final long maxRtoNs;
    private final WindowedMinimum minimum = new WindowedMinimum(MINIMUM_WINDOW_NS);
    // Eight times the smoothed time; 0 before the first sample.
    private long scaledNs;
    private long deviationNs;
    private long maxDeviationNs;
    private long varianceNs;
    private int roundEnd;
    private long rtoNs;
    private int backoff;

    public RttEstimator(final long initialRtoNs, final long minRtoNs, final long maxRtoNs) {
        this.minRtoNs = minRtoNs;
        this.maxRtoNs = maxRtoNs;
        this.rtoNs = initialRtoNs;
    }

    /**
     * @param una SND.UNA
     * @param nxt SND.NXT: rounds are told by them
     */
    public void onSample(final long rttNs, final int una, final int nxt) {
        if (scaledNs == 0) {
            scaledNs = Math.max(rttNs << 3, 1);
            deviationNs = rttNs << 1;
            varianceNs = Math.max(deviationNs, minRtoNs);
            maxDeviationNs = varianceNs;
            roundEnd = nxt;
        } else {
            smooth(rttNs, una, nxt);
        }
        rtoNs = baseRtoNs();
        backoff = 0;
    }

    private void smooth(final long rttNs, final int una, final int nxt) {
        final long error = rttNs - (scaledNs >> 3);
        scaledNs = Math.max(scaledNs + error, 1);
        long change = Math.abs(error) - (deviationNs >> 2);
        if (error < 0 && change > 0) {
            // A sudden drop of the delay is no reason for a longer timeout.
            change >>= 3;
        }
        deviationNs += change;
        if (deviationNs > maxDeviationNs) {
            maxDeviationNs = deviationNs;
            varianceNs = Math.max(varianceNs, maxDeviationNs);
        }
        if (SeqNum.greaterThan(una, roundEnd)) {
            if (maxDeviationNs < varianceNs) {
                varianceNs -= varianceNs - maxDeviationNs >> 2;
            }
            roundEnd = nxt;
            maxDeviationNs = minRtoNs;
        }
    }

    /** A sample of what may be the path's least time. */
    void onMinimum(final long rttNs, final long nowNs) {
        minimum.update(rttNs == 0 ? LEAST_MINIMUM_NS : rttNs, nowNs);
    }

    /**
     * RFC 6298, 5.7: a SYN was retransmitted, so data starts with this timeout unless a sample says better.
     */
    public void fallBack(final long fallbackNs) {
        if (scaledNs == 0) {
            varianceNs = fallbackNs;
            deviationNs = fallbackNs;
            maxDeviationNs = fallbackNs;
            rtoNs = Math.min(fallbackNs, maxRtoNs);
        }
    }

    public void backOff() {
        backoff = Math.min(backoff + 1, MAX_BACKOFF);
        rtoNs = Math.min(rtoNs << 1, maxRtoNs);
    }

    /** Of the timeout as it is, none was a backoff. */
    public void resetBackoff() {
        backoff = 0;
    }

    public int backoff() {
        return backoff;
    }

    /** The timeout, backed off. */
    public long rtoNs() {
        return rtoNs;
    }

    /** The timeout without backoff. */
    public long baseRtoNs() {
        return scaledNs == 0 ? rtoNs : Math.min((scaledNs >> 3) + varianceNs, maxRtoNs);
    }

    public long minRtoNs() {
        return minRtoNs;
    }

    public long maxRtoNs() {
        return maxRtoNs;
    }

    public boolean hasSample() {
        return scaledNs != 0;
    }

    /** 0 before the first sample. */
    public long smoothedNs() {
        return scaledNs >> 3;
    }

    /** Four times the mean deviation, in the present round; 0 before the first sample. */
    public long deviationNs() {
        return deviationNs;
    }

    /** Smallest sample of the last minutes; Long.MAX_VALUE before the first. */
    public long minimumNs() {
        return minimum.value();
    }

    /** See {@link ConnectionImage}. */
    public void keep(final ConnectionImage image) {
        scaledNs = image.of(scaledNs);
        deviationNs = image.of(deviationNs);
        maxDeviationNs = image.of(maxDeviationNs);
        varianceNs = image.of(varianceNs);
        roundEnd = image.sequence(roundEnd);
        rtoNs = image.of(rtoNs);
        backoff = image.of(backoff);
        minimum.keep(image);
    }
}
