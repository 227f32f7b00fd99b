package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./netchannel http} as a user runs it, over a TAP and on the kernel's sockets, with curl. */
@Timeout(180)
final class HttpCommandIT {

    private static final String URL = "http://10.7.0.2:8080";
    private static final int FILE_BYTES = 10 << 20;

    @TempDir
    private Path directory;

    private NetworkNamespace namespace;
    private Command server;

    @BeforeEach
    void makeNamespace() throws IOException {
        Requirements.rootAndTap();
        Requirements.programs("curl", "socat");
        final byte[] bytes = new byte[FILE_BYTES];
        new Random(7).nextBytes(bytes);
        Files.write(directory.resolve("big.bin"), bytes);
        Files.writeString(directory.resolve("small.txt"), "small\n");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespace() throws InterruptedException {
        if (server != null) {
            server.process().destroyForcibly().waitFor();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private void serve(final String... more) {
        final List<String> line = new ArrayList<>(List.of("http"));
        line.addAll(List.of(more));
        server = namespace.startNetchannel(line.toArray(String[]::new));
        server.awaitOutput("serving http");
    }

    private void serveOnTap(final String... more) {
        final List<String> line = new ArrayList<>(List.of("--tap", "nc0", "--address", "10.7.0.2/24", "--host-address",
                "10.7.0.1/24"));
        line.addAll(List.of(more));
        serve(line.toArray(String[]::new));
    }

    private void end() {
        server.process().destroy();
        final Command.Result ended = server.await(30);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
    }

    private String curl(final String... arguments) {
        final List<String> line = new ArrayList<>(List.of("curl", "-sS", "--max-time", "60"));
        line.addAll(List.of(arguments));
        return namespace.run(line.toArray(String[]::new)).expectSuccess().out();
    }

    private static String digest(final Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @ParameterizedTest
    @CsvSource({"--http1.1,1.1", "--http2-prior-knowledge,2"})
    void shouldServeALargeFileOverATap(final String protocol, final String version) throws Exception {
        serveOnTap("--root", directory.toString());
        final Path fetched = directory.resolve("fetched");
        assertThat(curl(protocol, "-o", fetched.toString(), "-w", "%{http_code} %{http_version}", URL + "/big.bin"))
                .isEqualTo("200 " + version);
        assertThat(digest(fetched)).isEqualTo(digest(directory.resolve("big.bin")));
        end();
    }

    @ParameterizedTest
    @CsvSource({"--http1.1,1.1", "--http2-prior-knowledge,2"})
    void shouldServeTheSameOnTheKernelsSockets(final String protocol, final String version) throws Exception {
        serve("--kernel", "-p", "8080", "--root", directory.toString());
        final Path fetched = directory.resolve("fetched");
        assertThat(curl(protocol, "-o", fetched.toString(), "-w", "%{http_code} %{http_version}",
                "http://127.0.0.1:8080/big.bin")).isEqualTo("200 " + version);
        assertThat(digest(fetched)).isEqualTo(digest(directory.resolve("big.bin")));
        end();
    }

    /** A small file: curl 7.88 gives up if more than 32 KiB come together with the switch. */
    @Test
    void shouldUpgradeToHttp2() {
        serveOnTap("--root", directory.toString());
        assertThat(curl("--http2", "-w", "%{http_version}", URL + "/small.txt")).isEqualTo("small\n2");
        end();
    }

    /** HTTP/2 by upgrade: curl 7.88 can't use a connection again that it began by prior knowledge. */
    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void shouldAnswerFiftyRequestsOverOneConnection(final String protocol) {
        serveOnTap("--loops", "2");
        final List<String> line = new ArrayList<>(List.of(protocol, "-w", "%{num_connects}\n"));
        line.addAll(Collections.nCopies(50, URL + "/"));
        assertThat(curl(line.toArray(String[]::new)))
                .isEqualTo("Hello, World!\n1\n" + "Hello, World!\n0\n".repeat(49));
        end();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2-prior-knowledge"})
    void shouldEchoABodyAfterContinue(final String protocol) {
        serveOnTap();
        final String body = "0123456789".repeat(50_000);
        // Not shown whole if it fails: it is long.
        assertThat(namespace.start(body, "curl", "-sS", "--max-time", "60", protocol, "-H", "Expect: 100-continue",
                "--data-binary", "@-", URL + "/echo").await(60).expectSuccess().out().equals(body)).isTrue();
        assertThat(namespace.start(body.repeat(3), "curl", "-s", "--max-time", "60", protocol, "-o", "/dev/null", "-w",
                "%{http_code}", "--data-binary", "@-", URL + "/echo").await(60).out()).isEqualTo("413");
        end();
    }

    @Test
    void shouldAnswerAClientThatHasEndedItsSide() {
        serveOnTap("--root", directory.toString());
        // socat ends its side at the end of its input, and waits for the other's.
        final String answers = namespace.start("GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2), "socat", "-t30",
                "-", "TCP4:10.7.0.2:8080").await(60).expectSuccess().out();
        assertThat(answers).hasSizeGreaterThan(2 * FILE_BYTES);
        end();
    }

    @Test
    void shouldEndWhileAClientIsConnected() {
        serveOnTap("--idle", "600");
        final Command client = namespace.start("", "socat", "-t60", "SYSTEM:sleep 60", "TCP4:10.7.0.2:8080");
        try {
            while (!namespace.run("ss", "-tn", "state", "established").out().contains("10.7.0.2:8080")) {
                Thread.yield();
            }
            end();
        } finally {
            client.process().destroy();
        }
    }
}
