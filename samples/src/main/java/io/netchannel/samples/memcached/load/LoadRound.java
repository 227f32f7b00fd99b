package io.netchannel.samples.memcached.load;

import io.netchannel.samples.load.CpuTime;

/**
 * One round of one path.
 *
 * @param serverCpuNs {@link CpuTime#UNKNOWN} for a server elsewhere
 */
record LoadRound(LoadCounts counts, long durationNs, long clientCpuNs, long serverCpuNs) {

    double perSecond() {
        return counts.operations() * 1e9 / durationNs;
    }
}
