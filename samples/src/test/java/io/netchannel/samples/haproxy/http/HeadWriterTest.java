package io.netchannel.samples.haproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadWriterTest {

    private final HeadParser parser = new HeadParser(HeadLimits.DEFAULT);

    private HttpMessage parse(final boolean request, final String text) {
        parser.start(request, false);
        assertThat(parser.feed(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1)))
                .isEqualTo(HeadParser.Progress.DONE);
        return parser.message();
    }

    private static String written(final HttpMessage message) {
        final ByteBuf out = Unpooled.buffer();
        HeadWriter.write(message, out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldWriteWhatWasReadWithNamesInLowerCase() {
        assertThat(written(parse(true, "GET /a HTTP/1.1\r\nHost: h\r\nX-A: b\r\n\r\n")))
                .isEqualTo("GET /a HTTP/1.1\r\nhost: h\r\nx-a: b\r\n");
        assertThat(written(parse(false, "HTTP/1.0 404 Not Found\r\nX: y\r\n\r\n")))
                .isEqualTo("HTTP/1.0 404 Not Found\r\nx: y\r\n");
        assertThat(written(parse(false, "HTTP/1.1 200\r\n\r\n"))).isEqualTo("HTTP/1.1 200 \r\n");
    }

    /** In the form of the bytes nothing of this may leave. */
    @ParameterizedTest
    @ValueSource(strings = {"A:b\r\n", "A:  b\r\n", "A: b \r\n", "A:\tb\r\n", "A: b\n", "A: \r\n b\r\n"})
    void shouldWriteOneSpaceAndCrLf(final String field) {
        assertThat(written(parse(true, "GET / HTTP/1.1\r\nFirst: 1\r\n" + field + "Last: 2\r\n\r\n")))
                .isEqualTo("GET / HTTP/1.1\r\nfirst: 1\r\na: b\r\nlast: 2\r\n");
    }

    @Test
    void shouldWriteEmptyAndDroppedFields() {
        assertThat(written(parse(true, "GET / HTTP/1.1\r\nA:\r\nConnection: close\r\nB: \r\nC: d\r\n\r\n")))
                .isEqualTo("GET / HTTP/1.1\r\na: \r\nb: \r\nc: d\r\n");
    }

    @Test
    void shouldWriteNamesAsTheyAreAdjusted() {
        final HttpMessage message = parse(true, "GET / HTTP/1.1\r\nhost: h\r\nx-a: b\r\n\r\n");
        message.adjustNames(Map.of("x-a", "X-a"));
        assertThat(written(message)).isEqualTo("GET / HTTP/1.1\r\nhost: h\r\nX-a: b\r\n");
    }

    /** Whatever is changed, it is written as if each field were written by itself. */
    @Test
    void shouldWriteChangedHeads() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            final StringBuilder text = new StringBuilder("GET /x HTTP/1.1\r\n");
            final int fields = random.nextInt(8);
            for (int i = 0; i < fields; i++) {
                text.append('n').append(i).append(random.nextInt(4) == 0 ? ":" : ": ").append("v".repeat(random.nextInt(
                        3))).append(random.nextInt(5) == 0 ? "\n" : "\r\n");
            }
            final HttpMessage message = parse(true, text.append("\r\n").toString());
            for (int change = random.nextInt(5); change > 0 && message.size() > 0; change--) {
                final int at = random.nextInt(message.size());
                switch (random.nextInt(4)) {
                    case 0 -> message.remove(at);
                    case 1 -> message.value(at, "changed");
                    case 2 -> message.add("added", "a");
                    default -> message.value(at);
                }
            }
            final StringBuilder expected = new StringBuilder("GET /x HTTP/1.1\r\n");
            for (int i = 0; i < message.size(); i++) {
                expected.append(message.name(i)).append(": ").append(message.value(i)).append("\r\n");
            }
            assertThat(written(message)).as("seed %d round %d", seed, round).isEqualTo(expected.toString());
        }
    }

    @Test
    void shouldKeepACopyWhenTheParserReadsTheNextHead() {
        final HttpMessage copy = parse(true, "GET /first HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n").copy();
        final HttpMessage next = parse(false, "HTTP/1.1 204 Nothing\r\nServer: s\r\n\r\n");
        assertThat(written(copy)).isEqualTo("GET /first HTTP/1.1\r\nhost: h\r\na: b\r\n");
        assertThat(copy.receivedLine()).isEqualTo("GET /first HTTP/1.1");
        assertThat(next.isRequest()).isFalse();
        assertThat(next.size()).isEqualTo(1);
        assertThat(next.first("host")).isNull();
    }

    @Test
    void shouldTellTheLineThatCameAfterChanges() {
        final HttpMessage message = parse(true, "PUT /came HTTP/1.0\r\n\r\n");
        message.method("GET");
        message.uri("/went");
        assertThat(message.receivedLine()).isEqualTo("PUT /came HTTP/1.0");
        assertThat(written(message)).isEqualTo("GET /went HTTP/1.0\r\n");
    }

    @Test
    void shouldTellTheLineWithoutTheSchemesPort() {
        final HttpMessage message = parse(true, "GET http://h:80/a HTTP/1.1\r\nHost: h:80\r\n\r\n");
        message.uri("/b");
        assertThat(message.receivedLine()).isEqualTo("GET http://h/a HTTP/1.1");
    }

    @Test
    void shouldNotTakeABodyForAHeadThatIsTooLong() {
        parser.start(true, false);
        final ByteBuf in = Unpooled.copiedBuffer(
                "POST / HTTP/1.1\r\nContent-Length: 60000\r\n\r\n" + "b".repeat(60_000),
                StandardCharsets.ISO_8859_1);
        assertThat(parser.feed(in)).isEqualTo(HeadParser.Progress.DONE);
        assertThat(in.readableBytes()).isEqualTo(60_000);
    }
}
