package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.config.AllKeywords;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.log.Logs;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and clients that do the worst, in virtual time: what is left afterwards is nothing. */
class ProxyChaosTest {

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final int FRONT = 80;
    private static final int FIRST_BACK = 8080;
    private static final int SERVERS = 3;
    private static final int MAX_CONNECTIONS = 2;
    private static final int MAX_QUEUE = 4;
    /** Events of in-memory channels are tasks of the loop, and few of them give rise to more than one other. */
    private static final int TURNS = 12;
    private static final String HALF = "GET /half HTTP/1.1\r\nHost: x\r\nX-Half: ";

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final IoEventLoop loop = group.next();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final LocalTransport transport = new LocalTransport(loop, "haproxy-chaos-" + NAMES.incrementAndGet() + "-",
            allocator);
    private final TestClock clock = new TestClock();
    private ProxyServer proxy;

    /** Confined to the loop. */
    private static final class TestClock implements Clock {

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

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void start(final String text) throws Exception {
        final Diagnostics diagnostics = new Diagnostics();
        final ConfigurationReader reader = new ConfigurationReader(new Configuration(), AllKeywords.create(),
                diagnostics);
        reader.read("test.cfg", text);
        final Configuration configuration = reader.finish();
        assertThat(diagnostics.hasFailed()).as("%s", diagnostics.messages()).isFalse();
        proxy = ProxyServer.start(configuration, transport, new ProxyLoop(loop, clock), Logs.start(configuration
                .global(), loop), null, _ -> {
                });
    }

    private void settle() throws InterruptedException {
        for (int i = 0; i < TURNS; i++) {
            loop.submit(() -> {
            }).sync();
        }
    }

    private void advance(final long durationMs) throws InterruptedException {
        clock.nowMs += durationMs;
        loop.submit(() -> {
            proxy.loop().timers().run();
            proxy.loop().flush();
        }).sync();
        settle();
    }

    /** Half of the time it answers; confined to the loop. */
    private final class BadServer extends ChannelInboundHandlerAdapter {

        private final int port;
        private final Random random;
        private final List<Channel> unanswered = new ArrayList<>();
        private Channel listener;

        BadServer(final int port, final Random random) {
            this.port = port;
            this.random = random;
        }

        @Override
        public boolean isSharable() {
            return true;
        }

        void flap() {
            if (listener == null) {
                listener = new ServerBootstrap().group(loop).channel(LocalServerChannel.class).childHandler(this).bind(
                        transport.at(port)).channel();
            } else {
                listener.close();
                listener = null;
            }
        }

        @Override
        public void channelRead(final ChannelHandlerContext context, final Object message) {
            final boolean something = ((ByteBuf) message).isReadable();
            ((ByteBuf) message).release();
            if (!something) {
                return;
            }
            switch (random.nextInt(8)) {
                case 0 -> context.close();
                case 1 -> write(context.channel(), "HTTP/1.1 200 OK\r\nContent-Le");
                case 2 -> write(context.channel(), "nonsense\r\n\r\n");
                case 3 -> {
                    write(context.channel(), "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot all");
                    context.close();
                }
                case 4 -> unanswered.add(context.channel());
                default -> answer(context.channel());
            }
        }

        void thaw() {
            unanswered.forEach(this::answer);
            unanswered.clear();
        }

        private void answer(final Channel channel) {
            write(channel, random.nextBoolean()
                    ? "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + "x".repeat(20_000)
                    : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
        }
    }

    private static void write(final Channel channel, final String text) {
        channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private static final class Client extends ChannelInboundHandlerAdapter {

        private final StringBuilder text = new StringBuilder();
        private Channel channel;

        @Override
        public void channelRead(final ChannelHandlerContext context, final Object message) {
            text.append(((ByteBuf) message).toString(StandardCharsets.ISO_8859_1));
            ((ByteBuf) message).release();
        }
    }

    private Client client() {
        final Client client = new Client();
        client.channel = new Bootstrap().group(loop).channel(LocalChannel.class).handler(client).connect(transport.at(
                FRONT)).syncUninterruptibly().channel();
        return client;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldLeaveNothingBehindWhateverServersAndClientsDo(final long seed) throws Exception {
        final Random random = new Random(seed);
        final StringBuilder text = new StringBuilder("""
                defaults
                    mode http
                    timeout client 500ms
                    timeout server 200ms
                    timeout connect 100ms
                    timeout queue 150ms
                    timeout http-request 300ms
                    timeout http-keep-alive 400ms
                    retries 2
                    option redispatch 1
                    retry-on all-retryable-errors
                listen l
                    bind 127.0.0.1:80
                """);
        final List<BadServer> servers = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            text.append("server s").append(i).append(" 127.0.0.1:").append(FIRST_BACK + i).append(" maxconn ").append(
                    MAX_CONNECTIONS).append(" maxqueue ").append(MAX_QUEUE).append('\n');
            servers.add(new BadServer(FIRST_BACK + i, new Random(seed * 31 + i)));
        }
        start(text.toString());
        final List<Client> clients = new ArrayList<>();
        final List<Client> all = new ArrayList<>();
        for (int round = 0; round < 600; round++) {
            final BadServer server = servers.get(random.nextInt(SERVERS));
            switch (random.nextInt(8)) {
                case 0 -> loop.submit(server::flap).sync();
                case 1 -> loop.submit(server::thaw).sync();
                case 2 -> advance(random.nextInt(120));
                case 3 -> {
                    if (!clients.isEmpty()) {
                        clients.remove(random.nextInt(clients.size())).channel.close().sync();
                    }
                }
                default -> {
                    final Client client = clients.isEmpty() || random.nextBoolean()
                            ? client()
                            : clients.remove(random.nextInt(clients.size()));
                    clients.add(client);
                    all.add(client);
                    write(client.channel, switch (random.nextInt(5)) {
                        case 0 -> HALF;
                        case 1 -> "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 40000\r\n\r\n" + "y".repeat(30_000);
                        case 2 -> "GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3);
                        default -> "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
                    });
                }
            }
            settle();
            final int at = round;
            loop.submit(() -> proxy.backend("l").servers().forEach(each -> {
                assertThat(each.served()).as("seed %d round %d", seed, at).isBetween(0, MAX_CONNECTIONS);
                assertThat(each.queued()).as("seed %d round %d", seed, at).isBetween(0, MAX_QUEUE);
            })).sync();
        }
        // Each has its time-out, one after the other: all is over, however slow.
        for (int i = 0; i < 40; i++) {
            advance(500);
        }
        final String when = "seed " + seed;
        loop.submit(() -> {
            assertThat(proxy.connections()).as(when).isZero();
            assertThat(proxy.sessions()).as(when).isEmpty();
            assertThat(proxy.backend("l").sessions()).as(when).isZero();
            assertThat(proxy.backend("l").served()).as(when).isZero();
            assertThat(proxy.backend("l").queued()).as(when).isZero();
            proxy.drained();
            assertThat(proxy.loop().timers().size()).as(when).isZero();
        }).sync();
        settle();
        clients.forEach(client -> client.channel.close().syncUninterruptibly());
        settle();
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory()).as(when).isZero();
        // Or nothing of all that has happened.
        for (final String status : List.of("200 OK", "408 ", "502 ", "503 ")) {
            assertThat(all).as("%s, %s", when, status)
                    .anyMatch(client -> client.text.indexOf("HTTP/1.1 " + status) >= 0);
        }
    }

    @Test
    void shouldServeOthersWhileManyClientsSendHalfARequest() throws Exception {
        final int slow = 20_000;
        start("""
                defaults
                    mode http
                    timeout client 60s
                    timeout http-request 10s
                listen l
                    bind 127.0.0.1:80
                    maxconn 30000
                    http-request return status 200 content-type text/plain string ok
                """);
        final List<Client> clients = new ArrayList<>();
        System.gc();
        final long before = used();
        for (int i = 0; i < slow; i++) {
            final Client client = client();
            write(client.channel, HALF);
            clients.add(client);
        }
        settle();
        System.gc();
        final long perConnectionBytes = (used() - before) / slow;
        // Both ends of it, channels and pipelines included.
        assertThat(perConnectionBytes).isLessThan(16 * 1024);
        System.out.println("bytes per connection with half a request, both ends: " + perConnectionBytes);
        loop.submit(() -> assertThat(proxy.connections()).isEqualTo(slow)).sync();
        final Client other = client();
        write(other.channel, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        settle();
        assertThat(other.text.toString()).startsWith("HTTP/1.1 200 OK");
        // A byte now and then doesn't help.
        advance(9_000);
        clients.forEach(client -> write(client.channel, "z"));
        settle();
        advance(1_100);
        for (final Client client : clients) {
            assertThat(client.text.toString()).startsWith("HTTP/1.1 408 Request Time-out");
            assertThat(client.channel.isOpen()).isFalse();
        }
        other.channel.close().sync();
        settle();
        loop.submit(() -> {
            assertThat(proxy.connections()).isZero();
            assertThat(proxy.loop().timers().size()).isZero();
        }).sync();
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory()).isZero();
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
