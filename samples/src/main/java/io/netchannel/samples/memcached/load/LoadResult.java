package io.netchannel.samples.memcached.load;

import io.netchannel.samples.load.CpuTime;
import io.netchannel.samples.load.Spread;
import java.util.List;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * What a path has come to at one depth of the pipeline.
 *
 * @param failure why it stopped, or null
 */
record LoadResult(int depth, String path, List<LoadRound> rounds, String failure) {

    boolean isEmpty() {
        return rounds.isEmpty();
    }

    Spread rates() {
        return Spread.of(rounds.stream().mapToDouble(LoadRound::perSecond));
    }

    /** Median of the rounds. */
    double perSecond() {
        return rates().median();
    }

    private long sum(final ToLongFunction<LoadRound> value) {
        return rounds.stream().mapToLong(value).sum();
    }

    long operations() {
        return sum(round -> round.counts().operations());
    }

    long misses() {
        return sum(round -> round.counts().misses());
    }

    long errors() {
        return sum(round -> round.counts().errors());
    }

    String firstError() {
        return rounds.stream().map(round -> round.counts().firstError()).filter(error -> error != null).findFirst()
                .orElse(null);
    }

    Histogram latencies() {
        final Histogram all = rounds.getFirst().counts().latencies().copy();
        rounds.stream().skip(1).forEach(round -> all.add(round.counts().latencies()));
        return all;
    }

    double latencyMicros(final double percentile) {
        return latencies().getValueAtPercentile(percentile) / 1e3;
    }

    double clientCpuMicros() {
        return sum(LoadRound::clientCpuNs) / 1e3 / sum(round -> round.counts().allOperations());
    }

    boolean isServerCpuKnown() {
        return rounds.stream().noneMatch(round -> round.serverCpuNs() == CpuTime.UNKNOWN);
    }

    double serverCpuMicros() {
        return sum(LoadRound::serverCpuNs) / 1e3 / sum(round -> round.counts().allOperations());
    }
}
