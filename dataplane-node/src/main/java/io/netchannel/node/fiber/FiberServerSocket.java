package io.netchannel.node.fiber;

import io.netchannel.node.LoopContext;
import io.netchannel.node.fiber.Operation.Outcome;
import io.netchannel.node.socket.SocketAddresses;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpListener;
import io.netchannel.tcpip.tcp.TcpStack;
import io.netchannel.tcpip.wire.IpAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptibleChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A port that blocks who accepts. It listens on one loop, and its connections are that loop's: a node with several has one on each.
 *
 * <p>Connections wait in the listener until they are accepted, as many as the backlog and one. A close, an interrupt and the time
 * end an accept as {@link FiberSocket} says.
 *
 * <p>Threading: any thread but the loop's own, which may only open and close.
 */
public final class FiberServerSocket implements InterruptibleChannel {

    private final SocketLoop loop;
    private final Accepting accepting;
    private final ReentrantLock lock = new ReentrantLock();
    private final InetSocketAddress localAddress;
    private volatile boolean open = true;
    private volatile long timeoutNs;

    // -- of the loop
    private TcpListener listener;

    private FiberServerSocket(final SocketLoop loop, final InetSocketAddress address) {
        this.loop = loop;
        this.localAddress = address;
        this.accepting = new Accepting();
    }

    /**
     * Listens on {@code loop}.
     *
     * @param address with a port; its address may be any
     * @param backlog of handshakes under way, and of connections that wait: at least 1
     * @throws BindException if the address isn't the node's, or somebody listens there
     */
    public static FiberServerSocket open(final LoopContext loop, final InetSocketAddress address, final int backlog)
            throws BindException {
        final FiberServerSocket socket = new FiberServerSocket(new SocketLoop(loop), SocketAddresses.checked(address));
        final CompletableFuture<BindException> listening = new CompletableFuture<>();
        if (!socket.loop.run(() -> socket.listen(backlog, listening))) {
            throw new BindException("The node is closed");
        }
        try {
            final BindException refused = listening.join();
            if (refused != null) {
                throw refused;
            }
            return socket;
        } catch (final CompletionException e) {
            throw e.getCause() instanceof final RuntimeException cause ? cause : e;
        }
    }

    private void listen(final int backlog, final CompletableFuture<BindException> done) {
        try {
            final TcpStack tcp = loop.stack().tcp();
            final IpAddress ip = SocketAddresses.ip(localAddress.getAddress());
            SocketAddresses.requireOurs(loop.stack().network().addresses(), localAddress);
            if (tcp.isListening(ip.high(), ip.low(), localAddress.getPort())) {
                throw new BindException("Address already in use: " + localAddress);
            }
            final boolean any = localAddress.getAddress().isAnyLocalAddress();
            listener = tcp.listen(any ? 0 : ip.high(), any ? 0 : ip.low(), localAddress.getPort(), backlog,
                    accepting::take);
            listener.pauseAccepting();
            done.complete(null);
        } catch (final BindException refused) {
            done.complete(refused);
        } catch (final RuntimeException failed) {
            done.completeExceptionally(failed);
        }
    }

    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** How long an accept may wait, from the next on; 0 for as long as it takes. */
    public void timeoutNs(final long acceptTimeoutNs) {
        timeoutNs = FiberSocket.checkedTimeoutNs(acceptTimeoutNs);
    }

    /** The next connection, when there is one. */
    public FiberSocket accept() throws IOException {
        lock.lock();
        try {
            if (!open) {
                throw new ClosedChannelException();
            }
            if (Thread.currentThread().isInterrupted()) {
                close();
                throw new ClosedByInterruptException();
            }
            final Outcome outcome = accepting.perform(timeoutNs);
            final FiberSocket accepted = accepting.accepted;
            accepting.accepted = null;
            if (accepted != null) {
                return accepted;
            }
            if (outcome == Outcome.INTERRUPTED) {
                close();
            }
            throw FiberSocket.failure(outcome, "accepting");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Ends who is blocked; connections that were not accepted are reset. Idempotent. */
    @Override
    public void close() {
        open = false;
        loop.run(() -> {
            accepting.end(Outcome.CLOSED);
            listener.close();
        });
    }

    /** The wait for a connection. */
    private final class Accepting extends Operation {

        private FiberSocket accepted;

        private Accepting() {
            super(loop);
        }

        @Override
        void begin() {
            if (open) {
                // Hands over the first that waits, if there is one, before it returns.
                listener.resumeAccepting();
            } else {
                end(Outcome.CLOSED);
            }
        }

        @Override
        void ending() {
            // The next waits in the listener until it is wanted.
            listener.pauseAccepting();
        }

        private TcpHandler take(final TcpFlow flow) {
            accepted = new FiberSocket(loop, flow);
            end(Outcome.DONE);
            return accepted.events();
        }
    }
}
