package io.netchannel.samples.memcached.options;

import java.util.Arrays;

/** The options behind {@code -o}. Those that this server doesn't know are passed over with a word on standard error. */
final class ExtendedOptions {

    private static final int FAILURE = 1;
    private static final int KILOBYTE_SHIFT = 10;
    private static final int MEGABYTE_SHIFT = 20;
    private static final int MAX_SLEEP_MICROS = 1_000_000;

    private final Settings settings;
    private boolean chunkMaxGiven;

    ExtendedOptions(final Settings settings) {
        this.settings = settings;
    }

    boolean isChunkMaxGiven() {
        return chunkMaxGiven;
    }

    void parse(final String list) throws UsageException {
        for (final String option : list.split(",")) {
            final int equals = option.indexOf('=');
            final String name = equals < 0 ? option : option.substring(0, equals);
            apply(name, equals < 0 ? null : option.substring(equals + 1));
        }
    }

    private void apply(final String name, final String value) throws UsageException {
        switch (name) {
            case "maxconns_fast" -> settings.maxConnectionsFast = true;
            case "no_maxconns_fast" -> settings.maxConnectionsFast = false;
            case "hashpower" -> settings.hashPower = within(name, value, 12, 32);
            case "no_hashexpand" -> settings.hashExpands = false;
            case "hash_algorithm" -> checkHash(name, value);
            case "slab_reassign" -> settings.slabReassign = true;
            case "no_slab_reassign" -> settings.slabReassign = false;
            case "slab_automove" -> settings.slabAutomove = value == null ? 1 : within(name, value, 0, 2);
            case "no_slab_automove" -> settings.slabAutomove = 0;
            case "slab_automove_ratio" -> settings.slabAutomoveRatio = fraction(name, value, 1);
            case "slab_automove_window" -> settings.slabAutomoveWindow = within(name, value, 3, Short.MAX_VALUE);
            case "slab_sizes" -> settings.slabSizes = sizes(value(name, value));
            case "slab_chunk_max" -> {
                settings.chunkMaxBytes = integer(name, value);
                chunkMaxGiven = true;
            }
            case "no_chunked_items" -> settings.chunkMaxBytes = Settings.PAGE_BYTES;
            case "tail_repair_time" -> settings.tailRepairSeconds = within(name, value, 10, Integer.MAX_VALUE);
            case "track_sizes" -> settings.trackSizes = true;
            case "idle_timeout" -> settings.idleTimeoutSeconds = integer(name, value);
            case "watcher_logbuf_size" -> settings.watcherBufferBytes = integer(name, value) << KILOBYTE_SHIFT;
            case "worker_logbuf_size" -> settings.workerBufferBytes = integer(name, value) << KILOBYTE_SHIFT;
            case "read_buf_mem_limit" -> settings.readBufferLimitBytes = integer(name, value) << MEGABYTE_SHIFT;
            case "memory_pressure" -> settings.memoryPressure = true;
            case "no_memory_pressure" -> settings.memoryPressure = false;
            case "memory_pressure_floor" -> settings.pressureFloorPercent = within(name, value, 0, 100);
            case "relaxed_privileges" -> settings.debugCommands = true;
            case "no_modern" -> noModern();
            case "", "modern", "inline_ascii_resp", "no_inline_ascii_resp", "drop_privileges",
                    "no_drop_privileges", "resp_obj_mem_limit", "sock_cookie_id" -> {
                // Taken by the original too, without effect or with one that has no counterpart here.
            }
            default -> applyLru(name, value);
        }
    }

    private void applyLru(final String name, final String value) throws UsageException {
        switch (name) {
            case "lru_crawler" -> settings.lruCrawler = true;
            case "no_lru_crawler" -> settings.lruCrawler = false;
            case "lru_crawler_sleep" -> settings.crawlerSleepMicros = within(name, value, 0, MAX_SLEEP_MICROS);
            case "lru_crawler_tocrawl" -> settings.crawlerToCrawl = integer(name, value);
            case "lru_maintainer" -> {
                settings.lruMaintainer = true;
                settings.lruSegmented = true;
            }
            case "no_lru_maintainer" -> {
                settings.lruMaintainer = false;
                settings.lruSegmented = false;
            }
            case "hot_lru_pct" -> settings.hotPercent = within(name, value, 1, 79);
            case "warm_lru_pct" -> settings.warmPercent = within(name, value, 1, 79);
            case "hot_max_factor" -> settings.hotMaxFactor = fraction(name, value, Double.MAX_VALUE);
            case "warm_max_factor" -> settings.warmMaxFactor = fraction(name, value, Double.MAX_VALUE);
            case "temporary_ttl" -> {
                settings.tempLru = true;
                settings.temporaryTtlSeconds = integer(name, value);
            }
            default ->
                System.err.println("memcached: -o " + name + " is not known to this server; going on without it");
        }
    }

    private void noModern() {
        if (!chunkMaxGiven) {
            settings.chunkMaxBytes = Settings.PAGE_BYTES;
        }
        settings.slabReassign = false;
        settings.slabAutomove = 0;
        settings.maxConnectionsFast = false;
        settings.lruSegmented = false;
        settings.lruCrawler = false;
        settings.lruMaintainer = false;
    }

    private static String value(final String name, final String value) throws UsageException {
        if (value == null) {
            throw new UsageException(FAILURE, "Missing " + name + " argument");
        }
        return value;
    }

    private static int integer(final String name, final String value) throws UsageException {
        return ArgumentParser.integer(value(name, value));
    }

    private static int within(final String name, final String value, final int min, final int max)
            throws UsageException {
        final int number = integer(name, value);
        if (number < min || number > max) {
            throw new UsageException(FAILURE, name + "=" + number + " is not within " + min + ".." + max);
        }
        return number;
    }

    static double real(final String text) {
        try {
            return Double.parseDouble(text);
        } catch (final NumberFormatException e) {
            return 0;
        }
    }

    private static double fraction(final String name, final String value, final double max) throws UsageException {
        final double number = real(value(name, value));
        if (!(number > 0 && number <= max)) {
            throw new UsageException(FAILURE, name + " must be > 0" + (max == 1 ? " and < 1" : ""));
        }
        return number;
    }

    private void checkHash(final String name, final String value) throws UsageException {
        if (!Arrays.asList("jenkins", "murmur3", "xxh3").contains(value(name, value))) {
            throw new UsageException(FAILURE, "Unknown hash_algorithm option (jenkins, murmur3, xxh3)");
        }
        if (!settings.hashAlgorithm.equals(value)) {
            System.err.println("memcached: hash_algorithm " + value + ": this server always takes murmur3");
        }
    }

    private static int[] sizes(final String list) throws UsageException {
        final int[] sizes = Arrays.stream(list.split("-")).mapToInt(ArgumentParser::integer).toArray();
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 48 || i > 0 && sizes[i] <= sizes[i - 1]) {
                throw new UsageException(FAILURE, "slab_sizes " + list + ": sizes must be 48 or more, and grow");
            }
        }
        return sizes;
    }
}
