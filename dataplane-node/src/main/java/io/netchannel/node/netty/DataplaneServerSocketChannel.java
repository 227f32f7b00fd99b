package io.netchannel.node.netty;

import io.netchannel.node.socket.SocketAddresses;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpListener;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netchannel.tcpip.tcp.TcpStack;
import io.netchannel.tcpip.wire.IpAddress;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ServerSocketChannel;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A port of a node that accepts TCP connections, as a Netty channel.
 *
 * <p>It listens on every loop of the node, and so accepts each connection where its packets come in. While nobody reads,
 * connections wait in the listeners, as many as the backlog.
 *
 * <p>Threading: Netty's for channels; each listener its loop's.
 */
public final class DataplaneServerSocketChannel extends AbstractDataplaneChannel implements ServerSocketChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final DataplaneServerSocketChannelConfig config = new DataplaneServerSocketChannelConfig(this);
    private final Map<DataplaneIoHandler, TcpListener> listeners = new ConcurrentHashMap<>();

    // -- of the event loop
    private final ArrayDeque<DataplaneSocketChannel> accepted = new ArrayDeque<>();
    private boolean wanted;
    private boolean paused;

    /** To bind. */
    public DataplaneServerSocketChannel() {
        super(null);
    }

    @Override
    public DataplaneServerSocketChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isActive() {
        return isOpen() && local != null;
    }

    @Override
    void onRegistered(final DataplaneIoHandler handler) {
        // It listens when it is bound.
    }

    // -- listening

    @Override
    protected void doBind(final SocketAddress address) throws BindException {
        final InetSocketAddress wantedAddress = SocketAddresses.checked(address);
        SocketAddresses.requireOurs(handler().loop().stack().network().addresses(), wantedAddress);
        final IpAddress ip = SocketAddresses.ip(wantedAddress.getAddress());
        final int port = wantedAddress.getPort() == 0
                ? listenAnywhere(ip, wantedAddress)
                : listen(ip, wantedAddress.getPort(), wantedAddress);
        local = new InetSocketAddress(wantedAddress.getAddress(), port);
        // Flows of their hash come to this loop as long as those haven't done so.
        forOthers(other -> {
            if (isOpen()) {
                listenOn(other, ip, port);
            }
        });
    }

    private int listenAnywhere(final IpAddress ip, final InetSocketAddress wantedAddress) throws BindException {
        final TcpStack tcp = handler().loop().stack().tcp();
        final int first = tcp.config().getInt(TcpSetting.FIRST_EPHEMERAL_PORT);
        final int count = tcp.config().getInt(TcpSetting.LAST_EPHEMERAL_PORT) - first + 1;
        final int start = handler().loop().config().secrets().nextInt(count);
        for (int i = 0; i < count; i++) {
            final int port = first + (start + i) % count;
            if (!tcp.isListening(ip.high(), ip.low(), port)) {
                return listen(ip, port, wantedAddress);
            }
        }
        throw new BindException(
                "Address already in use: no port of " + first + ".." + (first + count - 1) + " is free");
    }

    private int listen(final IpAddress ip, final int port, final InetSocketAddress wantedAddress) throws BindException {
        if (handler().loop().stack().tcp().isListening(ip.high(), ip.low(), port)) {
            throw new BindException("Address already in use: " + wantedAddress);
        }
        listenOn(handler(), ip, port);
        return port;
    }

    private void listenOn(final DataplaneIoHandler loop, final IpAddress ip, final int port) {
        final TcpStack tcp = loop.loop().stack().tcp();
        final TcpListener listener = tcp.listen(ip.high(), ip.low(), port, config.getBacklog(),
                config.settings(tcp.config()),
                flow -> accept(loop, flow));
        config.apply(listener);
        listeners.put(loop, listener);
    }

    private void forOthers(final Consumer<DataplaneIoHandler> task) {
        final DataplaneIoHandler own = handler();
        for (final DataplaneIoHandler other : own.all()) {
            if (other != own) {
                other.loop().execute(() -> task.accept(other));
            }
        }
    }

    /** On each loop that listens. */
    void forListeners(final Consumer<TcpListener> task) {
        listeners.forEach((loop, listener) -> {
            if (loop.isCurrent()) {
                task.accept(listener);
            } else {
                loop.loop().execute(() -> task.accept(listener));
            }
        });
    }

    // On the loop of the flow.
    private TcpHandler accept(final DataplaneIoHandler loop, final TcpFlow flow) {
        final DataplaneSocketChannel child = new DataplaneSocketChannel(this, loop, flow);
        if (loop == handler()) {
            add(child);
        } else {
            eventLoop().execute(() -> add(child));
        }
        return child.flowEvents();
    }

    private void add(final DataplaneSocketChannel child) {
        if (!isOpen()) {
            child.unsafe().closeForcibly();
            return;
        }
        accepted.add(child);
        if (wanted) {
            tellAfterBurst();
        }
    }

    // -- accepting

    @Override
    protected void doBeginRead() {
        wanted = true;
        if (!accepted.isEmpty()) {
            tellAfterBurst();
        }
        if (paused) {
            paused = false;
            forListeners(TcpListener::resumeAccepting);
        }
    }

    @Override
    void onEndOfBurst() {
        if (!wanted || !isOpen()) {
            return;
        }
        final RecvByteBufAllocator.ExtendedHandle handle = ((ServerUnsafe) unsafe()).recvBufAllocHandle();
        handle.reset(config);
        do {
            final DataplaneSocketChannel child = accepted.poll();
            if (child == null) {
                break;
            }
            wanted = false;
            handle.incMessagesRead(1);
            pipeline().fireChannelRead(child);
        } while (handle.continueReading(MAYBE_MORE));
        handle.readComplete();
        pipeline().fireChannelReadComplete();
        pauseIfUnwanted();
    }

    private void pauseIfUnwanted() {
        if (!wanted && !paused && isOpen()) {
            paused = true;
            forListeners(TcpListener::pauseAccepting);
        }
    }

    /** Auto-read was switched off. */
    void autoReadCleared() {
        if (isRegistered()) {
            eventLoop().execute(() -> {
                if (!config.isAutoRead()) {
                    wanted = false;
                    pauseIfUnwanted();
                }
            });
        }
    }

    // -- the end

    @Override
    protected void doClose() {
        markClosed();
        forListeners(TcpListener::close);
        for (DataplaneSocketChannel child = accepted.poll(); child != null; child = accepted.poll()) {
            child.unsafe().closeForcibly();
        }
    }

    @Override
    protected void doDisconnect() {
        throw new UnsupportedOperationException("a server channel has no remote side");
    }

    @Override
    protected void doWrite(final ChannelOutboundBuffer buffer) {
        throw new UnsupportedOperationException("a server channel writes nothing");
    }

    @Override
    Object checkedMessage(final Object message) {
        throw new UnsupportedOperationException("a server channel writes nothing");
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new ServerUnsafe();
    }

    private final class ServerUnsafe extends DataplaneUnsafe {

        @Override
        public void connect(final SocketAddress to, final SocketAddress from, final ChannelPromise promise) {
            safeSetFailure(promise, new UnsupportedOperationException("a server channel has no remote side"));
        }
    }
}
