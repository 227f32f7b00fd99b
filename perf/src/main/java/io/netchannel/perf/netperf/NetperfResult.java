package io.netchannel.perf.netperf;

import io.netchannel.perf.netperf.NetperfTest.Kind;
import io.netchannel.perf.netperf.role.Latencies;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * All rounds of one test on one path.
 *
 * @param measurements one for each counted round, in order; fewer than rounds if the path failed
 * @param idleMemory what idle connections hold; null if there are none
 * @param failure why the path did not finish; null if it did
 */
public record NetperfResult(TestCase test, String path, List<Measurement> measurements, IdleMemory idleMemory,
        String failure) {

    private static final double MANY_OTHERS = 0.10;
    private static final double MUCH_STOLEN = 0.02;
    private static final double WIDE_SPREAD = 0.25;

    public boolean isEmpty() {
        return measurements.isEmpty();
    }

    /** Gbit/s of a stream, transactions/s or packets/s otherwise: the median of the rounds. */
    public double rate() {
        return median(rateOf());
    }

    public double lowestRate() {
        return measurements.stream().mapToDouble(rateOf()).min().orElse(Double.NaN);
    }

    public double highestRate() {
        return measurements.stream().mapToDouble(rateOf()).max().orElse(Double.NaN);
    }

    private ToDoubleFunction<Measurement> rateOf() {
        return isStream() ? Measurement::gigabitsPerSecond : Measurement::operationsPerSecond;
    }

    private boolean isStream() {
        return test.test().kind() == Kind.STREAM;
    }

    public String rateUnit() {
        return switch (test.test().kind()) {
            case STREAM -> "Gbit/s";
            case TRANSACTIONS -> "trans/s";
            case PACKETS -> "packets/s";
        };
    }

    /** CPU of the whole process: µs for each KiB of a stream, for each transaction or packet otherwise. */
    public double cpuMicros() {
        return median(m -> demand(m, m.use().processCpuNs()));
    }

    /** Service demand of the client's threads. */
    public double clientCpuMicros() {
        return median(m -> demand(m, m.use().clientCpuNs()));
    }

    /** Service demand of the server's threads. */
    public double serverCpuMicros() {
        return median(m -> demand(m, m.use().serverCpuNs()));
    }

    private double demand(final Measurement m, final long cpuNs) {
        return isStream()
                ? Measurement.perKib(cpuNs, m.receivedBytes())
                : Measurement.perOperation(cpuNs, m.operations());
    }

    public String demandUnit() {
        return isStream() ? "us/KiB" : test.test().kind() == Kind.PACKETS ? "us/packet" : "us/Tr";
    }

    /** Part of one CPU, in percent. */
    public double clientCpuPercent() {
        return median(m -> m.use().clientCpuNs() * 100.0 / m.elapsedNs());
    }

    public double serverCpuPercent() {
        return median(m -> m.use().serverCpuNs() * 100.0 / m.elapsedNs());
    }

    public double elapsedSeconds() {
        return median(m -> m.elapsedNs() / 1e9);
    }

    public double allocatedPerOperation() {
        return median(Measurement::allocatedPerOperation);
    }

    /** Messages that were sent and did not come, in percent: for datagrams. */
    public double lostPercent() {
        return median(m -> m.sentOperations() == 0
                ? Double.NaN
                : Math.max(0, m.sentOperations() - m.operations()) * 100.0 / m.sentOperations());
    }

    public double sentPerSecond() {
        return median(m -> m.sentOperations() * 1e9 / m.elapsedNs());
    }

    double receivedPerSecond() {
        return median(Measurement::operationsPerSecond);
    }

    /** Of all rounds together. */
    double gcPauseMillis() {
        return measurements.stream().mapToDouble(m -> m.use().gcPauseNs() / 1e6).sum();
    }

    long gcCount() {
        return measurements.stream().mapToLong(m -> m.use().gcCount()).sum();
    }

    /** The latencies of all rounds. */
    public Histogram latencies() {
        final Histogram all = Latencies.newHistogram(3);
        measurements.forEach(m -> all.add(m.latenciesNs()));
        return all;
    }

    /** Latency percentile over the transactions of all rounds, in µs; NaN for a stream. */
    public double latencyMicros(final double percentile) {
        final Histogram all = latencies();
        return all.getTotalCount() == 0 ? Double.NaN : all.getValueAtPercentile(percentile) / 1e3;
    }

    /** What makes its figures doubtful; empty if nothing does. */
    public List<String> doubts() {
        final List<String> doubts = new ArrayList<>();
        if (failure != null) {
            doubts.add("failed: " + failure);
        }
        if (isEmpty()) {
            return doubts;
        }
        final double cpus = Runtime.getRuntime().availableProcessors();
        final double others = median(m -> m.use().othersCpuNs() / (cpus * m.elapsedNs()));
        if (others > MANY_OTHERS) {
            doubts.add(String.format(Locale.ROOT, "starved: other processes took %.0f %% of the machine",
                    others * 100));
        }
        final double stolen = median(m -> m.use().stolenNs() / (cpus * m.elapsedNs()));
        if (stolen > MUCH_STOLEN) {
            doubts.add(String.format(Locale.ROOT, "starved: %.0f %% of the machine was stolen by its host",
                    stolen * 100));
        }
        final double spread = (highestRate() - lowestRate()) / rate();
        if (spread > WIDE_SPREAD) {
            doubts.add(String.format(Locale.ROOT, "noisy: rounds differ by %.0f %%", spread * 100));
        }
        return doubts;
    }

    private double median(final ToDoubleFunction<Measurement> of) {
        final double[] sorted = measurements.stream().mapToDouble(of).sorted().toArray();
        // NaN sorts last.
        if (sorted.length == 0 || Double.isNaN(sorted[sorted.length - 1])) {
            return Double.NaN;
        }
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
