package io.netchannel.node.fiber;

import io.netchannel.node.LoopContext;
import io.netchannel.node.fiber.Operation.Outcome;
import io.netchannel.node.socket.FlowErrors;
import io.netchannel.node.socket.SocketAddresses;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpConnectFailure;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpStack;
import io.netchannel.tcpip.wire.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptibleChannel;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A TCP connection of a node that blocks who reads and writes: the JDK's socket and socket channel in one, for fibers.
 *
 * <pre>
 *   loop.fibers().start("client", () -&gt; {
 *       try (FiberSocket socket = FiberSocket.connect(loop, address, 0)) {
 *           socket.outputStream().write(request);
 *           socket.shutdownOutput();
 *           response = socket.inputStream().readAllBytes();
 *       }
 *   });
 * </pre>
 * A read returns what is there, at least a byte; a write when all of it is in the send buffer. One reads while another writes; two
 * that read wait for each other. A close ends who is blocked with {@link AsynchronousCloseException}, and an interrupt closes, and
 * ends it with {@link ClosedByInterruptException}, as with NIO's channels. A time limit that is over ({@link SocketTimeoutException})
 * leaves the connection as it was.
 *
 * <p>Threading: any thread but the loop's own, whose fibers do best: see the package.
 */
public final class FiberSocket implements ByteChannel, InterruptibleChannel {

    private final SocketLoop loop;
    private final SocketInput input;
    private final SocketOutput output;
    private final Connecting connecting;
    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();
    private volatile boolean open = true;
    private volatile long readTimeoutNs;
    private volatile long writeTimeoutNs;

    // -- of the loop; others see them behind an operation
    private TcpFlow flow;
    private TcpCloseReason ended;
    private InetSocketAddress localAddress;
    private InetSocketAddress remoteAddress;

    private FiberSocket(final SocketLoop loop, final InetSocketAddress to) {
        this.loop = loop;
        this.input = new SocketInput(this, loop);
        this.output = new SocketOutput(this, loop);
        this.connecting = new Connecting(to);
    }

    /** Accepted; its handler is {@link #events()}. */
    FiberSocket(final SocketLoop loop, final TcpFlow flow) {
        this(loop, (InetSocketAddress) null);
        this.flow = flow;
        takeAddresses();
    }

    /**
     * Connects.
     *
     * @param loop whose stack has the connection, and whose fibers use it
     * @param timeoutNs or 0 to wait as long as TCP does
     * @throws SocketTimeoutException if that is over
     */
    public static FiberSocket connect(final LoopContext loop, final InetSocketAddress to, final long timeoutNs)
            throws IOException {
        final FiberSocket socket = new FiberSocket(new SocketLoop(loop),
                SocketAddresses.toSomebody(SocketAddresses.checked(to)));
        socket.requireUninterrupted();
        final Outcome outcome = socket.connecting.perform(checkedTimeoutNs(timeoutNs));
        if (outcome != Outcome.DONE) {
            socket.close();
            throw outcome == Outcome.FAILED ? socket.connecting.failure() : failure(outcome, "connecting");
        }
        return socket;
    }

    static long checkedTimeoutNs(final long timeoutNs) {
        if (timeoutNs < 0) {
            throw new IllegalArgumentException("timeoutNs=" + timeoutNs + " < 0");
        }
        return timeoutNs;
    }

    private void takeAddresses() {
        localAddress = SocketAddresses.of(flow.localHigh(), flow.localLow(), flow.localPort());
        remoteAddress = SocketAddresses.of(flow.remoteHigh(), flow.remoteLow(), flow.remotePort());
    }

    public InetSocketAddress localAddress() {
        return localAddress;
    }

    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** How long a read may wait, from the next on; 0 for as long as it takes. */
    public void readTimeoutNs(final long timeoutNs) {
        readTimeoutNs = checkedTimeoutNs(timeoutNs);
    }

    /** How long a write may wait for room in the send buffer, from the next on; 0 for as long as it takes. */
    public void writeTimeoutNs(final long timeoutNs) {
        writeTimeoutNs = checkedTimeoutNs(timeoutNs);
    }

    /** Runs {@code settings} on the loop, with the connection: for TCP_NODELAY and all else that {@link TcpFlow} has. */
    public void configure(final Consumer<TcpFlow> settings) {
        loop.run(() -> settings.accept(flow));
    }

    /** Its {@code close()} closes the socket. */
    public InputStream inputStream() {
        return new SocketInputStream(this);
    }

    /** Its {@code close()} closes the socket. */
    public OutputStream outputStream() {
        return new SocketOutputStream(this);
    }

    // -- reading

    /** @return bytes read, at least one; -1 behind the peer's last, or this side's {@link #shutdownInput()} */
    @Override
    public int read(final ByteBuffer into) throws IOException {
        if (into.isReadOnly()) {
            throw new IllegalArgumentException("the buffer to read into is read-only");
        }
        final int wanted = into.remaining();
        final int count;
        if (into.hasArray()) {
            count = read(into.array(), into.arrayOffset() + into.position(), wanted);
        } else {
            readLock.lock();
            try {
                input.into(MemorySegment.ofBuffer(into).address(), wanted);
                count = performRead(wanted);
            } finally {
                readLock.unlock();
            }
        }
        into.position(into.position() + Math.max(0, count));
        return count;
    }

    int read(final byte[] into, final int offset, final int lengthBytes) throws IOException {
        Objects.checkFromIndexSize(offset, lengthBytes, into.length);
        readLock.lock();
        try {
            input.into(into, offset, lengthBytes);
            return performRead(lengthBytes);
        } finally {
            readLock.unlock();
        }
    }

    private int performRead(final int wantedBytes) throws IOException {
        requireOpen();
        if (wantedBytes == 0) {
            return 0;
        }
        final Outcome outcome = input.perform(readTimeoutNs);
        final int count = input.take();
        if (outcome != Outcome.DONE && count <= 0) {
            throw failed(outcome, "reading");
        }
        return count;
    }

    /** What can be read without waiting, as far as the caller can know: only a fiber on the loop does. */
    int availableBytes() throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        return loop.inLoop() ? flow.unreadBytes() : 0;
    }

    /** Nothing more is read: reads end with -1, what comes is thrown away. */
    public void shutdownInput() throws IOException {
        requireOpen();
        loop.run(() -> {
            flow.shutdownInput();
            input.finish();
            flow.resumeReceive();
        });
    }

    // -- writing

    /** @return all that remained in {@code from} */
    @Override
    public int write(final ByteBuffer from) throws IOException {
        final int length = from.remaining();
        int count = 0;
        writeLock.lock();
        try {
            if (from.hasArray()) {
                output.from(from.array(), from.arrayOffset() + from.position(), length);
            } else if (from.isDirect()) {
                output.from(MemorySegment.ofBuffer(from).address(), length);
            } else {
                // Read-only, of the heap: nobody else lets us see its array.
                final byte[] copy = new byte[length];
                from.duplicate().get(copy);
                output.from(copy, 0, length);
            }
            performWrite(length);
        } finally {
            count = output.take();
            writeLock.unlock();
            from.position(from.position() + count);
        }
        return count;
    }

    void write(final byte[] from, final int offset, final int lengthBytes) throws IOException {
        Objects.checkFromIndexSize(offset, lengthBytes, from.length);
        writeLock.lock();
        try {
            output.from(from, offset, lengthBytes);
            performWrite(lengthBytes);
        } finally {
            output.take();
            writeLock.unlock();
        }
    }

    private void performWrite(final int lengthBytes) throws IOException {
        requireOpen();
        if (lengthBytes > 0) {
            final Outcome outcome = output.perform(writeTimeoutNs);
            if (outcome != Outcome.DONE) {
                throw failed(outcome, "writing");
            }
        }
    }

    /** The peer will read its end behind what was written; reading goes on. */
    public void shutdownOutput() throws IOException {
        requireOpen();
        loop.run(() -> {
            output.shut();
            flow.shutdownOutput();
        });
    }

    // -- the end

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Ends who is blocked. What was written is still sent; a peer whose data was not read is told so by a reset. Idempotent. */
    @Override
    public void close() {
        open = false;
        loop.run(() -> {
            connecting.end(Outcome.CLOSED);
            input.end(Outcome.CLOSED);
            output.end(Outcome.CLOSED);
            if (flow != null) {
                flow.close();
            }
        });
    }

    private void requireOpen() throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        requireUninterrupted();
    }

    private void requireUninterrupted() throws ClosedByInterruptException {
        if (Thread.currentThread().isInterrupted()) {
            close();
            throw new ClosedByInterruptException();
        }
    }

    private IOException failed(final Outcome outcome, final String what) {
        if (outcome == Outcome.INTERRUPTED) {
            close();
        }
        if (outcome != Outcome.FAILED) {
            return failure(outcome, what);
        }
        final IOException why = FlowErrors.ofEnd(ended);
        return why == null ? new IOException("Broken pipe") : why;
    }

    static IOException failure(final Outcome outcome, final String what) {
        return switch (outcome) {
            case TIMED_OUT -> new SocketTimeoutException(what + " timed out");
            case INTERRUPTED -> new ClosedByInterruptException();
            default -> new AsynchronousCloseException();
        };
    }

    // -- on the loop

    TcpFlow flow() {
        return flow;
    }

    TcpHandler events() {
        return new Events();
    }

    /** How a read ends because the connection has; null while it goes on. */
    Outcome outcomeOfEnd() {
        if (!open) {
            return Outcome.CLOSED;
        }
        return ended == null ? null : FlowErrors.ofEnd(ended) == null ? Outcome.DONE : Outcome.FAILED;
    }

    /** What the stack tells. */
    private final class Events implements TcpHandler {

        @Override
        public void onConnected(final TcpFlow opened) {
            if (connecting.isUnderWay()) {
                takeAddresses();
                connecting.end(Outcome.DONE);
            }
        }

        @Override
        public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
            return input.receive(address, lengthBytes);
        }

        @Override
        public void onPeerFinished(final TcpFlow from) {
            input.finish();
        }

        @Override
        public void onWritable(final TcpFlow to) {
            output.goOn();
        }

        @Override
        public void onClosed(final TcpFlow closed, final TcpCloseReason reason) {
            ended = reason;
            connecting.end(Outcome.FAILED);
            input.end(outcomeOfEnd());
            output.end(Outcome.FAILED);
        }
    }

    /** The wait for the handshake. */
    private final class Connecting extends Operation {

        private final InetSocketAddress to;
        private TcpConnectFailure refusal = TcpConnectFailure.NONE;

        private Connecting(final InetSocketAddress to) {
            super(loop);
            this.to = to;
        }

        @Override
        void begin() {
            final TcpStack tcp = loop.stack().tcp();
            final IpAddress peer = SocketAddresses.ip(to.getAddress());
            flow = tcp.connect(peer.high(), peer.low(), to.getPort(), new Events());
            if (flow == null) {
                refusal = tcp.connectFailure();
                end(Outcome.FAILED);
            }
        }

        private IOException failure() {
            return ended == null ? FlowErrors.ofConnect(refusal, null) : FlowErrors.ofConnect(ended);
        }
    }
}
