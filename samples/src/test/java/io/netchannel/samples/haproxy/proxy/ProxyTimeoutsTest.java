package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each time-out ends what it is for, not earlier, with the answer and the log's flags of the configuration manual, 8.5. */
class ProxyTimeoutsTest {

    private static final int BACK = 8080;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private final VirtualProxy proxy = new VirtualProxy();

    @AfterEach
    void stop() {
        proxy.close();
    }

    /** All others are too long to be the reason. */
    private void start(final String more) throws Exception {
        proxy.startLogged("""
                defaults
                    mode http
                    timeout client 1h
                    timeout server 1h
                    timeout connect 1h
                    timeout queue 1h
                    timeout http-request 1h
                    timeout http-keep-alive 1h
                    log-format "%ST %tsc %rc"
                listen l
                    bind 127.0.0.1:80
                    retries 0
                """ + more);
    }

    private void assertOver() throws Exception {
        assertThat(proxy.server().connections()).isZero();
        assertThat(proxy.server().loop().timers().size()).isZero();
    }

    @Test
    void shouldEndARequestsHeadAfterTimeoutHttpRequestWhateverDrips() throws Exception {
        start("timeout http-request 1s\n");
        final VirtualProxy.Peer client = proxy.client().send("GET / HTTP/1.1\r\n");
        proxy.advance(900);
        client.send("Host: x\r\n");
        proxy.advance(99);
        assertThat(client.take()).isEmpty();
        proxy.advance(1);
        assertThat(client.status()).isEqualTo("408");
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.logged()).containsExactly("408 cR-- 0");
        assertOver();
    }

    @Test
    void shouldEndAConnectionWithoutARequestAfterTimeoutHttpRequest() throws Exception {
        start("timeout http-request 1s\n");
        final VirtualProxy.Peer client = proxy.client();
        proxy.advance(1_000);
        assertThat(client.status()).isEqualTo("408");
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.logged()).containsExactly("408 cR-- 0");
        assertOver();
    }

    @Test
    void shouldEndAnIdleConnectionWithoutAWordAfterTimeoutHttpKeepAlive() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("timeout http-keep-alive 2s\ntimeout http-request 1s\nserver s 127.0.0.1:8080 pool-max-conn 0\n");
        final VirtualProxy.Peer client = proxy.client().send(GET);
        backend.peer(0).send(OK);
        assertThat(client.take()).endsWith("ok");
        proxy.advance(1_999);
        assertThat(client.isOpen()).isTrue();
        proxy.advance(1);
        assertThat(client.take()).isEmpty();
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.logged()).containsExactly("200 ---- 0");
        assertOver();
    }

    @Test
    void shouldGiveTheNextRequestsHeadItsOwnTime() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("timeout http-keep-alive 2s\ntimeout http-request 1s\nserver s 127.0.0.1:8080 pool-max-conn 0\n");
        final VirtualProxy.Peer client = proxy.client().send(GET);
        backend.peer(0).send(OK);
        client.take();
        proxy.advance(1_900);
        client.send("GET /");
        proxy.advance(999);
        assertThat(client.isOpen()).isTrue();
        proxy.advance(1);
        assertThat(client.status()).isEqualTo("408");
        assertThat(proxy.logged()).containsExactly("200 ---- 0", "408 cR-- 0");
        assertOver();
    }

    @Test
    void shouldAnswer504AfterTimeoutServer() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("timeout server 1s\nserver s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client().send(GET);
        proxy.advance(900);
        // A byte is a sign of life.
        backend.peer(0).send("H");
        proxy.advance(999);
        assertThat(client.take()).isEmpty();
        proxy.advance(1);
        assertThat(client.status()).isEqualTo("504");
        client.close();
        assertThat(backend.peer(0).isOpen()).isFalse();
        assertThat(proxy.logged()).containsExactly("504 sH-- 0");
        assertOver();
    }

    @Test
    void shouldCutAnAnswerThatStallsAfterTimeoutServer() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("timeout server 1s\nserver s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client().send(GET);
        backend.peer(0).send("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf");
        proxy.advance(900);
        backend.peer(0).send(" more");
        proxy.advance(999);
        assertThat(client.isOpen()).isTrue();
        proxy.advance(1);
        assertThat(client.take()).endsWith("\r\n\r\nhalf more");
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.logged()).containsExactly("200 sD-- 0");
        assertOver();
    }

    @Test
    void shouldAnswer503AfterTimeoutConnect() throws Exception {
        proxy.deafBackend(BACK);
        start("timeout connect 1s\nserver s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client().send(GET);
        proxy.advance(999);
        assertThat(client.take()).isEmpty();
        proxy.advance(1);
        assertThat(client.status()).isEqualTo("503");
        client.close();
        assertThat(proxy.logged()).containsExactly("503 sC-- 0");
        assertOver();
    }

    @Test
    void shouldAnswer503AfterTimeoutQueue() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("timeout queue 1s\nserver s 127.0.0.1:8080 maxconn 1\n");
        final VirtualProxy.Peer first = proxy.client().send(GET);
        final VirtualProxy.Peer second = proxy.client().send(GET);
        proxy.advance(999);
        assertThat(second.take()).isEmpty();
        proxy.advance(1);
        assertThat(second.status()).isEqualTo("503");
        assertThat(proxy.logged()).containsExactly("503 sQ-- 0");
        backend.peer(0).send(OK);
        assertThat(first.take()).endsWith("ok");
    }

    @Test
    void shouldEndATunnelInWhichNothingMovesAfterTimeoutTunnel() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("timeout tunnel 1s\nserver s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client().send(
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
        backend.peer(0).send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
        assertThat(client.take()).startsWith("HTTP/1.1 101 ");
        backend.peer(0).take();
        proxy.advance(900);
        client.send("one way");
        proxy.advance(900);
        backend.peer(0).send("the other");
        proxy.advance(999);
        assertThat(client.isOpen()).isTrue();
        proxy.advance(1);
        assertThat(client.isOpen()).isFalse();
        assertThat(backend.peer(0).isOpen()).isFalse();
        assertThat(backend.peer(0).take()).isEqualTo("one way");
        assertOver();
    }

    @Test
    void shouldHoldATarpittedClientForTimeoutTarpit() throws Exception {
        start("timeout tarpit 1s\nhttp-request tarpit\n");
        final VirtualProxy.Peer client = proxy.client().send(GET);
        proxy.advance(999);
        assertThat(client.take()).isEmpty();
        proxy.advance(1);
        assertThat(client.status()).isEqualTo("500");
        client.close();
        assertThat(proxy.logged()).containsExactly("500 PT-- 0");
        assertOver();
    }

    @Test
    void shouldEndABodyThatStallsAfterTimeoutClient() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("timeout client 1s\nserver s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client()
                .send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\none");
        proxy.advance(999);
        client.send("two");
        proxy.advance(999);
        assertThat(client.take()).isEmpty();
        proxy.advance(1);
        assertThat(client.status()).isEqualTo("408");
        assertThat(backend.peer(0).isOpen()).isFalse();
        assertThat(proxy.logged()).containsExactly("408 cD-- 0");
        assertOver();
    }

    @Test
    void shouldEndSilentConnectionsInModeTcpAfterTheShorterOfClientAndServer() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("mode tcp\ntimeout client 2s\ntimeout server 1s\nlog-format \"%ts\"\nserver s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client().send("hello");
        assertThat(backend.peer(0).take()).isEqualTo("hello");
        proxy.advance(999);
        assertThat(client.isOpen()).isTrue();
        proxy.advance(1);
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.logged()).containsExactly("sD");
        assertOver();
    }
}
