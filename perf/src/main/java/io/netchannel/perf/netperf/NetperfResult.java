package io.netchannel.perf.netperf;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * All rounds of one test on one path.
 *
 * @param measurements one for each counted round, in order
 */
record NetperfResult(NetperfTest test, String path, List<Measurement> measurements) {

    /** Gbit/s of a stream, transactions/s otherwise: the median of the rounds. */
    double rate() {
        return median(rateOf());
    }

    double lowestRate() {
        return measurements.stream().mapToDouble(rateOf()).min().orElse(Double.NaN);
    }

    double highestRate() {
        return measurements.stream().mapToDouble(rateOf()).max().orElse(Double.NaN);
    }

    private ToDoubleFunction<Measurement> rateOf() {
        return test.isStream() ? Measurement::gigabitsPerSecond : Measurement::transactionsPerSecond;
    }

    /** CPU µs per KiB of a stream, per transaction otherwise: the median of the rounds. */
    double cpuMicros() {
        return median(test.isStream() ? Measurement::cpuMicrosPerKib : Measurement::cpuMicrosPerTransaction);
    }

    /** Latency percentile over the transactions of all rounds, in µs. */
    double latencyMicros(final double percentile) {
        final Histogram all = Measurement.newHistogram();
        measurements.forEach(m -> all.add(m.latenciesNs()));
        return all.getTotalCount() == 0 ? Double.NaN : all.getValueAtPercentile(percentile) / 1e3;
    }

    private double median(final ToDoubleFunction<Measurement> of) {
        final double[] sorted = measurements.stream().mapToDouble(of).sorted().toArray();
        if (sorted.length == 0 || Arrays.stream(sorted).anyMatch(Double::isNaN)) {
            return Double.NaN;
        }
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
