package io.netchannel.node.netty;

import io.netchannel.node.socket.FlowErrors;
import io.netchannel.node.socket.SocketAddresses;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpStack;
import io.netchannel.tcpip.tcp.TcpState;
import io.netchannel.tcpip.wire.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.StringUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.TimeUnit;

/**
 * A TCP connection of a node, as a Netty channel.
 *
 * <p>Threading: Netty's for channels.
 */
public final class DataplaneSocketChannel extends AbstractDataplaneChannel implements SocketChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final DataplaneSocketChannelConfig config;
    // Of an accepted one: the only loop that its packets come to. Else null.
    private final DataplaneIoHandler home;
    private final StreamInput input = new StreamInput(this);
    private final StreamOutput output = new StreamOutput(this);
    private final TcpHandler flowEvents = new FlowEvents();
    private volatile boolean connected;
    private volatile boolean inputShutdown;
    private volatile boolean outputShutdown;

    // -- of the event loop
    private TcpFlow flow;
    private InetSocketAddress boundTo;
    private InetSocketAddress connectingTo;
    private ChannelPromise connectPromise;
    private Future<?> connectTimeout;
    private IOException flowFailure;

    /** To connect with. */
    public DataplaneSocketChannel() {
        super(null);
        this.home = null;
        this.config = new DataplaneSocketChannelConfig(this);
    }

    DataplaneSocketChannel(final DataplaneServerSocketChannel parent, final DataplaneIoHandler home,
            final TcpFlow flow) {
        super(parent);
        this.home = home;
        this.config = new DataplaneSocketChannelConfig(this);
        this.flow = flow;
        takeAddresses();
        this.connected = true;
    }

    /**
     * Of the connection as it is now: ahead of what handlers have been told, who hear of a peer's end when its burst of packets is
     * over. CLOSED before there is a connection, and behind it. In the event loop.
     */
    public TcpState state() {
        return flow == null ? TcpState.CLOSED : flow.state();
    }

    /** Of an accepted one; else null. */
    DataplaneIoHandler home() {
        return home;
    }

    TcpFlow flow() {
        return flow;
    }

    TcpHandler flowEvents() {
        return flowEvents;
    }

    StreamInput input() {
        return input;
    }

    StreamUnsafe dataplaneUnsafe() {
        return (StreamUnsafe) unsafe();
    }

    private void takeAddresses() {
        local = SocketAddresses.of(flow.localHigh(), flow.localLow(), flow.localPort());
        remote = SocketAddresses.of(flow.remoteHigh(), flow.remoteLow(), flow.remotePort());
    }

    IOException brokenPipe() {
        return flowFailure != null ? flowFailure : new IOException("Broken pipe");
    }

    // -- what a channel is asked

    @Override
    public ServerSocketChannel parent() {
        return (ServerSocketChannel) super.parent();
    }

    @Override
    public DataplaneSocketChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isActive() {
        return isOpen() && connected;
    }

    @Override
    protected boolean isCompatible(final EventLoop loop) {
        return super.isCompatible(loop) && (home == null || loop == home.executor());
    }

    // -- its life

    @Override
    void onRegistered(final DataplaneIoHandler handler) {
        if (flow != null) {
            config.apply(flow);
            // It may have ended before.
            tellAfterBurst();
        }
    }

    @Override
    protected void doBind(final SocketAddress address) throws IOException {
        final InetSocketAddress wanted = SocketAddresses.checked(address);
        SocketAddresses.requireOurs(handler().loop().stack().network().addresses(), wanted);
        boundTo = wanted;
        local = wanted;
    }

    @Override
    protected void doDisconnect() throws IOException {
        doClose();
    }

    @Override
    protected void doClose() throws IOException {
        markClosed();
        inputShutdown = true;
        outputShutdown = true;
        final ChannelPromise pending = endConnect();
        if (pending != null) {
            pending.tryFailure(new ClosedChannelException());
        }
        if (flow == null) {
            return;
        }
        if (home == null || home.isCurrent()) {
            flow.close();
        } else {
            // Refused by another event loop; the flow is its own loop's.
            home.loop().execute(flow::close);
        }
    }

    private ChannelPromise endConnect() {
        final ChannelPromise pending = connectPromise;
        connectPromise = null;
        if (connectTimeout != null) {
            connectTimeout.cancel(false);
            connectTimeout = null;
        }
        return pending;
    }

    @Override
    protected void doShutdownOutput() {
        if (!connected) {
            throw new NotYetConnectedException();
        }
        outputShutdown = true;
        flow.shutdownOutput();
    }

    /** The peer's FIN was read, and this side may go on. */
    void inputEnded() {
        inputShutdown = true;
    }

    @Override
    protected void doBeginRead() {
        input.beginRead();
    }

    @Override
    void onEndOfBurst() {
        input.onEndOfBurst();
    }

    @Override
    protected void doWrite(final ChannelOutboundBuffer buffer) throws IOException {
        output.write(buffer);
    }

    @Override
    Object checkedMessage(final Object message) {
        if (message instanceof ByteBuf || message instanceof FileRegion) {
            return message;
        }
        throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(message)
                + " (expected: ByteBuf, FileRegion)");
    }

    // -- half a channel

    @Override
    public boolean isInputShutdown() {
        return inputShutdown;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    @Override
    public boolean isShutdown() {
        return inputShutdown && outputShutdown;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(final ChannelPromise promise) {
        return onLoop(promise, () -> {
            final Exception refused = refusal();
            if (refused != null) {
                promise.setFailure(refused);
                return;
            }
            inputShutdown = true;
            flow.shutdownInput();
            // What waits is thrown away, and what comes.
            flow.resumeReceive();
            promise.setSuccess();
        });
    }

    private Exception refusal() {
        return isOpen() ? connected ? null : new NotYetConnectedException() : new ClosedChannelException();
    }

    @Override
    public ChannelFuture shutdownOutput(final ChannelPromise promise) {
        return onLoop(promise, () -> dataplaneUnsafe().shutdownOutput(promise));
    }

    @Override
    public ChannelFuture shutdown(final ChannelPromise promise) {
        shutdownOutput().addListener(outputDone -> shutdownInput().addListener(inputDone -> {
            final Throwable cause = outputDone.isSuccess() ? inputDone.cause() : outputDone.cause();
            if (cause == null) {
                promise.setSuccess();
            } else {
                promise.setFailure(cause);
            }
        }));
        return promise;
    }

    private ChannelFuture onLoop(final ChannelPromise promise, final Runnable task) {
        if (eventLoop().inEventLoop()) {
            task.run();
        } else {
            eventLoop().execute(task);
        }
        return promise;
    }

    /** Auto-read was switched off. */
    void autoReadCleared() {
        if (isRegistered()) {
            if (eventLoop().inEventLoop()) {
                input.stop();
            } else {
                eventLoop().execute(() -> {
                    if (!config.isAutoRead()) {
                        input.stop();
                    }
                });
            }
        }
    }

    // -- connecting

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new StreamUnsafe();
    }

    final class StreamUnsafe extends DataplaneUnsafe {

        @Override
        public void connect(final SocketAddress to, final SocketAddress from, final ChannelPromise promise) {
            if (promise.isDone() || !isOpenFor(promise)) {
                return;
            }
            if (connected) {
                promise.tryFailure(new AlreadyConnectedException());
                return;
            }
            if (connectPromise != null) {
                throw new ConnectionPendingException();
            }
            try {
                if (from != null) {
                    doBind(from);
                }
                open(SocketAddresses.toSomebody(SocketAddresses.checked(to)));
                connectPromise = promise;
                awaitConnect(promise);
            } catch (final IOException | RuntimeException e) {
                promise.tryFailure(annotated(e, to));
                close(voidPromise());
            }
        }

        private void open(final InetSocketAddress to) throws IOException {
            final TcpStack tcp = handler().loop().stack().tcp();
            final IpAddress peer = SocketAddresses.ip(to.getAddress());
            final IpAddress own = boundTo == null || boundTo.getAddress().isAnyLocalAddress()
                    ? IpAddress.ANY
                    : SocketAddresses.ip(boundTo.getAddress());
            flow = tcp.connect(own.high(), own.low(), boundTo == null ? 0 : boundTo.getPort(), peer.high(), peer.low(),
                    to.getPort(), config.settings(tcp.config()), flowEvents);
            if (flow == null) {
                throw FlowErrors.ofConnect(tcp.connectFailure(), boundTo);
            }
            connectingTo = to;
            config.apply(flow);
        }

        private void awaitConnect(final ChannelPromise promise) {
            final int timeoutMs = config.getConnectTimeoutMillis();
            if (timeoutMs > 0) {
                connectTimeout = eventLoop().schedule(() -> {
                    if (connectPromise == promise && promise.tryFailure(new ConnectTimeoutException(
                            "connection timed out after " + timeoutMs + " ms: " + connectingTo))) {
                        close(voidPromise());
                    }
                }, timeoutMs, TimeUnit.MILLISECONDS);
            }
            promise.addListener(done -> {
                if (done.isCancelled()) {
                    endConnect();
                    close(voidPromise());
                }
            });
        }

        @SuppressWarnings("deprecation")
        private void connected() {
            takeAddresses();
            // A port of 0, if it was bound, has become one.
            invalidateLocalAddress();
            connected = true;
            final ChannelPromise promise = endConnect();
            if (promise == null) {
                return;
            }
            // A listener may close the channel; it was active all the same.
            final boolean told = promise.trySuccess();
            pipeline().fireChannelActive();
            if (!told) {
                close(voidPromise());
            }
        }

        private void connectFailed(final IOException cause) {
            final ChannelPromise promise = endConnect();
            if (promise != null) {
                promise.tryFailure(annotated(cause, connectingTo));
            }
            close(voidPromise());
        }
    }

    /** What the stack tells. */
    private final class FlowEvents implements TcpHandler {

        @Override
        public void onConnected(final TcpFlow opened) {
            if (home == null) {
                dataplaneUnsafe().connected();
            }
        }

        @Override
        public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
            return input.receive(from, address, lengthBytes);
        }

        @Override
        public void onPeerFinished(final TcpFlow from) {
            input.onPeerFinished();
        }

        @Override
        public void onWritable(final TcpFlow to) {
            dataplaneUnsafe().flushNow();
        }

        @Override
        public void onClosed(final TcpFlow ended, final TcpCloseReason reason) {
            if (!isOpen()) {
                return;
            }
            if (!connected) {
                dataplaneUnsafe().connectFailed(FlowErrors.ofConnect(reason));
                return;
            }
            flowFailure = FlowErrors.ofEnd(reason);
            if (flowFailure != null) {
                input.onFailure(flowFailure);
            }
        }

        @Override
        public void onFailure(final TcpFlow of, final RuntimeException failure) {
            pipeline().fireExceptionCaught(new ChannelException(failure));
        }
    }
}
