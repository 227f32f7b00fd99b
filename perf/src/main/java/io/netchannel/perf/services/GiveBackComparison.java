package io.netchannel.perf.services;

import io.netchannel.kernel.sched.SystemNanoClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What shrinkers say they give against what the system gets. A memcached of its own process is filled in a control group, whose limit
 * then comes down upon it in steps, each to hardly more than what is in use. Each round is a process anew; there is nothing to
 * warm up.
 */
final class GiveBackComparison implements ServiceComparison {

    private static final long MIB = 1 << 20;
    private static final int CACHE_MEGABYTES = 384;
    private static final int VALUE_BYTES = 1000;
    /** Somewhat more than fit. */
    private static final int ITEMS = 360_000;
    private static final long WIDE_BYTES = 4L << 30;
    private static final int STEPS = 5;
    /** A fortieth of what is used is left when the limit comes down: less, and the kernel kills before anybody can give. */
    private static final int MARGIN = 40;
    /** The heap's levers are looked at some seconds after the start. */
    private static final long SETTLE_SECONDS = 11;
    private static final int WAIT_MS = 100;
    private static final int MAX_WAITS = 100;
    private static final double TOLERANCE = 0.1;

    private record Round(double residentFall, double anonymousFall, double fileFall, double sharedFall,
            double groupFall, double given, double byCache, double byHeap,
            double itemsLost, double milliseconds) {
    }

    @Override
    public String name() {
        return "give-back";
    }

    @Override
    public String description() {
        return "fall of RSS under a limit that comes down, against what the shrinkers say";
    }

    @Override
    public String target() {
        return "a fall of RSS within 10 % of what was given";
    }

    @Override
    public String unavailability() {
        return LimitedGroup.unavailability();
    }

    @Override
    public ComparisonResult run(final int rounds, final PrintWriter progress) throws IOException,
            InterruptedException {
        final Round[] all = new Round[rounds];
        for (int i = 0; i < rounds; i++) {
            all[i] = round();
            progress.printf(Locale.ROOT, "  round %d: RSS fell by %.1f MiB, given %.1f MiB (cache %.1f, heap %.1f)%n",
                    i + 1, all[i].residentFall, all[i].given, all[i].byCache, all[i].byHeap);
            progress.flush();
        }
        final ComparisonResult.Figure fall = figure("fall of RSS", "MiB", all, Round::residentFall);
        final ComparisonResult.Figure given = figure("given, as the shrinkers say", "MiB", all, Round::given);
        final ComparisonResult.Figure ratios = figure("fall of RSS to given", "", all, each -> each.residentFall
                / each.given);
        final double ratio = ratios.median();
        return new ComparisonResult(
                List.of(fall, given, ratios, figure("of the fall, slab memory (RssShmem)", "MiB", all,
                        Round::sharedFall),
                        figure("of the fall, heap and C heap (RssAnon)", "MiB", all, Round::anonymousFall),
                        figure("of the fall, code and files (RssFile)", "MiB", all, Round::fileFall),
                        figure("fall of the group's use", "MiB", all,
                                Round::groupFall),
                        figure("given by the cache", "MiB", all, Round::byCache), figure(
                                "given by the Java heap", "MiB", all, Round::byHeap),
                        figure("items evicted for it", "items",
                                all, Round::itemsLost),
                        figure("from the first step to the last byte", "ms", all,
                                Round::milliseconds)),
                ratio, Math.abs(ratio - 1) <= TOLERANCE);
    }

    private interface Value {
        double of(Round round);
    }

    private static ComparisonResult.Figure figure(final String what, final String unit, final Round[] rounds,
            final Value value) {
        final double[] values = new double[rounds.length];
        for (int i = 0; i < rounds.length; i++) {
            values[i] = value.of(rounds[i]);
        }
        return new ComparisonResult.Figure(what, unit, values);
    }

    private static Round round() throws IOException, InterruptedException {
        try (LimitedGroup group = new LimitedGroup("netchannel-give-back-" + ProcessHandle.current().pid())) {
            group.limitBytes(WIDE_BYTES);
            try (CacheProcess cache = new CacheProcess(group, CACHE_MEGABYTES)) {
                cache.fill(ITEMS, VALUE_BYTES);
                TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
                return squeeze(group, cache);
            }
        }
    }

    private static Round squeeze(final LimitedGroup group, final CacheProcess cache) throws IOException,
            InterruptedException {
        final Map<String, String> before = cache.stats("stats pressure");
        final long itemsBefore = number(cache.stats("stats"), "curr_items");
        final long usedBefore = group.usedBytes();
        final long residentBefore = cache.residentBytes();
        final long anonymous = cache.residentBytes("RssAnon");
        final long file = cache.residentBytes("RssFile");
        final long shared = cache.residentBytes("RssShmem");
        final long startNs = SystemNanoClock.INSTANCE.nowNs();
        for (int step = 0; step < STEPS; step++) {
            final long rounds = number(cache.stats("stats pressure"), "rounds");
            final long used = group.usedBytes();
            group.limitBytes(used + used / MARGIN);
            awaitCalm(cache, rounds);
        }
        final long endNs = SystemNanoClock.INSTANCE.nowNs();
        final long resident = cache.residentBytes();
        final long used = group.usedBytes();
        final Map<String, String> after = cache.stats("stats pressure");
        final long items = number(cache.stats("stats"), "curr_items");
        final double given = increase(before, after, "given_bytes");
        if (given <= 0) {
            throw new IOException("memcached gave nothing back: stats pressure is " + after);
        }
        return new Round(mebibytes(residentBefore - resident), mebibytes(anonymous - cache.residentBytes("RssAnon")),
                mebibytes(file - cache.residentBytes("RssFile")), mebibytes(shared - cache.residentBytes("RssShmem")),
                mebibytes(usedBefore - used), given, increase(before,
                        after, "cache:given_bytes"),
                increase(before, after, "heap:given_bytes"), itemsBefore - items,
                (endNs - startNs) / 1e6);
    }

    /** Until a round more has been, and there is no pressure any more. */
    private static void awaitCalm(final CacheProcess cache, final long roundsBefore) throws IOException,
            InterruptedException {
        for (int waits = 0; waits < MAX_WAITS; waits++) {
            final Map<String, String> now = cache.stats("stats pressure");
            if (number(now, "rounds") > roundsBefore && now.get("level").equals("none")) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(WAIT_MS);
        }
        throw new IOException("memcached was still short of memory " + MAX_WAITS * WAIT_MS / 1000
                + " s after its limit came down: stats pressure is " + cache.stats("stats pressure"));
    }

    private static double increase(final Map<String, String> before, final Map<String, String> after,
            final String name) throws IOException {
        return mebibytes(number(after, name) - number(before, name));
    }

    private static long number(final Map<String, String> stats, final String name) throws IOException {
        final String value = stats.get(name);
        if (value == null) {
            throw new IOException("memcached has no " + name);
        }
        return Long.parseLong(value);
    }

    private static double mebibytes(final long bytes) {
        return (double) bytes / MIB;
    }
}
