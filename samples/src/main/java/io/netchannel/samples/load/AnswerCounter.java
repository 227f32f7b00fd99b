package io.netchannel.samples.load;

import org.HdrHistogram.Histogram;

/**
 * Answers of a round, and their latencies.
 *
 * <p>Threading: its client's.
 */
public final class AnswerCounter {

    private static final long HIGHEST_NS = 10_000_000_000L;
    /** More would push what is measured out of the cache. */
    private static final int HISTOGRAM_DIGITS = 2;

    private final Histogram histogram = new Histogram(HIGHEST_NS, HISTOGRAM_DIGITS);
    private long endNs;
    private long inTime;
    private long all;
    // Latencies that are the same, as those of a burst are, go into the histogram together.
    private long sameNs;
    private long sameCount;

    /** A round that ends then begins. */
    public void begin(final long roundEndNs) {
        endNs = roundEndNs;
        inTime = 0;
        all = 0;
        histogram.reset();
    }

    public boolean isOver(final long nowNs) {
        return nowNs >= endNs;
    }

    public void completed(final long sentNs, final long nowNs) {
        all++;
        if (nowNs >= endNs) {
            return;
        }
        inTime++;
        final long latencyNs = nowNs - sentNs;
        if (latencyNs != sameNs) {
            flush();
            sameNs = latencyNs;
        }
        sameCount++;
    }

    private void flush() {
        if (sameCount > 0) {
            histogram.recordValueWithCount(Math.clamp(sameNs, 0, HIGHEST_NS), sameCount);
            sameCount = 0;
        }
    }

    /** Answered within the round's time. */
    public long inTime() {
        return inTime;
    }

    /** With those that were still under way at its end. */
    public long all() {
        return all;
    }

    /** In ns, of those in time; a copy. */
    public Histogram latencies() {
        flush();
        return histogram.copy();
    }
}
