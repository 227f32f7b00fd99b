package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netchannel.samples.haproxy.config.AllKeywords;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.log.Logs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of the PROXY protocol in and out, over the kernel's sockets. */
final class ProxyHeaderTest {

    private static final String V2 = "0d0a0d0a000d0a515549540a";
    private static final String V2_TCP4 = V2 + "2111";
    private static final String ADDRESSES = "c0000201" + "c6336407" + "1234" + "0050";
    private static final String REQUEST = "GET / HTTP/1.0\r\n\r\n";
    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

    private static final int TIMEOUT_MS = 20_000;
    private static final int LIMIT_BYTES = 16_384;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Epoll.isAvailable()
            ? EpollIoHandler.newFactory()
            : NioIoHandler.newFactory());

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Starts a section with the port that it gives in place of IN. */
    private int start(final String section) throws IOException {
        final int port;
        try (ServerSocket socket = new ServerSocket(0, 1, LOCAL)) {
            port = socket.getLocalPort();
        }
        final Diagnostics diagnostics = new Diagnostics();
        final ConfigurationReader reader = new ConfigurationReader(new Configuration(), AllKeywords.create(),
                diagnostics);
        reader.read("test.cfg", """
                defaults
                    mode http
                    timeout client 5s
                    timeout server 5s
                    timeout connect 5s
                """ + section.replace("IN", "127.0.0.1:" + port));
        final Configuration configuration = reader.finish();
        assertThat(diagnostics.hasFailed()).as("%s", diagnostics.messages()).isFalse();
        final IoEventLoop loop = group.next();
        ProxyServer.start(configuration, new KernelTransport(loop), new ProxyLoop(loop, new SystemClock()), Logs.start(
                configuration.global(), loop), null, _ -> {
                });
        return port;
    }

    private static byte[] text(final String ascii) {
        return ascii.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] hex(final String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** @return what a frontend that waits for headers says to it with a request behind it; nothing if it closes */
    private String ask(final byte[] header) throws IOException {
        final int port = start(
                "frontend f\n bind IN accept-proxy\n http-request return status 200 content-type text/plain"
                        + " lf-string \"%[src]:%[src_port]>%[dst] %[fc_rcvd_proxy] %[fc_pp_authority] %[fc_pp_unique_id]\"\n");
        try (Socket socket = new Socket(LOCAL, port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(header);
            socket.getOutputStream().write(text(REQUEST));
            final String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.substring(Math.min(answer.length(), answer.indexOf("\r\n\r\n") + 4));
        } catch (final SocketException e) {
            // Closed with the request unread: a reset is as good.
            return "";
        }
    }

    @Test
    void shouldBelieveHeadersOfBothVersions() throws IOException {
        assertThat(ask(text("PROXY TCP4 192.0.2.1 198.51.100.7 4660 80\r\n"))).isEqualTo(
                "192.0.2.1:4660>198.51.100.7 1  ");
        assertThat(ask(text("PROXY TCP6 2001:db8::1 ::1 4660 80\r\n"))).isEqualTo("2001:db8::1:4660>::1 1  ");
        assertThat(ask(hex(V2_TCP4 + "000c" + ADDRESSES))).isEqualTo("192.0.2.1:4660>198.51.100.7 1  ");
    }

    @Test
    void shouldKeepTheConnectionsAddressesWhereNobodyIsSpokenFor() throws IOException {
        assertThat(ask(text("PROXY UNKNOWN\r\n"))).endsWith(">127.0.0.1 1  ");
        assertThat(ask(hex(V2 + "2000" + "0000"))).endsWith(">127.0.0.1 1  ");
    }

    @Test
    void shouldTakeExtensions() throws IOException {
        assertThat(ask(hex(V2_TCP4 + "0015" + ADDRESSES + "020003" + "612e62" + "050000"))).endsWith(" 1 a.b ");
        assertThat(ask(hex(V2_TCP4 + "0012" + ADDRESSES + "050003" + "69642e"))).endsWith(" 1  id.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "PROXY\r\n", "PROXY TCP4 \r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.7 4660 80\n",
        "PROXY TCP4 192.0.2.1 198.51.100.7 4660\r\n", "PROXY TCP4 192.0.2.1 198.51.100.7 4660 65536\r\n",
        "PROXY TCP4 ::1 198.51.100.7 4660 80\r\n", "PROXY UDP4 192.0.2.1 198.51.100.7 4660 80\r\n"})
    void shouldRefuseOtherLines(final String line) throws IOException {
        assertThat(ask(text(line))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        // Of version 3; of an unknown command; too short for its addresses.
        V2 + "3111" + "000c" + ADDRESSES, V2 + "2211" + "000c" + ADDRESSES,
        V2_TCP4 + "000b" + "c0000201c633640712345000",
        // An extension that is longer than the header, half of one, a wrong checksum.
        V2_TCP4 + "0010" + ADDRESSES + "02000261", V2_TCP4 + "000e" + ADDRESSES + "0200",
        V2_TCP4 + "0013" + ADDRESSES + "030004" + "00000000"})
    void shouldRefuseOtherStructures(final String digits) throws IOException {
        assertThat(ask(hex(digits.length() % 2 == 0 ? digits : digits + "0"))).isEmpty();
    }

    /** @return what comes before a request at a server with these options */
    private byte[] header(final String options) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, LOCAL)) {
            final int port = start("listen l\n bind IN\n unique-id-format x-%[src]\n server s 127.0.0.1:" + server
                    .getLocalPort() + " " + options + "\n");
            try (Socket client = new Socket(LOCAL, port)) {
                client.getOutputStream().write(text(REQUEST));
                try (Socket accepted = server.accept()) {
                    accepted.setSoTimeout(TIMEOUT_MS);
                    final ByteArrayOutputStream all = new ByteArrayOutputStream();
                    while (!all.toString(StandardCharsets.ISO_8859_1).contains("GET / ")) {
                        all.write(accepted.getInputStream().readNBytes(1));
                    }
                    return Arrays.copyOf(all.toByteArray(), all.size() - "GET / ".length());
                }
            }
        }
    }

    /** Of every part of it that is shorter, more is wanted. */
    private static ProxyHeader readBack(final byte[] header) {
        final ProxyHeaderReader reader = new ProxyHeaderReader();
        for (int length = 0; length < header.length; length++) {
            assertThat(reader.read(Unpooled.wrappedBuffer(header, 0, length), LIMIT_BYTES)).as("%s bytes", length)
                    .isEqualTo(
                            ProxyHeaderReader.Outcome.MORE);
        }
        final ByteBuf in = Unpooled.wrappedBuffer(header);
        assertThat(reader.read(in, LIMIT_BYTES)).isEqualTo(ProxyHeaderReader.Outcome.DONE);
        assertThat(in.isReadable()).isFalse();
        return reader.header();
    }

    @Test
    void shouldTellServersWhomItSpeaksFor() throws IOException {
        assertThat(new String(header("send-proxy"), StandardCharsets.US_ASCII)).matches(
                "PROXY TCP4 127\\.0\\.0\\.1 127\\.0\\.0\\.1 \\d+ \\d+\r\n");
        final ProxyHeader header = readBack(header("send-proxy-v2 proxy-v2-options crc32c,unique-id,ssl"));
        assertThat(header.source().getAddress().isLoopbackAddress()).isTrue();
        assertThat(header.destination().getAddress()).isEqualTo(LOCAL);
        assertThat(header.uniqueId()).isEqualTo("x-127.0.0.1");
        // In clear text: PP2_TYPE_SSL with nothing to tell.
        assertThat(HexFormat.of().formatHex(header("send-proxy-v2-ssl"))).startsWith(V2_TCP4 + "0014").endsWith(
                "200005" + "0000000000");
    }

    private static ProxyHeaderReader.Outcome read(final String digits) {
        return new ProxyHeaderReader().read(Unpooled.wrappedBuffer(hex(digits)), LIMIT_BYTES);
    }

    @Test
    void shouldNotWaitForWhatNoBufferHolds() {
        assertThat(read(V2_TCP4 + "3ff0")).isEqualTo(ProxyHeaderReader.Outcome.MORE);
        assertThat(read(V2_TCP4 + "3ff1")).isEqualTo(ProxyHeaderReader.Outcome.INVALID);
    }

    @Test
    void shouldRefuseNamesThatAreTooLong() {
        assertThat(read(V2_TCP4 + "010e" + ADDRESSES + "0200ff" + "61".repeat(255))).isEqualTo(
                ProxyHeaderReader.Outcome.DONE);
        assertThat(read(V2_TCP4 + "010f" + ADDRESSES + "020100" + "61".repeat(256))).isEqualTo(
                ProxyHeaderReader.Outcome.INVALID);
        assertThat(read(V2_TCP4 + "0090" + ADDRESSES + "050081" + "61".repeat(129))).isEqualTo(
                ProxyHeaderReader.Outcome.INVALID);
    }

    @Test
    void shouldTakeAnyBytes() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            final byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            final ByteBuf in = random.nextBoolean()
                    ? Unpooled.wrappedBuffer(hex(V2_TCP4), new byte[]{0, (byte) random.nextInt(64)}, bytes)
                    : Unpooled.wrappedBuffer(text("PROXY TCP4 "), bytes);
            assertThat(new ProxyHeaderReader().read(in, LIMIT_BYTES)).as("new Random(%dL), round %d", seed, i)
                    .isNotNull();
        }
    }
}
