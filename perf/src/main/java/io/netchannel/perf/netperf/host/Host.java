package io.netchannel.perf.netperf.host;

import java.util.function.Supplier;

/**
 * One end of a path: a station that can serve, connect and exchange datagrams, by whatever means the path is about. The
 * tests are written once, as {@link FlowHandler}s and {@link DatagramHandler}s; a host runs them on its threads.
 *
 * <p>Its threads carry its name, {@code PATH-client…} or {@code PATH-server…}: so CPU time is told apart.
 *
 * <p>Threading: the measuring thread's. Between tests a host must be idle: others share the machine with it.
 */
public interface Host extends AutoCloseable {

    /**
     * Serves on a port of its own choice.
     *
     * @param connections that come at a time: a blocking host has a thread for each, which accepts one after the other
     * @param handlers makes one for each connection
     */
    Listening listen(int connections, Supplier<? extends FlowHandler> handlers);

    /**
     * Opens a connection, and others one after the other as long as {@link FlowHandler#onClosed} asks for it; returns at
     * once.
     */
    void connect(Host server, int port, FlowHandler handler);

    /** Binds a UDP port. */
    Datagrams datagrams(DatagramHandler handler);

    /** The address that its peer knows it by. */
    String address();

    /** Memory outside the heap that is there for connections, whether or not there are any. */
    default long connectionTableBytes() {
        return 0;
    }

    @Override
    void close();

    /** A port that is served. */
    interface Listening extends AutoCloseable {

        int port();

        @Override
        void close();
    }
}
