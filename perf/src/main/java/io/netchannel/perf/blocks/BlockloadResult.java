package io.netchannel.perf.blocks;

import org.HdrHistogram.Histogram;

/**
 * What a load came to.
 *
 * @param failed requests that moved fewer bytes than they should
 * @param processCpuNs user and system, of all threads
 * @param latencies in ns
 * @param ioUring whether the file was read or written by io_uring; else threads did it
 */
record BlockloadResult(long completed, long failed, long elapsedNs, long processCpuNs, Histogram latencies,
        boolean ioUring) {

    double perSecond() {
        return completed * 1e9 / elapsedNs;
    }

    /** Of one request. */
    double cpuNs() {
        return (double) processCpuNs / Math.max(1, completed);
    }
}
