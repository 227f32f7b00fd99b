package io.netchannel.samples.memcached.store;

import io.netchannel.samples.memcached.options.Settings;

/**
 * The end of an LRU list: what has expired goes, what was used again moves on, what is in excess moves down or is
 * evicted. Looks
 * at no more than a few items a call.
 *
 * <p>Threading: under the store's lock.
 */
final class LruTail {

    private static final int TRIES = 5;

    private final Store store;
    private final Settings settings;
    private final Lru lru;
    private final StoreCounters counters;

    LruTail(final Store store, final Lru lru) {
        this.store = store;
        this.settings = store.settings();
        this.lru = lru;
        this.counters = store.counters();
    }

    /**
     * Pulls at a list.
     *
     * @param totalBytes of the class, of which HOT and WARM may have their part
     * @param evict whether an item of COLD may be thrown away
     * @param maxAgeSeconds after which an unused item leaves HOT or WARM
     * @return items that were moved or removed
     */
    int pull(final int classId, final int list, final long totalBytes, final boolean evict,
            final boolean yieldToCrawler,
            final int maxAgeSeconds) {
        final int id = classId | list;
        int removed = 0;
        int tries = TRIES;
        long next;
        for (long item = lru.tail(id); tries > 0 && item != Item.NONE; item = next, tries--) {
            next = Item.previous(item);
            if (lru.isCrawler(item)) {
                if (yieldToCrawler) {
                    return 0;
                }
                tries++;
                continue;
            }
            if (store.isOver(item)) {
                counters.add(LruCounter.RECLAIMED, id, 1);
                if (!Item.isFetched(item)) {
                    counters.add(LruCounter.EXPIRED_UNFETCHED, id, 1);
                }
                store.remove(item);
                removed++;
                continue;
            }
            return removed + settle(item, id, totalBytes, evict, maxAgeSeconds);
        }
        return removed;
    }

    private int settle(final long item, final int id, final long totalBytes, final boolean evict,
            final int maxAgeSeconds) {
        return switch (Lru.listOf(id)) {
            case Lru.HOT -> settleUpper(item, id, totalBytes * settings.hotPercent / 100, maxAgeSeconds);
            case Lru.WARM -> settleUpper(item, id, totalBytes * settings.warmPercent / 100, maxAgeSeconds);
            case Lru.COLD -> settleCold(item, id, evict);
            default -> 0;
        };
    }

    private int settleUpper(final long item, final int id, final long limitBytes, final int maxAgeSeconds) {
        if (Item.has(item, Item.FLAG_ACTIVE)) {
            Item.clear(item, Item.FLAG_ACTIVE);
            counters.add(Lru.listOf(id) == Lru.WARM ? LruCounter.MOVES_WITHIN_LRU : LruCounter.MOVES_TO_WARM, id, 1);
            lru.move(item, Lru.WARM);
            return 1;
        }
        if (lru.bytes(id) > limitBytes || store.clock().seconds() - Item.time(item) > maxAgeSeconds) {
            counters.add(LruCounter.MOVES_TO_COLD, id, 1);
            lru.move(item, Lru.COLD);
            return 1;
        }
        return 0;
    }

    private int settleCold(final long item, final int id, final boolean evict) {
        if (evict) {
            if (!settings.evict) {
                return 0;
            }
            countEviction(item, id);
            store.remove(item);
            if (settings.slabAutomove == 2) {
                store.mover().start(SlabMover.ANY_CLASS, id & ~Lru.TEMP);
            }
            return 1;
        }
        if (Item.has(item, Item.FLAG_ACTIVE) && settings.lruSegmented) {
            counters.add(LruCounter.MOVES_TO_WARM, id, 1);
            Item.clear(item, Item.FLAG_ACTIVE);
            lru.move(item, Lru.WARM);
            return 1;
        }
        return 0;
    }

    private void countEviction(final long item, final int id) {
        counters.add(LruCounter.EVICTED, id, 1);
        counters.evictedAge(id, store.clock().seconds() - Item.time(item));
        if (Item.expiry(item) != 0) {
            counters.add(LruCounter.EVICTED_NONZERO, id, 1);
        }
        if (!Item.isFetched(item)) {
            counters.add(LruCounter.EVICTED_UNFETCHED, id, 1);
        }
        if (Item.has(item, Item.FLAG_ACTIVE)) {
            counters.add(LruCounter.EVICTED_ACTIVE, id, 1);
        }
        if (store.listener().wantsEvictions()) {
            store.listener().onEvict(item);
        }
    }
}
