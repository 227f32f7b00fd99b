package io.netchannel.node.netty;

import io.netchannel.node.socket.SocketAddresses;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.TimeUnit;

/**
 * A datagram channel's writing. A datagram that can't be sent fails alone; one that finds the link full waits, and those behind it.
 *
 * <p>Threading: the event loop's.
 */
final class DatagramOutput {

    /** A link that is full doesn't tell when it has room. */
    private static final long RETRY_US = 100;

    private final DataplaneDatagramChannel channel;
    private boolean blocked;

    DatagramOutput(final DataplaneDatagramChannel channel) {
        this.channel = channel;
    }

    boolean isBlocked() {
        return blocked;
    }

    void write(final ChannelOutboundBuffer buffer) throws IOException {
        blocked = false;
        for (Object message = buffer.current(); message != null; message = buffer.current()) {
            final Exception refused = refusal(message);
            if (refused != null) {
                buffer.remove(refused);
                continue;
            }
            final int sent = send(message);
            if (sent == UdpSocket.WOULD_BLOCK) {
                blocked = true;
                channel.eventLoop().schedule(channel::tellAfterBurst, RETRY_US, TimeUnit.MICROSECONDS);
                return;
            }
            if (sent >= 0) {
                buffer.progress(sent);
                buffer.remove();
            } else {
                buffer.remove(error(sent, message));
            }
        }
    }

    /** Why a message can't even be tried, or the error of one before; null if there is nothing. */
    private Exception refusal(final Object message) {
        final IOException before = channel.takeError();
        if (before != null) {
            return before;
        }
        final boolean addressed = message instanceof final AddressedEnvelope<?, ?> envelope
                && envelope.recipient() != null;
        return addressed || channel.isConnected() ? null : new NotYetConnectedException();
    }

    private static IOException error(final int result, final Object message) {
        return switch (result) {
            case UdpSocket.TOO_LONG -> new SocketException("Message too long");
            case UdpSocket.NO_ROUTE -> new NoRouteToHostException("Network is unreachable: " + message);
            case UdpSocket.PROHIBITED ->
                new SocketException("Permission denied: set SO_BROADCAST to send to a broadcast address");
            default -> new ClosedChannelException();
        };
    }

    private int send(final Object message) {
        ByteBuf bytes = null;
        InetSocketAddress to = null;
        if (message instanceof final AddressedEnvelope<?, ?> envelope) {
            bytes = (ByteBuf) envelope.content();
            to = (InetSocketAddress) envelope.recipient();
        } else {
            bytes = (ByteBuf) message;
        }
        final ByteBuf direct = inOneRange(bytes);
        try {
            return send(address(direct), direct.readableBytes(), to);
        } finally {
            if (direct != bytes) {
                direct.release();
            }
        }
    }

    private int send(final long address, final int length, final InetSocketAddress to) {
        final UdpSocket socket = channel.socket();
        if (to == null) {
            return socket.send(address, length);
        }
        final IpAddress ip = SocketAddresses.ip(SocketAddresses.toSomebody(to).getAddress());
        return socket.send(ip.high(), ip.low(), to.getPort(), address, length);
    }

    private ByteBuf inOneRange(final ByteBuf bytes) {
        return bytes.isDirect() && bytes.nioBufferCount() == 1
                ? bytes
                : channel.alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes, bytes.readerIndex(),
                        bytes.readableBytes());
    }

    private static long address(final ByteBuf bytes) {
        if (bytes.hasMemoryAddress()) {
            return bytes.memoryAddress() + bytes.readerIndex();
        }
        final ByteBuffer range = bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes());
        return MemorySegment.ofBuffer(range).address();
    }
}
