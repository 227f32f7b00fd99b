package io.netchannel.perf.netperf;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Reads the receiver's byte counter at two instants while a stream runs, so that neither slow start nor the end counts.
 *
 * @param elapsedNs between the two
 * @param bytes between the two
 * @param processCpuNs between the two
 */
record StreamInterval(long elapsedNs, long bytes, long processCpuNs) {

    private static final long RAMP_NS = 50_000_000L;

    static StreamInterval measure(final LongSupplier receivedBytes, final long durationNs) {
        sleep(RAMP_NS);
        final long startBytes = receivedBytes.getAsLong();
        final long startCpuNs = ProcessCpu.nowNs();
        final long startNs = System.nanoTime();
        sleep(durationNs);
        final long bytes = receivedBytes.getAsLong() - startBytes;
        return new StreamInterval(System.nanoTime() - startNs, bytes, ProcessCpu.nowNs() - startCpuNs);
    }

    private static void sleep(final long durationNs) {
        final long endNs = System.nanoTime() + durationNs;
        for (long left; (left = endNs - System.nanoTime()) > 0 && !Thread.currentThread().isInterrupted();) {
            LockSupport.parkNanos(left);
        }
    }

    /** @throws NetperfException if nothing moved */
    Measurement toMeasurement(final String path) {
        if (bytes == 0) {
            throw new NetperfException("path " + path + ": the stream stood still", null);
        }
        return new Measurement(elapsedNs, bytes, 0, processCpuNs, Measurement.newHistogram());
    }
}
