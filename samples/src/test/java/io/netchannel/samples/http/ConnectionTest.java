package io.netchannel.samples.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A connection of HTTP/1.1 as its client sees it. */
final class ConnectionTest {

    private static final String HELLO = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 14\r\n"
            + TestConnection.DATE + "\r\nHello, World!\n";

    private final TestConnection connection = new TestConnection(new FixedSite());

    @Test
    void shouldAnswerAndKeepTheConnection() throws IOException {
        assertThat(connection.get("/")).isEqualTo(HELLO);
        assertThat(connection.get("/?query")).isEqualTo(HELLO);
        assertThat(connection.channel.isOpen()).isTrue();
    }

    @Test
    void shouldAnswerWhatIsPipelinedInItsOrder() throws IOException {
        final int requests = 3 * RequestHandler.MAX_UNDER_WAY;
        final StringBuilder all = new StringBuilder();
        for (int i = 0; i < requests; i++) {
            all.append("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n").append(100 + i);
        }
        final String answers = connection.send(all.toString());
        int at = 0;
        for (int i = 0; i < requests; i++) {
            at = answers.indexOf("\r\n\r\n" + (100 + i), at);
            assertThat(at).as("answer " + i).isPositive();
        }
    }

    @Test
    void shouldNotReadWhileTheClientDoesNot() throws IOException {
        connection.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        connection.get("/");
        assertThat(connection.channel.config().isAutoRead()).isFalse();
        connection.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        connection.channel.runPendingTasks();
        assertThat(connection.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void shouldCloseWhenAsked() throws IOException {
        assertThat(connection.get("/", "Connection: close")).contains("connection: close").endsWith("Hello, World!\n");
        assertThat(connection.channel.isOpen()).isFalse();
    }

    @Test
    void shouldCloseAfterHttp10() throws IOException {
        assertThat(connection.send("GET / HTTP/1.0\r\n\r\n")).endsWith("Hello, World!\n");
        assertThat(connection.channel.isOpen()).isFalse();
    }

    @Test
    void shouldSendNoBodyForHead() throws IOException {
        assertThat(connection.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")).contains("content-length: 14")
                .endsWith("\r\n\r\n");
    }

    @Test
    void shouldSayContinue() throws IOException {
        assertThat(
                connection.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"))
                .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        assertThat(connection.send("abc")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nabc");
    }

    @Test
    void shouldTakeAChunkedBody() throws IOException {
        assertThat(connection.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")).endsWith("\r\n\r\nabc");
    }

    @Test
    void shouldTakeATargetInAbsoluteForm() throws IOException {
        assertThat(connection.get("http://x/")).isEqualTo(HELLO);
        assertThat(connection.get("HTTP://x")).isEqualTo(HELLO);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "GET /no HTTP/1.1;Host: x                                       | 404",
        "POST / HTTP/1.1;Host: x                                        | 405",
        "GET /echo HTTP/1.1;Host: x                                     | 405",
        "GET /%zz HTTP/1.1;Host: x                                      | 400",
        "OPTIONS * HTTP/1.1;Host: x                                     | 400",
        "GET / HTTP/1.1                                                 | 400",
        "GET / HTTP/1.1;Host: x;Host: y                                 | 400",
        "GET / HTTP/1.1;Host: x;Content-Length: 1;Content-Length: 2     | 400",
        "GET / HTTP/1.1;Host: x;no colon                                | 400",
        "POST /echo HTTP/1.1;Host: x;Content-Length: 65                 | 413",
        "POST /echo HTTP/1.1;Host: x;Content-Length: 65;Expect: 100-continue | 413"})
    void shouldRefuse(final String head, final int status) throws IOException {
        assertThat(connection.send(head.replace(";", "\r\n") + "\r\n\r\n"))
                .startsWith("HTTP/1.1 " + HttpResponseStatus.valueOf(status) + "\r\n");
    }

    @Test
    void shouldRefuseALineTooLong() throws IOException {
        assertThat(connection.get("/" + "a".repeat(128))).startsWith("HTTP/1.1 414 ");
        assertThat(connection.channel.isOpen()).isFalse();
    }

    @Test
    void shouldRefuseHeadersTooLong() throws IOException {
        assertThat(connection.get("/", "a: " + "a".repeat(512))).startsWith("HTTP/1.1 431 ");
        assertThat(connection.channel.isOpen()).isFalse();
    }

    @Test
    void shouldAnswerAClientThatHasEndedItsSide() throws IOException {
        assertThat(connection.get("/")).isEqualTo(HELLO);
        connection.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        connection.channel.runPendingTasks();
        assertThat(connection.channel.isOpen()).isFalse();
    }

    @Test
    void shouldCloseASilentConnection() throws IOException {
        connection.get("/");
        connection.channel.advanceTimeBy(9, TimeUnit.SECONDS);
        connection.channel.runScheduledPendingTasks();
        assertThat(connection.channel.isOpen()).isTrue();
        connection.channel.advanceTimeBy(2, TimeUnit.SECONDS);
        connection.channel.runScheduledPendingTasks();
        assertThat(connection.channel.isOpen()).isFalse();
    }

    @Test
    void shouldCloseWhenTheServerEnds() throws IOException {
        connection.get("/");
        connection.channel.pipeline().fireUserEventTriggered(Closing.SERVER);
        connection.channel.runPendingTasks();
        assertThat(connection.channel.isOpen()).isFalse();
    }
}
