package io.netchannel.samples.memcached.store;

import io.netchannel.samples.memcached.options.Settings;

/**
 * Decides which class loses a page, once a second, over a window of seconds: to the pool, where a class has had more
 * than two and
 * a half pages free all the time; else from the class whose items get oldest to the one that evicts the youngest, if
 * those are
 * far younger.
 *
 * <p>Threading: under the store's lock.
 */
final class SlabAutomove {

    private static final double FREE_PAGES = 2.5;
    private static final int MIN_SOURCE_PAGES = 2;
    private static final double EVICTING_SHARE = 0.25;

    private final Store store;
    private final Settings settings;
    private final int window;
    private final long[][] age;
    private final boolean[][] dirty;
    private final double[][] evictedShare;
    private final long[] evictedBefore = new long[Slabs.MAX_CLASSES];
    private final long[] outOfMemoryBefore = new long[Slabs.MAX_CLASSES];
    private final int[] pagesBefore = new int[Slabs.MAX_CLASSES];
    private int turn;
    private int source;
    private int destination;

    SlabAutomove(final Store store) {
        this.store = store;
        this.settings = store.settings();
        this.window = settings.slabAutomoveWindow;
        this.age = new long[Slabs.MAX_CLASSES][window];
        this.dirty = new boolean[Slabs.MAX_CLASSES][window];
        this.evictedShare = new double[Slabs.MAX_CLASSES][window];
        remember();
    }

    int source() {
        return source;
    }

    int destination() {
        return destination;
    }

    /** @return whether a page should be moved */
    boolean decide() {
        turn++;
        final int slot = turn % window;
        final double evictedTotal = evictedTotal();
        int oldest = -1;
        long oldestAge = 0;
        int youngest = -1;
        long youngestAge = Long.MAX_VALUE;
        boolean toPool = false;
        for (int id = Slabs.FIRST_CLASS; id <= store.slabs().largestClass() && !toPool; id++) {
            observe(id, slot, evictedTotal);
            final long meanAge = meanAge(id);
            if (hasSpare(id)) {
                source = id;
                destination = Slabs.GLOBAL_POOL;
                toPool = true;
            } else {
                if (meanAge > oldestAge && store.slabs().pages(id) > MIN_SOURCE_PAGES) {
                    oldest = id;
                    oldestAge = meanAge;
                }
                if (meanAge < youngestAge && isEvicting(id)) {
                    youngest = id;
                    youngestAge = meanAge;
                }
            }
        }
        remember();
        if (toPool) {
            return true;
        }
        if (youngest == -1 || oldest == -1 || turn <= window || evictedShare[youngest][slot] == 0
                || youngestAge >= oldestAge * settings.slabAutomoveRatio) {
            return false;
        }
        source = oldest;
        destination = youngest;
        return true;
    }

    private long evicted(final int id) {
        return store.counters().get(LruCounter.EVICTED, id | Lru.COLD);
    }

    private double evictedTotal() {
        double total = 0;
        for (int id = Slabs.FIRST_CLASS; id < Slabs.MAX_CLASSES; id++) {
            total += evicted(id) - evictedBefore[id];
        }
        return total;
    }

    private void observe(final int id, final int slot, final double evictedTotal) {
        final long evicted = evicted(id) - evictedBefore[id];
        evictedShare[id][slot] = evicted > 0 ? evicted / evictedTotal : 0;
        dirty[id][slot] = evicted > 0
                || store.counters().get(LruCounter.OUT_OF_MEMORY, id) > outOfMemoryBefore[id]
                || store.slabs().pages(id) > pagesBefore[id];
        final long oldest = store.lru().oldest(id | Lru.COLD);
        age[id][slot] = oldest == Item.NONE ? 0 : store.clock().seconds() - Item.time(oldest);
    }

    private long meanAge(final int id) {
        long sum = 0;
        for (final long seconds : age[id]) {
            sum += seconds;
        }
        return sum / window;
    }

    private boolean hasSpare(final int id) {
        if (store.slabs().freeChunks(id) <= store.slabs().chunksPerPage(id) * FREE_PAGES) {
            return false;
        }
        for (final boolean was : dirty[id]) {
            if (was) {
                return false;
            }
        }
        return true;
    }

    private boolean isEvicting(final int id) {
        int seconds = 0;
        double share = 0;
        for (final double each : evictedShare[id]) {
            seconds += each > 0 ? 1 : 0;
            share += each;
        }
        return seconds > window / 2 || share / window > EVICTING_SHARE;
    }

    private void remember() {
        for (int id = Slabs.FIRST_CLASS; id < Slabs.MAX_CLASSES; id++) {
            evictedBefore[id] = evicted(id);
            outOfMemoryBefore[id] = store.counters().get(LruCounter.OUT_OF_MEMORY, id);
            pagesBefore[id] = store.slabs().pages(id);
        }
    }
}
