package io.netchannel.node.netty;

import io.netchannel.node.socket.SocketAddresses;
import io.netchannel.tcpip.icmp.TransportError;
import io.netchannel.tcpip.udp.UdpHandler;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.udp.UdpStack;
import io.netchannel.tcpip.wire.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.internal.StringUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;

/**
 * A UDP port of a node, as a Netty channel. Datagrams come to the event loop that it is registered with, whichever loop their hash
 * is of.
 *
 * <p>What comes while nobody reads waits, up to SO_RCVBUF bytes; then it is dropped, as by a socket.
 *
 * <p>Threading: Netty's for channels.
 */
public final class DataplaneDatagramChannel extends AbstractDataplaneChannel implements DatagramChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(true, 16);
    private static final IpAddress ANY = IpAddress.ANY;

    private final DataplaneDatagramChannelConfig config = new DataplaneDatagramChannelConfig(this);
    private final DatagramOutput output = new DatagramOutput(this);
    private final UdpHandler events = new SocketEvents();

    // -- of the event loop
    private final ArrayDeque<DatagramPacket> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private UdpSocket socket;
    private boolean wanted;
    private boolean inCycle;
    private IOException unreadError;

    /** To bind, or to connect. */
    public DataplaneDatagramChannel() {
        super(null);
    }

    UdpSocket socket() {
        return socket;
    }

    @Override
    public DataplaneDatagramChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isActive() {
        return isOpen() && (local != null || config.isActiveOnRegistration() && isRegistered());
    }

    @Override
    public boolean isConnected() {
        return remote != null;
    }

    @Override
    void onRegistered(final DataplaneIoHandler handler) {
        // The socket is opened when it is bound.
    }

    // -- its life

    @Override
    protected void doBind(final SocketAddress address) throws IOException {
        final InetSocketAddress wantedAddress = SocketAddresses.checked(address);
        final IpAddress ip = SocketAddresses.ip(wantedAddress.getAddress());
        if (!wantedAddress.getAddress().isMulticastAddress()) {
            SocketAddresses.requireOurs(handler().loop().stack().network().addresses(), wantedAddress);
        }
        final UdpStack udp = handler().loop().stack().udp();
        try {
            socket = config.isReuseAddress()
                    ? udp.bindShared(ip.high(), ip.low(), wantedAddress.getPort(), events)
                    : udp.bind(ip.high(), ip.low(), wantedAddress.getPort(), events);
        } catch (final UncheckedIOException e) {
            throw e.getCause() instanceof BindException
                    ? new BindException("Address already in use: " + wantedAddress + ": " + e.getCause().getMessage())
                    : e.getCause();
        }
        local = new InetSocketAddress(wantedAddress.getAddress(), socket.localPort());
        config.apply(socket);
    }

    /** As a socket does it that is used before it is bound. */
    void bindIfUnbound() throws IOException {
        if (socket == null) {
            doBind(SocketAddresses.of(ANY.high(), ANY.low(), 0));
        }
    }

    /** An error that nobody has read: the next write's, as with a socket. Told once. */
    IOException takeError() {
        final IOException taken = unreadError;
        unreadError = null;
        return taken;
    }

    private void connectTo(final InetSocketAddress to) throws IOException {
        bindIfUnbound();
        final IpAddress ip = SocketAddresses.ip(to.getAddress());
        if (!socket.connect(ip.high(), ip.low(), to.getPort())) {
            throw new NoRouteToHostException("Network is unreachable: no route to " + to);
        }
        remote = to;
        local = SocketAddresses.of(socket.localHigh(), socket.localLow(), socket.localPort());
    }

    @Override
    protected void doDisconnect() {
        if (socket != null) {
            socket.disconnect();
            local = SocketAddresses.of(socket.localHigh(), socket.localLow(), socket.localPort());
        }
        remote = null;
    }

    @Override
    protected void doClose() {
        markClosed();
        if (socket != null) {
            socket.close();
        }
        remote = null;
        for (DatagramPacket packet = waiting.poll(); packet != null; packet = waiting.poll()) {
            packet.release();
        }
    }

    // -- receiving

    @Override
    protected void doBeginRead() {
        wanted = true;
        if (!waiting.isEmpty()) {
            tellAfterBurst();
        }
    }

    /** Auto-read was switched off. */
    void autoReadCleared() {
        if (isRegistered()) {
            eventLoop().execute(() -> {
                if (!config.isAutoRead()) {
                    wanted = false;
                }
            });
        }
    }

    private RecvByteBufAllocator.ExtendedHandle handle() {
        return ((DatagramUnsafe) unsafe()).recvBufAllocHandle();
    }

    private void receive(final InetSocketAddress from, final long address, final int lengthBytes) {
        final RecvByteBufAllocator.ExtendedHandle handle = handle();
        final ByteBuf bytes = handle.allocate(alloc());
        // As a socket does: what is longer is cut.
        final int count = Math.min(lengthBytes, bytes.writableBytes());
        if (waitingBytes + count > config.getReceiveBufferSize()) {
            bytes.release();
            config.countDropped();
            return;
        }
        handler().received().copy(address, bytes, count);
        waitingBytes += count;
        waiting.add(new DatagramPacket(bytes, recipient(), from));
        if (wanted) {
            tellAfterBurst();
        }
    }

    private InetSocketAddress recipient() {
        return SocketAddresses.of(socket.datagramLocalHigh(), socket.datagramLocalLow(), socket.localPort());
    }

    @Override
    void onEndOfBurst() {
        if (output.isBlocked()) {
            ((DatagramUnsafe) unsafe()).flushNow();
        }
        if (!wanted || waiting.isEmpty() || inCycle || !isOpen()) {
            return;
        }
        final RecvByteBufAllocator.ExtendedHandle handle = handle();
        handle.reset(config);
        inCycle = true;
        do {
            final DatagramPacket packet = waiting.poll();
            if (packet == null) {
                break;
            }
            final int length = packet.content().readableBytes();
            waitingBytes -= length;
            handle.attemptedBytesRead(packet.content().capacity());
            handle.lastBytesRead(length);
            handle.incMessagesRead(1);
            wanted = false;
            pipeline().fireChannelRead(packet);
        } while (isOpen() && handle.continueReading(MAYBE_MORE));
        inCycle = false;
        handle.readComplete();
        pipeline().fireChannelReadComplete();
        if (wanted && !waiting.isEmpty()) {
            tellAfterBurst();
        }
    }

    // -- sending

    @Override
    protected void doWrite(final ChannelOutboundBuffer buffer) throws IOException {
        bindIfUnbound();
        output.write(buffer);
    }

    @Override
    Object checkedMessage(final Object message) {
        if (message instanceof final AddressedEnvelope<?, ?> envelope) {
            if (envelope.content() instanceof ByteBuf
                    && (envelope.recipient() == null || envelope.recipient() instanceof InetSocketAddress)) {
                if (envelope.recipient() instanceof final InetSocketAddress to) {
                    SocketAddresses.checked(to);
                }
                return message;
            }
        } else if (message instanceof ByteBuf) {
            return message;
        }
        throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(message)
                + " (expected: DatagramPacket, AddressedEnvelope<ByteBuf, InetSocketAddress>, ByteBuf)");
    }

    // -- groups

    @Override
    public ChannelFuture joinGroup(final InetAddress group) {
        return joinGroup(group, newPromise());
    }

    @Override
    public ChannelFuture joinGroup(final InetAddress group, final ChannelPromise promise) {
        return onGroup(promise, group, () -> socket.joinGroup(SocketAddresses.ip(group)),
                "can't be joined: it is no group, or"
                        + " joined already, or there are " + UdpSocket.MAX_GROUPS);
    }

    /** @param networkInterface ignored: a node has one */
    @Override
    public ChannelFuture joinGroup(final InetSocketAddress group, final NetworkInterface networkInterface) {
        return joinGroup(group.getAddress(), newPromise());
    }

    @Override
    public ChannelFuture joinGroup(final InetSocketAddress group, final NetworkInterface networkInterface,
            final ChannelPromise promise) {
        return joinGroup(group.getAddress(), promise);
    }

    @Override
    public ChannelFuture joinGroup(final InetAddress group, final NetworkInterface networkInterface,
            final InetAddress source) {
        return joinGroup(group, networkInterface, source, newPromise());
    }

    @Override
    public ChannelFuture joinGroup(final InetAddress group, final NetworkInterface networkInterface,
            final InetAddress source, final ChannelPromise promise) {
        return source == null ? joinGroup(group, promise) : promise.setFailure(noSources(source));
    }

    private static UnsupportedOperationException noSources(final InetAddress source) {
        return new UnsupportedOperationException("source=" + source
                + " is not supported: a node's UDP sockets join groups of any source; look at the sender instead");
    }

    @Override
    public ChannelFuture leaveGroup(final InetAddress group) {
        return leaveGroup(group, newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(final InetAddress group, final ChannelPromise promise) {
        return onGroup(promise, group, () -> socket.leaveGroup(SocketAddresses.ip(group)), "was not joined");
    }

    @Override
    public ChannelFuture leaveGroup(final InetSocketAddress group, final NetworkInterface networkInterface) {
        return leaveGroup(group.getAddress(), newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(final InetSocketAddress group, final NetworkInterface networkInterface,
            final ChannelPromise promise) {
        return leaveGroup(group.getAddress(), promise);
    }

    @Override
    public ChannelFuture leaveGroup(final InetAddress group, final NetworkInterface networkInterface,
            final InetAddress source) {
        return leaveGroup(group, networkInterface, source, newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(final InetAddress group, final NetworkInterface networkInterface,
            final InetAddress source, final ChannelPromise promise) {
        return source == null ? leaveGroup(group, promise) : promise.setFailure(noSources(source));
    }

    @Override
    public ChannelFuture block(final InetAddress group, final NetworkInterface networkInterface,
            final InetAddress source) {
        return newFailedFuture(noSources(source));
    }

    @Override
    public ChannelFuture block(final InetAddress group, final NetworkInterface networkInterface,
            final InetAddress source,
            final ChannelPromise promise) {
        return promise.setFailure(noSources(source));
    }

    @Override
    public ChannelFuture block(final InetAddress group, final InetAddress source) {
        return newFailedFuture(noSources(source));
    }

    @Override
    public ChannelFuture block(final InetAddress group, final InetAddress source, final ChannelPromise promise) {
        return promise.setFailure(noSources(source));
    }

    private ChannelFuture onGroup(final ChannelPromise promise, final InetAddress group,
            final java.util.function.BooleanSupplier step, final String otherwise) {
        if (!eventLoop().inEventLoop()) {
            eventLoop().execute(() -> onGroup(promise, group, step, otherwise));
            return promise;
        }
        if (socket == null || !isOpen()) {
            return promise.setFailure(isOpen()
                    ? new IllegalStateException("channel is not bound; bind it first")
                    : new ClosedChannelException());
        }
        return step.getAsBoolean()
                ? promise.setSuccess()
                : promise.setFailure(new IOException(group + " " + otherwise));
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new DatagramUnsafe();
    }

    private final class DatagramUnsafe extends DataplaneUnsafe {

        @Override
        public void connect(final SocketAddress to, final SocketAddress from, final ChannelPromise promise) {
            if (!promise.setUncancellable() || !isOpenFor(promise)) {
                return;
            }
            final boolean wasActive = isActive();
            try {
                if (from != null) {
                    doBind(from);
                }
                connectTo(SocketAddresses.toSomebody(SocketAddresses.checked(to)));
                renewLocalAddress();
                promise.trySuccess();
                if (!wasActive) {
                    pipeline().fireChannelActive();
                }
            } catch (final IOException | RuntimeException e) {
                promise.tryFailure(annotated(e, to));
                close(voidPromise());
            }
        }

        @SuppressWarnings("deprecation")
        private void renewLocalAddress() {
            invalidateLocalAddress();
        }
    }

    /** What the stack tells. */
    private final class SocketEvents implements UdpHandler {

        @Override
        public void onDatagram(final UdpSocket at, final long remoteHigh, final long remoteLow, final int remotePort,
                final long address, final int lengthBytes) {
            receive(SocketAddresses.of(remoteHigh, remoteLow, remotePort), address, lengthBytes);
        }

        @Override
        public void onError(final UdpSocket at, final TransportError error, final long remoteHigh, final long remoteLow,
                final int remotePort, final int mtuBytes) {
            // As with a socket: only who has one peer is told.
            if (isConnected()) {
                final IOException cause = switch (error) {
                    case PORT_UNREACHABLE -> new PortUnreachableException("Connection refused");
                    case PACKET_TOO_BIG -> null;
                    default -> new ConnectException("No route to host: " + error);
                };
                if (cause != null && wanted) {
                    pipeline().fireExceptionCaught(cause);
                } else {
                    unreadError = cause;
                }
            }
        }

        @Override
        public void onFailure(final UdpSocket at, final RuntimeException failure) {
            pipeline().fireExceptionCaught(new ChannelException(failure));
        }
    }
}
