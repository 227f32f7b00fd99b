package io.netchannel.perf.netperf;

/**
 * What an interval of a test took.
 *
 * @param processCpuNs of the whole process: both ends, every thread, compiler and collector
 * @param clientCpuNs of the client side's threads
 * @param serverCpuNs of the server side's
 * @param gcPauseNs as the collectors tell, to the millisecond
 * @param allocatedBytes on the heap, by all threads
 * @param othersCpuNs of other processes of the machine, to ten milliseconds
 * @param stolenNs of CPUs that a hypervisor gave to other machines
 */
public record ResourceUse(long elapsedNs, long processCpuNs, long clientCpuNs, long serverCpuNs, long gcPauseNs,
        long gcCount, long allocatedBytes, long othersCpuNs, long stolenNs) {
}
