package io.netchannel.tcpip.tcp;

/**
 * What one acknowledgment of new data tells {@link CongestionControl} and {@link LossRecovery}. Re-used for each.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class AckSample {

    /** No round-trip time could be taken from this acknowledgment. */
    static final long NO_RTT = -1;

    private long nowNs;
    private int ackedBytes;
    private int priorFlightBytes;
    private int flightBytes;
    private long deliveredBytes;
    private long rttNs;
    private boolean windowLimited;

    void set(final long nowNs, final int ackedBytes, final int priorFlightBytes, final long deliveredBytes,
            final long rttNs, final boolean windowLimited) {
        this.nowNs = nowNs;
        this.ackedBytes = ackedBytes;
        this.priorFlightBytes = priorFlightBytes;
        this.flightBytes = priorFlightBytes - ackedBytes;
        this.deliveredBytes = deliveredBytes;
        this.rttNs = rttNs;
        this.windowLimited = windowLimited;
    }

    long nowNs() {
        return nowNs;
    }

    /** Sequence numbers newly acknowledged. */
    int ackedBytes() {
        return ackedBytes;
    }

    /** Sent and unacknowledged just before. */
    int priorFlightBytes() {
        return priorFlightBytes;
    }

    /** Sent and unacknowledged now. */
    int flightBytes() {
        return flightBytes;
    }

    /** All that the peer has acknowledged since the connection began. */
    long deliveredBytes() {
        return deliveredBytes;
    }

    /** Round-trip time, or {@link #NO_RTT}. */
    long rttNs() {
        return rttNs;
    }

    /**
     * Whether it was the congestion window that held the sender back in this flight (RFC 7661): else it must not grow.
     */
    boolean windowLimited() {
        return windowLimited;
    }
}
