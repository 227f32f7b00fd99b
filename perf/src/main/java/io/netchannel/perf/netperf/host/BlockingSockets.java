package io.netchannel.perf.netperf.host;

import java.io.IOException;

/**
 * Blocking sockets of some kind, for {@link BlockingHost}.
 *
 * <p>Threading: each socket: one reader, who may write too; {@code close} any thread, and ends the others' calls.
 */
interface BlockingSockets {

    /** On the thread that will use it. */
    Stream connect(Host server, int port) throws IOException;

    Listener listen() throws IOException;

    Datagram datagram() throws IOException;

    String address();

    void close();

    interface Stream {

        /** @return bytes; -1 at the end */
        int read(Buffer into) throws IOException;

        /** All of it. */
        void write(Payload payload, int offset, int lengthBytes) throws IOException;

        void writeFile(FilePayload file, int offset, int lengthBytes) throws IOException;

        void shutdownOutput() throws IOException;

        void close();
    }

    interface Listener {

        int port();

        Stream accept() throws IOException;

        void close();
    }

    interface Datagram {

        int localPort();

        void connect(Host peer, int port) throws IOException;

        /** @return its length */
        int receive(Buffer into) throws IOException;

        void send(Payload payload, int lengthBytes) throws IOException;

        void close();
    }
}
