package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.samples.haproxy.config.AllKeywords;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.log.Logs;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS over loopback, with the JDK's sockets at the other end. */
class TlsTest {

    private static final int TIMEOUT_MS = 10_000;

    @TempDir
    private Path directory;
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Epoll.isAvailable()
            ? EpollIoHandler.newFactory()
            : NioIoHandler.newFactory());
    private final IoEventLoop loop = group.next();
    private X509Bundle authority;
    private int port;
    private int innerPort;
    private final Diagnostics diagnostics = new Diagnostics();

    @BeforeEach
    void prepare() throws Exception {
        authority = new CertificateBuilder().ecp256().subject("CN=Authority").setIsCertificateAuthority(true)
                .buildSelfSigned();
        write("ca.pem", authority.getCertificatePEM());
        certificate("a.pem", "a.test", "a.test");
        // By its subject, as the builder takes no star in alternative names.
        certificate("b.pem", "*.b.test", "b.example");
        port = freePort();
        innerPort = freePort();
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void write(final String name, final String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private X509Bundle certificate(final String file, final String subject, final String name) throws Exception {
        final X509Bundle bundle = new CertificateBuilder().ecp256().subject("CN=" + subject).addSanDnsName(name)
                .buildIssuedBy(authority);
        write(file, bundle.getCertificatePathPEM() + bundle.getPrivateKeyPEM());
        return bundle;
    }

    private Configuration read(final String text) throws IOException {
        final ConfigurationReader reader = new ConfigurationReader(new Configuration(), AllKeywords.create(),
                diagnostics);
        reader.read("test.cfg", """
                global
                    crt-base %1$s
                    ca-base %1$s
                defaults
                    mode http
                    timeout client 5s
                    timeout server 5s
                    timeout connect 5s
                    retries 0
                """.formatted(directory) + text.replace(":IN", ":" + innerPort).replace(":PORT", ":" + port));
        return reader.finish();
    }

    private void start(final String text) throws Exception {
        final Configuration configuration = read(text);
        assertThat(diagnostics.hasFailed()).as("%s", diagnostics.messages()).isFalse();
        ProxyServer.start(configuration, new KernelTransport(loop), new ProxyLoop(loop, new SystemClock()),
                Logs.start(configuration.global(), loop), null, _ -> {
                });
    }

    @Test
    void shouldTellServersHowClientsAreEncrypted() throws Exception {
        try (ServerSocket inner = new ServerSocket(innerPort)) {
            start("""
                    listen l
                        mode tcp
                        bind 127.0.0.1:PORT ssl crt a.pem
                        server s 127.0.0.1:IN send-proxy-v2-ssl proxy-v2-options cert-key,cert-sig,ssl-cipher,authority
                    """);
            try (SSLSocket client = client("a.test", null)) {
                client.getOutputStream().write('x');
                client.getOutputStream().flush();
                try (Socket server = inner.accept()) {
                    final byte[] head = server.getInputStream().readNBytes(16);
                    final byte[] rest = server.getInputStream().readNBytes(head[14] << 8 | head[15] & 0xff);
                    final String text = new String(rest, StandardCharsets.ISO_8859_1);
                    assertThat(text).contains("\2\0\6a.test").contains("\u0020\0").contains("\u0021\0\7TLSv1.3")
                            .contains("\u0025\0\5EC256").contains("\u0024\0\u0011ecdsa-with-SHA256")
                            .contains("TLS_AES_");
                }
            }
        }
    }

    @Test
    void shouldTakeNoMoreConnectionsByTlsThanAllowed() throws Exception {
        start("""
                global
                    maxsslconn 1
                frontend f
                    bind 127.0.0.1:PORT ssl crt a.pem
                    http-request return status 200
                """);
        try (SSLSocket first = client("a.test", null)) {
            first.startHandshake();
            assertThatThrownBy(() -> {
                try (SSLSocket second = client("a.test", null)) {
                    second.startHandshake();
                }
            }).isInstanceOf(IOException.class);
        }
    }

    private SSLSocket client(final String name, final X509Bundle own) throws Exception {
        final SSLContext context = SSLContext.getInstance("TLS");
        final KeyManager[] keys = own == null ? null : own.toKeyManagerFactory().getKeyManagers();
        context.init(keys, new TrustManager[]{authority.toTrustManager()}, null);
        final Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        plain.setSoTimeout(TIMEOUT_MS);
        final SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, port, true);
        if (name != null) {
            final SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
        }
        return socket;
    }

    private static String ask(final Socket socket) throws IOException {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".getBytes(
                StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private String subject(final String name) throws Exception {
        try (SSLSocket socket = client(name, null)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal().getName();
        }
    }

    private static final String ECHO = "http-request return status 200 content-type text/plain lf-string "
            + "\"%[ssl_fc]/%[ssl_fc_sni]/%[ssl_fc_protocol]/%[ssl_fc_alpn]/%[ssl_c_used]/%[src_port]\"\n";

    @Test
    void shouldServeByTls() throws Exception {
        start("frontend f\nbind 127.0.0.1:PORT ssl crt a.pem alpn http/1.1\n" + ECHO);
        try (SSLSocket socket = client("a.test", null)) {
            final SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[]{"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            assertThat(ask(socket)).startsWith("HTTP/1.1 200 OK\r\n").contains("\r\n\r\n1/a.test/TLSv1.3/http/1.1/0/");
        }
    }

    @Test
    void shouldKeepToVersionsAndCiphers() throws Exception {
        start("frontend f\nbind 127.0.0.1:PORT ssl crt a.pem ssl-max-ver TLSv1.2 ciphers "
                + "ECDHE-ECDSA-AES128-GCM-SHA256:!aNULL\nhttp-request return status 200 content-type text/plain "
                + "lf-string \"%sslv %sslc\"\n");
        try (SSLSocket socket = client(null, null)) {
            assertThat(ask(socket)).endsWith("\r\n\r\nTLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256");
        }
    }

    @Test
    void shouldChooseTheCertificateByName() throws Exception {
        start("frontend f\nbind 127.0.0.1:PORT ssl crt a.pem crt b.pem\n" + ECHO);
        assertThat(subject("x.b.test")).isEqualTo("CN=*.b.test");
        assertThat(subject("A.test")).isEqualTo("CN=a.test");
        assertThat(subject("y.x.b.test")).isEqualTo("CN=a.test");
        assertThat(subject(null)).isEqualTo("CN=a.test");
    }

    @Test
    void shouldRefuseUnknownNamesWhenStrict() throws Exception {
        start("frontend f\nbind 127.0.0.1:PORT ssl crt a.pem crt b.pem strict-sni\n" + ECHO);
        assertThat(subject("x.b.test")).isEqualTo("CN=*.b.test");
        assertThatThrownBy(() -> subject("c.test")).isInstanceOf(SSLException.class).hasMessageContaining(
                "unrecognized_name");
        assertThatThrownBy(() -> subject(null)).isInstanceOf(SSLException.class);
    }

    @Test
    void shouldAskForTheClientsCertificate() throws Exception {
        start("frontend f\nbind 127.0.0.1:PORT ssl crt a.pem ca-file ca.pem verify required\n" + ECHO);
        try (SSLSocket socket = client(null, certificate("c.pem", "client", "client"))) {
            assertThat(ask(socket)).contains("/TLSv1.3//1/");
        }
        try (SSLSocket socket = client(null, null)) {
            assertThatThrownBy(() -> ask(socket)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldTakeTheProxyHeaderBeforeTls() throws Exception {
        start("frontend f\nbind 127.0.0.1:PORT accept-proxy ssl crt a.pem\n" + ECHO
                + "listen out\nmode tcp\nbind 127.0.0.1:IN\nserver s 127.0.0.1:PORT send-proxy ssl verify required "
                + "ca-file ca.pem verifyhost a.test\n");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), innerPort)) {
            socket.setSoTimeout(TIMEOUT_MS);
            assertThat(ask(socket)).endsWith("\r\n\r\n1//TLSv1.3//0/" + socket.getLocalPort());
        }
    }

    private String through(final String server) throws Exception {
        start("frontend f\nbind 127.0.0.1:IN ssl crt a.pem ca-file ca.pem verify optional\n" + ECHO
                + "listen l\nbind 127.0.0.1:PORT\nserver s 127.0.0.1:IN ssl " + server + "\n");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            return ask(socket);
        }
    }

    @Test
    void shouldSpeakTlsToServers() throws Exception {
        assertThat(through("verify required ca-file ca.pem sni str(a.test) alpn http/1.1")).contains(
                "\r\n\r\n1/a.test/TLSv1.3/");
    }

    @Test
    void shouldShowServersItsCertificate() throws Exception {
        certificate("own.pem", "proxy", "proxy");
        assertThat(through("verify none crt own.pem")).contains("/1/");
    }

    @Test
    void shouldNotUseServersOfAnotherName() throws Exception {
        assertThat(through("verify required ca-file ca.pem sni str(other.test)")).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void shouldNotUseServersOfUnknownAuthorities() throws Exception {
        write("other.pem", new CertificateBuilder().ecp256().subject("CN=Other").setIsCertificateAuthority(true)
                .buildSelfSigned().getCertificatePEM());
        assertThat(through("verify required ca-file other.pem")).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void shouldHalfCloseByTls() throws Exception {
        start("listen l\nmode tcp\nbind 127.0.0.1:PORT ssl crt a.pem\nserver s 127.0.0.1:IN\n");
        try (ServerSocket server = new ServerSocket(innerPort, 1, InetAddress.getLoopbackAddress());
                SSLSocket client = client(null, null)) {
            client.getOutputStream().write('q');
            client.shutdownOutput();
            try (Socket accepted = server.accept()) {
                accepted.setSoTimeout(TIMEOUT_MS);
                assertThat(accepted.getInputStream().readAllBytes()).containsExactly('q');
                accepted.getOutputStream().write('a');
            }
            assertThat(client.getInputStream().readAllBytes()).containsExactly('a');
        }
    }

    @Test
    void shouldLogHandshakesThatFail() throws Exception {
        try (DatagramSocket log = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            log.setSoTimeout(TIMEOUT_MS);
            start("frontend f\nlog 127.0.0.1:" + log.getLocalPort() + " local0\noption httplog\n"
                    + "bind 127.0.0.1:PORT name secret ssl crt a.pem\n" + ECHO);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(TIMEOUT_MS);
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            } catch (final IOException e) {
                // Closed with data unread: a reset is as good.
            }
            assertThat(line(log)).containsPattern("127\\.0\\.0\\.1:\\d+ \\[.+\\] f/secret: SSL handshake failure");
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            assertThat(line(log)).endsWith("f/secret: Connection closed during SSL handshake");
        }
    }

    private static String line(final DatagramSocket log) throws IOException {
        final DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        log.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1).strip();
    }

    @Test
    void shouldRefuseWhatItCannotServe() throws Exception {
        read("""
                global
                stats socket 127.0.0.1:9999 ssl crt a.pem
                listen l
                bind 127.0.0.1:PORT ssl
                bind 127.0.0.1:PORT ssl crt a.pem alpn h2,http/1.1
                bind 127.0.0.1:PORT ssl crt a.pem ciphers HIGH
                bind 127.0.0.1:PORT ssl crt a.pem ssl-max-ver TLSv1.0
                bind 127.0.0.1:PORT ssl crt ca.pem
                bind 127.0.0.1:PORT ssl crt a.pem verify required
                server s 127.0.0.1:IN ssl
                server t 127.0.0.1:IN check check-ssl check-alpn h2 verify none
                """);
        assertThat(diagnostics.messages()).extracting(Object::toString)
                .anyMatch(text -> text.contains("no SSL certificate specified"))
                .anyMatch(text -> text.contains("'h2' is not implemented")).anyMatch(text -> text.contains("'HIGH'"))
                .anyMatch(text -> text.contains("leave no version")).anyMatch(text -> text.contains("No Private Key"))
                .anyMatch(text -> text.contains("no CA file specified for bind"))
                .anyMatch(text -> text.contains("verify is enabled by default"))
                .anyMatch(text -> text.contains("'stats socket' : 'ssl'"))
                .anyMatch(text -> text.contains("check-alpn"));
    }

    @Test
    void shouldRefuseAKeyThatIsNotTheCertificates() throws Exception {
        final X509Bundle one = certificate("one.pem", "one", "one.test");
        final X509Bundle other = certificate("other.pem", "other", "other.test");
        write("mixed.pem", one.getCertificatePathPEM() + other.getPrivateKeyPEM());
        read("frontend f\nbind 127.0.0.1:PORT ssl crt mixed.pem\n");
        assertThat(diagnostics.hasFailed()).isTrue();
        assertThat(diagnostics.messages().toString()).contains(
                "inconsistencies between private key and certificate loaded '" + directory.resolve("mixed.pem") + "'");
    }
}
