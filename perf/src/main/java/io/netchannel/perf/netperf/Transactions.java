package io.netchannel.perf.netperf;

import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/**
 * Times transactions, one at a time, until the time is up.
 *
 * <p>Threading: on the client's loop; the future is for the measuring thread.
 */
final class Transactions {

    /** CPU time is filled in by the measuring thread. */
    record Outcome(long elapsedNs, long count, Histogram latenciesNs) {
    }

    private final long durationNs;
    private final Histogram latencies = Measurement.newHistogram();
    private final CompletableFuture<Outcome> done = new CompletableFuture<>();
    private long startNs;
    private long sentNs;
    private long count;

    Transactions(final long durationNs) {
        this.durationNs = durationNs;
    }

    CompletableFuture<Outcome> done() {
        return done;
    }

    /** The first request is about to be sent. */
    void begin() {
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
        done.complete(new Outcome(nowNs - startNs, count, latencies));
        return false;
    }

    void failed(final String why) {
        done.completeExceptionally(new NetperfException(why, null));
    }
}
