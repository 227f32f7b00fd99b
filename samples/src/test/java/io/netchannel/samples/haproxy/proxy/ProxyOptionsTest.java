package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of global and of proxies that change what clients and servers see. */
class ProxyOptionsTest {

    private static final String LISTEN = "listen l\nbind 127.0.0.1:80\nserver s 127.0.0.1:8080\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final LocalProxy local = new LocalProxy();

    @AfterEach
    void stop() {
        local.close();
    }

    private void answering(final String answer) {
        local.server(8080, (channel, _) -> LocalProxy.send(channel, answer));
    }

    private String get() throws Exception {
        return local.client(80).send(GET).until("\r\n\r\n");
    }

    @Test
    void shouldBlockCookiesThatCachesWouldKeep() throws Exception {
        answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: a=b\r\n\r\n");
        final ProxyServer proxy = local.start("", LISTEN + "option checkcache\n");
        assertThat(get()).startsWith("HTTP/1.1 502 ");
        assertThat(local.inLoop(() -> proxy.backend("l").counters().deniedResponses)).isEqualTo(1);
    }

    @Test
    void shouldPassCookiesThatCachesDoNotKeep() throws Exception {
        answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: a=b\r\nCache-Control: private\r\n\r\n");
        local.start("", LISTEN + "option checkcache\n");
        assertThat(get()).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void shouldAskAsProxyIfToldSo() throws Exception {
        local.start("", "frontend f\nbind 127.0.0.1:80\noption http-use-proxy-header\nhttp-request auth\n"
                + "frontend g\nbind 127.0.0.1:81\nhttp-request auth\n");
        final String request = "GET http://h/ HTTP/1.1\r\nHost: h\r\nProxy-Connection: close\r\n\r\n";
        assertThat(local.client(80).send(request).until("\r\n\r\n")).startsWith("HTTP/1.1 407 ")
                .containsIgnoringCase("\r\nproxy-authenticate: ");
        assertThat(local.client(80).send(GET).until("\r\n\r\n")).startsWith("HTTP/1.1 401 ");
        assertThat(local.client(81).send(request).until("\r\n\r\n")).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void shouldTakePayloadWithAnyMethodOnlyIfToldSo() throws Exception {
        answering(OK);
        final String request = "GET / HTTP/1.0\r\nContent-Length: 1\r\n\r\nx";
        local.start("h1-accept-payload-with-any-method", LISTEN);
        assertThat(local.client(80).send(request).until("ok")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void shouldRefusePayloadOfGetInOldHttp() throws Exception {
        answering(OK);
        local.start("", LISTEN);
        assertThat(local.client(80).send("GET / HTTP/1.0\r\nContent-Length: 1\r\n\r\nx").untilClosed())
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void shouldKeepNoConnectionForTheSessionIfItMayHaveNone() throws Exception {
        final Set<Channel> connections = new HashSet<>();
        local.server(8080, (channel, _) -> {
            connections.add(channel);
            LocalProxy.send(channel, OK);
        });
        local.start("", LISTEN + "http-reuse never\nmax-session-srv-conns 0\n");
        final LocalProxy.Client client = local.client(80);
        client.send(GET).until("ok");
        client.send(GET).until("ok");
        assertThat(local.inLoop(connections::size)).isEqualTo(2);
    }

    @Test
    void shouldCutLongRequestLinesForLogs() throws Exception {
        local.start("tune.http.logurilen 20", "frontend f\nbind 127.0.0.1:80\n"
                + "http-request return status 200 lf-string \"%[capture.req.method] %r\" content-type text/plain\n");
        assertThat(
                local.client(80).send("GET /" + "x".repeat(100) + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                        .untilClosed())
                .contains("\r\n\r\nGET GET /" + "x".repeat(15) + "<");
    }

    @Test
    void shouldWriteNamesAsTheFileHasThem(@TempDir final Path directory) throws Exception {
        final Path file = Files.writeString(directory.resolve("names"),
                "# names\n\n  content-length   CoNtEnT-LeNgTh \n",
                StandardCharsets.US_ASCII);
        answering(OK);
        local.start("h1-case-adjust-file " + file + "\nh1-case-adjust host HOST", LISTEN
                + "option h1-case-adjust-bogus-client\n");
        assertThat(get()).contains("\r\nCoNtEnT-LeNgTh: 2\r\n");
    }

    @Test
    void shouldKeepServersWithoutAddressInMaintenance() throws Exception {
        final ProxyServer proxy = local.start("",
                "listen l\nbind 127.0.0.1:80\nserver s host.invalid:80 init-addr none\n");
        final Server server = proxy.backend("l").server("s");
        assertThat((Object) local.inLoop(server::admin)).isEqualTo(Server.Admin.MAINT);
        assertThat(get()).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void shouldCountWhileBytesPassIfToldSo() throws Exception {
        // What is counted in between is counted once.
        answering(OK);
        final ProxyServer proxy = local.start("", LISTEN + "option contstats\n");
        final LocalProxy.Client client = local.client(80);
        client.send(GET).until("ok");
        client.send(GET).until("ok");
        assertThat(local.inLoop(() -> proxy.frontend("l").counters().bytesIn)).isEqualTo(2L * GET.length());
    }

    @Test
    void shouldNotWaitForSilentClientsBecauseServersSpeak() throws Exception {
        local.server(8080, (channel, _) -> channel.eventLoop().scheduleAtFixedRate(() -> LocalProxy.send(channel, "."),
                0, 20, TimeUnit.MILLISECONDS));
        local.start("", "listen l\nmode tcp\nbind 127.0.0.1:80\ntimeout client 300ms\noption independent-streams\n"
                + "server s 127.0.0.1:8080\n");
        assertThat(local.client(80).send("hello").untilClosed()).startsWith(".");
    }

    @Test
    void shouldReachServersBySocks() throws Exception {
        final StringBuilder came = new StringBuilder();
        local.server(1080, (channel, text) -> {
            if (came.isEmpty()) {
                LocalProxy.send(channel, "\0\u005a\0\0\0\0\0\0");
            } else {
                LocalProxy.send(channel, OK);
            }
            came.append(text);
        });
        local.start("", "listen l\nbind 127.0.0.1:80\nserver s 10.1.2.3:8080 socks4 127.0.0.1:1080\n");
        assertThat(local.client(80).send(GET).until("ok")).startsWith("HTTP/1.1 200 ");
        assertThat(local.inLoop(came::toString)).startsWith("\4\1\u001f\u0090\n\1\2\3HAProxy\0GET / HTTP/1.1\r\n");
    }

    @Test
    void shouldFailWhereTheSocksProxyDenies() throws Exception {
        local.server(1080, (channel, _) -> LocalProxy.send(channel, "\0\u005b\0\0\0\0\0\0"));
        local.start("", "listen l\nbind 127.0.0.1:80\nretries 0\nserver s 10.1.2.3:8080 socks4 127.0.0.1:1080\n");
        assertThat(get()).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void shouldKeepTheLastInvalidMessages() throws Exception {
        answering("HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n");
        final ProxyServer proxy = local.start("", LISTEN);
        assertThat(local.client(80).send("GET / HTTP/1.1\r\nBad Name: x\r\n\r\n").untilClosed())
                .startsWith("HTTP/1.1 400 ");
        assertThat(get()).startsWith("HTTP/1.1 502 ");
        final InvalidMessage request = local.inLoop(() -> proxy.frontend("l").invalidRequest());
        assertThat(request.event()).isZero();
        assertThat(request.position()).isEqualTo("GET / HTTP/1.1\r\nBad".length());
        assertThat(new String(request.bytes(), StandardCharsets.US_ASCII)).startsWith("GET / HTTP/1.1\r\n");
        final InvalidMessage response = local.inLoop(() -> proxy.backend("l").invalidResponse());
        assertThat(response.event()).isEqualTo(1);
        assertThat(response.server().name()).isEqualTo("s");
        assertThat(proxy.invalidMessages()).isEqualTo(2);
    }

    @Test
    void shouldEndIdleConnectionsWhenItStops() throws Exception {
        answering(OK);
        final ProxyServer proxy = local.start("", LISTEN);
        final LocalProxy.Client client = local.client(80);
        client.send(GET).until("ok");
        local.inLoop(() -> {
            proxy.softStop();
            return null;
        });
        assertThat(client.untilClosed()).isEqualTo("<closed>");
    }

    @Test
    void shouldLeaveConnectionsToTheirClientsIfTheyMayTakeForEver() throws Exception {
        answering(OK);
        final ProxyServer proxy = local.start("close-spread-time infinite", LISTEN);
        final LocalProxy.Client client = local.client(80);
        client.send(GET).until("ok");
        local.inLoop(() -> {
            proxy.softStop();
            return null;
        });
        assertThat(client.send(GET).until("ok")).doesNotContain("close");
        assertThat(client.send(GET).until("ok")).endsWith("ok");
    }

    @Test
    void shouldEndIdleConnectionsWithinTheirTime() throws Exception {
        answering(OK);
        final ProxyServer proxy = local.start("close-spread-time 20ms", LISTEN);
        final LocalProxy.Client client = local.client(80);
        client.send(GET).until("ok");
        local.inLoop(() -> {
            proxy.softStop();
            return null;
        });
        assertThat(client.untilClosed()).isEqualTo("<closed>");
    }

    @Test
    void shouldTakeTheBacklogThatIsNearest() throws Exception {
        final ProxyServer proxy = local.start("", "frontend f\nmaxconn 7\nbacklog 5\nbind 127.0.0.1:80 backlog 3\n"
                + "bind 127.0.0.1:81 maxconn 9\nfrontend g\nmaxconn 7\nbind 127.0.0.1:82 maxconn 9\nbind 127.0.0.1:83\n");
        assertThat(proxy.frontend("f").listeners().stream().map(Listener::backlog)).containsExactly(3, 5);
        assertThat(proxy.frontend("g").listeners().stream().map(Listener::backlog)).containsExactly(9, 7);
    }
}
