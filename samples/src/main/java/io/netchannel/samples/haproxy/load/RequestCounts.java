package io.netchannel.samples.haproxy.load;

/**
 * What a client has counted in a round. Latencies are corrected for coordinated omission, as wrk does: a response that takes longer than
 * requests do on average stands also for those that a client that doesn't wait would have sent meanwhile.
 *
 * @param requests answered within {@code durationNs}
 * @param allRequests with those that were still under way at its end
 */
record RequestCounts(long requests, long allRequests, long durationNs, double p50Micros, double p99Micros) {

    double perSecond() {
        return requests * 1e9 / durationNs;
    }
}
