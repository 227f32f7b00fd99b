package io.netchannel.samples.haproxy.config;

import java.util.List;
import java.util.Map;

/**
 * Keywords of {@code global} about haproxy's own inside, which is not ours: checked as haproxy does, and of no effect.
 * And those that ask for what isn't here: refused.
 */
final class TuningKeywords {

    private static final int MAX_IDLE_MS = 65_535;

    private TuningKeywords() {
    }

    /** All of these stand in {@link TakenKeywords}. */
    static void register(final Keywords.Builder builder) {
        for (final String name : List.of("noepoll", "nokqueue", "noevports", "nopoll", "nosplice", "nogetaddrinfo",
                "busy-polling", "set-dumpable", "h2-workaround-bogus-websocket-clients",
                "insecure-setuid-wanted", "strict-limits", "numa-cpu-mapping", "expose-experimental-directives",
                "no-memory-trimming", "ssl-skip-self-issued-ca", "tune.ssl.force-private-cache")) {
            builder.global(name, (line, global, context) -> ParseContext.noMoreThan(0, line));
        }
        for (final String name : List.of("tune.runqueue-depth", "tune.maxpollevents", "tune.recv_enough",
                "tune.buffers.limit", "tune.buffers.reserve", "tune.pipesize", "maxpipes", "maxzlibmem",
                "fd-hard-limit", "mworker-max-reloads", "tune.ssl.cachesize", "tune.ssl.maxrecord",
                "tune.ssl.hard-maxrecord", "tune.ssl.ssl-ctx-cache-size", "tune.ssl.capture-buffer-size",
                "tune.ssl.capture-cipherlist-size", "tune.vars.global-max-size", "tune.vars.proc-max-size",
                "tune.vars.sess-max-size", "tune.vars.txn-max-size", "tune.vars.reqres-max-size",
                "tune.vars.check-max-size")) {
            builder.global(name, (line, global, context) -> GlobalKeywords.integer(line, "an integer argument."));
        }
        ranges(builder);
        for (final String name : List.of("profiling.tasks", "profiling.memory", "tune.idle-pool.shared",
                "tune.sched.low-latency", "tune.listener.multi-queue", "tune.fd.edge-triggered", "tune.ssl.keylog")) {
            builder.global(name, (line, global, context) -> onOrOff(line));
        }
        for (final String name : List.of("ssl-load-extra-files", "ssl-load-extra-del-ext", "tune.ssl.lifetime",
                "cluster-secret")) {
            builder.global(name, (line, global, context) -> {
                // Of certificates' files and of keys between processes: there are none of either here.
            });
        }
        builder.global("tune.idletimer", TuningKeywords::idleTimer).global("cpu-map", TuningKeywords::cpuMap)
                .global("thread-groups", (line, global, context) -> group(line))
                .global("thread-group", (line, global, context) -> group(line));
    }

    static void refuse(final Keywords.Builder builder) {
        for (final String absent : List.of("lua-load", "lua-load-per-thread", "lua-prepend-path",
                "tune.lua.session-timeout", "tune.lua.task-timeout", "tune.lua.service-timeout",
                "tune.lua.forced-yield", "tune.lua.maxmem", "ssl-engine", "ssl-mode-async", "ssl-propquery",
                "ssl-provider", "ssl-provider-path", "ssl-dh-param-file", "issuers-chain-path",
                "ssl-default-bind-curves", "default-path", "httpclient.resolvers.id",
                "httpclient.resolvers.prefer", "httpclient.ssl.verify", "httpclient.ssl.ca-file", "tune.fail-alloc")) {
            builder.global(absent, (line, global, context) -> {
                throw new ConfigException("'" + absent + "' is not supported by this build.");
            });
        }
    }

    /** {@code NAME MIN..MAX}. */
    private static void ranges(final Keywords.Builder builder) {
        Map.of("tune.h2.header-table-size", new int[]{0, 65_535}, "tune.h2.initial-window-size", new int[]{0,
            Integer.MAX_VALUE}, "tune.h2.max-concurrent-streams", new int[]{0, Integer.MAX_VALUE},
                "tune.h2.max-frame-size", new int[]{16_384, 16_777_215}, "tune.zlib.memlevel", new int[]{1, 9},
                "tune.zlib.windowsize", new int[]{8, 15}, "tune.pool-high-fd-ratio", new int[]{0, 100},
                "tune.pool-low-fd-ratio", new int[]{0, 100}, "tune.ssl.default-dh-param", new int[]{1_024,
                    Integer.MAX_VALUE})
                .forEach((name, range) -> builder.global(name, (line, global, context) -> GlobalKeywords.ranged(line,
                        range[0], range[1], "a numeric value between " + range[0] + " and " + range[1])));
    }

    private static void onOrOff(final Line line) throws ConfigException {
        ParseContext.noMoreThan(1, line);
        if (!"on".equals(line.word(1)) && !"off".equals(line.word(1)) && !"auto".equals(line.word(1))) {
            throw new ConfigException("'" + line.word(0) + "' expects either 'on' or 'off' but got '" + line.word(1)
                    + "'.");
        }
    }

    private static void idleTimer(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(1, line);
        final Units.Parsed parsed = Units.time(line.word(1), Units.TimeUnit.MS);
        if (line.size() < 2 || parsed.isOk() && parsed.value() > MAX_IDLE_MS) {
            throw new ConfigException("'tune.idletimer' expects a timer value between 0 and 65535 ms.");
        }
        if (parsed.verdict() == Units.Verdict.UNEXPECTED) {
            throw ConfigException.tight("unexpected character '" + parsed.unexpected()
                    + "' in argument to <tune.idletimer>.");
        }
        if (!parsed.isOk()) {
            throw ConfigException.tight("timer overflow in argument <" + line.word(1)
                    + "> to <tune.idletimer>, maximum value is 65535 ms.");
        }
    }

    private static void cpuMap(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        if (line.size() < 3) {
            throw new ConfigException("cpu-map expects a process number  ('all', 'odd', 'even', a number from 1 to 64 "
                    + "or a range),  followed by a list of CPU ranges with numbers from 0 to 63.");
        }
        final String who = line.word(1).startsWith("auto:") ? line.word(1).substring(5) : line.word(1);
        final int slash = who.indexOf('/');
        try {
            Numbers.range(slash < 0 ? who : who.substring(0, slash), BindKeywords.MAX_THREADS);
            if (slash >= 0) {
                Numbers.range(who.substring(slash + 1), BindKeywords.MAX_THREADS);
            }
        } catch (final ConfigException e) {
            throw new ConfigException("cpu-map : " + e.getMessage(), e);
        }
    }

    /** There is one. */
    private static void group(final Line line) throws ConfigException {
        if (!"1".equals(line.word(1))) {
            throw new ConfigException(
                    "'" + line.word(0) + "' value must be between 1 and 1 (was " + line.word(1) + ")");
        }
    }
}
