package io.netchannel.samples.memcached.store;

/**
 * Goes through LRU lists from their ends, or through the hash table, a few items at a time: removes what is over, or
 * shows each
 * item to a visitor.
 *
 * <p>Threading: under the store's lock.
 */
public final class Crawler {

    private final Store store;
    private final Lru lru;
    private final HashTable table;
    private final int[] remaining = new int[Lru.LISTS];
    private final boolean[] limited = new boolean[Lru.LISTS];
    private final CrawlStatistics statistics = new CrawlStatistics();
    private int active;
    private boolean automatic;
    private boolean hashWalk;
    private int bucket;
    private Visitor visitor;
    private int blockedUntil;

    /** What became of a request. */
    public enum Answer {
        OK, RUNNING, NOT_STARTED
    }

    /** Who is shown the items. */
    public interface Visitor {

        /** Whether it takes items now; if not, the crawler waits. */
        boolean ready();

        /** Whether it has gone: nothing is shown to it any more. */
        boolean gone();

        void visit(long item);

        void end();
    }

    Crawler(final Store store, final Lru lru, final HashTable table) {
        this.store = store;
        this.lru = lru;
        this.table = table;
    }

    public boolean isRunning() {
        return active > 0 || hashWalk;
    }

    CrawlStatistics statistics() {
        return statistics;
    }

    /**
     * Starts on lists.
     *
     * @param lists those of {@link Lru#LISTS} to go through
     * @param limit of items in each; 0 for none
     * @param shownTo the visitor, or null to remove what is over
     */
    public Answer start(final boolean[] lists, final int limit, final Visitor shownTo) {
        if (isRunning()) {
            blockedUntil = store.clock().seconds() + 60;
            return Answer.RUNNING;
        }
        visitor = shownTo;
        automatic = false;
        return begin(lists, limit);
    }

    /** As {@link #start}, of the maintainer's own accord: joins a run of its own, gives way to one that was asked for. */
    void startAutomatic(final boolean[] lists, final int limit) {
        if (isRunning() && !automatic || blockedUntil > store.clock().seconds()) {
            return;
        }
        visitor = null;
        automatic = true;
        begin(lists, limit);
    }

    private Answer begin(final boolean[] lists, final int limit) {
        if (active == 0) {
            statistics.begin(store.clock().seconds());
        }
        int starts = 0;
        for (int id = Slabs.FIRST_CLASS; id < Lru.LISTS; id++) {
            if (lists[id] && !lru.isCrawled(id)) {
                lru.startCrawler(id);
                limited[id] = visitor != null || limit > 0;
                remaining[id] = visitor == null ? limit : lru.count(id);
                active++;
                starts++;
            }
        }
        if (starts == 0) {
            return Answer.NOT_STARTED;
        }
        store.counters().add(StoreCounter.CRAWLER_STARTS, 1);
        return Answer.OK;
    }

    /** Shows all items of the hash table. */
    public Answer startOnHash(final Visitor shownTo) {
        if (isRunning()) {
            return Answer.RUNNING;
        }
        visitor = shownTo;
        automatic = false;
        hashWalk = true;
        bucket = 0;
        table.hold();
        store.counters().add(StoreCounter.CRAWLER_STARTS, 1);
        return Answer.OK;
    }

    /** Ends a run. */
    public void stop() {
        for (int id = 0; id < Lru.LISTS; id++) {
            if (lru.isCrawled(id)) {
                finish(id);
            }
        }
        if (hashWalk) {
            endHashWalk();
        }
    }

    /**
     * Goes on.
     *
     * @return whether there is more to do at once
     */
    boolean step(final int items) {
        int left = items;
        if (hashWalk) {
            return walkHash(left);
        }
        while (active > 0 && left > 0) {
            for (int id = Slabs.FIRST_CLASS; id < Lru.LISTS; id++) {
                if (lru.isCrawled(id)) {
                    if (visitor != null && !visitor.gone() && !visitor.ready()) {
                        return false;
                    }
                    crawlOne(id);
                    left--;
                }
            }
        }
        return active > 0;
    }

    private void crawlOne(final int id) {
        if (limited[id] && remaining[id]-- <= 0 || visitor != null && visitor.gone()) {
            finish(id);
            return;
        }
        final long item = lru.crawl(id);
        if (item == Item.NONE) {
            finish(id);
            return;
        }
        store.counters().add(LruCounter.CRAWLER_ITEMS_CHECKED, id, 1);
        if (visitor != null) {
            if (!store.isOver(item)) {
                visitor.visit(item);
            }
        } else {
            examine(item, id);
        }
    }

    private void examine(final long item, final int id) {
        if (!store.isOver(item)) {
            statistics.seen(id, Item.expiry(item), store.clock().seconds());
            return;
        }
        store.counters().add(LruCounter.CRAWLER_RECLAIMED, id, 1);
        statistics.reclaimed(id);
        if (!Item.isFetched(item) && !store.isFlushed(item)) {
            store.counters().add(LruCounter.EXPIRED_UNFETCHED, id, 1);
        }
        store.remove(item);
    }

    private void finish(final int id) {
        lru.stopCrawler(id);
        statistics.end(id, store.clock().seconds());
        active--;
        if (active == 0) {
            endVisit();
        }
    }

    private boolean walkHash(final int items) {
        for (int left = items; left > 0; left--) {
            if (bucket == table.bucketCount() || visitor.gone()) {
                endHashWalk();
                return false;
            }
            if (!visitor.ready()) {
                return false;
            }
            for (long item = table.first(bucket); item != Item.NONE; item = Item.hashNext(item)) {
                if (!store.isOver(item)) {
                    visitor.visit(item);
                }
            }
            bucket++;
        }
        return true;
    }

    private void endHashWalk() {
        hashWalk = false;
        table.release();
        endVisit();
    }

    private void endVisit() {
        if (visitor != null) {
            visitor.end();
            visitor = null;
        }
    }
}
