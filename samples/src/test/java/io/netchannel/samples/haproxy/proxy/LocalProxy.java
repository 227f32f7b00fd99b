package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.config.AllKeywords;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.log.Logs;
import io.netchannel.samples.haproxy.log.TestLogs;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A proxy with servers and clients, all inside of the process. A configuration's sockets are told apart by their ports. */
public final class LocalProxy implements AutoCloseable {

    /** Stands for the connection's end behind what came. */
    static final String CLOSED = "<closed>";
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String DEFAULTS = """
            defaults
                mode http
                timeout client 5s
                timeout server 5s
                timeout connect 1s
            """;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final IoEventLoop loop = group.next();
    private final LocalTransport transport = new LocalTransport(loop, "local-proxy-" + NAMES.incrementAndGet() + "-");
    private final TestLogs logs = new TestLogs();

    /** Reads and starts a configuration, of which {@code global} lines stand before the defaults. */
    public ProxyServer start(final String global, final String text) throws Exception {
        final Configuration configuration = configuration("global\n" + global + "\n" + DEFAULTS + text);
        return start(configuration, Logs.start(configuration.global(), loop));
    }

    /** The last section's log lines are kept for {@link #logged}. */
    void startLogged(final String text) throws Exception {
        final Configuration configuration = configuration(DEFAULTS + text);
        start(configuration, logs.of(configuration.proxies().getLast()));
    }

    private ProxyServer start(final Configuration configuration, final Logs written) throws Exception {
        return ProxyServer.start(configuration, transport, new ProxyLoop(loop, new SystemClock()), written, null,
                _ -> {
                });
    }

    static Configuration configuration(final String text) throws Exception {
        final Diagnostics diagnostics = new Diagnostics();
        final ConfigurationReader reader = new ConfigurationReader(new Configuration(), AllKeywords.create(),
                diagnostics);
        reader.read("test.cfg", text);
        final Configuration configuration = reader.finish();
        assertThat(diagnostics.hasFailed()).as("%s", diagnostics.messages()).isFalse();
        return configuration;
    }

    /** Waits for a number of lines. */
    List<String> logged(final int lines) throws Exception {
        final long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (inLoop(logs.lines()::size) < lines && System.nanoTime() < untilNs) {
            Thread.onSpinWait();
        }
        return inLoop(() -> List.copyOf(logs.lines()));
    }

    /** What the system gives; before the start. */
    void maxConnections(final int max) {
        transport.maxConnections(max);
    }

    IoEventLoop loop() {
        return loop;
    }

    public <T> T inLoop(final Callable<T> question) throws Exception {
        return loop.submit(question).get(10, TimeUnit.SECONDS);
    }

    /** A server that gives what comes to {@code answer}; an empty buffer is nothing. */
    void server(final int port, final BiConsumer<Channel, String> answer) {
        new ServerBootstrap().group(loop).channel(LocalServerChannel.class).childHandler(new Reader((channel, text) -> {
            if (!text.equals(CLOSED) && !text.isEmpty()) {
                answer.accept(channel, text);
            }
        })).bind(transport.at(port)).syncUninterruptibly();
    }

    static void send(final Channel channel, final String text) {
        channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static final class Reader extends ChannelInboundHandlerAdapter {

        private final BiConsumer<Channel, String> told;

        Reader(final BiConsumer<Channel, String> told) {
            this.told = told;
        }

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(final ChannelHandlerContext context, final Object message) {
            final String text = ((ByteBuf) message).toString(StandardCharsets.ISO_8859_1);
            ((ByteBuf) message).release();
            told.accept(context.channel(), text);
        }

        @Override
        public void channelInactive(final ChannelHandlerContext context) {
            told.accept(context.channel(), CLOSED);
        }
    }

    public Client client(final int port) {
        return new Client(port);
    }

    /** A client's connection; what came of it is read by {@link #until}. */
    public final class Client {

        private final LinkedBlockingQueue<String> came = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final Channel channel;

        private Client(final int port) {
            channel = new Bootstrap().group(loop).channel(LocalChannel.class)
                    .handler(new Reader((_, bytes) -> came.add(bytes))).connect(transport.at(port))
                    .syncUninterruptibly().channel();
        }

        public Client send(final String request) {
            LocalProxy.send(channel, request);
            return this;
        }

        ChannelFuture close() {
            return channel.close();
        }

        String take(final int chars) throws InterruptedException {
            while (text.length() < chars) {
                text.append(came.poll(10, TimeUnit.SECONDS));
            }
            final String taken = text.substring(0, chars);
            text.delete(0, chars);
            return taken;
        }

        /** All that came up to a text, which is taken away; or up to the connection's end. */
        public String until(final String end) throws InterruptedException {
            while (text.indexOf(end) < 0 && text.indexOf(CLOSED) < 0) {
                final String more = came.poll(10, TimeUnit.SECONDS);
                assertThat(more).as("after %s", text).isNotNull();
                text.append(more);
            }
            final int at = text.indexOf(end) < 0 ? text.length() : text.indexOf(end) + end.length();
            final String taken = text.substring(0, at);
            text.delete(0, at);
            return taken;
        }

        /** All that came before the proxy closed. */
        public String untilClosed() throws InterruptedException {
            return until(CLOSED);
        }
    }
}
