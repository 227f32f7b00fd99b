package io.netchannel.perf.netperf.role;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.HdrHistogram.Histogram;

/**
 * Latencies of a test: a histogram for each thread that has connections, not for each connection, whose histograms would
 * push everything else out of the cache.
 *
 * <p>Threading: {@link #ofThisThread} any; {@link #all} after the end.
 */
public final class Latencies {

    private static final long HIGHEST_NS = 10_000_000_000L;

    private final List<Histogram> histograms = new CopyOnWriteArrayList<>();
    private final int digits;
    private final ThreadLocal<Histogram> own = ThreadLocal.withInitial(this::add);

    /** @param digits of a latency that count */
    public Latencies(final int digits) {
        this.digits = digits;
    }

    /** Up to ten seconds. */
    public static Histogram newHistogram(final int digits) {
        return new Histogram(HIGHEST_NS, digits);
    }

    private Histogram add() {
        final Histogram histogram = newHistogram(digits);
        histograms.add(histogram);
        return histogram;
    }

    Histogram ofThisThread() {
        return own.get();
    }

    static void record(final Histogram into, final long ns) {
        into.recordValue(Math.clamp(ns, 0, HIGHEST_NS));
    }

    public Histogram all() {
        final Histogram all = newHistogram(digits);
        histograms.forEach(all::add);
        return all;
    }
}
