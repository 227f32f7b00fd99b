package io.netchannel.samples.memcached.stats;

import io.netchannel.samples.memcached.options.Settings;
import io.netchannel.samples.memcached.options.Version;
import io.netchannel.samples.memcached.store.ClassCounter;
import io.netchannel.samples.memcached.store.LruCounter;
import io.netchannel.samples.memcached.store.Slabs;
import io.netchannel.samples.memcached.store.Store;
import io.netchannel.samples.memcached.store.StoreCounter;
import io.netchannel.samples.memcached.store.StoreCounters;

/**
 * {@code stats} without a name. What the original has and this server doesn't, such as its pools of response objects,
 * is there as 0:
 * tools look for the names.
 *
 * <p>Threading: under the store's lock.
 */
public final class GeneralStats {

    private GeneralStats() {
    }

    public static void add(final Store store, final ServerState state, final StatSink sink) {
        final Settings settings = store.settings();
        addProcess(store, sink);
        addConnections(store.counters(), settings, state, sink);
        addCommands(store.counters(), sink);
        addLimits(store, settings, state, sink);
        addMaintenance(store, settings, sink);
        addLog(store.counters(), state, sink);
        addItems(store, settings, sink);
    }

    private static void addProcess(final Store store, final StatSink sink) {
        sink.add("pid", ProcessHandle.current().pid());
        sink.add("uptime", store.clock().uptimeSeconds());
        sink.add("time", store.clock().startedUnixSeconds() + store.clock().seconds());
        sink.add("version", Version.TEXT);
        sink.add("libevent", Version.LOOP);
        sink.add("pointer_size", 64);
        final ProcessTimes times = ProcessTimes.read();
        sink.add("rusage_user", times.user());
        sink.add("rusage_system", times.system());
    }

    private static void addConnections(final StoreCounters counters, final Settings settings,
            final ServerState state, final StatSink sink) {
        sink.add("max_connections", settings.maxConnections);
        sink.add("curr_connections", state.connections());
        sink.add("total_connections", counters.get(StoreCounter.TOTAL_CONNECTIONS));
        if (settings.maxConnectionsFast) {
            sink.add("rejected_connections", counters.get(StoreCounter.REJECTED_CONNECTIONS));
        }
        sink.add("connection_structures", state.connections());
        sink.add("response_obj_oom", counters.get(StoreCounter.RESPONSE_OBJ_OOM));
        sink.add("response_obj_count", 0);
        sink.add("response_obj_bytes", 0);
        sink.add("read_buf_count", 0);
        sink.add("read_buf_bytes", 0);
        sink.add("read_buf_bytes_free", 0);
        sink.add("read_buf_oom", counters.get(StoreCounter.READ_BUF_OOM));
        sink.add("reserved_fds", 0);
    }

    private static void addCommands(final StoreCounters counters, final StatSink sink) {
        sink.add("cmd_get", counters.get(StoreCounter.GET_CMDS));
        sink.add("cmd_set", counters.total(ClassCounter.SET_CMDS));
        sink.add("cmd_flush", counters.get(StoreCounter.FLUSH_CMDS));
        sink.add("cmd_touch", counters.get(StoreCounter.TOUCH_CMDS));
        sink.add("cmd_meta", counters.get(StoreCounter.META_CMDS));
        sink.add("get_hits", counters.total(LruCounter.HITS));
        sink.add("get_misses", counters.get(StoreCounter.GET_MISSES));
        sink.add("get_expired", counters.get(StoreCounter.GET_EXPIRED));
        sink.add("get_flushed", counters.get(StoreCounter.GET_FLUSHED));
        sink.add("delete_misses", counters.get(StoreCounter.DELETE_MISSES));
        sink.add("delete_hits", counters.total(ClassCounter.DELETE_HITS));
        sink.add("incr_misses", counters.get(StoreCounter.INCR_MISSES));
        sink.add("incr_hits", counters.total(ClassCounter.INCR_HITS));
        sink.add("decr_misses", counters.get(StoreCounter.DECR_MISSES));
        sink.add("decr_hits", counters.total(ClassCounter.DECR_HITS));
        sink.add("cas_misses", counters.get(StoreCounter.CAS_MISSES));
        sink.add("cas_hits", counters.total(ClassCounter.CAS_HITS));
        sink.add("cas_badval", counters.total(ClassCounter.CAS_BADVAL));
        sink.add("touch_hits", counters.total(ClassCounter.TOUCH_HITS));
        sink.add("touch_misses", counters.get(StoreCounter.TOUCH_MISSES));
        sink.add("store_too_large", counters.get(StoreCounter.STORE_TOO_LARGE));
        sink.add("store_no_memory", counters.get(StoreCounter.STORE_NO_MEMORY));
        sink.add("auth_cmds", counters.get(StoreCounter.AUTH_CMDS));
        sink.add("auth_errors", counters.get(StoreCounter.AUTH_ERRORS));
    }

    private static void addLimits(final Store store, final Settings settings, final ServerState state,
            final StatSink sink) {
        final StoreCounters counters = store.counters();
        if (settings.idleTimeoutSeconds > 0) {
            sink.add("idle_kicks", counters.get(StoreCounter.IDLE_KICKS));
        }
        sink.add("bytes_read", counters.get(StoreCounter.BYTES_READ));
        sink.add("bytes_written", counters.get(StoreCounter.BYTES_WRITTEN));
        sink.add("limit_maxbytes", settings.maxBytes);
        sink.add("accepting_conns", state.accepting() ? 1 : 0);
        sink.add("listen_disabled_num", counters.get(StoreCounter.LISTEN_DISABLED));
        sink.add("time_in_listen_disabled_us", counters.get(StoreCounter.LISTEN_DISABLED_MICROS));
        sink.add("threads", settings.threads);
        sink.add("conn_yields", counters.get(StoreCounter.CONN_YIELDS));
        sink.add("hash_power_level", store.table().power());
        sink.add("hash_bytes", store.table().sizeBytes());
        sink.add("hash_is_expanding", store.table().isGrowing() ? 1 : 0);
    }

    private static void addMaintenance(final Store store, final Settings settings, final StatSink sink) {
        final StoreCounters counters = store.counters();
        if (settings.slabReassign) {
            sink.add("slab_reassign_rescues", counters.get(StoreCounter.REASSIGN_RESCUES));
            sink.add("slab_reassign_chunk_rescues", counters.get(StoreCounter.REASSIGN_CHUNK_RESCUES));
            sink.add("slab_reassign_evictions_nomem", counters.get(StoreCounter.REASSIGN_EVICTIONS));
            sink.add("slab_reassign_inline_reclaim", counters.get(StoreCounter.REASSIGN_INLINE_RECLAIM));
            sink.add("slab_reassign_busy_items", counters.get(StoreCounter.REASSIGN_BUSY_ITEMS));
            sink.add("slab_reassign_busy_deletes", counters.get(StoreCounter.REASSIGN_BUSY_DELETES));
            sink.add("slab_reassign_running", store.mover().isRunning() ? 1 : 0);
            sink.add("slabs_moved", counters.get(StoreCounter.SLABS_MOVED));
        }
        if (settings.lruCrawler) {
            sink.add("lru_crawler_running", store.crawler().isRunning() ? 1 : 0);
            sink.add("lru_crawler_starts", counters.get(StoreCounter.CRAWLER_STARTS));
        }
        if (settings.lruMaintainer) {
            sink.add("lru_maintainer_juggles", counters.get(StoreCounter.MAINTAINER_JUGGLES));
        }
    }

    private static void addLog(final StoreCounters counters, final ServerState state, final StatSink sink) {
        sink.add("malloc_fails", 0);
        sink.add("log_worker_dropped", 0);
        sink.add("log_worker_written", counters.get(StoreCounter.LOG_WRITTEN));
        sink.add("log_watcher_skipped", counters.get(StoreCounter.LOG_SKIPPED));
        sink.add("log_watcher_sent", counters.get(StoreCounter.LOG_SENT));
        sink.add("log_watchers", state.watchers());
        sink.add("unexpected_napi_ids", 0);
        sink.add("round_robin_fallback", 0);
    }

    private static void addItems(final Store store, final Settings settings, final StatSink sink) {
        final StoreCounters counters = store.counters();
        sink.add("bytes", store.itemBytes());
        sink.add("curr_items", store.itemCount());
        sink.add("total_items", counters.get(StoreCounter.TOTAL_ITEMS));
        sink.add("slab_global_page_pool", store.slabs().pages(Slabs.GLOBAL_POOL));
        sink.add("expired_unfetched", counters.total(LruCounter.EXPIRED_UNFETCHED));
        sink.add("evicted_unfetched", counters.total(LruCounter.EVICTED_UNFETCHED));
        if (settings.lruMaintainer) {
            sink.add("evicted_active", counters.total(LruCounter.EVICTED_ACTIVE));
        }
        sink.add("evictions", counters.total(LruCounter.EVICTED));
        sink.add("reclaimed", counters.total(LruCounter.RECLAIMED));
        sink.add("crawler_reclaimed", counters.total(LruCounter.CRAWLER_RECLAIMED));
        sink.add("crawler_items_checked", counters.total(LruCounter.CRAWLER_ITEMS_CHECKED));
        sink.add("lrutail_reflocked", 0);
        if (settings.lruMaintainer) {
            sink.add("moves_to_cold", counters.total(LruCounter.MOVES_TO_COLD));
            sink.add("moves_to_warm", counters.total(LruCounter.MOVES_TO_WARM));
            sink.add("moves_within_lru", counters.total(LruCounter.MOVES_WITHIN_LRU));
            sink.add("direct_reclaims", counters.total(LruCounter.DIRECT_RECLAIMS));
            sink.add("lru_bumps_dropped", 0);
        }
    }
}
