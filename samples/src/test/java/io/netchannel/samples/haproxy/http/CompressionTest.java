package io.netchannel.samples.haproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionTest {

    private static final List<Compression> BOTH = Compression.ofAlgorithms(List.of("gzip", "deflate"));

    private static HttpMessage request(final String acceptEncoding) {
        final HttpMessage request = HttpMessage.request("GET", "/", 1);
        if (acceptEncoding != null) {
            request.add("accept-encoding", acceptEncoding);
        }
        return request;
    }

    private static HttpMessage response(final int status, final String... fields) {
        final HttpMessage response = HttpMessage.response(status, "", 1);
        for (int i = 0; i < fields.length; i += 2) {
            response.add(fields[i], fields[i + 1]);
        }
        return response;
    }

    private static boolean allowed(final HttpMessage response, final String... types) {
        return CompressionRules.allow(request("gzip"), response, List.of(types));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", value = {"gzip|gzip", "GZIP|gzip", "br, deflate|deflate",
        "gzip;q=0.5, deflate;q=0.75|deflate", "gzip;q=0.750, deflate;q=0.500|gzip", "*;q=0, gzip;q=0.1|gzip",
        "*|deflate", "gzip;q=0|none", "br|none", "x-gzip|none", "gzip; a=b; q=0|none"})
    void shouldChooseWhatTheClientLikesBest(final String accepted, final String coding) {
        final Compression chosen = CompressionRules.ofRequest(request(accepted), BOTH);
        assertThat(chosen == null ? null : chosen.coding()).isEqualTo(coding);
    }

    @Test
    void shouldTakeIdentityUnasked() {
        assertThat(CompressionRules.ofRequest(request(null), List.of(Compression.IDENTITY)))
                .isEqualTo(Compression.IDENTITY);
        assertThat(CompressionRules.ofRequest(request(null), BOTH)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"Mozilla/4,false", "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 5.1),true",
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1),true",
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1),false", "Mozilla/5.0,true"})
    void shouldSpareBrowsersThatCannot(final String agent, final boolean compressed) {
        final HttpMessage request = request("gzip");
        request.add("user-agent", agent);
        assertThat(CompressionRules.ofRequest(request, BOTH) != null).isEqualTo(compressed);
    }

    @Test
    void shouldLeaveResponsesThatMayNotChange() {
        assertThat(allowed(response(200))).isTrue();
        assertThat(allowed(response(204))).isFalse();
        assertThat(allowed(response(400))).isFalse();
        assertThat(allowed(response(200, "content-encoding", "br"))).isFalse();
        assertThat(allowed(response(200, "cache-control", "max-age=3, No-Transform"))).isFalse();
        assertThat(allowed(response(200, "etag", "\"a\""))).isTrue();
        assertThat(allowed(response(200, "etag", "W/\"a\""))).isTrue();
        assertThat(allowed(response(200, "etag", "a"))).isFalse();
        assertThat(allowed(response(200, "etag", "\"a\"", "etag", "\"b\""))).isFalse();
        assertThat(allowed(response(200, "content-type", "multipart/mixed; boundary=a"))).isFalse();
        assertThat(CompressionRules.allow(HttpMessage.request("HEAD", "/", 1), response(200), List.of())).isFalse();
        assertThat(CompressionRules.allow(HttpMessage.request("GET", "/", 0), response(200), List.of())).isFalse();
        assertThat(CompressionRules.allow(request("gzip"), HttpMessage.response(200, "", 0), List.of())).isFalse();
    }

    @Test
    void shouldMindTheContentType() {
        assertThat(allowed(response(200, "content-type", "text/HTML; charset=utf-8"), "text/css", "text/html"))
                .isTrue();
        assertThat(allowed(response(200, "content-type", "image/png"), "text/css", "text/html")).isFalse();
        assertThat(allowed(response(200), "text/css")).isFalse();
    }

    @Test
    void shouldSayWhatWasDoneToTheResponse() {
        final HttpMessage response = response(200, "content-length", "12", "etag", "\"a\"");
        CompressionRules.mark(response, Compression.GZIP);
        assertThat(response.first("content-length")).isNull();
        assertThat(response.first("content-encoding")).isEqualTo("gzip");
        assertThat(response.first("transfer-encoding")).isEqualTo("chunked");
        assertThat(response.first("etag")).isEqualTo("W/\"a\"");
        assertThat(response.first("vary")).isEqualTo("Accept-Encoding");
    }

    @ParameterizedTest
    @EnumSource(names = "IDENTITY", mode = EnumSource.Mode.EXCLUDE)
    void shouldGiveEachPieceAtOnceAndAllOfThemInTheEnd(final Compression algorithm) throws IOException {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final byte[] text = new byte[100_000];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) (random.nextInt(40) < 39 ? 'a' + i % 7 : random.nextInt());
        }
        final ByteBuf in = Unpooled.wrappedBuffer(text);
        final ByteBuf out = Unpooled.buffer();
        try (Compressor compressor = new Compressor(algorithm, 1)) {
            while (in.isReadable()) {
                compressor.add(in, Math.min(in.readableBytes(), 1 + random.nextInt(20_000)), out);
                final int came = in.readerIndex();
                assertThat(unpacked(algorithm, out.duplicate()).readNBytes(came)).as("seed %d", seed)
                        .isEqualTo(java.util.Arrays.copyOf(text, came));
            }
            compressor.finish(out);
        }
        assertThat(unpacked(algorithm, out).readAllBytes()).as("seed %d", seed).isEqualTo(text);
    }

    private static InputStream unpacked(final Compression algorithm, final ByteBuf packed) throws IOException {
        final InputStream in = new ByteBufInputStream(packed);
        return algorithm == Compression.GZIP
                ? new GZIPInputStream(in)
                : new InflaterInputStream(in, new Inflater(algorithm == Compression.RAW_DEFLATE));
    }
}
