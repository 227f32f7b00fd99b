package io.netchannel.samples.memcached.store;

import io.netchannel.samples.memcached.options.Settings;

/**
 * When each list is crawled next, learned from what the last crawl saw: sooner if more than a hundredth of its items
 * that can
 * expire will be over, later if nothing will.
 *
 * <p>Threading: under the store's lock.
 */
final class CrawlSchedule {

    private static final int MAX_WAIT_SECONDS = 60 * 60;
    private static final int STEP_SECONDS = 60;
    private static final int MIN_WAIT_SECONDS = 5;

    private final Store store;
    private final Settings settings;
    private final Lru lru;
    private final int[] next = new int[Lru.LISTS];
    private final int[] wait = new int[Lru.LISTS];

    CrawlSchedule(final Store store, final Lru lru) {
        this.store = store;
        this.settings = store.settings();
        this.lru = lru;
    }

    /** Once a second: starts what is due. */
    void check() {
        final int now = store.clock().seconds();
        boolean[] due = null;
        int limit = 0;
        for (int id = Slabs.FIRST_CLASS; id < Lru.LISTS; id++) {
            if (store.crawler().statistics().takeComplete(id)) {
                learn(id, now);
            }
            if (now > next[id] && lru.count(id) > 0) {
                if (due == null) {
                    due = new boolean[Lru.LISTS];
                }
                due[id] = true;
                limit = Math.max(limit, lru.count(id));
                next[id] = now + MIN_WAIT_SECONDS;
            }
        }
        if (due != null) {
            if (settings.crawlerToCrawl > 0) {
                limit = Math.min(limit, settings.crawlerToCrawl);
            }
            store.crawler().startAutomatic(due, limit);
        }
    }

    private void learn(final int id, final int now) {
        final CrawlStatistics statistics = store.crawler().statistics();
        final long lowMark = statistics.mortal(id) / 100 + 1;
        long available = 0;
        for (int minute = 0; minute < CrawlStatistics.MINUTES - 1; minute++) {
            available += statistics.expiring(id, minute);
            if (available > lowMark) {
                if (wait[id] < minute * STEP_SECONDS) {
                    wait[id] += STEP_SECONDS;
                } else if (wait[id] >= STEP_SECONDS) {
                    wait[id] -= STEP_SECONDS;
                }
                break;
            }
        }
        if (available == 0) {
            wait[id] += STEP_SECONDS;
        }
        wait[id] = Math.min(wait[id], MAX_WAIT_SECONDS);
        next[id] = now + wait[id] + MIN_WAIT_SECONDS;
        report(id, now, lowMark, available);
    }

    private void report(final int id, final int now, final long lowMark, final long available) {
        final CrawlStatistics statistics = store.crawler().statistics();
        final String list = switch (Lru.listOf(id)) {
            case Lru.HOT -> "hot";
            case Lru.WARM -> "warm";
            case Lru.COLD -> "cold";
            default -> "temp";
        };
        store.listener().onSystemEvent("type=lru_crawler crawler=" + (id & ~Lru.TEMP) + " lru=" + list + " low_mark="
                + lowMark + " next_reclaims=" + available + " since_run=" + (now - statistics.endSecond(id))
                + " next_run=" + (next[id] - now) + " elapsed=" + statistics.elapsedSeconds(id) + " examined="
                + statistics.examined(id) + " reclaimed=" + statistics.reclaimedCount(id));
    }
}
