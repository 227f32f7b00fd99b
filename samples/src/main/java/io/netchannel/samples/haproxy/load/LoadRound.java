package io.netchannel.samples.haproxy.load;

/**
 * One round of one path.
 *
 * @param proxyCpuNs all that the proxy used
 */
record LoadRound(RequestCounts counts, long proxyCpuNs) {

    double cpuMicros() {
        return proxyCpuNs / 1e3 / counts.allRequests();
    }
}
