package io.netchannel.perf.startup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * Linux asks a memcached by TCP, a connection every millisecond, until it answers.
 *
 * <p>Threading: one thread, in the namespace of the server's host.
 */
public final class StreamAsker {

    private static final int TIMEOUT_MILLIS = 2_000;
    private static final long PACE_NS = 1_000_000L;
    private static final byte[] REQUEST = "get key\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = "END\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress server;

    /** @param address as text */
    public StreamAsker(final String address, final int port) throws IOException {
        server = new InetSocketAddress(InetAddress.getByName(address), port);
    }

    /** Asks once; where nobody listens, waits a moment. */
    public boolean isAnswered() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(server, TIMEOUT_MILLIS);
            socket.getOutputStream().write(REQUEST);
            return socket.getInputStream().readNBytes(ANSWER.length).length == ANSWER.length;
        } catch (final IOException notYet) {
            LockSupport.parkNanos(PACE_NS);
            return false;
        }
    }
}
