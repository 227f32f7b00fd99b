package io.netchannel.samples.haproxy;

import io.netchannel.node.netty.DataplaneChannelOption;
import io.netchannel.node.netty.DataplaneServerSocketChannel;
import io.netchannel.node.netty.DataplaneSocketChannel;
import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.config.BindSettings;
import io.netchannel.samples.haproxy.config.Setting;
import io.netchannel.samples.haproxy.proxy.Accepting;
import io.netchannel.samples.haproxy.proxy.ListenerTraffic;
import io.netchannel.samples.haproxy.proxy.SocketOptions;
import io.netchannel.samples.haproxy.proxy.Transport;
import io.netchannel.tcpip.tcp.TcpState;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/** Connections of a node. Sockets of the kernel (paths, descriptors) are not there. */
final class NodeTransport implements Transport {

    private final EventLoop loop;
    private final int maxConnections;

    /** @param maxConnections flows that the node has on that loop */
    NodeTransport(final EventLoop loop, final int maxConnections) {
        this.loop = loop;
        this.maxConnections = maxConnections;
    }

    @Override
    public int maxConnections() {
        return maxConnections;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public Channel listen(final Address address, final BindSettings bind, final int backlog,
            final Consumer<Channel> accepted) throws IOException {
        if (!(address instanceof final Address.Ip ip)) {
            throw new IOException("cannot bind socket (" + bind.addressText() + " is the kernel's, not the node's)");
        }
        for (final Setting<?> ofKernel : List.of(ListenerTraffic.DEFER_ACCEPT, ListenerTraffic.V6ONLY,
                BindOptions.INTERFACE, BindOptions.FAST_OPEN, BindOptions.TRANSPARENT)) {
            if (bind.isSet(ofKernel)) {
                throw new IOException("cannot bind socket ('" + ofKernel + "' is for the kernel's sockets)");
            }
        }
        final int segmentBytes = bind.get(BindOptions.MAX_SEGMENT_BYTES);
        if (segmentBytes < 0) {
            throw new IOException("cannot bind socket ('mss " + segmentBytes + "' is for the kernel's sockets)");
        }
        final ChannelFuture future = new ServerBootstrap().group(loop).channel(DataplaneServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, backlog).option(ChannelOption.SO_REUSEADDR, true)
                // The listener says when: not before all of the proxy is there.
                .option(ChannelOption.AUTO_READ, false)
                .childOption(DataplaneChannelOption.TCP_MAXSEG, segmentBytes)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true).childHandler(new Accepting(accepted))
                .bind(new InetSocketAddress(ip.ip(), ip.port())).awaitUninterruptibly();
        if (!future.isSuccess()) {
            throw new IOException("cannot bind socket (" + future.cause().getMessage() + ")", future.cause());
        }
        return future.channel();
    }

    @Override
    public ChannelFuture connect(final Address address, final InetSocketAddress source, final ChannelHandler handler) {
        if (!(address instanceof final Address.Ip ip)) {
            throw new IllegalArgumentException(address + " is the kernel's, not the node's");
        }
        return new Bootstrap().group(loop).handler(handler).channel(DataplaneSocketChannel.class)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                // The proxy's own limits hold.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .connect(new InetSocketAddress(ip.ip(), ip.port()), source);
    }

    /** A server's FIN is told behind its burst, in which the request may come that would go there. */
    @Override
    public boolean isEnded(final Channel channel) {
        return ((DataplaneSocketChannel) channel).state() != TcpState.ESTABLISHED;
    }

    @Override
    public void apply(final SocketOptions options, final Channel channel) {
        options.values().forEach((option, value) -> apply(option, value, channel.config()));
    }

    private static void apply(final SocketOptions.Option option, final int value, final ChannelConfig config) {
        switch (option) {
            case SO_KEEPALIVE -> config.setOption(ChannelOption.SO_KEEPALIVE, value > 0);
            case TCP_KEEPCNT -> config.setOption(DataplaneChannelOption.TCP_KEEPCNT, value);
            case TCP_KEEPIDLE -> config.setOption(DataplaneChannelOption.TCP_KEEPIDLE, value);
            case TCP_KEEPINTVL -> config.setOption(DataplaneChannelOption.TCP_KEEPINTVL, value);
            case TCP_USER_TIMEOUT -> config.setOption(DataplaneChannelOption.TCP_USER_TIMEOUT, value);
            case SO_LINGER -> config.setOption(ChannelOption.SO_LINGER, value);
            case SO_RCVBUF -> config.setOption(ChannelOption.SO_RCVBUF, value);
            case SO_SNDBUF -> config.setOption(ChannelOption.SO_SNDBUF, value);
            case TCP_MAXSEG -> throw new IllegalStateException("a listener refuses it");
            case TCP_FASTOPEN_CONNECT -> {
                // A hint: a node connects without it.
            }
            case TCP_QUICKACK -> config.setOption(DataplaneChannelOption.TCP_QUICKACK, value > 0);
        }
    }
}
