package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and clients that do the worst, in virtual time: what is left afterwards is nothing. */
class ProxyChaosTest {

    private static final int FRONT = 80;
    private static final int FIRST_BACK = 8080;
    private static final int SERVERS = 3;
    private static final int MAX_CONNECTIONS = 2;
    private static final int MAX_QUEUE = 4;
    private static final String HALF = "GET /half HTTP/1.1\r\nHost: x\r\nX-Half: ";

    private final VirtualProxy proxy = new VirtualProxy();

    @AfterEach
    void stop() {
        proxy.close();
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
                listener = new ServerBootstrap().group(proxy.loop()).channel(LocalServerChannel.class)
                        .childHandler(this).bind(proxy.transport().at(port)).channel();
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
        client.channel = new Bootstrap().group(proxy.loop()).channel(LocalChannel.class).handler(client)
                .connect(proxy.transport().at(FRONT)).syncUninterruptibly().channel();
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
        proxy.start(text.toString());
        final List<Client> clients = new ArrayList<>();
        final List<Client> all = new ArrayList<>();
        for (int round = 0; round < 600; round++) {
            final BadServer server = servers.get(random.nextInt(SERVERS));
            switch (random.nextInt(8)) {
                case 0 -> proxy.loop().submit(server::flap).sync();
                case 1 -> proxy.loop().submit(server::thaw).sync();
                case 2 -> proxy.advance(random.nextInt(120));
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
            proxy.settle();
            final int at = round;
            proxy.loop().submit(() -> proxy.server().backend("l").servers().forEach(each -> {
                assertThat(each.served()).as("seed %d round %d", seed, at).isBetween(0, MAX_CONNECTIONS);
                assertThat(each.queued()).as("seed %d round %d", seed, at).isBetween(0, MAX_QUEUE);
            })).sync();
        }
        // Each has its time-out, one after the other: all is over, however slow.
        for (int i = 0; i < 40; i++) {
            proxy.advance(500);
        }
        final String when = "seed " + seed;
        proxy.loop().submit(() -> {
            assertThat(proxy.server().connections()).as(when).isZero();
            assertThat(proxy.server().sessions()).as(when).isEmpty();
            assertThat(proxy.server().backend("l").sessions()).as(when).isZero();
            assertThat(proxy.server().backend("l").served()).as(when).isZero();
            assertThat(proxy.server().backend("l").queued()).as(when).isZero();
            proxy.server().drained();
            assertThat(proxy.server().loop().timers().size()).as(when).isZero();
        }).sync();
        proxy.settle();
        clients.forEach(client -> client.channel.close().syncUninterruptibly());
        proxy.settle();
        assertThat(proxy.usedBytes()).as(when).isZero();
        // Or nothing of all that has happened.
        for (final String status : List.of("200 OK", "408 ", "502 ", "503 ")) {
            assertThat(all).as("%s, %s", when, status)
                    .anyMatch(client -> client.text.indexOf("HTTP/1.1 " + status) >= 0);
        }
    }

    @Test
    void shouldServeOthersWhileManyClientsSendHalfARequest() throws Exception {
        final int slow = 20_000;
        proxy.start("""
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
        proxy.settle();
        System.gc();
        final long perConnectionBytes = (used() - before) / slow;
        // Both ends of it, channels and pipelines included.
        assertThat(perConnectionBytes).isLessThan(16 * 1024);
        System.out.println("bytes per connection with half a request, both ends: " + perConnectionBytes);
        proxy.loop().submit(() -> assertThat(proxy.server().connections()).isEqualTo(slow)).sync();
        final Client other = client();
        write(other.channel, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        proxy.settle();
        assertThat(other.text.toString()).startsWith("HTTP/1.1 200 OK");
        // A byte now and then doesn't help.
        proxy.advance(9_000);
        clients.forEach(client -> write(client.channel, "z"));
        proxy.settle();
        proxy.advance(1_100);
        for (final Client client : clients) {
            assertThat(client.text.toString()).startsWith("HTTP/1.1 408 Request Time-out");
            assertThat(client.channel.isOpen()).isFalse();
        }
        other.channel.close().sync();
        proxy.settle();
        proxy.loop().submit(() -> {
            assertThat(proxy.server().connections()).isZero();
            assertThat(proxy.server().loop().timers().size()).isZero();
        }).sync();
        assertThat(proxy.usedBytes()).isZero();
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
