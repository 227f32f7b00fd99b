package io.netchannel.perf.netperf.host;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.netty.DataplaneDatagramChannel;
import io.netchannel.node.netty.DataplaneEventLoopGroup;
import io.netchannel.node.netty.DataplaneServerSocketChannel;
import io.netchannel.node.netty.DataplaneSocketChannel;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Netty's channels, over the kernel's sockets or a node's loops, as one of its users would have them: event loops, direct buffers,
 * one flush for what a turn has written.
 *
 * <p>Threading: as {@link Host}; {@code enter} is called first on each thread that makes channels.
 */
final class NettyHost implements Host {

    private static final int BACKLOG = 1024;
    private static final int MIN_READ_BYTES = 64;
    private static final int FIRST_READ_BYTES = 2048;

    private final String name;
    private final String address;
    private final NettyChannels channels;
    private final boolean verify;
    private final Runnable enter;
    private final EventLoopGroup group;
    private final Runnable release;

    /** The kernel's sockets. */
    NettyHost(final String name, final String address, final NettyKind kind, final int loops, final boolean verify,
            final Runnable enter) {
        this(name, address, kind.channels(),
                new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory(name, true), kind.ioHandlers()), verify,
                enter, () -> {
                });
    }

    private NettyHost(final String name, final String address, final NettyChannels channels, final EventLoopGroup group,
            final boolean verify, final Runnable enter, final Runnable release) {
        this.name = name;
        this.address = address;
        this.channels = channels;
        this.verify = verify;
        this.enter = enter;
        // Looks for a hardware address once, here, where there is one, and not in an empty namespace.
        DefaultChannelId.newInstance();
        this.group = group;
        this.release = release;
    }

    /** A node's loops; {@code node} is not started, and becomes the host's. */
    static NettyHost of(final DataplaneNode node, final boolean verify) {
        return new NettyHost(node.config().name(), node.config().addresses().getFirst().address().toString(),
                new NettyChannels(DataplaneSocketChannel.class, DataplaneServerSocketChannel.class,
                        DataplaneDatagramChannel.class),
                new DataplaneEventLoopGroup(node), verify, () -> {
                }, node::close);
    }

    @Override
    public String address() {
        return address;
    }

    /** Netty makes a channel on the thread that asks for it; so that one has to be in the right place. */
    private ChannelFuture make(final Supplier<ChannelFuture> supplier) {
        final CompletableFuture<ChannelFuture> made = new CompletableFuture<>();
        Thread.ofPlatform().name(name + "-opener").daemon().start(() -> {
            try {
                enter.run();
                made.complete(supplier.get());
            } catch (final RuntimeException e) {
                made.completeExceptionally(e);
            }
        });
        return made.join();
    }

    private Channel await(final ChannelFuture future) {
        future.awaitUninterruptibly();
        if (!future.isSuccess()) {
            throw new UncheckedIOException(name + ": " + future.cause().getMessage(),
                    future.cause() instanceof final IOException io ? io : new IOException(future.cause()));
        }
        return future.channel();
    }

    @Override
    public Listening listen(final int connections, final Supplier<? extends FlowHandler> handlers) {
        final ServerBootstrap bootstrap = new ServerBootstrap().group(group).channel(channels.server())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, receiveAllocator())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(final Channel channel) {
                        channel.pipeline().addLast(new NettyFlow(handlers.get(), verify, null));
                    }
                });
        final Channel channel = await(make(() -> bootstrap.bind(new InetSocketAddress(address, 0))));
        final int port = ((InetSocketAddress) channel.localAddress()).getPort();
        return new Listening() {

            @Override
            public int port() {
                return port;
            }

            @Override
            public void close() {
                channel.close().awaitUninterruptibly();
            }
        };
    }

    private static AdaptiveRecvByteBufAllocator receiveAllocator() {
        return new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, BlockingHost.RECEIVE_BUFFER_BYTES);
    }

    @Override
    public void connect(final Host server, final int port, final FlowHandler handler) {
        make(() -> connect(group.next(), NettyKind.address(server.address(), port), handler));
    }

    private ChannelFuture connect(final EventLoop loop, final InetSocketAddress to, final FlowHandler handler) {
        final NettyFlow flow = new NettyFlow(handler, verify, () -> connect(loop, to, handler));
        final ChannelFuture future = new Bootstrap().group(loop).channel(channels.socket())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, receiveAllocator())
                .handler(flow).connect(to);
        future.addListener(done -> {
            if (!done.isSuccess()) {
                flow.connectFailed(done.cause());
            }
        });
        return future;
    }

    @Override
    public Datagrams datagrams(final DatagramHandler handler) {
        final NettyDatagrams datagrams = new NettyDatagrams(handler, verify);
        final Channel channel = await(make(() -> new Bootstrap().group(group).channel(channels.datagram())
                .handler(datagrams).bind(new InetSocketAddress(address, 0))));
        datagrams.bound(channel);
        return datagrams;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        release.run();
    }
}
