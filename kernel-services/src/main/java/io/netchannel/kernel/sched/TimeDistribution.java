package io.netchannel.kernel.sched;

import java.util.Locale;

/**
 * How often which lengths of time were seen. A copy: it doesn't change.
 *
 * <p>Threading: any.
 */
public final class TimeDistribution {

    private final long[] counts;
    private final long sumNs;
    private final long maxNs;
    private final long count;

    TimeDistribution(final long[] counts, final long sumNs, final long maxNs) {
        this.counts = counts;
        this.sumNs = sumNs;
        this.maxNs = maxNs;
        long all = 0;
        for (final long each : counts) {
            all += each;
        }
        this.count = all;
    }

    public static TimeDistribution empty() {
        return new TimeDistribution(new long[LoopTimes.BUCKETS], 0, 0);
    }

    /** Those of two loops together. */
    public TimeDistribution plus(final TimeDistribution other) {
        final long[] both = counts.clone();
        for (int i = 0; i < both.length; i++) {
            both[i] += other.counts[i];
        }
        return new TimeDistribution(both, sumNs + other.sumNs, Math.max(maxNs, other.maxNs));
    }

    /** Those seen since {@code earlier}, of the same loop or loops; the longest stays that of all time. */
    public TimeDistribution minus(final TimeDistribution earlier) {
        final long[] since = counts.clone();
        for (int i = 0; i < since.length; i++) {
            since[i] -= earlier.counts[i];
        }
        return new TimeDistribution(since, sumNs - earlier.sumNs, maxNs);
    }

    /** How many. */
    public long count() {
        return count;
    }

    /** 0 of none. */
    public long meanNs() {
        return count == 0 ? 0 : sumNs / count;
    }

    /** 0 of none. */
    public long maxNs() {
        return maxNs;
    }

    /**
     * What so many percent of the values are not above, to an eighth: the last value of its bucket; 0 of none.
     *
     * @param percent 0 to 100
     */
    public long percentileNs(final double percent) {
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException("percent=" + percent + " is not within 0..100");
        }
        final long wanted = Math.max(1, (long) Math.ceil(count * percent / 100));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Math.max(LoopTimes.lowestNs(i), Math.min(maxNs, LoopTimes.lowestNs(i + 1) - 1));
            }
        }
        return 0;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d: p50 %d ns, p99 %d ns, max %d ns", count, percentileNs(50), percentileNs(
                99), maxNs);
    }
}
