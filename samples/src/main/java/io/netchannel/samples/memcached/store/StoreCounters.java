package io.netchannel.samples.memcached.store;

import java.util.Arrays;

/**
 * What is counted since the start, or since {@code stats reset}.
 *
 * <p>Threading: under the store's lock.
 */
public final class StoreCounters {

    private final long[] totals = new long[StoreCounter.values().length];
    private final long[][] byClass = new long[ClassCounter.values().length][Slabs.MAX_CLASSES];
    private final long[][] byLru = new long[LruCounter.values().length][Lru.LISTS];
    private final int[] evictedAge = new int[Lru.LISTS];

    public void add(final StoreCounter counter, final long count) {
        totals[counter.ordinal()] += count;
    }

    public void add(final ClassCounter counter, final int classId) {
        byClass[counter.ordinal()][classId]++;
    }

    public void add(final LruCounter counter, final int lruId, final long count) {
        byLru[counter.ordinal()][lruId] += count;
    }

    /** Seconds since the last use of what was evicted last from a list. */
    void evictedAge(final int lruId, final int seconds) {
        evictedAge[lruId] = seconds;
    }

    public int evictedAge(final int lruId) {
        return evictedAge[lruId];
    }

    public long get(final StoreCounter counter) {
        return totals[counter.ordinal()];
    }

    public long get(final ClassCounter counter, final int classId) {
        return byClass[counter.ordinal()][classId];
    }

    public long get(final LruCounter counter, final int lruId) {
        return byLru[counter.ordinal()][lruId];
    }

    public long total(final ClassCounter counter) {
        return Arrays.stream(byClass[counter.ordinal()]).sum();
    }

    public long total(final LruCounter counter) {
        return Arrays.stream(byLru[counter.ordinal()]).sum();
    }

    /** Of the four lists of a class. */
    public long totalOfClass(final LruCounter counter, final int classId) {
        long sum = 0;
        for (final int list : Lru.ALL) {
            sum += byLru[counter.ordinal()][classId | list];
        }
        return sum;
    }

    public void reset() {
        Arrays.fill(totals, 0);
        for (final long[] counts : byClass) {
            Arrays.fill(counts, 0);
        }
        for (final long[] counts : byLru) {
            Arrays.fill(counts, 0);
        }
        Arrays.fill(evictedAge, 0);
    }
}
