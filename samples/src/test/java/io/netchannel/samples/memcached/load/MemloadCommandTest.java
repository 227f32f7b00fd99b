package io.netchannel.samples.memcached.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netchannel.kernel.sched.SystemNanoClock;
import io.netchannel.samples.Netchannel;
import io.netchannel.samples.memcached.options.ArgumentParser;
import io.netchannel.samples.memcached.options.Settings;
import io.netchannel.samples.memcached.server.KernelServer;
import io.netchannel.samples.memcached.server.MemcachedServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code memload} as a user runs it, for moments. */
@Timeout(60)
final class MemloadCommandTest {

    private static final String[] SHORT = {"-c", "3", "-l", "0.05", "-i", "2", "--warm-up", "0.02"};

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(final String... arguments) {
        final String[] line = new String[1 + SHORT.length + arguments.length];
        line[0] = "memload";
        System.arraycopy(SHORT, 0, line, 1, SHORT.length);
        System.arraycopy(arguments, 0, line, 1 + SHORT.length, arguments.length);
        return Netchannel.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
                .execute(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "100", "20000", "400000"})
    void shouldLoadAServerOverLoopback(final String valueBytes, @TempDir final Path directory) throws Exception {
        final Settings settings = new ArgumentParser(List.of("-t", "1", "-p", "-1", "-l", "127.0.0.1", "-m", "256"))
                .settings();
        final Path json = directory.resolve("out.json");
        try (MemcachedServer server = new MemcachedServer(settings, 1, SystemNanoClock.INSTANCE.nowNs(),
                Instant.now().getEpochSecond(), 0, () -> {
                }); KernelServer kernel = new KernelServer(server)) {
            kernel.start();
            assertThat(run("--server", "127.0.0.1:" + settings.tcpPort, "-d", valueBytes, "-k", "100", "--verify",
                    "--json", json.toString(), "-q")).as(err.toString()).isZero();
        }
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).contains("Pipeline 1, 3 connections, values of " + valueBytes + " bytes, 100 keys",
                "Pipeline 100, ").containsPattern("(?m)^  server +\\d+ +\\d+\\.\\.\\d+ +\\d").doesNotContain("!");
        final JsonNode document = new ObjectMapper().readTree(json.toFile());
        assertThat(document.path("complete").asBoolean()).isTrue();
        assertThat(document.path("results")).hasSize(2).allSatisfy(result -> {
            assertThat(result.path("operationsPerSecond").asDouble()).isPositive();
            assertThat(result.path("misses").asLong()).isZero();
            assertThat(result.path("rounds")).hasSize(2);
            assertThat(result.path("latencyMicros").path("p99.9").asDouble()).isPositive();
        });
    }

    @Test
    void shouldLoadANodeOnAWire() {
        assertThat(run("--path", "wire", "-k", "100", "--verify")).as(err.toString()).isZero();
        assertThat(out.toString()).containsPattern("(?m)^  wire +\\d+ +\\d+\\.\\.\\d+ +\\d").doesNotContain("!");
        assertThat(err.toString()).contains("memload: round 2 of 2: pipeline 100, wire");
    }

    @Test
    void shouldSayWhichServerFailedAndHow() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> {
                for (int i = 0; i < 3; i++) {
                    try {
                        final Socket socket = listener.accept();
                        socket.getOutputStream().write("VALUE nothing 0 1\r\n".getBytes(StandardCharsets.US_ASCII));
                    } catch (final IOException e) {
                        return;
                    }
                }
            });
            assertThat(run("--server", "127.0.0.1:" + listener.getLocalPort(), "-q"))
                    .isEqualTo(CommandLine.ExitCode.SOFTWARE);
        }
        assertThat(out.toString()).contains("! server failed: ");
    }

    @Test
    void shouldSayThatNobodyListens() throws IOException {
        final int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        assertThat(run("--server", "127.0.0.1:" + port)).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString().lines()).hasSize(1).first().asString().startsWith("memload: connection 1 to ");
    }
}
