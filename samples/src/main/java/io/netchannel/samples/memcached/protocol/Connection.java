package io.netchannel.samples.memcached.protocol;

/**
 * A way to a client, as the protocols see it: bytes out; bytes in come by {@link Session#receive}.
 *
 * <p>Threading: on its loop, but for the names.
 */
public interface Connection {

    /**
     * Sends what it can.
     *
     * @return bytes taken; after fewer than {@code length}, {@link Session#writable} follows once there is room
     */
    int write(long address, int length);

    /** Ends it, when what was written has been sent. */
    void close();

    /** Runs {@code task} on its loop, soon. Any thread. */
    void execute(Runnable task);

    /** The client's end, like {@code tcp:10.7.0.1:40000}. Any thread. */
    String remote();

    /** This end. Any thread. */
    String local();
}
