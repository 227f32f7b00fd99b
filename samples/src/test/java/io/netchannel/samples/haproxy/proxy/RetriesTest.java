package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code retries}, {@code retry-on} and {@code option redispatch}: what is sent again, where, how often, and what not. */
class RetriesTest {

    private static final int BACK = 8080;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private final VirtualProxy proxy = new VirtualProxy();

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void start(final String more) throws Exception {
        proxy.startLogged("""
                defaults
                    mode http
                    timeout client 10s
                    timeout server 1s
                    timeout connect 2s
                    log-format "%ST %tsc %b/%s %rc"
                listen l
                    bind 127.0.0.1:80
                """ + more);
    }

    @Test
    void shouldConnectAgainAfterASecondAsOftenAsRetriesSays() throws Exception {
        start("retries 2\nserver s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client().send(GET);
        proxy.advance(1_000);
        assertThat(client.take()).isEmpty();
        proxy.advance(999);
        assertThat(client.take()).isEmpty();
        proxy.advance(1);
        assertThat(client.status()).isEqualTo("503");
        assertThat(proxy.logged()).containsExactly("503 SC-- l/s 2");
    }

    @Test
    void shouldReachAServerThatStartsMeanwhile() throws Exception {
        start("retries 2\nserver s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client().send(GET);
        proxy.advance(1_000);
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        proxy.advance(1_000);
        backend.peer(0).send(OK);
        assertThat(client.take()).endsWith("ok");
        assertThat(proxy.logged()).containsExactly("200 ---- l/s 2");
    }

    @Test
    void shouldGoElsewhereAtOnceWhereItMay() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK + 1);
        start("retries 2\noption redispatch 1\nserver s 127.0.0.1:8080\nserver t 127.0.0.1:8081\n");
        final VirtualProxy.Peer client = proxy.client().send(GET);
        backend.peer(0).send(OK);
        assertThat(client.take()).endsWith("ok");
        assertThat(proxy.logged()).containsExactly("200 ---- l/t +1");
    }

    @Test
    void shouldStayWithTheServerOfTheCookieWithoutRedispatch() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK + 1);
        start("retries 1\nno option redispatch\ncookie C\nserver s 127.0.0.1:8080 cookie a\n"
                + "server t 127.0.0.1:8081 cookie b\n");
        final VirtualProxy.Peer client = proxy.client().send("GET / HTTP/1.1\r\nHost: x\r\nCookie: C=a\r\n\r\n");
        proxy.advance(1_000);
        assertThat(client.status()).isEqualTo("503");
        assertThat(backend.count()).isZero();
        assertThat(proxy.logged()).hasSize(1).first().asString().contains("503 SC", " l/s 1");
    }

    @Test
    void shouldNotSendTwiceWhatAServerHasHad() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("retries 3\nserver s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client().send(GET);
        backend.peer(0).close();
        assertThat(client.status()).isEqualTo("502");
        assertThat(backend.count()).isEqualTo(1);
        assertThat(proxy.logged()).containsExactly("502 SH-- l/s 0");
    }

    /** Also where a part of a head came: haproxy sends that again under the same name. */
    @ParameterizedTest
    @CsvSource({"empty-response,''", "empty-response,HTTP/1.1 20", "junk-response,NONSENSE", "503,HTTP/1.1 503 No",
        "0rtt-rejected empty-response,''", "all-retryable-errors,HTTP/1.1 500 No"})
    void shouldSendAgainAsRetryOnSays(final String event, final String answer) throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("retries 1\nretry-on " + event + "\nserver s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client().send(GET);
        final boolean whole = answer.length() > 12 || "NONSENSE".equals(answer);
        backend.peer(0).send(whole ? answer + "\r\nContent-Length: 0\r\n\r\n" : answer);
        backend.peer(0).close();
        assertThat(client.take()).isEmpty();
        backend.peer(1).send(OK);
        assertThat(client.take()).endsWith("ok");
        assertThat(proxy.logged()).containsExactly("200 ---- l/s 1");
        assertThat(proxy.server().backend("l").served()).isZero();
    }

    /** An error that a server gives is an answer still when no attempt is left. */
    @Test
    void shouldPassOnTheLastAnswerWhateverItSays() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("retries 1\nretry-on 500\nserver s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client().send(GET);
        backend.peer(0).send("HTTP/1.1 500 One\r\nContent-Length: 3\r\n\r\none");
        assertThat(client.take()).isEmpty();
        backend.peer(1).send("HTTP/1.1 500 Two\r\nContent-Length: 3\r\n\r\ntwo");
        assertThat(client.take()).startsWith("HTTP/1.1 500 Two").endsWith("two");
        assertThat(proxy.logged()).containsExactly("500 ---- l/s 1");
    }

    @Test
    void shouldSendAgainWhatWasNotAnsweredInTime() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("retries 1\nretry-on response-timeout\nserver s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client().send(GET);
        proxy.advance(1_000);
        assertThat(client.take()).isEmpty();
        proxy.advance(1_000);
        assertThat(client.status()).isEqualTo("504");
        assertThat(backend.count()).isEqualTo(2);
        assertThat(proxy.logged()).containsExactly("504 sH-- l/s 1");
    }

    /** Its first bytes are gone, and there is no copy of them. */
    @Test
    void shouldNotSendABodyAgainThatIsNotWholeYet() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("retries 1\nretry-on all-retryable-errors\nserver s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client()
                .send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf");
        backend.peer(0).close();
        assertThat(client.status()).isEqualTo("502");
        assertThat(backend.count()).isEqualTo(1);
    }

    /** A client knows that a connection may end between two requests, and asks again: haproxy says nothing, not even in the log. */
    @ParameterizedTest
    @CsvSource({"''", "HTTP/1.1 20"})
    void shouldCloseWithoutAWordWhereALaterRequestGetsNoAnswer(final String part) throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("server s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client().send(GET);
        backend.peer(0).send(OK);
        client.take();
        client.send(GET);
        backend.peer(0).send(part).close();
        assertThat(client.take()).isEmpty();
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.logged()).containsExactly("200 ---- l/s 0");
        assertThat(proxy.server().backend("l").counters().responseErrors).isZero();
    }

    @Test
    void shouldBringAllOfARequestToAServerThatAnsweredEarly() throws Exception {
        final VirtualProxy.Backend backend = proxy.backend(BACK);
        start("server s 127.0.0.1:8080\n");
        final VirtualProxy.Peer client = proxy.client()
                .send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\nfirst ");
        final VirtualProxy.Peer server = backend.peer(0).send(OK);
        assertThat(client.take()).endsWith("ok");
        client.send("second");
        assertThat(server.take()).endsWith("first second");
        assertThat(proxy.logged()).containsExactly("200 ---- l/s 0");
        assertThat(proxy.server().connections()).isZero();
    }
}
