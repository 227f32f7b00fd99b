package io.netchannel.samples.memcached.stats;

import io.netchannel.samples.memcached.options.Settings;
import io.netchannel.samples.memcached.store.Store;
import java.util.Locale;

/**
 * {@code stats settings}.
 *
 * <p>Threading: under the store's lock.
 */
public final class SettingsStats {

    private SettingsStats() {
    }

    public static void add(final Store store, final StatSink sink) {
        final Settings settings = store.settings();
        addServer(store, settings, sink);
        addMemory(settings, sink);
        addLru(settings, sink);
        sink.add("idle_timeout", settings.idleTimeoutSeconds);
        sink.add("watcher_logbuf_size", settings.watcherBufferBytes);
        sink.add("worker_logbuf_size", settings.workerBufferBytes);
        sink.add("read_buf_mem_limit", settings.readBufferLimitBytes);
        sink.add("track_sizes", yesNo(store.sizes().isEnabled()));
        sink.add("inline_ascii_response", "no");
        sink.add("num_napi_ids", "(null)");
        sink.add("memory_file", "(null)");
    }

    private static void addServer(final Store store, final Settings settings, final StatSink sink) {
        sink.add("maxbytes", settings.maxBytes);
        sink.add("maxconns", settings.maxConnections);
        sink.add("tcpport", settings.tcpPort);
        sink.add("udpport", settings.udpPort);
        sink.add("inter", orNull(settings.listenAddresses));
        sink.add("verbosity", settings.verbosity);
        sink.add("oldest", store.flushedUntil());
        sink.add("evictions", settings.evict ? "on" : "off");
        sink.add("domain_socket", orNull(settings.unixSocket));
        sink.add("umask", Integer.toOctalString(settings.unixMask));
        sink.add("shutdown_command", yesNo(settings.shutdownCommand));
        sink.add("growth_factor", decimals(settings.growthFactor));
        sink.add("chunk_size", settings.chunkBytes);
        sink.add("num_threads", settings.threads);
        sink.add("num_threads_per_udp", settings.threads);
        sink.add("stat_key_prefix", String.valueOf(settings.prefixDelimiter));
        sink.add("detail_enabled", yesNo(settings.detailEnabled));
        sink.add("reqs_per_event", settings.requestsPerEvent);
        sink.add("cas_enabled", yesNo(settings.cas));
        sink.add("tcp_backlog", settings.backlog);
        sink.add("binding_protocol", settings.protocol.text());
        sink.add("auth_enabled_sasl", "no");
        sink.add("auth_enabled_ascii", settings.authFile == null ? "no" : settings.authFile.toString());
    }

    private static void addMemory(final Settings settings, final StatSink sink) {
        sink.add("item_size_max", settings.itemMaxBytes);
        sink.add("maxconns_fast", yesNo(settings.maxConnectionsFast));
        sink.add("hashpower_init", settings.hashPower);
        sink.add("slab_reassign", yesNo(settings.slabReassign));
        sink.add("slab_automove", settings.slabAutomove);
        sink.add("slab_automove_ratio", decimals(settings.slabAutomoveRatio));
        sink.add("slab_automove_window", settings.slabAutomoveWindow);
        sink.add("slab_chunk_max", settings.chunkMaxBytes);
    }

    private static void addLru(final Settings settings, final StatSink sink) {
        sink.add("lru_crawler", yesNo(settings.lruCrawler));
        sink.add("lru_crawler_sleep", settings.crawlerSleepMicros);
        sink.add("lru_crawler_tocrawl", settings.crawlerToCrawl);
        sink.add("tail_repair_time", settings.tailRepairSeconds);
        sink.add("flush_enabled", yesNo(settings.flushEnabled));
        sink.add("dump_enabled", yesNo(settings.dumpEnabled));
        sink.add("hash_algorithm", settings.hashAlgorithm);
        sink.add("lru_maintainer_thread", yesNo(settings.lruMaintainer));
        sink.add("lru_segmented", yesNo(settings.lruSegmented));
        sink.add("hot_lru_pct", settings.hotPercent);
        sink.add("warm_lru_pct", settings.warmPercent);
        sink.add("hot_max_factor", decimals(settings.hotMaxFactor));
        sink.add("warm_max_factor", decimals(settings.warmMaxFactor));
        sink.add("temp_lru", yesNo(settings.tempLru));
        sink.add("temporary_ttl", settings.temporaryTtlSeconds);
    }

    private static String yesNo(final boolean on) {
        return on ? "yes" : "no";
    }

    private static String orNull(final Object value) {
        return value == null ? "NULL" : value.toString();
    }

    private static String decimals(final double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
