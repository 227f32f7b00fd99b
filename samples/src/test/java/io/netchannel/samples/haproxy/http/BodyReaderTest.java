package io.netchannel.samples.haproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {

    private final HeadParser parser = new HeadParser(HeadLimits.DEFAULT);
    private final BodyReader reader = new BodyReader(HeadLimits.DEFAULT);

    private static ByteBuf bytes(final String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private void begin(final String field) {
        parser.start(true, false);
        parser.feed(bytes("POST / HTTP/1.1\r\n" + field + "\r\n\r\n"));
        reader.startRequest(parser.framing(), false);
    }

    /** Data read, and how it ended. */
    private String read(final ByteBuf in) {
        final StringBuilder data = new StringBuilder();
        while (true) {
            final int bytes = reader.next(in);
            if (bytes <= 0) {
                return data + (bytes < 0 ? "!" : reader.done() ? "." : "");
            }
            data.append(in.readCharSequence(bytes, StandardCharsets.ISO_8859_1));
            reader.taken(bytes);
        }
    }

    @Test
    void shouldReadByLength() {
        begin("Content-Length: 5");
        assertThat(read(bytes("ab"))).isEqualTo("ab");
        final ByteBuf rest = bytes("cdeGET");
        assertThat(read(rest)).isEqualTo("cde.");
        assertThat(rest.readableBytes()).isEqualTo(3);
    }

    @Test
    void shouldReadChunksWithExtensionsAndTrailers() {
        begin("Transfer-Encoding: chunked");
        final ByteBuf in = bytes("3;x=y\r\nabc\r\nA \r\n0123456789\r\n0\r\nX-T: v\r\nContent-Length: 3\r\n\r\nGET");
        assertThat(read(in)).isEqualTo("abc0123456789.");
        assertThat(reader.trailers().size()).isEqualTo(1);
        assertThat(reader.trailers().first("x-t")).isEqualTo("v");
        assertThat(in.readableBytes()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\n", "-1\r\n", "\r\n", "3\rx", "3\r\nabcd\r\n", "3\r\nabc\rx", "10000000000000\r\n",
        "3 x\r\n", "3 3\r\n", " 3\r\n", "3;x\ry", "0\r\nbad\r\n\r\n"})
    void shouldRefuse(final String text) {
        begin("Transfer-Encoding: chunked");
        assertThat(read(bytes(text))).endsWith("!");
    }

    @Test
    void shouldRefuseALineThatDoesNotEnd() {
        begin("Transfer-Encoding: chunked");
        final String zeros = "0".repeat(HeadLimits.DEFAULT.headBytes() - 3);
        assertThat(read(bytes(zeros + "2\r\nab\r\n"))).isEqualTo("ab");
        assertThat(read(bytes(zeros + "0002"))).isEqualTo("!");
        begin("Transfer-Encoding: chunked");
        assertThat(read(bytes("3;" + "x".repeat(HeadLimits.DEFAULT.headBytes())))).isEqualTo("!");
    }

    @Test
    void shouldReadResponsesToTheEndOrNotAtAll() {
        parser.start(false, false);
        parser.feed(bytes("HTTP/1.1 200 OK\r\n\r\n"));
        reader.startResponse(parser.message(), parser.framing(), false, false, false);
        assertThat(read(bytes("abc"))).isEqualTo("abc");
        assertThat(reader.ended()).isTrue();
        reader.startResponse(parser.message(), parser.framing(), true, false, false);
        assertThat(reader.done()).isTrue();
    }

    @Test
    void shouldFindWhatTheWriterWroteHoweverItIsSplit() {
        for (int seed = 0; seed < 2_000; seed++) {
            final Random random = new Random(seed);
            final ByteBuf wire = Unpooled.buffer();
            final StringBuilder expected = new StringBuilder();
            for (int i = random.nextInt(5); i > 0; i--) {
                final String chunk = "x".repeat(1 + random.nextInt(random.nextBoolean() ? 20 : 700));
                HeadWriter.chunkSize(chunk.length(), wire);
                wire.writeCharSequence(chunk, StandardCharsets.ISO_8859_1);
                HeadWriter.endOfChunk(wire);
                expected.append(chunk);
            }
            HeadWriter.lastChunk(null, wire);
            begin("Transfer-Encoding: chunked");
            final StringBuilder got = new StringBuilder();
            while (wire.isReadable()) {
                got.append(read(wire.readSlice(Math.min(wire.readableBytes(), 1 + random.nextInt(30)))));
            }
            assertThat(got.toString()).as("seed %d", seed).isEqualTo(expected + ".");
        }
    }

    /** Bytes that are nearly right, fed whole and cut anywhere: the same data, trailers and bytes left over. */
    @Test
    void shouldSeeTheSameHoweverItIsSplit() {
        final String[] parts = {"0\r\n", "3\r\nabc\r\n", "A;x=y\r\n0123456789\r\n", "2\nab\n", "1 \t;\r\nz\r\n", "000",
            "\r\n", "\n", "\r", "x-t: v\r\n", "X", ":", " ", ";", "fffffffffffff\r\n", "f", "5", "GET"};
        for (int seed = 0; seed < 3_000; seed++) {
            final Random random = new Random(seed);
            final StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                text.append(parts[random.nextInt(random.nextBoolean() ? 5 : parts.length)]);
            }
            text.append(random.nextBoolean() ? "0\r\n\r\n" : "");
            final String whole = outcome(text.toString(), text.length());
            for (int cut = 0; cut < text.length(); cut++) {
                assertThat(outcome(text.toString(), cut)).as("seed %d cut %d: %s", seed, cut, text).isEqualTo(whole);
            }
        }
    }

    private String outcome(final String text, final int cut) {
        begin("Transfer-Encoding: chunked");
        final ByteBuf in = bytes(text);
        in.writerIndex(cut);
        String data = read(in);
        in.writerIndex(text.length());
        if (!data.endsWith(".") && !data.endsWith("!")) {
            data += read(in);
        }
        return data.endsWith(".") ? data + names() + in.readerIndex() : data;
    }

    private String names() {
        final StringBuilder names = new StringBuilder();
        for (int i = 0; reader.trailers() != null && i < reader.trailers().size(); i++) {
            names.append(reader.trailers().name(i)).append('=').append(reader.trailers().value(i)).append('|');
        }
        return names.toString();
    }
}
