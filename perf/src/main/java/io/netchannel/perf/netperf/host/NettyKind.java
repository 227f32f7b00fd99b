package io.netchannel.perf.netperf.host;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.InetSocketAddress;

/** Netty's ways to the kernel's sockets. */
enum NettyKind {

    NIO(NioSocketChannel.class, NioServerSocketChannel.class, NioDatagramChannel.class) {

        @Override
        Throwable unavailability() {
            return null;
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return NioIoHandler.newFactory();
        }
    },

    EPOLL(EpollSocketChannel.class, EpollServerSocketChannel.class, EpollDatagramChannel.class) {

        @Override
        Throwable unavailability() {
            return Epoll.unavailabilityCause();
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return EpollIoHandler.newFactory();
        }
    },

    IO_URING(IoUringSocketChannel.class, IoUringServerSocketChannel.class, IoUringDatagramChannel.class) {

        @Override
        Throwable unavailability() {
            return IoUring.unavailabilityCause();
        }

        @Override
        IoHandlerFactory ioHandlers() {
            return IoUringIoHandler.newFactory();
        }
    };

    private final NettyChannels channels;

    NettyKind(final Class<? extends Channel> socket, final Class<? extends ServerChannel> server,
            final Class<? extends DatagramChannel> datagram) {
        this.channels = new NettyChannels(socket, server, datagram);
    }

    NettyChannels channels() {
        return channels;
    }

    /** Why it can't be used here; null if it can. */
    abstract Throwable unavailability();

    abstract IoHandlerFactory ioHandlers();

    static InetSocketAddress address(final String host, final int port) {
        return new InetSocketAddress(host, port);
    }
}
