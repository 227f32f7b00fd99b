package io.netchannel.perf.netperf;

import org.HdrHistogram.Histogram;

/**
 * What one path did in one round of one test.
 *
 * @param use of CPU, memory, machine
 * @param sentBytes payload that the sender's side took
 * @param receivedBytes payload that came
 * @param sentOperations messages, requests or datagrams sent
 * @param operations messages, transactions or datagrams that were completed, at the receiver
 * @param latenciesNs of transactions; empty for a stream
 */
public record Measurement(ResourceUse use, long sentBytes, long receivedBytes, long sentOperations, long operations,
        Histogram latenciesNs) {

    public long elapsedNs() {
        return use.elapsedNs();
    }

    double gigabitsPerSecond() {
        return receivedBytes * 8.0 / elapsedNs();
    }

    double operationsPerSecond() {
        return operations * 1e9 / elapsedNs();
    }

    /** Service demand: µs of CPU for each KiB received. */
    static double perKib(final long cpuNs, final long bytes) {
        return bytes == 0 ? Double.NaN : cpuNs / 1e3 / (bytes / 1024.0);
    }

    /** Service demand: µs of CPU for each transaction or datagram. */
    static double perOperation(final long cpuNs, final long operations) {
        return operations == 0 ? Double.NaN : cpuNs / 1e3 / operations;
    }

    /** Heap bytes allocated for each operation, by whomever. */
    double allocatedPerOperation() {
        return operations == 0 ? Double.NaN : (double) use.allocatedBytes() / operations;
    }
}
