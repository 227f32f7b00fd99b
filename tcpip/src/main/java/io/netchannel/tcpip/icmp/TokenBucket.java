package io.netchannel.tcpip.icmp;

/** Limits a rate, as RFC 4443, 2.4 (f) demands of errors. Confined to one thread. */
final class TokenBucket {

    private final long intervalNs;
    private final long burstNs;
    /** The bucket is full when this is {@link #burstNs} behind the time; each token moves it on by an interval. */
    private long emptyAtNs;

    /** @param startNs the bucket is full then */
    TokenBucket(final int tokensPerSecond, final int burst, final long startNs) {
        this.intervalNs = 1_000_000_000L / tokensPerSecond;
        this.burstNs = intervalNs * burst;
        this.emptyAtNs = startNs - burstNs;
    }

    boolean take(final long nowNs) {
        if (nowNs - emptyAtNs > burstNs) {
            emptyAtNs = nowNs - burstNs;
        }
        if (nowNs - emptyAtNs < intervalNs) {
            return false;
        }
        emptyAtNs += intervalNs;
        return true;
    }
}
