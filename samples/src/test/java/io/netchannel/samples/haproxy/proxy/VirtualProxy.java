package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.log.Logs;
import io.netchannel.samples.haproxy.log.TestLogs;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy whose time passes when a test says so, with clients and servers in memory. */
final class VirtualProxy implements AutoCloseable {

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final int FRONT = 80;
    /** Events of in-memory channels are tasks of the loop, and few of them give rise to more than one other. */
    private static final int TURNS = 12;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final IoEventLoop loop = group.next();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final LocalTransport transport = new LocalTransport(loop, "haproxy-virtual-" + NAMES.incrementAndGet()
            + "-", allocator);
    private final TestLogs logs = new TestLogs();
    private final Time time = new Time();
    private ProxyServer server;

    private static final class Time implements Clock {

        private volatile long nowMs = 1_000;

        @Override
        public long nowMs() {
            return nowMs;
        }

        @Override
        public long wallMs() {
            return 1_700_000_000_000L + nowMs;
        }
    }

    void start(final String text) throws Exception {
        final Configuration configuration = LocalProxy.configuration(text);
        start(configuration, Logs.start(configuration.global(), loop));
    }

    /** The last section's log lines are kept for {@link #logged}. */
    void startLogged(final String text) throws Exception {
        final Configuration configuration = LocalProxy.configuration(text);
        start(configuration, logs.of(configuration.proxies().getLast()));
    }

    private void start(final Configuration configuration, final Logs written) throws Exception {
        server = ProxyServer.start(configuration, transport, new ProxyLoop(loop, time), written, null, _ -> {
        });
    }

    void settle() throws InterruptedException {
        for (int i = 0; i < TURNS; i++) {
            loop.submit(() -> {
            }).sync();
        }
    }

    void advance(final long durationMs) throws InterruptedException {
        settle();
        time.nowMs += durationMs;
        loop.submit(() -> {
            server.loop().timers().run();
            server.loop().flush();
        }).sync();
        settle();
    }

    ProxyServer server() {
        return server;
    }

    IoEventLoop loop() {
        return loop;
    }

    LocalTransport transport() {
        return transport;
    }

    /** Bytes that the proxy's channels hold; whatever is left at the end leaks. */
    long usedBytes() {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    /** Lines of the log so far, without their headers. */
    List<String> logged() throws Exception {
        settle();
        return loop.submit(() -> logs.lines().stream().map(line -> line.substring(line.indexOf('>') + 1)).toList())
                .get();
    }

    /** What a server or a client got, and its channel. */
    final class Peer extends ChannelInboundHandlerAdapter {

        private final StringBuffer text = new StringBuffer();
        private volatile Channel channel;

        @Override
        public void handlerAdded(final ChannelHandlerContext context) {
            channel = context.channel();
        }

        @Override
        public void channelRead(final ChannelHandlerContext context, final Object message) {
            text.append(((ByteBuf) message).toString(StandardCharsets.ISO_8859_1));
            ((ByteBuf) message).release();
        }

        Peer send(final String bytes) throws InterruptedException {
            channel.writeAndFlush(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
            settle();
            return this;
        }

        void close() throws InterruptedException {
            channel.close().sync();
            settle();
        }

        boolean isOpen() {
            return channel.isOpen();
        }

        /** What came since it was asked last. */
        String take() {
            final String all = text.toString();
            text.setLength(0);
            return all;
        }

        /** From the status line's number on, without the body: of an answer of the proxy's own. */
        String status() {
            final String all = take();
            return all.isEmpty() ? "" : all.substring(9, 12);
        }

        void autoRead(final boolean on) throws InterruptedException {
            channel.config().setAutoRead(on);
            settle();
        }
    }

    /** A server's listener, and what came to it in the order of its coming. */
    final class Backend {

        private final List<Peer> peers = new ArrayList<>();
        private final Channel listener;

        private Backend(final int port, final boolean accepting) {
            listener = new ServerBootstrap().group(loop).channel(LocalServerChannel.class).childHandler(
                    new ChannelInboundHandlerAdapter() {

                        @Override
                        public boolean isSharable() {
                            return true;
                        }

                        @Override
                        public void channelRegistered(final ChannelHandlerContext context) {
                            final Peer peer = new Peer();
                            context.pipeline().addLast(peer);
                            peers.add(peer);
                        }
                    }).option(ChannelOption.AUTO_READ, accepting)
                    .bind(transport.at(port))
                    .syncUninterruptibly().channel();
        }

        Peer peer(final int index) throws Exception {
            settle();
            return loop.submit(() -> peers.get(index)).get();
        }

        int count() throws Exception {
            settle();
            return loop.submit(peers::size).get();
        }

        void stop() throws InterruptedException {
            listener.close().sync();
            settle();
        }
    }

    Backend backend(final int port) {
        return new Backend(port, true);
    }

    /** Connections to it wait for its accept, which never comes. */
    void deafBackend(final int port) {
        new Backend(port, false);
    }

    Peer client() throws InterruptedException {
        final Peer peer = new Peer();
        new Bootstrap().group(loop).channel(LocalChannel.class).handler(peer).connect(transport.at(FRONT))
                .syncUninterruptibly();
        settle();
        return peer;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
