package io.netchannel.perf.netperf;

import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/**
 * Times transactions, one at a time, until the time is up.
 *
 * <p>Threading: on the client's loop; the future is for the measuring thread.
 */
final class Transactions {

    private final long durationNs;
    private final Histogram latencies = Measurement.newHistogram();
    private final CompletableFuture<Measurement> done = new CompletableFuture<>();
    private long startNs;
    private long startCpuNs;
    private long sentNs;
    private long count;

    Transactions(final long durationNs) {
        this.durationNs = durationNs;
    }

    CompletableFuture<Measurement> done() {
        return done;
    }

    /** The first request is about to be sent. */
    void begin() {
        startCpuNs = ProcessCpu.nowNs();
        startNs = System.nanoTime();
        sentNs = startNs;
    }

    /** A response is complete; @return whether the next request is to be sent at once */
    boolean completed() {
        final long nowNs = System.nanoTime();
        latencies.recordValue(Math.min(nowNs - sentNs, latencies.getHighestTrackableValue()));
        sentNs = nowNs;
        count++;
        if (nowNs - startNs < durationNs) {
            return true;
        }
        done.complete(new Measurement(nowNs - startNs, 0, count, ProcessCpu.nowNs() - startCpuNs, latencies));
        return false;
    }

    void failed(final String why) {
        done.completeExceptionally(new NetperfException(why, null));
    }
}
