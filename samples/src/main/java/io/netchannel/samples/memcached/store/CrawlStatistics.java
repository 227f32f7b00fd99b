package io.netchannel.samples.memcached.store;

import java.util.Arrays;

/**
 * What a crawl found in each list: how many items will be over in which minute. From that the maintainer learns when
 * the next
 * crawl is worth while.
 *
 * <p>Threading: under the store's lock.
 */
final class CrawlStatistics {

    static final int MINUTES = 61;
    private static final int MINUTE_SECONDS = 60;

    private final int[][] expiring = new int[Lru.LISTS][MINUTES];
    private final long[] seen = new long[Lru.LISTS];
    private final long[] immortal = new long[Lru.LISTS];
    private final long[] reclaimed = new long[Lru.LISTS];
    private final int[] endSecond = new int[Lru.LISTS];
    private final boolean[] complete = new boolean[Lru.LISTS];
    private int startSecond;

    void begin(final int second) {
        startSecond = second;
        for (int id = 0; id < Lru.LISTS; id++) {
            Arrays.fill(expiring[id], 0);
            seen[id] = 0;
            immortal[id] = 0;
            reclaimed[id] = 0;
            complete[id] = false;
        }
    }

    void seen(final int id, final int expiry, final int second) {
        seen[id]++;
        if (expiry == 0) {
            immortal[id]++;
        } else if ((expiry - second) / MINUTE_SECONDS < MINUTES) {
            expiring[id][(expiry - second) / MINUTE_SECONDS]++;
        }
    }

    void reclaimed(final int id) {
        reclaimed[id]++;
    }

    void end(final int id, final int second) {
        endSecond[id] = second;
        complete[id] = true;
    }

    /** Whether a run through the list is over and was not asked about yet. */
    boolean takeComplete(final int id) {
        final boolean was = complete[id];
        complete[id] = false;
        return was;
    }

    int expiring(final int id, final int minute) {
        return expiring[id][minute];
    }

    /** Items that may ever be over. */
    long mortal(final int id) {
        return seen[id] - immortal[id];
    }

    long examined(final int id) {
        return seen[id];
    }

    long reclaimedCount(final int id) {
        return reclaimed[id];
    }

    int endSecond(final int id) {
        return endSecond[id];
    }

    int elapsedSeconds(final int id) {
        return endSecond[id] - startSecond;
    }
}
