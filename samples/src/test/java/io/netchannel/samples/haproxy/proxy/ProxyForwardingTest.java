package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which server gets what clients send, by which of how many connections, and that all of it arrives. */
class ProxyForwardingTest {

    private static final int FRONT = 80;
    private static final int BACK = 8080;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final LocalProxy local = new LocalProxy();

    @AfterEach
    void stop() {
        local.close();
    }

    /** As haproxy 2.6.12 shows them with {@code ulimit -n}: a connection of each side for each client, a tenth for a backend. */
    @Test
    void shouldCountItsLimitsFromWhatTheSystemGives() throws Exception {
        local.maxConnections(20_000);
        final ProxyServer proxy = local.start("", """
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
        local.server(BACK, (channel, _) -> {
            if (last[0] != channel) {
                last[0] = channel;
                connections.incrementAndGet();
            }
            LocalProxy.send(channel, OK);
        });
        local.start("", "listen l\nbind 127.0.0.1:80\nserver s 127.0.0.1:8080\n");
        final LocalProxy.Client client = local.client(FRONT);
        for (int i = 0; i < 5; i++) {
            assertThat(client.send("GET /" + i + " HTTP/1.1\r\nHost: h\r\n\r\n").until("ok"))
                    .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void shouldStickToTheServerThatAnsweredInModeTcp() throws Exception {
        local.server(BACK, (channel, _) -> LocalProxy.send(channel, "one"));
        local.server(BACK + 1, (channel, _) -> LocalProxy.send(channel, "two"));
        local.start("", """
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
            assertThat(local.client(FRONT).send("x").until("one")).isEqualTo("one");
        }
    }

    @Test
    void shouldFollowTheTokenOfRemoteDesktops() throws Exception {
        local.server(BACK, (channel, _) -> LocalProxy.send(channel, "one"));
        local.server(BACK + 1, (channel, _) -> LocalProxy.send(channel, "two"));
        local.start("", """
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
            assertThat(local.client(FRONT)
                    .send("\u0003\0\0\0\0\u00e0\0\0\0\0\0Cookie: msts=16777343.37151.0000\r\n\r\n")
                    .until("two")).isEqualTo("two");
        }
    }

    @Test
    void shouldBalanceByAParameterOfTheForm() throws Exception {
        local.server(BACK, (channel, _) -> LocalProxy.send(channel, OK.replace("ok", "S1")));
        local.server(BACK + 1, (channel, _) -> LocalProxy.send(channel, OK.replace("ok", "S2")));
        local.start("", """
                listen l
                  bind 127.0.0.1:80
                  balance url_param user check_post
                  server s 127.0.0.1:8080
                  server t 127.0.0.1:8081
                """);
        final LocalProxy.Client client = local.client(FRONT);
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
    void shouldQueueWhatIsBeyondMaxconn() throws Exception {
        final LinkedBlockingQueue<Channel> asked = new LinkedBlockingQueue<>();
        local.server(BACK, (channel, _) -> asked.add(channel));
        local.start("", "listen l\nbind 127.0.0.1:80\nserver s 127.0.0.1:8080 maxconn 1\n");
        final LocalProxy.Client first = local.client(FRONT).send("GET /1 HTTP/1.1\r\n\r\n");
        final Channel one = asked.poll(10, TimeUnit.SECONDS);
        final LocalProxy.Client second = local.client(FRONT).send("GET /2 HTTP/1.1\r\n\r\n");
        local.loop().submit(() -> assertThat(asked).isEmpty()).sync();
        LocalProxy.send(one, OK);
        first.until("ok");
        LocalProxy.send(asked.poll(10, TimeUnit.SECONDS), OK);
        second.until("ok");
    }

    @Test
    void shouldSendTheClientBackToItsServerByACookie() throws Exception {
        local.server(BACK, (channel, _) -> LocalProxy.send(channel, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\ns1"));
        local.server(BACK + 1, (channel, request) -> LocalProxy.send(channel,
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\ns" + (request.contains("SRV") ? "!" : "2")));
        local.start("", """
                listen l
                bind 127.0.0.1:80
                cookie SRV insert indirect nocache
                server s1 127.0.0.1:8080 cookie a
                server s2 127.0.0.1:8081 cookie b
                """);
        final String inserted = local.client(FRONT).send("GET / HTTP/1.1\r\n\r\n").until("\r\n\r\ns1");
        assertThat(inserted).contains("set-cookie: SRV=a; path=/\r\n", "cache-control: private\r\n");
        for (int i = 0; i < 3; i++) {
            assertThat(local.client(FRONT).send("GET / HTTP/1.1\r\nCookie: x=y; SRV=b\r\n\r\n").until("\r\n\r\ns2"))
                    .doesNotContain("set-cookie").endsWith("s2");
        }
    }

    @Test
    void shouldForwardRandomPartsWhereThatIsAskedOfAFilter() throws Exception {
        final String body = "0123456789".repeat(5_000) + ">";
        final AtomicInteger parts = new AtomicInteger();
        local.server(BACK, (channel, text) -> {
            parts.incrementAndGet();
            if (text.endsWith(">")) {
                LocalProxy.send(channel, "HTTP/1.1 200 OK\r\nContent-Length: 50001\r\n\r\n" + body);
            }
        });
        local.start("", """
                listen l
                  bind 127.0.0.1:80
                  filter trace name random random-forwarding quiet
                  filter compression
                  server s 127.0.0.1:8080
                """);
        final LocalProxy.Client client = local.client(FRONT);
        client.send("POST / HTTP/1.1\r\nContent-Length: 50001\r\n\r\n" + body);
        assertThat(client.until(">").endsWith("\r\n\r\n" + body)).isTrue();
        assertThat(parts).hasValueGreaterThan(2);
    }

    @Test
    void shouldForwardRandomPartsInModeTcp() throws Exception {
        final StringBuilder came = new StringBuilder();
        local.server(BACK, (channel, text) -> {
            came.append(text);
            if (text.endsWith(".")) {
                LocalProxy.send(channel, came + "<");
            }
        });
        local.start("", "listen l\nmode tcp\nbind 127.0.0.1:80\nfilter trace random-forwarding quiet\n"
                + "server s 127.0.0.1:8080\n");
        final String text = "0123456789".repeat(1_000) + ".";
        assertThat(local.client(FRONT).send(text).until("<")).isEqualTo(text + "<");
    }

    @Test
    void shouldForwardBytesBothWaysInModeTcp() throws Exception {
        local.server(BACK, (channel, text) -> LocalProxy.send(channel, "<" + text + ">"));
        local.start("", "listen l\nmode tcp\nbind 127.0.0.1:80\nserver s 127.0.0.1:8080 send-proxy\n");
        final LocalProxy.Client client = local.client(FRONT).send("one");
        assertThat(client.until("one>").replace("><", "")).isEqualTo("<PROXY UNKNOWN\r\none>");
        assertThat(client.send("two").until(">")).isEqualTo("<two>");
    }

    @Test
    void shouldForwardAllThatCameBeforeThereWasAServer() throws Exception {
        final AtomicInteger came = new AtomicInteger();
        local.server(BACK, (channel, text) -> {
            if (came.addAndGet(text.length()) == 200_000) {
                LocalProxy.send(channel, "all");
            }
        });
        local.start("", """
                listen l
                mode tcp
                bind 127.0.0.1:80
                tcp-request inspect-delay 50ms
                tcp-request content accept if WAIT_END
                server s 127.0.0.1:8080
                """);
        assertThat(local.client(FRONT).send("x".repeat(100_000)).send("x".repeat(100_000)).until("all"))
                .isEqualTo("all");
    }

    @Test
    void shouldKeepNoMoreIdleConnectionsThanWereNeeded() throws Exception {
        local.server(BACK, (channel, _) -> LocalProxy.send(channel, OK));
        final ProxyServer proxy = local.start("", "listen l\nbind 127.0.0.1:80\nserver s 127.0.0.1:8080\n");
        for (int i = 0; i < 20; i++) {
            // The first request of a session takes no connection that was used: each opens one.
            local.client(FRONT).send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").untilClosed();
        }
        local.loop().submit(() -> assertThat(proxy.backend("l").servers().getFirst().idle().size()).isEqualTo(1))
                .sync();
    }
}
