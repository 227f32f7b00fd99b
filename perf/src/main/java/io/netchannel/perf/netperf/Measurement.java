package io.netchannel.perf.netperf;

import org.HdrHistogram.Histogram;

/**
 * What one path did in one round of one test.
 *
 * @param elapsedNs the interval that was counted
 * @param bytes payload bytes that the receiver took, for a stream
 * @param transactions completed, for request/response
 * @param processCpuNs CPU time of the whole process in that interval: both ends, every thread
 * @param latenciesNs of the transactions; empty for a stream
 */
public record Measurement(long elapsedNs, long bytes, long transactions, long processCpuNs, Histogram latenciesNs) {

    /** For a percentile of at least three significant digits up to ten seconds. */
    static Histogram newHistogram() {
        return new Histogram(10_000_000_000L, 3);
    }

    double gigabitsPerSecond() {
        return bytes * 8.0 / elapsedNs;
    }

    double transactionsPerSecond() {
        return transactions * 1e9 / elapsedNs;
    }

    /** netperf's service demand for a stream. */
    double cpuMicrosPerKib() {
        return bytes == 0 ? Double.NaN : processCpuNs / 1e3 / (bytes / 1024.0);
    }

    double cpuMicrosPerTransaction() {
        return transactions == 0 ? Double.NaN : processCpuNs / 1e3 / transactions;
    }
}
