package io.netchannel.perf.iperf3;

/**
 * Holds a stream to a rate, as iperf3 does: a block may go while the average since the start is below it.
 *
 * <p>Threading: confined to its stream's loop.
 */
final class Pacer {

    /** A stream that is ahead waits at least so long: iperf3's pacing timer. */
    static final long PERIOD_NS = 1_000_000L;

    private static final double NS_PER_SECOND = 1e9;
    private static final int BITS = 8;

    private final double bytesPerNs;
    private final int burst;
    private long startNs;
    private int leftOfBurst;

    /** @param bitsPerSecond 0 without limit */
    Pacer(final long bitsPerSecond, final int burst) {
        this.bytesPerNs = bitsPerSecond / (BITS * NS_PER_SECOND);
        this.burst = Math.max(1, burst);
    }

    void start(final long nowNs) {
        startNs = nowNs;
    }

    boolean isLimited() {
        return bytesPerNs > 0;
    }

    /** Whether a block may go. */
    boolean permits(final long sentBytes, final long nowNs) {
        if (!isLimited()) {
            return true;
        }
        if (leftOfBurst > 0) {
            leftOfBurst--;
            return true;
        }
        if (sentBytes > bytesPerNs * (nowNs - startNs)) {
            return false;
        }
        leftOfBurst = burst - 1;
        return true;
    }

    /** When the next block may go. */
    long nextNs(final long sentBytes, final long nowNs) {
        return Math.max(nowNs + PERIOD_NS, startNs + (long) (sentBytes / bytesPerNs));
    }
}
