package io.netchannel.samples.haproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadParserTest {

    private final HeadParser parser = new HeadParser(HeadLimits.DEFAULT);

    private HeadParser.Progress read(final boolean request, final boolean lenient, final String text) {
        parser.start(request, lenient);
        return parser.feed(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private HttpMessage request(final String text) {
        assertThat(read(true, false, text)).isEqualTo(HeadParser.Progress.DONE);
        return parser.message();
    }

    @Test
    void shouldReadRequestAndKeepWhatFollows() {
        parser.start(true, false);
        final ByteBuf in = Unpooled.copiedBuffer("\r\nGET /a?b HTTP/1.1\r\nHost: h\r\nX-A:  v w \r\n\r\nbody",
                StandardCharsets.ISO_8859_1);
        assertThat(parser.feed(in)).isEqualTo(HeadParser.Progress.DONE);
        final HttpMessage message = parser.message();
        assertThat(message.method()).isEqualTo("GET");
        assertThat(message.uri()).isEqualTo("/a?b");
        assertThat(message.minorVersion()).isEqualTo(1);
        assertThat(message.name(1)).isEqualTo("x-a");
        assertThat(message.first("X-A")).isEqualTo("v w");
        assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo("body");
    }

    @Test
    void shouldReadResponse() {
        assertThat(read(false, false, "HTTP/1.0 404 Not  Found\r\nContent-Length: 5\r\n\r\n"))
                .isEqualTo(HeadParser.Progress.DONE);
        assertThat(parser.message().status()).isEqualTo(404);
        assertThat(parser.message().reason()).isEqualTo("Not  Found");
        assertThat(parser.message().minorVersion()).isZero();
        assertThat(parser.framing().contentLength()).isEqualTo(5);
        assertThat(read(false, false, "HTTP/1.1 200\n\n")).isEqualTo(HeadParser.Progress.DONE);
        assertThat(parser.message().reason()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"G(T / HTTP/1.1\r\n\r\n", "GET /\u0001 HTTP/1.1\r\n\r\n", "GET /\u00e4 HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nA b: c\r\n\r\n", "GET / HTTP/1.1\r\n: c\r\n\r\n", "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \u0000\r\n\r\n", "GET / HTTP/1.1\r\nA\r\n\r\n", "GET / HTTP/11\r\n\r\n",
        "GET / XTTP/1.1\r\n\r\n", "POST /\r\n", "GET\r\n", " GET / HTTP/1.1\r\n\r\n", "\rGET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\n x: y\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1, 2\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 5,,5\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: ,5\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 5 5\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked,,x\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding:\r\n\r\n", "POST / HTTP/1.1\r\nTransfer-Encoding: \"chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length:\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", "GET /x\r\n", "GET /x \r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5, \r\n\r\n",
        "GET http://a:443/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET http://a:080/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET ftp://a:80/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET http://a?x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET foo:80 HTTP/1.1\r\nHost: foo\r\n\r\n", "GET foo HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET ://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET a/b://c HTTP/1.1\r\nHost: c\r\n\r\n",
        "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT a: HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT /x HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT a:8080 HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: b\r\n\r\n", "CONNECT http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"})
    void shouldRefuse(final String text) {
        assertThat(read(true, false, text)).isEqualTo(HeadParser.Progress.INVALID);
        assertThat(parser.errorStatus()).isEqualTo(400);
    }

    @Test
    void shouldSayWhichStatusRefuses() {
        read(true, false, "GET / HTTP/1.0\r\nContent-Length: 1\r\n\r\n");
        assertThat(parser.errorStatus()).isEqualTo(413);
        read(true, false, "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n");
        assertThat(parser.errorStatus()).isEqualTo(422);
        read(true, false, "POST / HTTP/1.1\r\nTransfer-Encoding: , chunked\r\n\r\n");
        assertThat(parser.errorStatus()).isEqualTo(422);
    }

    @Test
    void shouldAcceptWhatIsNotWrong() {
        assertThat(request("GET / HTTP/1.1\nHost: a\nhost: A\n\n").size()).isEqualTo(1);
        assertThat(request("GET / HTTP/1.1\r\nA: b\r\n  c\r\n\r\n").first("a")).isEqualTo("b    c");
        assertThat(request("POST / HTTP/1.1\r\nContent-Length: 5, 5\r\nContent-Length: 5\r\n\r\n").first(
                "content-length")).isEqualTo("5");
        assertThat(request("GET http://a:80/x HTTP/1.1\r\nHost: a:80\r\n\r\n").uri()).isEqualTo("http://a/x");
        assertThat(request("GET http://a:80@a:80/ HTTP/1.1\r\nHost: a:80\r\n\r\n").uri()).isEqualTo("http://a:80@a/");
    }

    /** What haproxy 2.6.12 makes of targets that name a host, and of Host beside them. */
    @ParameterizedTest
    @CsvSource({"GET,http://a:80/,a,http://a/,a", "GET,http://a/,a:80,http://a/,a:80", "GET,http://a:,a,http://a,a",
        "GET,http://a/,a:,http://a/,a:", "GET,https://A:443/,a,https://A/,A",
        "GET,http://[::1]:80/,[::1],http://[::1]/,[::1]",
        "OPTIONS,foo,foo,foo,foo", "GET,http://a:x/,a:x,http://a:x/,a:x", "GET,http:///x,a,http:///x,a",
        "CONNECT,a:443,a,a:443,a", "CONNECT,a:443,a:443,a:443,a", "CONNECT,u@a:80,a,u@a:80,a",
        "CONNECT,[::1]:80,[::1],[::1]:80,[::1]", "CONNECT,a:8080,A:8080,a:8080,A:8080"})
    void shouldCompareTargetAndHost(final String method, final String target, final String host,
            final String targetAfter,
            final String hostAfter) {
        final HttpMessage message = request(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        assertThat(message.uri()).isEqualTo(targetAfter);
        assertThat(message.first("host")).isEqualTo(hostAfter);
    }

    @Test
    void shouldAcceptMoreWhenToldTo() {
        assertThat(read(true, true, "GET /x\r\n")).isEqualTo(HeadParser.Progress.DONE);
        assertThat(parser.message().minorVersion()).isZero();
        assertThat(read(true, true, "GET /\u00e4 HTTP/1.1\r\nA b: c\r\n\r\n")).isEqualTo(HeadParser.Progress.DONE);
        assertThat(parser.message().first("a b")).isEqualTo("c");
        assertThat(read(true, true, "GET / HTTP/1.1\r\nA\rb: c\r\n\r\n")).isEqualTo(HeadParser.Progress.INVALID);
    }

    @Test
    void shouldDropLengthBesideChunked() {
        final HttpMessage message = request(
                "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: Chunked\r\n\r\n");
        assertThat(message.find("content-length", 0)).isEqualTo(-1);
        assertThat(parser.framing().chunked()).isTrue();
        assertThat(parser.framing().close()).isTrue();
    }

    @Test
    void shouldTakeHopsWordsOutOfConnection() {
        final HttpMessage message = request("GET / HTTP/1.1\r\nConnection: Keep-Alive, X-Y, close\r\n\r\n");
        assertThat(message.first("connection")).isEqualTo("X-Y");
        assertThat(parser.framing().close()).isTrue();
        assertThat(parser.framing().keepAlive()).isTrue();
        assertThat(request("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").size()).isZero();
        assertThat(request("GET / HTTP/1.1\r\nConnection: a, b, close, c , d\r\n\r\n").first("connection"))
                .isEqualTo("a, b,c,d");
        assertThat(request("GET / HTTP/1.1\r\nConnection: a , b ,\r\n\r\n").first("connection")).isEqualTo("a , b ");
    }

    @Test
    void shouldLimitBytesAndFields() {
        assertThat(read(true, false, "GET /" + "a".repeat(16_000))).isEqualTo(HeadParser.Progress.INVALID);
        assertThat(read(true, false, "GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(100) + "\r\n"))
                .isEqualTo(HeadParser.Progress.DONE);
        assertThat(read(true, false, "GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(101) + "\r\n"))
                .isEqualTo(HeadParser.Progress.INVALID);
    }

    @Test
    void shouldReadTheSameHoweverItIsSplit() {
        final String[] parts = {"GET / HTTP/1.1", "POST /x?y=z HTTP/1.0", "get\t* HTTP/1.1", "\r\n", "\n", "\r",
            "Host: a",
            "Content-Length: 3", "Transfer-Encoding: chunked", "A:", " ", "\t", ":", "b", "\u0000", "\u00ff",
            "Connection: close, x"};
        for (int seed = 0; seed < 20_000; seed++) {
            final Random random = new Random(seed);
            final StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(14); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
                if (random.nextBoolean()) {
                    text.append("\r\n");
                }
            }
            text.append("\r\n\r\n");
            final String whole = outcome(List.of(text.toString()));
            final List<String> pieces = new ArrayList<>();
            for (int at = 0; at < text.length();) {
                final int end = Math.min(text.length(), at + 1 + random.nextInt(6));
                pieces.add(text.substring(at, end));
                at = end;
            }
            assertThat(outcome(pieces)).as("seed %d: %s", seed, text).isEqualTo(whole);
            if (whole.startsWith("DONE")) {
                assertThat(whole.replaceAll("[ \t]+", " ")).as("seed %d: %s", seed, text)
                        .isEqualTo(plain(text.toString()));
            }
        }
    }

    private String outcome(final List<String> pieces) {
        parser.start(true, false);
        HeadParser.Progress progress = HeadParser.Progress.MORE;
        for (final String piece : pieces) {
            progress = parser.feed(Unpooled.copiedBuffer(piece, StandardCharsets.ISO_8859_1));
            if (progress != HeadParser.Progress.MORE) {
                break;
            }
        }
        final StringBuilder text = new StringBuilder(progress.toString());
        if (progress == HeadParser.Progress.DONE) {
            text.append(' ').append(parser.message().method()).append(' ').append(parser.message().uri());
            for (int i = 0; i < parser.message().size(); i++) {
                text.append('|').append(parser.message().name(i)).append('=').append(parser.message().value(i));
            }
        }
        return text.toString();
    }

    /** The same by lines and split, for heads that are right. */
    private static String plain(final String text) {
        final String[] lines = text.replaceFirst("^[\r\n]+", "").split("\r?\n\r?\n")[0].replaceAll("\r?\n[ \t]+",
                " ").split("\r?\n");
        final String[] words = lines[0].split("[ \t]+");
        final StringBuilder out = new StringBuilder("DONE ").append(words[0]).append(' ').append(words[1]);
        // Of the head only, and at a line's start: elsewhere such words are data.
        final boolean chunked = List.of(lines).stream()
                .anyMatch(line -> line.toLowerCase().startsWith("transfer-encoding: chunked"));
        boolean length = false;
        boolean host = false;
        for (int i = 1; i < lines.length && words.length > 2 && !lines[i].isEmpty(); i++) {
            final int colon = lines[i].indexOf(':');
            final String name = lines[i].substring(0, colon).toLowerCase();
            String value = lines[i].substring(colon + 1).replaceAll("^[ \t]+|[ \t]+$", "");
            if (name.equals("connection") && value.startsWith("close,")) {
                value = value.replaceFirst("^close, *", "").replaceAll(", *", ",");
            }
            if (name.equals("content-length") && (length || chunked) || name.equals("host") && host) {
                continue;
            }
            length |= name.equals("content-length");
            host |= name.equals("host");
            out.append('|').append(name).append('=').append(value);
        }
        return out.toString().replaceAll("[ \t]+", " ");
    }
}
