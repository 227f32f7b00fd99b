package io.netchannel.tcpip.tcp;

/**
 * Round-trip time and retransmission timeout (RFC 6298).
 *
 * <pre>
 *  first sample R:  SRTT = R,  RTTVAR = R/2
 *  then:            RTTVAR += (|SRTT - R| - RTTVAR) / 4,  SRTT += (R - SRTT) / 8
 *  RTO = SRTT + max(4 * RTTVAR, minimum), doubled by each backoff, at most the maximum
 * </pre>
 * As in Linux the minimum bounds the variance term and not the sum; so a steady path with an RTT just under the minimum
 * has room for a delayed acknowledgment.
 *
 * <p>Karn's algorithm is the caller's: only unambiguous samples come here (RFC 6298, 3), and the backoff stays until
 * one of new data does, or until new data is acknowledged (RFC 6298, 5.7 with timestamps).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class RttEstimator {

    private static final int MAX_BACKOFF = 16;

    private final long minRtoNs;
    private final long maxRtoNs;
    private long smoothedNs;
    private long varianceNs;
    private long minimumNs = Long.MAX_VALUE;
    private long baseRtoNs;
    private int backoff;
    private boolean sampled;

    RttEstimator(final long initialRtoNs, final long minRtoNs, final long maxRtoNs) {
        this.minRtoNs = minRtoNs;
        this.maxRtoNs = maxRtoNs;
        this.baseRtoNs = initialRtoNs;
    }

    void onSample(final long rttNs) {
        if (sampled) {
            varianceNs += (Math.abs(smoothedNs - rttNs) - varianceNs) / 4;
            smoothedNs += (rttNs - smoothedNs) / 8;
        } else {
            sampled = true;
            smoothedNs = rttNs;
            varianceNs = rttNs / 2;
        }
        minimumNs = Math.min(minimumNs, rttNs);
        baseRtoNs = Math.min(smoothedNs + Math.max(4 * varianceNs, minRtoNs), maxRtoNs);
    }

    /**
     * RFC 6298, 5.7: a SYN was retransmitted, so data starts with at least this timeout unless a sample says better.
     */
    void raiseUnsampledRto(final long rtoNs) {
        if (!sampled) {
            baseRtoNs = Math.max(baseRtoNs, rtoNs);
        }
    }

    void backOff() {
        backoff = Math.min(backoff + 1, MAX_BACKOFF);
    }

    void resetBackoff() {
        backoff = 0;
    }

    int backoff() {
        return backoff;
    }

    /** The timeout, backed off. */
    long rtoNs() {
        // 120 s << 16 is below 2^53: no overflow.
        return Math.min(baseRtoNs << backoff, maxRtoNs);
    }

    /** The timeout without backoff. */
    long baseRtoNs() {
        return baseRtoNs;
    }

    boolean hasSample() {
        return sampled;
    }

    /** 0 before the first sample. */
    long smoothedNs() {
        return smoothedNs;
    }

    long varianceNs() {
        return varianceNs;
    }

    /** Smallest sample; Long.MAX_VALUE before the first. */
    long minimumNs() {
        return minimumNs;
    }
}
