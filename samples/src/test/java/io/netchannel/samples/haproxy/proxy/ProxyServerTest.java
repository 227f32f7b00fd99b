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
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyServerTest {

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String CLOSED = "<closed>";
    private static final int FRONT = 80;
    private static final int BACK = 8080;
    private static final String DEFAULTS = """
            defaults
                mode http
                timeout client 5s
                timeout server 5s
                timeout connect 1s
            """;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final IoEventLoop loop = group.next();
    private final LocalTransport transport = new LocalTransport(loop, "haproxy-test-" + NAMES.incrementAndGet() + "-");
    private final TestLogs logged = new TestLogs();
    private ProxyServer proxy;

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void start(final String text) throws Exception {
        final Diagnostics diagnostics = new Diagnostics();
        final ConfigurationReader reader = new ConfigurationReader(new Configuration(), AllKeywords.create(),
                diagnostics);
        reader.read("test.cfg", DEFAULTS + text);
        final Configuration configuration = reader.finish();
        assertThat(diagnostics.hasFailed()).as("%s", diagnostics.messages()).isFalse();
        final boolean logs = text.contains("option httplog");
        proxy = ProxyServer.start(configuration, transport, new ProxyLoop(loop, new SystemClock()),
                logs ? logged.of(configuration.proxies().getLast()) : Logs.start(configuration.global(), loop), null,
                _ -> {
                });
    }

    /** Waits for a number of lines. */
    private List<String> logged(final int lines) throws Exception {
        final long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (loop.submit(() -> logged.lines().size()).get() < lines && System.nanoTime() < untilNs) {
            Thread.onSpinWait();
        }
        return loop.submit(() -> List.copyOf(logged.lines())).get();
    }

    /** A server that gives each request's bytes to {@code answer}. */
    private void server(final int port, final BiConsumer<Channel, String> answer) {
        new ServerBootstrap().group(loop).channel(LocalServerChannel.class)
                .childHandler(new Reader((channel, text) -> {
                    if (!text.equals(CLOSED) && !text.isEmpty()) {
                        answer.accept(channel, text);
                    }
                })).bind(transport.at(port)).syncUninterruptibly();
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

    private static void send(final Channel channel, final String text) {
        channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    /** A client's connection; what came of it is read by {@link #until}. */
    private final class Client {

        private final LinkedBlockingQueue<String> came = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final Channel channel;

        Client() {
            channel = new Bootstrap().group(loop).channel(LocalChannel.class)
                    .handler(new Reader((_, bytes) -> came.add(bytes))).connect(transport.at(FRONT))
                    .syncUninterruptibly().channel();
        }

        Client send(final String request) {
            ProxyServerTest.send(channel, request);
            return this;
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
        String until(final String end) throws InterruptedException {
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
    }

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** As haproxy 2.6.12 shows them with {@code ulimit -n}: a connection of each side for each client, a tenth for a backend. */
    @Test
    void shouldCountItsLimitsFromWhatTheSystemGives() throws Exception {
        transport.maxConnections(20_000);
        start("""
                frontend f
                    bind 127.0.0.1:80
                    use_backend used if { path /a }
                    default_backend usual
                frontend g
                    bind 127.0.0.1:81
                    maxconn 500
                    use_backend %[path]
                    default_backend usual
                backend usual
                backend used
                backend unused
                """);
        assertThat(proxy.maxConnections()).isEqualTo(10_000);
        assertThat(proxy.frontends()).extracting(Frontend::maxConnections).containsExactly(10_000, 500);
        assertThat(proxy.backends()).extracting(Backend::fullConnections).containsExactly(1_050, 1_000, 1);
    }

    @Test
    void shouldKeepConnectionsOfBothSidesBetweenRequests() throws Exception {
        final AtomicInteger connections = new AtomicInteger();
        final Channel[] last = new Channel[1];
        server(BACK, (channel, _) -> {
            if (last[0] != channel) {
                last[0] = channel;
                connections.incrementAndGet();
            }
            send(channel, OK);
        });
        start("listen l\nbind 127.0.0.1:80\nserver s 127.0.0.1:8080\n");
        final Client client = new Client();
        for (int i = 0; i < 5; i++) {
            assertThat(client.send("GET /" + i + " HTTP/1.1\r\nHost: h\r\n\r\n").until("ok"))
                    .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void shouldKeepAddressesOfConnectionSessionAndStreamApart() throws Exception {
        start("""
                frontend f
                  bind 127.0.0.1:80
                  tcp-request connection set-src-port int(1001)
                  tcp-request session set-src-port int(1002)
                  http-request set-src-port int(1003) if { path /a }
                  http-request return status 200 hdr ports %[fc_src_port],%[src_port]
                """);
        final Client client = new Client();
        assertThat(client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").until("\r\n\r\n")).contains("ports: 1001,1003");
        assertThat(client.send("GET /b HTTP/1.1\r\nHost: h\r\n\r\n").until("\r\n\r\n")).contains("ports: 1001,1002");
    }

    @Test
    void shouldTestConditionsOfVariablesByTheirScope() throws Exception {
        start("""
                frontend f
                  bind 127.0.0.1:80
                  http-request set-var(proc.a,ifexists) str(a)
                  http-request set-var(proc.b,ifnotexists) str(b)
                  http-request set-var(txn.c,ifexists) str(c)
                  http-request set-var(txn.d,ifnotexists) str(d)
                  http-request set-var(txn.d,ifset,ifnotempty) str(e)
                  http-request return status 200 hdr set %[var(proc.a)]-%[var(proc.b)]-%[var(txn.c)]-%[var(txn.d)]
                """);
        assertThat(new Client().send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").until("\r\n\r\n")).contains("set: a---e");
    }

    @Test
    void shouldCountTheHeadWhereRawBytesAreAsked() throws Exception {
        start("frontend f\nbind 127.0.0.1:80\nhttp-request return status 200 hdr length %[req.len]\n");
        // As haproxy counts it.
        assertThat(new Client().send("GET /converter HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Cust: foobar\r\n\r\n")
                .until("\r\n\r\n")).contains("length: 67");
    }

    @Test
    void shouldStickToTheServerThatAnsweredInModeTcp() throws Exception {
        server(BACK, (channel, _) -> send(channel, "one"));
        server(BACK + 1, (channel, _) -> send(channel, "two"));
        start("""
                listen l
                  mode tcp
                  bind 127.0.0.1:80
                  balance roundrobin
                  stick-table type integer size 10
                  stick match int(1)
                  stick store-response int(1)
                  server s 127.0.0.1:8080
                  server t 127.0.0.1:8081
                """);
        for (int i = 0; i < 4; i++) {
            assertThat(new Client().send("x").until("one")).isEqualTo("one");
        }
    }

    @Test
    void shouldFollowTheTokenOfRemoteDesktops() throws Exception {
        server(BACK, (channel, _) -> send(channel, "one"));
        server(BACK + 1, (channel, _) -> send(channel, "two"));
        start("""
                listen l
                  mode tcp
                  bind 127.0.0.1:80
                  persist rdp-cookie
                  balance roundrobin
                  tcp-request inspect-delay 5s
                  tcp-request content accept if { req.rdp_cookie_cnt(msts) gt 0 }
                  server s 127.0.0.1:8080
                  server t 127.0.0.1:8081
                """);
        // 127.0.0.1 and 8081, as a little-endian machine reads the network's order.
        for (int i = 0; i < 3; i++) {
            assertThat(new Client().send("\u0003\0\0\0\0\u00e0\0\0\0\0\0Cookie: msts=16777343.37151.0000\r\n\r\n")
                    .until("two")).isEqualTo("two");
        }
    }

    @Test
    void shouldBalanceByAParameterOfTheForm() throws Exception {
        server(BACK, (channel, _) -> send(channel, OK.replace("ok", "S1")));
        server(BACK + 1, (channel, _) -> send(channel, OK.replace("ok", "S2")));
        start("""
                listen l
                  bind 127.0.0.1:80
                  balance url_param user check_post
                  server s 127.0.0.1:8080
                  server t 127.0.0.1:8081
                """);
        final Client client = new Client();
        final StringBuilder byQuery = new StringBuilder();
        final StringBuilder byForm = new StringBuilder();
        for (char user = 'a'; user < 'i'; user++) {
            client.send("GET /?user=" + user + " HTTP/1.1\r\nHost: h\r\n\r\n").until("\r\n\r\nS");
            byQuery.append(client.take(1));
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nx=1&user=" + user).until("\r\n\r\nS");
            byForm.append(client.take(1));
        }
        assertThat(byForm).hasToString(byQuery.toString()).contains("1").contains("2");
    }

    @Test
    void shouldGiveServersTheDynamicCookiesThatHaproxyGivesThem() {
        assertThat(CookiePersistence.dynamic("secret", new byte[]{127, 0, 0, 1}, 18812)).isEqualTo("852329acb7f3f426");
    }

    @Test
    void shouldAnswerPipelinedRequestsInTheirOrder() throws Exception {
        server(BACK, (channel, request) -> send(channel, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
                + request.substring(4, 6)));
        start("listen l\nbind 127.0.0.1:80\nserver s 127.0.0.1:8080\n");
        final Client client = new Client();
        client.send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
        assertThat(client.until("\r\n\r\n/1")).endsWith("/1");
        assertThat(client.until("\r\n\r\n/2")).endsWith("/2");
        assertThat(client.until("\r\n\r\n/3")).endsWith("/3");
    }

    @Test
    void shouldAnswerByItselfWhatNoServerAnswers() throws Exception {
        start("""
                frontend f
                bind 127.0.0.1:80
                http-request deny if { path /deny }
                use_backend none if { path /none }
                default_backend b
                backend b
                retries 0
                server s 127.0.0.1:9
                backend none
                """);
        assertThat(new Client().send("GET /deny HTTP/1.1\r\n\r\n").until("</html>"))
                .startsWith("HTTP/1.1 403 Forbidden");
        assertThat(new Client().send("GET /none HTTP/1.1\r\n\r\n").until("</html>")).startsWith("HTTP/1.1 503 ");
        assertThat(new Client().send("GET / HTTP/1.1\r\n\r\n").until("</html>")).startsWith("HTTP/1.1 503 ");
        assertThat(new Client().send("BAD\u0001\r\n").until(CLOSED)).startsWith("HTTP/1.1 400 Bad request");
    }

    @Test
    void shouldQueueWhatIsBeyondMaxconn() throws Exception {
        final LinkedBlockingQueue<Channel> asked = new LinkedBlockingQueue<>();
        server(BACK, (channel, _) -> asked.add(channel));
        start("listen l\nbind 127.0.0.1:80\nserver s 127.0.0.1:8080 maxconn 1\n");
        final Client first = new Client().send("GET /1 HTTP/1.1\r\n\r\n");
        final Channel one = asked.poll(10, TimeUnit.SECONDS);
        final Client second = new Client().send("GET /2 HTTP/1.1\r\n\r\n");
        loop.submit(() -> assertThat(asked).isEmpty()).sync();
        send(one, OK);
        first.until("ok");
        send(asked.poll(10, TimeUnit.SECONDS), OK);
        second.until("ok");
    }

    @Test
    void shouldSendTheClientBackToItsServerByACookie() throws Exception {
        server(BACK, (channel, _) -> send(channel, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\ns1"));
        server(BACK + 1, (channel, request) -> send(channel, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\ns"
                + (request.contains("SRV") ? "!" : "2")));
        start("""
                listen l
                bind 127.0.0.1:80
                cookie SRV insert indirect nocache
                server s1 127.0.0.1:8080 cookie a
                server s2 127.0.0.1:8081 cookie b
                """);
        final String inserted = new Client().send("GET / HTTP/1.1\r\n\r\n").until("\r\n\r\ns1");
        assertThat(inserted).contains("set-cookie: SRV=a; path=/\r\n", "cache-control: private\r\n");
        for (int i = 0; i < 3; i++) {
            assertThat(new Client().send("GET / HTTP/1.1\r\nCookie: x=y; SRV=b\r\n\r\n").until("\r\n\r\ns2"))
                    .doesNotContain("set-cookie").endsWith("s2");
        }
    }

    @Test
    void shouldCompressForWhoTakesIt() throws Exception {
        server(BACK, (channel, request) -> send(channel, "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 2\r\n\r\n"
                + (request.contains("accept-encoding") ? "!!" : "ok")));
        start("listen l\nbind 127.0.0.1:80\ncompression algo gzip\ncompression offload\nserver s 127.0.0.1:8080\n");
        final Client client = new Client();
        assertThat(client.send("GET / HTTP/1.1\r\n\r\n").until("ok")).contains("content-length: 2\r\n\r\nok");
        final String packed = client.send("GET / HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n").until("\r\n0\r\n\r\n");
        assertThat(packed).contains("content-encoding: gzip\r\n", "transfer-encoding: chunked\r\n",
                "etag: W/\"a\"\r\n", "vary: Accept-Encoding\r\n").doesNotContain("content-length");
        assertThat(client.send("GET / HTTP/1.1\r\n\r\n").until("ok")).endsWith("\r\n\r\nok");
    }

    @Test
    void shouldRestrictNamesOfFieldsBehindTheRules() throws Exception {
        server(BACK, (channel, request) -> send(channel, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
                + (request.contains("x_y") ? "!!" : "ok")));
        start("""
                frontend f
                bind 127.0.0.1:80
                http-request del-header a_b
                use_backend delete if { path /delete }
                default_backend reject
                backend delete
                option http-restrict-req-hdr-names delete
                server s 127.0.0.1:8080
                backend reject
                option http-restrict-req-hdr-names reject
                server s 127.0.0.1:8080
                """);
        new Client().send("GET /delete HTTP/1.1\r\nx_y: 1\r\n\r\n").until("ok");
        new Client().send("GET /reject HTTP/1.1\r\na_b: 1\r\n\r\n").until("ok");
        assertThat(new Client().send("GET /reject HTTP/1.1\r\nx_y: 1\r\n\r\n").until("</html>"))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void shouldSayNothingWhereAnErrorFileIsEmpty(@TempDir final Path folder) throws Exception {
        final Path empty = Files.createFile(folder.resolve("empty"));
        start("listen l\nbind 127.0.0.1:80\nerrorfile 503 " + empty + "\nhttp-request deny deny_status 500 errorfile "
                + empty + " if { path /deny }\n");
        assertThat(new Client().send("GET /deny HTTP/1.1\r\n\r\n").until(CLOSED)).isEqualTo(CLOSED);
        assertThat(new Client().send("GET / HTTP/1.1\r\n\r\n").until(CLOSED)).isEqualTo(CLOSED);
    }

    @Test
    void shouldLogCapturedCookiesAndSessionsWithoutARequest() throws Exception {
        server(BACK, (channel, _) -> send(channel,
                "HTTP/1.1 200 OK\r\nSet-Cookie: SIDX=abcdef; path=/\r\nContent-Length: 2\r\n\r\nok"));
        start("""
                listen l
                bind 127.0.0.1:80
                option httplog
                error-log-format "error %ts %ST %B"
                capture cookie SID len 8
                server s 127.0.0.1:8080
                """);
        new Client().send("GET / HTTP/1.1\r\nCookie: a=b; SID2=123456; c=d\r\n\r\n").until("ok");
        assertThat(logged(1).getFirst()).contains(" l l/s ", " SID2=123 SIDX=abc ---- 1/1/0/0/0 0/0 ");
        new Client().channel.close();
        assertThat(logged(2).getLast()).endsWith("error CR 400 0");
        new Client().send("BAD\u0001\r\n").until(CLOSED);
        assertThat(logged(3).getLast()).endsWith("error PR 400 0");
    }

    @Test
    void shouldWriteNamesOfFieldsAsWhoMindsTheirCaseWants() throws Exception {
        server(BACK, (channel, request) -> send(channel, "HTTP/1.1 200 OK\r\nset-cookie: a=b\r\nX-Other: "
                + request.contains("\r\nX-FOO: 1\r\n") + "\r\nContent-Length: 2\r\n\r\nok"));
        start("""
                listen l
                bind 127.0.0.1:80
                option h1-case-adjust-bogus-client
                option h1-case-adjust-bogus-server
                server s 127.0.0.1:8080
                global
                h1-case-adjust x-foo X-FOO
                h1-case-adjust set-cookie Set-COOKIE
                h1-case-adjust connection Connection
                """);
        assertThat(new Client().send("GET / HTTP/1.1\r\nx-foo: 1\r\nConnection: close\r\n\r\n").until("ok"))
                .contains("\r\nSet-COOKIE: a=b\r\n", "\r\nx-other: true\r\n", "\r\nConnection: close\r\n");
    }

    @Test
    void shouldLogWhenTheResponseBeginsIfAskedTo() throws Exception {
        final LinkedBlockingQueue<Channel> asked = new LinkedBlockingQueue<>();
        server(BACK, (channel, _) -> {
            send(channel, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            asked.add(channel);
        });
        start("listen l\nbind 127.0.0.1:80\noption httplog\noption logasap\noption dontlognull\n"
                + "server s 127.0.0.1:8080\n");
        new Client().channel.close().sync();
        final Client client = new Client().send("GET / HTTP/1.1\r\n\r\n");
        assertThat(logged(1).getFirst()).contains(" 200 +", "1/1/1/1/0");
        send(asked.poll(10, TimeUnit.SECONDS), "ok");
        client.until("ok");
        assertThat(logged(1)).hasSize(1);
    }

    @Test
    void shouldForwardRandomPartsWhereThatIsAskedOfAFilter() throws Exception {
        final String body = "0123456789".repeat(5_000) + ">";
        final AtomicInteger parts = new AtomicInteger();
        server(BACK, (channel, text) -> {
            parts.incrementAndGet();
            if (text.endsWith(">")) {
                send(channel, "HTTP/1.1 200 OK\r\nContent-Length: 50001\r\n\r\n" + body);
            }
        });
        start("""
                listen l
                  bind 127.0.0.1:80
                  filter trace name random random-forwarding quiet
                  filter compression
                  server s 127.0.0.1:8080
                """);
        final Client client = new Client();
        client.send("POST / HTTP/1.1\r\nContent-Length: 50001\r\n\r\n" + body);
        assertThat(client.until(">").endsWith("\r\n\r\n" + body)).isTrue();
        assertThat(parts).hasValueGreaterThan(2);
    }

    @Test
    void shouldForwardRandomPartsInModeTcp() throws Exception {
        final StringBuilder came = new StringBuilder();
        server(BACK, (channel, text) -> {
            came.append(text);
            if (text.endsWith(".")) {
                send(channel, came + "<");
            }
        });
        start("listen l\nmode tcp\nbind 127.0.0.1:80\nfilter trace random-forwarding quiet\nserver s 127.0.0.1:8080\n");
        final String text = "0123456789".repeat(1_000) + ".";
        assertThat(new Client().send(text).until("<")).isEqualTo(text + "<");
    }

    @Test
    void shouldForwardBytesBothWaysInModeTcp() throws Exception {
        server(BACK, (channel, text) -> send(channel, "<" + text + ">"));
        start("listen l\nmode tcp\nbind 127.0.0.1:80\nserver s 127.0.0.1:8080 send-proxy\n");
        final Client client = new Client().send("one");
        assertThat(client.until("one>").replace("><", "")).isEqualTo("<PROXY UNKNOWN\r\none>");
        assertThat(client.send("two").until(">")).isEqualTo("<two>");
    }

    @Test
    void shouldForwardAllThatCameBeforeThereWasAServer() throws Exception {
        final AtomicInteger came = new AtomicInteger();
        server(BACK, (channel, text) -> {
            if (came.addAndGet(text.length()) == 200_000) {
                send(channel, "all");
            }
        });
        start("""
                listen l
                mode tcp
                bind 127.0.0.1:80
                tcp-request inspect-delay 50ms
                tcp-request content accept if WAIT_END
                server s 127.0.0.1:8080
                """);
        assertThat(new Client().send("x".repeat(100_000)).send("x".repeat(100_000)).until("all")).isEqualTo("all");
    }

    @Test
    void shouldKeepNoMoreIdleConnectionsThanWereNeeded() throws Exception {
        server(BACK, (channel, _) -> send(channel, OK));
        start("listen l\nbind 127.0.0.1:80\nserver s 127.0.0.1:8080\n");
        for (int i = 0; i < 20; i++) {
            // The first request of a session takes no connection that was used: each opens one.
            new Client().send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").until(CLOSED);
        }
        loop.submit(() -> assertThat(proxy.backend("l").servers().getFirst().idle().size()).isEqualTo(1)).sync();
    }

    @Test
    void shouldGiveEachRequestOneRightAnswerWhateverServersDo() throws Exception {
        final Random random = new Random(7);
        server(BACK, (channel, request) -> {
            final String body = "[" + request.substring(4, request.indexOf(' ', 4)) + "]";
            switch (random.nextInt(6)) {
                case 0 -> channel.close();
                case 1 -> send(channel, "HTTP/1.1 200 OK\r\nContent-Le");
                case 2 -> send(channel, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(
                        body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
                case 3 -> {
                    send(channel, "HTTP/1.1 200 OK\r\n\r\n" + body);
                    channel.close();
                }
                case 4 -> send(channel, "HTTP/1.1 2x0 OK\r\n\r\n");
                default -> send(channel, "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
        start("listen l\nbind 127.0.0.1:80\ntimeout server 30ms\nserver s 127.0.0.1:8080 maxconn 2\n");
        for (int i = 0; i < 300; i++) {
            final String path = "/" + i;
            final String answer = new Client().send("GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n").until(
                    CLOSED);
            final int status = Integer.parseInt(answer.substring(9, 12));
            assertThat(answer.split("HTTP/1.1 ")).as("request %d: %s", i, answer).hasSize(2);
            if (status == 200) {
                assertThat(answer).as("request %d", i).contains("[" + path + "]");
            } else {
                assertThat(status).as("request %d: %s", i, answer).isIn(502, 504);
            }
        }
        loop.submit(() -> {
            assertThat(proxy.connections()).isZero();
            assertThat(proxy.backend("l").sessions()).isZero();
            assertThat(proxy.backend("l").served()).isZero();
        }).sync();
    }
}
