package io.netchannel.samples.memcached.stats;

import io.netchannel.samples.memcached.store.ClassCounter;
import io.netchannel.samples.memcached.store.LruCounter;
import io.netchannel.samples.memcached.store.Slabs;
import io.netchannel.samples.memcached.store.Store;
import io.netchannel.samples.memcached.store.StoreCounters;

/**
 * {@code stats slabs}.
 *
 * <p>Threading: under the store's lock.
 */
public final class SlabStats {

    private SlabStats() {
    }

    public static void add(final Store store, final StatSink sink) {
        final Slabs slabs = store.slabs();
        int active = 0;
        for (int id = Slabs.FIRST_CLASS; id <= slabs.largestClass(); id++) {
            if (slabs.pages(id) > 0) {
                final String prefix = id + ":";
                addClass(store, id, (name, value) -> sink.add(prefix + name, value));
                active++;
            }
        }
        sink.add("active_slabs", active);
        sink.add("total_malloced", slabs.allocatedBytes());
    }

    private static void addClass(final Store store, final int id, final StatSink sink) {
        final Slabs slabs = store.slabs();
        final StoreCounters counters = store.counters();
        final int chunks = slabs.pages(id) * slabs.chunksPerPage(id);
        sink.add("chunk_size", slabs.chunkBytes(id));
        sink.add("chunks_per_page", slabs.chunksPerPage(id));
        sink.add("total_pages", slabs.pages(id));
        sink.add("total_chunks", chunks);
        sink.add("used_chunks", chunks - slabs.freeChunks(id));
        sink.add("free_chunks", slabs.freeChunks(id));
        sink.add("free_chunks_end", 0);
        sink.add("get_hits", counters.totalOfClass(LruCounter.HITS, id));
        sink.add("cmd_set", counters.get(ClassCounter.SET_CMDS, id));
        sink.add("delete_hits", counters.get(ClassCounter.DELETE_HITS, id));
        sink.add("incr_hits", counters.get(ClassCounter.INCR_HITS, id));
        sink.add("decr_hits", counters.get(ClassCounter.DECR_HITS, id));
        sink.add("cas_hits", counters.get(ClassCounter.CAS_HITS, id));
        sink.add("cas_badval", counters.get(ClassCounter.CAS_BADVAL, id));
        sink.add("touch_hits", counters.get(ClassCounter.TOUCH_HITS, id));
    }
}
