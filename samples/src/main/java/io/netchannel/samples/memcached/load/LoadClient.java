package io.netchannel.samples.memcached.load;

/**
 * Connections to one server, with the thread that serves them.
 *
 * <p>Threading: one thread, another than its own.
 */
interface LoadClient extends AutoCloseable {

    /**
     * Stores each key once.
     *
     * @throws io.netchannel.samples.load.LoadFailure as {@link #run}
     */
    LoadCounts store();

    /**
     * Keeps {@code depth} requests under way on each connection for so long.
     *
     * @throws io.netchannel.samples.load.LoadFailure if a connection ends, an answer is none, or doesn't come
     */
    LoadCounts run(int depth, long durationNs);

    /** CPU time of its thread so far. */
    long cpuNs();

    @Override
    void close();
}
