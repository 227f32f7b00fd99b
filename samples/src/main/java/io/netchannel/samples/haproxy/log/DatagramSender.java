package io.netchannel.samples.haproxy.log;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.CharsetUtil;
import java.net.SocketAddress;
import java.nio.CharBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Datagrams to a syslog server (RFC 5426, or a UNIX socket), over a kernel socket that is connected. Those of one turn of the
 * loop are sent together at its end. Threading: called from one thread, which need not be the loop's: on a node proxies have
 * another. All that is done with the channel is done in its loop.
 */
final class DatagramSender implements LineSender {

    private final IoEventLoop loop;
    private final Bootstrap bootstrap;
    private final SocketAddress remote;
    /** A server's path is another socket when it was started anew; of UDP only the line is lost. */
    private final boolean reopens;
    private final long pauseMs;
    private ChannelFuture opening;
    /** The loop's. */
    private boolean flushing;
    private volatile boolean mayReopen = true;
    private boolean closed;

    private DatagramSender(final IoEventLoop loop, final Class<? extends Channel> type, final SocketAddress remote,
            final long pauseMs) {
        this.loop = loop;
        this.remote = remote;
        this.reopens = remote instanceof DomainSocketAddress;
        this.pauseMs = pauseMs;
        // What comes back, an ICMP error or a datagram, is of no interest.
        this.bootstrap = new Bootstrap().group(loop).channel(type).option(ChannelOption.AUTO_READ, false);
        this.opening = connect();
    }

    /**
     * @param pauseMs between attempts to reach a server that isn't there
     * @return null if the loop has no channels of that kind
     */
    static DatagramSender open(final IoEventLoop loop, final LogServer.Destination destination, final long pauseMs) {
        final boolean epoll = loop.isCompatible(EpollIoHandle.class);
        return switch (destination) {
            case LogServer.Udp udp -> new DatagramSender(loop, epoll
                    ? EpollDatagramChannel.class
                    : NioDatagramChannel.class, udp.address(), pauseMs);
            case LogServer.UnixDatagram unix -> epoll
                    ? new DatagramSender(loop, EpollDomainDatagramChannel.class, new DomainSocketAddress(unix.path()),
                            pauseMs)
                    : null;
            case LogServer.Descriptor _ -> throw new IllegalArgumentException("a descriptor is no datagram socket");
        };
    }

    @Override
    public boolean send(final String line) {
        if (!opening.channel().isOpen() && !reopen()) {
            return false;
        }
        final Channel to = opening.channel();
        if (!to.isWritable()) {
            return false;
        }
        if (!opening.isDone()) {
            opening.addListener(_ -> write(to, line));
        } else if (loop.inEventLoop()) {
            write(to, line);
        } else {
            loop.execute(() -> write(to, line));
        }
        return true;
    }

    private boolean reopen() {
        if (closed || !mayReopen) {
            return false;
        }
        mayReopen = false;
        loop.schedule(() -> mayReopen = true, pauseMs, TimeUnit.MILLISECONDS);
        opening = connect();
        return true;
    }

    private ChannelFuture connect() {
        return bootstrap.clone().handler(new ChannelInboundHandlerAdapter()).connect(remote);
    }

    /** In the loop. */
    private void write(final Channel to, final String line) {
        if (!to.isActive()) {
            return;
        }
        // Connected, so that a buffer needs no address.
        final ChannelFuture written = to.write(ByteBufUtil.encodeString(to.alloc(), CharBuffer.wrap(line),
                CharsetUtil.ISO_8859_1));
        if (reopens) {
            written.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }
        if (!flushing) {
            flushing = true;
            loop.execute(() -> {
                flushing = false;
                to.flush();
            });
        }
    }

    @Override
    public void close() {
        closed = true;
        final Channel last = opening.channel();
        loop.execute(() -> {
            last.flush();
            last.close();
        });
    }
}
