package io.netchannel.samples.haproxy.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.samples.load.Conversation;
import io.netchannel.samples.load.LoadFailure;
import io.netchannel.samples.load.TestLink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client on the wire, in virtual time. */
final class RequestLoopTest {

    private static final String REQUEST = "GET /body HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String RESPONSE = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx: y\r\n\r\nabcde";
    private static final int BODY_BYTES = 5;
    private static final long ROUND_NS = 1_000_000;

    private final TestLink link = new TestLink();
    private final RequestLoop loop = new RequestLoop("h", BODY_BYTES, this::nowNs);
    private final Conversation connection = loop.open(link);
    private long nowNs = 1000;
    private RequestCounts counts;

    @AfterEach
    void close() {
        loop.close();
        link.close();
    }

    private long nowNs() {
        return nowNs;
    }

    private String takeSent() {
        return link.takeSent();
    }

    private void receive(final String text) {
        link.give(connection, text);
    }

    private void run() {
        counts = null;
        loop.run(ROUND_NS, ended -> counts = ended);
    }

    @Test
    void shouldSendTheNextRequestWhenTheResponseIsThere() {
        run();
        assertThat(takeSent()).isEqualTo(REQUEST);
        receive(RESPONSE.substring(0, RESPONSE.length() - 1));
        assertThat(takeSent()).isEmpty();
        receive("e");
        assertThat(takeSent()).isEqualTo(REQUEST);
    }

    @Test
    void shouldReadResponsesCutAnywhere() {
        for (int cut = 1; cut < RESPONSE.length(); cut++) {
            run();
            receive(RESPONSE.substring(0, cut));
            nowNs += 2 * ROUND_NS;
            receive(RESPONSE.substring(cut));
            assertThat(counts).as("cut at %d", cut).isNotNull();
        }
    }

    @Test
    void shouldCountWhatIsAnsweredInTimeAndWaitForTheRest() {
        run();
        for (int i = 0; i < 9; i++) {
            nowNs += 100_000;
            receive(RESPONSE);
        }
        assertThat(counts).isNull();
        nowNs += 200_000;
        receive(RESPONSE);
        assertThat(counts.requests()).isEqualTo(9);
        assertThat(counts.allRequests()).isEqualTo(10);
        assertThat(counts.perSecond()).isEqualTo(9000);
        assertThat(counts.p50Micros()).isBetween(99.0, 101.0);
        assertThat(takeSent()).isEqualTo(REQUEST.repeat(10));
    }

    /** One of 500 µs, as long as five others take: a client that doesn't wait would have sent more meanwhile. */
    @Test
    void shouldLetASlowResponseStandForRequestsThatItHeldUp() {
        run();
        nowNs += 500_000;
        receive(RESPONSE);
        for (int i = 0; i < 9; i++) {
            nowNs += 50_000;
            receive(RESPONSE);
        }
        nowNs += ROUND_NS;
        receive(RESPONSE);
        assertThat(counts.requests()).isEqualTo(10);
        // 9 of 50 µs, and 500, 400, 300, 200, 100.
        assertThat(counts.p50Micros()).isBetween(49.0, 51.0);
        assertThat(counts.p99Micros()).isBetween(495.0, 505.0);
        assertThat(counts.perSecond()).isEqualTo(10_000);
    }

    @Test
    void shouldRunRoundAfterRound() {
        for (int round = 0; round < 3; round++) {
            run();
            nowNs += 100_000;
            receive(RESPONSE);
            nowNs += ROUND_NS;
            receive(RESPONSE);
            assertThat(counts.requests()).isEqualTo(1);
            assertThat(takeSent()).isEqualTo(REQUEST.repeat(2));
        }
    }

    @Test
    void shouldSendTheRestWhenThereIsRoom() {
        link.room(7);
        run();
        assertThat(takeSent()).isEqualTo(REQUEST.substring(0, 7));
        link.room(Integer.MAX_VALUE);
        connection.writable();
        connection.writable();
        assertThat(takeSent()).isEqualTo(REQUEST.substring(7));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "HTTP/1.1 503 Service Unavailable~content-length: 5~~abcde | not 200: HTTP/1.1 503 Service Unavailable",
        "HTTP/1.1 200 OK~content-length: 4~~abcd                  | not of 5 bytes",
        "HTTP/1.1 200 OK~content-length: 55~~abcde                | not of 5 bytes",
        "HTTP/1.1 200 OK~content-length: 5x~~abcde                | not of 5 bytes",
        "HTTP/1.1 200 OK~transfer-encoding: chunked~~5~abcde~0~~  | not of 5 bytes",
        "HTTP/1.1 200 OK~~                                        | not of 5 bytes"})
    void shouldRefuseAWrongResponse(final String response, final String what) {
        run();
        assertThatThrownBy(() -> receive(response.replace("~", "\r\n"))).isInstanceOf(LoadFailure.class)
                .hasMessageContaining(what);
    }

    @Test
    void shouldRefuseAHeadWithoutEnd() {
        run();
        assertThatThrownBy(() -> receive("x".repeat(5000))).isInstanceOf(LoadFailure.class)
                .hasMessageContaining("more than 4096 bytes");
    }
}
