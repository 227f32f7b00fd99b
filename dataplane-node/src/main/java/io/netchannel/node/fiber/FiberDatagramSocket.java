package io.netchannel.node.fiber;

import io.netchannel.node.LoopContext;
import io.netchannel.node.fiber.Operation.Outcome;
import io.netchannel.node.socket.SocketAddresses;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptibleChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A UDP port of a loop that blocks who receives. A datagram that comes while somebody waits is copied into the waiter's buffer; others
 * are kept, up to {@value DatagramInput#MAX_WAITING} of them, and dropped beyond. A node with several loops has one on each, and gives
 * it the datagrams whose hash is that loop's.
 *
 * <p>A close, an interrupt and the time end a receive as {@link FiberSocket} says.
 *
 * <p>Threading: any thread but the loop's own, which may only open and close.
 */
public final class FiberDatagramSocket implements InterruptibleChannel {

    /** Between tries while the link is full; the stack doesn't tell when it no longer is. */
    private static final long RETRY_NS = 200_000;

    private final SocketLoop loop;
    private final DatagramInput input;
    private final Sending sending;
    private final ReentrantLock receiveLock = new ReentrantLock();
    private final ReentrantLock sendLock = new ReentrantLock();
    private ByteBuffer scratch = ByteBuffer.allocateDirect(0);
    private volatile boolean open = true;
    private volatile long timeoutNs;

    // -- of the loop
    private UdpSocket socket;
    // With the port that was chosen, once it is bound; open() waits for that.
    private InetSocketAddress localAddress;

    /**
     * Where a datagram came from.
     *
     * @param here address of ours that it was sent to
     */
    public record Source(InetSocketAddress sender, IpAddress here) {
    }

    private FiberDatagramSocket(final SocketLoop loop, final InetSocketAddress address) {
        this.loop = loop;
        this.localAddress = address;
        this.input = new DatagramInput(loop);
        this.sending = new Sending();
    }

    /**
     * Binds a port.
     *
     * @param address may be any; port 0 to have one chosen
     * @throws BindException if the address isn't the node's, or the port is taken
     */
    public static FiberDatagramSocket open(final LoopContext loop, final InetSocketAddress address)
            throws BindException {
        final FiberDatagramSocket opened = new FiberDatagramSocket(new SocketLoop(loop), SocketAddresses.checked(
                address));
        final CompletableFuture<BindException> bound = new CompletableFuture<>();
        if (!opened.loop.run(() -> opened.bind(bound))) {
            throw new BindException("The node is closed");
        }
        try {
            final BindException refused = bound.join();
            if (refused != null) {
                throw refused;
            }
            return opened;
        } catch (final CompletionException e) {
            throw e.getCause() instanceof final RuntimeException cause ? cause : e;
        }
    }

    private void bind(final CompletableFuture<BindException> done) {
        try {
            SocketAddresses.requireOurs(loop.stack().network().addresses(), localAddress);
            final IpAddress ip = SocketAddresses.ip(localAddress.getAddress());
            final boolean any = localAddress.getAddress().isAnyLocalAddress();
            socket = loop.stack().udp().bind(any ? 0 : ip.high(), any ? 0 : ip.low(), localAddress.getPort(), input);
            localAddress = new InetSocketAddress(localAddress.getAddress(), socket.localPort());
            done.complete(null);
        } catch (final BindException refused) {
            done.complete(refused);
        } catch (final UncheckedIOException e) {
            if (e.getCause() instanceof final BindException refused) {
                done.complete(refused);
            } else {
                done.completeExceptionally(e);
            }
        } catch (final RuntimeException failed) {
            done.completeExceptionally(failed);
        }
    }

    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** How long a receive may wait, from the next on; 0 for as long as it takes. */
    public void timeoutNs(final long receiveTimeoutNs) {
        timeoutNs = FiberSocket.checkedTimeoutNs(receiveTimeoutNs);
    }

    /** Datagrams that came while as many as may wait did so. */
    public long dropped() {
        return input.dropped();
    }

    /** Receives one datagram; what {@code into} has no room for is lost. */
    public Source receive(final ByteBuffer into) throws IOException {
        if (into.isReadOnly()) {
            throw new IllegalArgumentException("the buffer to receive into is read-only");
        }
        receiveLock.lock();
        try {
            requireOpen();
            input.into(into);
            final Outcome outcome = input.perform(timeoutNs);
            final Source source = input.take();
            if (source != null) {
                return source;
            }
            if (outcome == Outcome.INTERRUPTED) {
                close();
            }
            throw FiberSocket.failure(outcome, "receiving");
        } finally {
            receiveLock.unlock();
        }
    }

    /** Sends what remains in {@code from}, from an address of ours that suits; waits while the link is full. */
    public void send(final ByteBuffer from, final InetSocketAddress to) throws IOException {
        send(from, SocketAddresses.checked(to), IpAddress.ANY);
    }

    /** Sends to whom a datagram came from, from the address that it was sent to: the sender may not know us by another. */
    public void reply(final ByteBuffer from, final Source to) throws IOException {
        send(from, to.sender(), to.here());
    }

    private void send(final ByteBuffer from, final InetSocketAddress to, final IpAddress here) throws IOException {
        sendLock.lock();
        try {
            requireOpen();
            final ByteBuffer direct = direct(from);
            sending.prepare(direct, to, here);
            Outcome outcome = sending.perform(RETRY_NS);
            while (outcome == Outcome.TIMED_OUT) {
                requireOpen();
                outcome = sending.perform(RETRY_NS);
            }
            if (outcome == Outcome.INTERRUPTED) {
                close();
            }
            if (outcome != Outcome.DONE) {
                throw FiberSocket.failure(outcome, "sending");
            }
            sending.check(direct.remaining());
            from.position(from.limit());
        } finally {
            sendLock.unlock();
        }
    }

    /** The bytes where the stack can read them. */
    private ByteBuffer direct(final ByteBuffer from) {
        if (from.isDirect()) {
            return from;
        }
        if (scratch.capacity() < from.remaining()) {
            scratch = ByteBuffer.allocateDirect(from.remaining());
        }
        return scratch.clear().put(from.duplicate()).flip();
    }

    private void requireOpen() throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        if (Thread.currentThread().isInterrupted()) {
            close();
            throw new ClosedByInterruptException();
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Ends who is blocked; what waits is dropped. Idempotent. */
    @Override
    public void close() {
        open = false;
        loop.run(() -> {
            input.end(Outcome.CLOSED);
            sending.end(Outcome.CLOSED);
            socket.close();
        });
    }

    /** One try to send, and the wait for the next. */
    private final class Sending extends Operation {

        private MemorySegment bytes;
        private InetSocketAddress to;
        private IpAddress here;
        private int result;

        private Sending() {
            super(loop);
        }

        private void prepare(final ByteBuffer from, final InetSocketAddress receiver, final IpAddress source) {
            bytes = MemorySegment.ofBuffer(from);
            to = receiver;
            here = source;
        }

        @Override
        void begin() {
            final IpAddress peer = SocketAddresses.ip(to.getAddress());
            result = socket.sendFrom(here.high(), here.low(), peer.high(), peer.low(), to.getPort(), bytes.address(),
                    (int) bytes.byteSize());
            if (result != UdpSocket.WOULD_BLOCK) {
                end(Outcome.DONE);
            }
        }

        private void check(final int lengthBytes) throws IOException {
            bytes = null;
            switch (result) {
                case UdpSocket.TOO_LONG -> throw new IOException("Message too long: lengthBytes=" + lengthBytes);
                case UdpSocket.NO_ROUTE -> throw new NoRouteToHostException("Network is unreachable: " + to);
                case UdpSocket.PROHIBITED ->
                    throw new IOException("Permission denied: " + to + " is a broadcast address");
                case UdpSocket.CLOSED -> throw new ClosedChannelException();
                default -> {
                    // Sent.
                }
            }
        }
    }
}
