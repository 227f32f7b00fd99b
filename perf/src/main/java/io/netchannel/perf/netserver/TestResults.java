package io.netchannel.perf.netserver;

/**
 * What a test has counted, over all loops.
 *
 * @param elapsedSeconds from the response to the end of the data
 * @param cpu how busy the host was; null if it was not measured
 * @param congestionControl that the last connection used, or empty
 */
record TestResults(long receivedBytes, long receives, long sentBytes, long sends, long failedSends, long transactions,
        long retransmits, double elapsedSeconds, HostCpu.Utilization cpu, String congestionControl) {
}
