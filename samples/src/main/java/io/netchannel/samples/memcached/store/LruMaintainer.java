package io.netchannel.samples.memcached.store;

import io.netchannel.samples.memcached.options.Settings;

/**
 * The work that no request does: keeps the lists at their shares, starts crawlers, has pages moved. Called by one
 * loop, in small
 * steps, at the times that it asks for itself.
 *
 * <p>Threading: under the store's lock.
 */
public final class LruMaintainer {

    private static final long MICROS_NS = 1_000L;
    private static final long MIN_WAIT_NS = 1_000_000L;
    private static final long MAX_WAIT_NS = 1_000_000_000L;
    private static final int MAX_JUGGLES = 500;
    private static final int MOVES_PER_STEP = 2_000;
    private static final int CRAWLS_PER_STEP = 1_000;
    private static final int BUCKETS_PER_STEP = 1_000;

    private final Store store;
    private final Settings settings;
    private final Lru lru;
    private final LruTail tail;
    private final CrawlSchedule schedule;
    private SlabAutomove automove;
    private double automoveRatio;
    private final long[] nextJuggleNs = new long[Slabs.MAX_CLASSES];
    private final long[] backoffNs = new long[Slabs.MAX_CLASSES];
    private int lastCrawlCheck;
    private int lastAutomoveCheck;

    LruMaintainer(final Store store, final Lru lru, final LruTail tail) {
        this.store = store;
        this.settings = store.settings();
        this.lru = lru;
        this.tail = tail;
        this.schedule = new CrawlSchedule(store, lru);
    }

    /**
     * One step.
     *
     * @return when to be called again
     */
    public long run(final long nowNs) {
        long waitNs = MAX_WAIT_NS;
        store.table().move(BUCKETS_PER_STEP);
        if (settings.lruMaintainer) {
            waitNs = juggleAll(nowNs);
            if (settings.lruCrawler && lastCrawlCheck != store.clock().seconds()) {
                schedule.check();
                lastCrawlCheck = store.clock().seconds();
            }
            waitNs = Math.min(waitNs, automove());
        }
        if (store.crawler().isRunning()) {
            final boolean more = store.crawler().step(CRAWLS_PER_STEP);
            waitNs = Math.min(waitNs, more ? Math.max(1, settings.crawlerSleepMicros) * MICROS_NS : MIN_WAIT_NS);
        }
        store.mover().returnExtraPage();
        if (store.mover().isRunning()) {
            final boolean more = store.mover().step(MOVES_PER_STEP);
            waitNs = Math.min(waitNs, more ? 0 : MIN_WAIT_NS);
        }
        return nowNs + waitNs;
    }

    private long juggleAll(final long nowNs) {
        store.counters().add(StoreCounter.MAINTAINER_JUGGLES, 1);
        long waitNs = MAX_WAIT_NS;
        for (int id = Slabs.FIRST_CLASS; id <= store.slabs().largestClass(); id++) {
            if (nextJuggleNs[id] <= nowNs) {
                final int moves = lru.countOfClass(id) == 0 ? 0 : juggle(id);
                backOff(id, moves);
                nextJuggleNs[id] = nowNs + Math.max(MIN_WAIT_NS, backoffNs[id]);
            }
            waitNs = Math.min(waitNs, nextJuggleNs[id] - nowNs);
        }
        return waitNs;
    }

    private void backOff(final int id, final int moves) {
        if (moves == 0) {
            backoffNs[id] = Math.clamp(backoffNs[id] + backoffNs[id] / 8, MIN_WAIT_NS, MAX_WAIT_NS);
        } else {
            backoffNs[id] = backoffNs[id] / 2 < MIN_WAIT_NS ? 0 : backoffNs[id] / 2;
        }
    }

    private int juggle(final int id) {
        int moves = 0;
        if (settings.tempLru) {
            while (moves < MAX_JUGGLES && tail.pull(id, Lru.TEMP, 0, false, false, 0) > 0) {
                moves++;
            }
        }
        long totalBytes = 0;
        int hotAge = 0;
        int warmAge = 0;
        if (settings.lruSegmented) {
            final long oldest = lru.oldest(id | Lru.COLD);
            final int coldAge = oldest == Item.NONE ? 0 : store.clock().seconds() - Item.time(oldest);
            totalBytes = lru.bytes(id | Lru.COLD) + lru.bytes(id | Lru.HOT) + lru.bytes(id | Lru.WARM);
            hotAge = (int) (coldAge * settings.hotMaxFactor);
            warmAge = (int) (coldAge * settings.warmMaxFactor);
        }
        for (int i = 0; i < MAX_JUGGLES; i++) {
            int more = 0;
            if (tail.pull(id, Lru.HOT, totalBytes, false, true, hotAge) > 0
                    || tail.pull(id, Lru.WARM, totalBytes, false, true, warmAge) > 0) {
                more++;
            }
            if (settings.lruSegmented) {
                more += tail.pull(id, Lru.COLD, totalBytes, false, true, 0);
            }
            if (more == 0) {
                break;
            }
            moves++;
        }
        return moves;
    }

    /** @return how long to wait: less while pages go back to the pool */
    private long automove() {
        if (settings.slabAutomove != 1 || !settings.slabReassign || lastAutomoveCheck == store.clock().seconds()) {
            return MAX_WAIT_NS;
        }
        if (automove == null || automoveRatio != settings.slabAutomoveRatio) {
            automove = new SlabAutomove(store);
            automoveRatio = settings.slabAutomoveRatio;
        }
        if (store.mover().isRunning()) {
            return MIN_WAIT_NS;
        }
        final boolean found = automove.decide();
        if (found) {
            final SlabMover.Answer answer = store.mover().start(automove.source(), automove.destination());
            if (answer == SlabMover.Answer.OK) {
                store.listener().onSystemEvent("type=slab_move src=" + automove.source() + " dst="
                        + automove.destination());
            }
        }
        if (found && automove.destination() == Slabs.GLOBAL_POOL) {
            return MIN_WAIT_NS;
        }
        lastAutomoveCheck = store.clock().seconds();
        return MAX_WAIT_NS;
    }
}
