package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of requests and responses in mode http, what the proxy answers by itself, and what it logs. */
class ProxyHttpTest {

    private static final int FRONT = 80;
    private static final int BACK = 8080;

    private final LocalProxy local = new LocalProxy();

    @AfterEach
    void stop() {
        local.close();
    }

    @Test
    void shouldKeepAddressesOfConnectionSessionAndStreamApart() throws Exception {
        local.start("", """
                frontend f
                  bind 127.0.0.1:80
                  tcp-request connection set-src-port int(1001)
                  tcp-request session set-src-port int(1002)
                  http-request set-src-port int(1003) if { path /a }
                  http-request return status 200 hdr ports %[fc_src_port],%[src_port]
                """);
        final LocalProxy.Client client = local.client(FRONT);
        assertThat(client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").until("\r\n\r\n")).contains("ports: 1001,1003");
        assertThat(client.send("GET /b HTTP/1.1\r\nHost: h\r\n\r\n").until("\r\n\r\n")).contains("ports: 1001,1002");
    }

    @Test
    void shouldTestConditionsOfVariablesByTheirScope() throws Exception {
        local.start("", """
                frontend f
                  bind 127.0.0.1:80
                  http-request set-var(proc.a,ifexists) str(a)
                  http-request set-var(proc.b,ifnotexists) str(b)
                  http-request set-var(txn.c,ifexists) str(c)
                  http-request set-var(txn.d,ifnotexists) str(d)
                  http-request set-var(txn.d,ifset,ifnotempty) str(e)
                  http-request return status 200 hdr set %[var(proc.a)]-%[var(proc.b)]-%[var(txn.c)]-%[var(txn.d)]
                """);
        assertThat(local.client(FRONT).send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").until("\r\n\r\n"))
                .contains("set: a---e");
    }

    @Test
    void shouldCountTheHeadWhereRawBytesAreAsked() throws Exception {
        local.start("", "frontend f\nbind 127.0.0.1:80\nhttp-request return status 200 hdr length %[req.len]\n");
        // As haproxy counts it.
        assertThat(local.client(FRONT).send("GET /converter HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Cust: foobar\r\n\r\n")
                .until("\r\n\r\n")).contains("length: 67");
    }

    @Test
    void shouldAnswerPipelinedRequestsInTheirOrder() throws Exception {
        local.server(BACK, (channel, request) -> LocalProxy.send(channel, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
                + request.substring(4, 6)));
        local.start("", "listen l\nbind 127.0.0.1:80\nserver s 127.0.0.1:8080\n");
        final LocalProxy.Client client = local.client(FRONT);
        client.send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
        assertThat(client.until("\r\n\r\n/1")).endsWith("/1");
        assertThat(client.until("\r\n\r\n/2")).endsWith("/2");
        assertThat(client.until("\r\n\r\n/3")).endsWith("/3");
    }

    @Test
    void shouldAnswerByItselfWhatNoServerAnswers() throws Exception {
        local.start("", """
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
        assertThat(local.client(FRONT).send("GET /deny HTTP/1.1\r\n\r\n").until("</html>"))
                .startsWith("HTTP/1.1 403 Forbidden");
        assertThat(local.client(FRONT).send("GET /none HTTP/1.1\r\n\r\n").until("</html>")).startsWith("HTTP/1.1 503 ");
        assertThat(local.client(FRONT).send("GET / HTTP/1.1\r\n\r\n").until("</html>")).startsWith("HTTP/1.1 503 ");
        assertThat(local.client(FRONT).send("BAD\u0001\r\n").untilClosed()).startsWith("HTTP/1.1 400 Bad request");
    }

    @Test
    void shouldCompressForWhoTakesIt() throws Exception {
        local.server(BACK, (channel, request) -> LocalProxy.send(channel,
                "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 2\r\n\r\n"
                        + (request.contains("accept-encoding") ? "!!" : "ok")));
        local.start("", "listen l\nbind 127.0.0.1:80\ncompression algo gzip\ncompression offload\n"
                + "server s 127.0.0.1:8080\n");
        final LocalProxy.Client client = local.client(FRONT);
        assertThat(client.send("GET / HTTP/1.1\r\n\r\n").until("ok")).contains("content-length: 2\r\n\r\nok");
        final String packed = client.send("GET / HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n").until("\r\n0\r\n\r\n");
        assertThat(packed).contains("content-encoding: gzip\r\n", "transfer-encoding: chunked\r\n",
                "etag: W/\"a\"\r\n", "vary: Accept-Encoding\r\n").doesNotContain("content-length");
        assertThat(client.send("GET / HTTP/1.1\r\n\r\n").until("ok")).endsWith("\r\n\r\nok");
    }

    @Test
    void shouldRestrictNamesOfFieldsBehindTheRules() throws Exception {
        local.server(BACK, (channel, request) -> LocalProxy.send(channel, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
                + (request.contains("x_y") ? "!!" : "ok")));
        local.start("", """
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
        local.client(FRONT).send("GET /delete HTTP/1.1\r\nx_y: 1\r\n\r\n").until("ok");
        local.client(FRONT).send("GET /reject HTTP/1.1\r\na_b: 1\r\n\r\n").until("ok");
        assertThat(local.client(FRONT).send("GET /reject HTTP/1.1\r\nx_y: 1\r\n\r\n").until("</html>"))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void shouldSayNothingWhereAnErrorFileIsEmpty(@TempDir final Path folder) throws Exception {
        final Path empty = Files.createFile(folder.resolve("empty"));
        local.start("", "listen l\nbind 127.0.0.1:80\nerrorfile 503 " + empty
                + "\nhttp-request deny deny_status 500 errorfile " + empty + " if { path /deny }\n");
        assertThat(local.client(FRONT).send("GET /deny HTTP/1.1\r\n\r\n").untilClosed()).isEqualTo(LocalProxy.CLOSED);
        assertThat(local.client(FRONT).send("GET / HTTP/1.1\r\n\r\n").untilClosed()).isEqualTo(LocalProxy.CLOSED);
    }

    @Test
    void shouldLogCapturedCookiesAndSessionsWithoutARequest() throws Exception {
        local.server(BACK, (channel, _) -> LocalProxy.send(channel,
                "HTTP/1.1 200 OK\r\nSet-Cookie: SIDX=abcdef; path=/\r\nContent-Length: 2\r\n\r\nok"));
        local.startLogged("""
                listen l
                bind 127.0.0.1:80
                option httplog
                error-log-format "error %ts %ST %B"
                capture cookie SID len 8
                server s 127.0.0.1:8080
                """);
        local.client(FRONT).send("GET / HTTP/1.1\r\nCookie: a=b; SID2=123456; c=d\r\n\r\n").until("ok");
        assertThat(local.logged(1).getFirst()).contains(" l l/s ", " SID2=123 SIDX=abc ---- 1/1/0/0/0 0/0 ");
        local.client(FRONT).close();
        assertThat(local.logged(2).getLast()).endsWith("error CR 400 0");
        local.client(FRONT).send("BAD\u0001\r\n").untilClosed();
        assertThat(local.logged(3).getLast()).endsWith("error PR 400 0");
    }

    @Test
    void shouldWriteNamesOfFieldsAsWhoMindsTheirCaseWants() throws Exception {
        local.server(BACK, (channel, request) -> LocalProxy.send(channel,
                "HTTP/1.1 200 OK\r\nset-cookie: a=b\r\nX-Other: " + request.contains("\r\nX-FOO: 1\r\n")
                        + "\r\nContent-Length: 2\r\n\r\nok"));
        local.start("", """
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
        assertThat(local.client(FRONT).send("GET / HTTP/1.1\r\nx-foo: 1\r\nConnection: close\r\n\r\n").until("ok"))
                .contains("\r\nSet-COOKIE: a=b\r\n", "\r\nx-other: true\r\n", "\r\nConnection: close\r\n");
    }

    @Test
    void shouldLogWhenTheResponseBeginsIfAskedTo() throws Exception {
        final LinkedBlockingQueue<Channel> asked = new LinkedBlockingQueue<>();
        local.server(BACK, (channel, _) -> {
            LocalProxy.send(channel, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            asked.add(channel);
        });
        local.startLogged("listen l\nbind 127.0.0.1:80\noption httplog\noption logasap\noption dontlognull\n"
                + "server s 127.0.0.1:8080\n");
        local.client(FRONT).close().sync();
        final LocalProxy.Client client = local.client(FRONT).send("GET / HTTP/1.1\r\n\r\n");
        assertThat(local.logged(1).getFirst()).contains(" 200 +", "1/1/1/1/0");
        LocalProxy.send(asked.poll(10, TimeUnit.SECONDS), "ok");
        client.until("ok");
        assertThat(local.logged(1)).hasSize(1);
    }

    @Test
    void shouldGiveEachRequestOneRightAnswerWhateverServersDo() throws Exception {
        final Random random = new Random(7);
        local.server(BACK, (channel, request) -> {
            final String body = "[" + request.substring(4, request.indexOf(' ', 4)) + "]";
            switch (random.nextInt(6)) {
                case 0 -> channel.close();
                case 1 -> LocalProxy.send(channel, "HTTP/1.1 200 OK\r\nContent-Le");
                case 2 -> LocalProxy.send(channel,
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length())
                                + "\r\n" + body + "\r\n0\r\n\r\n");
                case 3 -> {
                    LocalProxy.send(channel, "HTTP/1.1 200 OK\r\n\r\n" + body);
                    channel.close();
                }
                case 4 -> LocalProxy.send(channel, "HTTP/1.1 2x0 OK\r\n\r\n");
                default -> LocalProxy.send(channel,
                        "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
        final ProxyServer proxy = local.start("", "listen l\nbind 127.0.0.1:80\ntimeout server 30ms\n"
                + "server s 127.0.0.1:8080 maxconn 2\n");
        for (int i = 0; i < 300; i++) {
            final String path = "/" + i;
            final String answer = local.client(FRONT)
                    .send("GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n").untilClosed();
            final int status = Integer.parseInt(answer.substring(9, 12));
            assertThat(answer.split("HTTP/1.1 ")).as("request %d: %s", i, answer).hasSize(2);
            if (status == 200) {
                assertThat(answer).as("request %d", i).contains("[" + path + "]");
            } else {
                assertThat(status).as("request %d: %s", i, answer).isIn(502, 504);
            }
        }
        local.loop().submit(() -> {
            assertThat(proxy.connections()).isZero();
            assertThat(proxy.backend("l").sessions()).isZero();
            assertThat(proxy.backend("l").served()).isZero();
        }).sync();
    }
}
