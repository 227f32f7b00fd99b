package io.netchannel.perf.startup;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;

/**
 * Linux asks a node's echo service, a datagram every millisecond, until it answers. The first wait for the answer to
 * ARP in the kernel, so an answer proves that the neighbour, IP, UDP and the application are there.
 *
 * <p>Threading: one thread, in the namespace of the node's host.
 */
public final class DatagramAsker implements AutoCloseable {

    private static final int ECHO_PORT = 7;
    private static final int PACE_MS = 1;
    private static final byte[] REQUEST = {'n', 'e', 't'};

    private final DatagramSocket socket;
    private final InetSocketAddress node;
    private boolean reachable;

    /** @param node address, as text */
    public DatagramAsker(final String node) throws IOException {
        this.node = new InetSocketAddress(InetAddress.getByName(node), ECHO_PORT);
        socket = new DatagramSocket(new InetSocketAddress("0.0.0.0", 0));
        socket.setSoTimeout(PACE_MS);
    }

    /** Asks once, and waits a moment. */
    public boolean isAnswered() throws IOException {
        try {
            socket.send(new DatagramPacket(REQUEST, REQUEST.length, node));
            reachable = true;
        } catch (final IOException noRoute) {
            // The node's link is not there yet, or not configured.
        }
        try {
            socket.receive(new DatagramPacket(new byte[REQUEST.length], REQUEST.length));
            return true;
        } catch (final SocketTimeoutException notYet) {
            return false;
        }
    }

    /** Whether Linux had a way to the node: the link is up, and its own end has an address. */
    public boolean isReachable() {
        return reachable;
    }

    @Override
    public void close() {
        socket.close();
    }
}
