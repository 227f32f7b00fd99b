package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.BindSettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Connections inside of the process; a port is all that counts of an address. */
final class LocalTransport implements Transport {

    private final EventLoop loop;
    private final String prefix;
    private final ByteBufAllocator allocator;
    private int maxConnections = 1_000_000;

    LocalTransport(final EventLoop loop, final String prefix) {
        this(loop, prefix, ByteBufAllocator.DEFAULT);
    }

    LocalTransport(final EventLoop loop, final String prefix, final ByteBufAllocator allocator) {
        this.loop = loop;
        this.prefix = prefix;
        this.allocator = allocator;
    }

    LocalAddress at(final int port) {
        return new LocalAddress(prefix + port);
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    void maxConnections(final int max) {
        maxConnections = max;
    }

    @Override
    public int maxConnections() {
        return maxConnections;
    }

    @Override
    public Channel listen(final Address address, final BindSettings bind, final int backlog,
            final Consumer<Channel> accepted) {
        return new ServerBootstrap().group(loop).channel(LocalServerChannel.class)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childHandler(new Accepting(accepted))
                .bind(at(((Address.Ip) address).port())).syncUninterruptibly().channel();
    }

    @Override
    public ChannelFuture connect(final Address address, final InetSocketAddress source, final ChannelHandler handler) {
        return new Bootstrap().group(loop).channel(LocalChannel.class).handler(handler)
                .option(ChannelOption.ALLOCATOR, allocator)
                .connect(at(((Address.Ip) address).port()));
    }
}
