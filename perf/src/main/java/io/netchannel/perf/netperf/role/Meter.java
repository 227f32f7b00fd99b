package io.netchannel.perf.netperf.role;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * What one side of one connection has done so far.
 *
 * <p>Threading: written by that side's thread; the counters may be read by any, the histogram after the end.
 */
public final class Meter {

    private static final long HIGHEST_NS = 10_000_000_000L;

    // Three counters that one thread writes and others read: ordered stores, no locked instruction.
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Histogram latencies;

    /** @param digits of a latency that count; 0 for none recorded */
    public Meter(final int digits) {
        latencies = digits == 0 ? null : newHistogram(digits);
    }

    /** Up to ten seconds. */
    public static Histogram newHistogram(final int digits) {
        return new Histogram(HIGHEST_NS, digits);
    }

    void add(final long byteCount, final long operationCount) {
        bytes.setRelease(bytes.getPlain() + byteCount);
        operations.setRelease(operations.getPlain() + operationCount);
    }

    void addRefused() {
        refused.setRelease(refused.getPlain() + 1);
    }

    void latency(final long ns) {
        latencies.recordValue(Math.min(Math.max(0, ns), HIGHEST_NS));
    }

    public long bytes() {
        return bytes.getAcquire();
    }

    /** Messages of a stream, transactions, datagrams. */
    public long operations() {
        return operations.getAcquire();
    }

    /** Sends that found no room. */
    public long refused() {
        return refused.getAcquire();
    }

    public Histogram latencies() {
        return latencies;
    }
}
