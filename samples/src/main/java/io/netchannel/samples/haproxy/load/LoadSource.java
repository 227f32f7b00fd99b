package io.netchannel.samples.haproxy.load;

/** A client: connections with one request under way on each. Threading: one thread. */
@FunctionalInterface
interface LoadSource {

    /**
     * One round.
     *
     * @throws io.netchannel.samples.load.LoadFailure if a response is wrong, or none comes
     */
    RequestCounts run(long durationNs);
}
