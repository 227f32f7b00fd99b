package io.netchannel.samples.memcached.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BinaryProtocolTest {

    private static final String FLAGS_42_FOR_EVER = "0000002a00000000";

    private final TestServer server = new TestServer();
    private final TestServer.Client client = server.connect();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private record Response(int opcode, int status, int opaque, long cas, byte[] extras, String key, String value) {
    }

    private Response ask(final BinaryRequest request) {
        final byte[] answer = client.send(request.bytes());
        return answer.length == 0 ? null : parse(answer);
    }

    private static Response parse(final byte[] bytes) {
        final ByteBuffer buffer = ByteBuffer.wrap(bytes);
        assertThat(buffer.get() & 0xFF).isEqualTo(0x81);
        final int opcode = buffer.get();
        final int keyBytes = buffer.getShort();
        final int extrasBytes = buffer.get();
        assertThat(buffer.get()).isZero();
        final int status = buffer.getShort();
        final int body = buffer.getInt();
        final int opaque = buffer.getInt();
        final long cas = buffer.getLong();
        assertThat(body).isEqualTo(buffer.remaining());
        final byte[] extras = new byte[extrasBytes];
        buffer.get(extras);
        final byte[] key = new byte[keyBytes];
        buffer.get(key);
        final byte[] value = new byte[buffer.remaining()];
        buffer.get(value);
        return new Response(opcode, status, opaque, cas, extras, new String(key, StandardCharsets.ISO_8859_1),
                new String(value, StandardCharsets.ISO_8859_1));
    }

    private long set(final String key, final String value) {
        return ask(BinaryRequest.of(0x01).key(key).extras(FLAGS_42_FOR_EVER).value(value)).cas();
    }

    @Test
    void shouldReturnWhatWasSet() {
        final long cas = set("k", "value");
        final Response got = ask(BinaryRequest.of(0x0c).key("k"));
        assertThat(got.status()).isZero();
        assertThat(got.opaque()).isEqualTo(0x0BADCAFE);
        assertThat(got.cas()).isEqualTo(cas);
        assertThat(got.extras()).isEqualTo(new byte[]{0, 0, 0, 42});
        assertThat(got.key()).isEqualTo("k");
        assertThat(got.value()).isEqualTo("value");
        assertThat(client.send("")).isEmpty();
    }

    @Test
    void shouldKeepQuietAboutWhatQuietCommandsNeedNotSay() {
        assertThat(ask(BinaryRequest.of(0x11).key("k").extras(FLAGS_42_FOR_EVER).value("v"))).isNull();
        assertThat(ask(BinaryRequest.of(0x09).key("missing"))).isNull();
        assertThat(ask(BinaryRequest.of(0x0d).key("missing"))).isNull();
        assertThat(ask(BinaryRequest.of(0x09).key("k")).value()).isEqualTo("v");
        assertThat(ask(BinaryRequest.of(0x12).key("k").extras(FLAGS_42_FOR_EVER).value("v")).status()).isEqualTo(2);
        assertThat(ask(BinaryRequest.of(0x14).key("k"))).isNull();
        assertThat(ask(BinaryRequest.of(0x14).key("k")).status()).isEqualTo(1);
    }

    @Test
    void shouldCompareCas() {
        final long cas = set("k", "1");
        assertThat(ask(BinaryRequest.of(0x01).key("k").extras(FLAGS_42_FOR_EVER).value("2").cas(cas + 5)).status())
                .isEqualTo(2);
        assertThat(ask(BinaryRequest.of(0x01).key("x").extras(FLAGS_42_FOR_EVER).value("2").cas(5)).status())
                .isEqualTo(1);
        assertThat(ask(BinaryRequest.of(0x04).key("k").cas(cas + 5)).status()).isEqualTo(2);
        assertThat(ask(BinaryRequest.of(0x01).key("k").extras(FLAGS_42_FOR_EVER).value("2").cas(cas)).status())
                .isZero();
    }

    @Test
    void shouldCountAndCreateNumbers() {
        final String by1From7 = "0000000000000001" + "0000000000000007" + "00000000";
        assertThat(ask(BinaryRequest.of(0x05).key("n").extras(by1From7)).value()).endsWith("\u0007");
        assertThat(ask(BinaryRequest.of(0x05).key("n").extras(by1From7)).value()).endsWith("\u0008");
        assertThat(ask(BinaryRequest.of(0x06).key("x").extras(by1From7.replaceAll("00000000$", "ffffffff"))).status())
                .isEqualTo(1);
        set("text", "abc");
        assertThat(ask(BinaryRequest.of(0x05).key("text").extras(by1From7)).status()).isEqualTo(6);
    }

    @Test
    void shouldExpireWhatIsTouched() {
        set("k", "v");
        assertThat(ask(BinaryRequest.of(0x1c).key("k").extras("0000000a")).status()).isZero();
        server.advanceSeconds(9);
        assertThat(ask(BinaryRequest.of(0x00).key("k")).status()).isZero();
        server.advanceSeconds(1);
        assertThat(ask(BinaryRequest.of(0x00).key("k")).status()).isEqualTo(1);
    }

    @Test
    void shouldCloseOnWhatIsMalformed() {
        assertThat(ask(BinaryRequest.of(0x00).key("k").value("v")).status()).isEqualTo(4);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void shouldCloseOnAKeyThatIsTooLong() {
        assertThat(ask(BinaryRequest.of(0x00).key("k".repeat(251))).status()).isEqualTo(4);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void shouldCloseOnLengthsThatContradictEachOther() {
        final byte[] request = BinaryRequest.of(0x00).key("kk").bytes();
        request[11] = 1;
        assertThat(parse(client.send(request)).status()).isEqualTo(0x81);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void shouldThrowAwayTheValueOfWhatItDoesNotKnowOrTake() {
        assertThat(ask(BinaryRequest.of(0x55).key("k").value("v".repeat(1000))).status()).isEqualTo(0x81);
        assertThat(ask(BinaryRequest.of(0x01).key("k").extras(FLAGS_42_FOR_EVER).value("v".repeat(1 << 20))).status())
                .isEqualTo(3);
        assertThat(ask(BinaryRequest.of(0x0a)).status()).isZero();
    }

    @Test
    void shouldListStatistics() {
        final byte[] answer = client.send(BinaryRequest.of(0x10).key("settings").bytes());
        assertThat(new String(answer, StandardCharsets.ISO_8859_1)).contains("maxbytes67108864");
        assertThat(Arrays.copyOfRange(answer, answer.length - 24, answer.length)).startsWith((byte) 0x81, (byte) 0x10)
                .endsWith(new byte[8]);
    }

    @Test
    void shouldAnswerDatagrams() {
        set("k", "value");
        assertThat(new String(server.datagram("get k\r\n".getBytes(StandardCharsets.ISO_8859_1)),
                StandardCharsets.ISO_8859_1)).isEqualTo("VALUE k 42 5\r\nvalue\r\nEND\r\n");
        assertThat(parse(server.datagram(BinaryRequest.of(0x00).key("k").bytes())).value()).isEqualTo("value");
        assertThat(server.datagram("set k 0 0 100\r\nhalf".getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
        assertThat(parse(server.datagram(BinaryRequest.of(0x00).key("k").bytes())).value()).isEqualTo("value");
    }
}
