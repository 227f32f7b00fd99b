package io.netchannel.samples.memcached.stats;

import io.netchannel.samples.memcached.store.Item;
import io.netchannel.samples.memcached.store.Lru;
import io.netchannel.samples.memcached.store.LruCounter;
import io.netchannel.samples.memcached.store.SizeHistogram;
import io.netchannel.samples.memcached.store.Slabs;
import io.netchannel.samples.memcached.store.Store;
import io.netchannel.samples.memcached.store.StoreCounters;

/**
 * {@code stats items} and {@code stats sizes}.
 *
 * <p>Threading: under the store's lock.
 */
public final class ItemStats {

    private ItemStats() {
    }

    public static void add(final Store store, final StatSink sink) {
        for (int id = 0; id < Slabs.MAX_CLASSES; id++) {
            if (store.lru().countOfClass(id) > 0) {
                final String prefix = "items:" + id + ":";
                addClass(store, id, (name, value) -> sink.add(prefix + name, value));
            }
        }
    }

    private static void addClass(final Store store, final int id, final StatSink sink) {
        final StoreCounters counters = store.counters();
        final Lru lru = store.lru();
        final boolean maintained = store.settings().lruMaintainer;
        sink.add("number", lru.countOfClass(id));
        if (maintained) {
            sink.add("number_hot", lru.count(id | Lru.HOT));
            sink.add("number_warm", lru.count(id | Lru.WARM));
            sink.add("number_cold", lru.count(id | Lru.COLD));
            if (store.settings().tempLru) {
                sink.add("number_temp", lru.count(id | Lru.TEMP));
            }
            sink.add("age_hot", age(store, id | Lru.HOT));
            sink.add("age_warm", age(store, id | Lru.WARM));
        }
        sink.add("age", age(store, id | Lru.COLD));
        sink.add("mem_requested", lru.bytes(id | Lru.HOT) + lru.bytes(id | Lru.WARM) + lru.bytes(id | Lru.COLD)
                + lru.bytes(id | Lru.TEMP));
        sink.add("evicted", counters.totalOfClass(LruCounter.EVICTED, id));
        sink.add("evicted_nonzero", counters.totalOfClass(LruCounter.EVICTED_NONZERO, id));
        sink.add("evicted_time", counters.evictedAge(id | Lru.COLD));
        sink.add("outofmemory", counters.totalOfClass(LruCounter.OUT_OF_MEMORY, id));
        sink.add("tailrepairs", counters.totalOfClass(LruCounter.TAIL_REPAIRS, id));
        sink.add("reclaimed", counters.totalOfClass(LruCounter.RECLAIMED, id));
        sink.add("expired_unfetched", counters.totalOfClass(LruCounter.EXPIRED_UNFETCHED, id));
        sink.add("evicted_unfetched", counters.totalOfClass(LruCounter.EVICTED_UNFETCHED, id));
        if (maintained) {
            sink.add("evicted_active", counters.totalOfClass(LruCounter.EVICTED_ACTIVE, id));
        }
        sink.add("crawler_reclaimed", counters.totalOfClass(LruCounter.CRAWLER_RECLAIMED, id));
        sink.add("crawler_items_checked", counters.totalOfClass(LruCounter.CRAWLER_ITEMS_CHECKED, id));
        sink.add("lrutail_reflocked", 0);
        if (maintained) {
            sink.add("moves_to_cold", counters.totalOfClass(LruCounter.MOVES_TO_COLD, id));
            sink.add("moves_to_warm", counters.totalOfClass(LruCounter.MOVES_TO_WARM, id));
            sink.add("moves_within_lru", counters.totalOfClass(LruCounter.MOVES_WITHIN_LRU, id));
            sink.add("direct_reclaims", counters.totalOfClass(LruCounter.DIRECT_RECLAIMS, id));
            sink.add("hits_to_hot", counters.get(LruCounter.HITS, id | Lru.HOT));
            sink.add("hits_to_warm", counters.get(LruCounter.HITS, id | Lru.WARM));
            sink.add("hits_to_cold", counters.get(LruCounter.HITS, id | Lru.COLD));
            sink.add("hits_to_temp", counters.get(LruCounter.HITS, id | Lru.TEMP));
        }
    }

    private static int age(final Store store, final int lruId) {
        final long oldest = store.lru().oldest(lruId);
        return oldest == Item.NONE ? 0 : store.clock().seconds() - Item.time(oldest);
    }

    /** How many items there are of each size, where that is tracked. */
    public static void addSizes(final Store store, final StatSink sink) {
        if (!store.sizes().isEnabled()) {
            sink.add("sizes_status", "disabled");
            return;
        }
        for (int step = 0; step < store.sizes().steps(); step++) {
            if (store.sizes().count(step) != 0) {
                sink.add(String.valueOf(step * SizeHistogram.STEP_BYTES),
                        store.sizes().count(step));
            }
        }
    }

    public static void enableSizes(final Store store, final StatSink sink) {
        if (store.settings().cas) {
            if (!store.sizes().isEnabled()) {
                store.sizes().enable(store.nextCas());
            }
            sink.add("sizes_status", "enabled");
        } else {
            sink.add("sizes_status", "error");
            sink.add("sizes_error", "cas_support_disabled");
        }
    }

    public static void disableSizes(final Store store, final StatSink sink) {
        store.sizes().disable();
        sink.add("sizes_status", "disabled");
    }
}
