package io.netchannel.samples.haproxy.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netchannel.samples.Netchannel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code proxyload} as a user runs it, for moments, where it needs neither programs nor root. */
@Timeout(60)
final class ProxyloadCommandTest {

    private static final String[] SHORT = {"proxyload", "-c", "3", "-l", "1", "-i", "1", "--warm-up", "0"};

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(final String... arguments) {
        return Netchannel.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
                .execute(Stream.of(SHORT, arguments).flatMap(Stream::of).toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "100000"})
    void shouldLoadNodesOnAWireAndOnASwitch(final String bodyBytes, @TempDir final Path directory) throws Exception {
        final Path json = directory.resolve("out.json");
        assertThat(run("--path", "wire,switch", "-d", bodyBytes, "--json", json.toString())).as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("3 connections, kept alive, one request under way on each, bodies of "
                + bodyBytes + " bytes").containsPattern("(?m)^  wire +\\d+ +\\d+\\.\\.\\d+ +\\d")
                .containsPattern("(?m)^  switch +\\d+ +\\d+\\.\\.\\d+ +\\d").doesNotContain("!", "wrk");
        assertThat(err.toString().lines()).containsExactly("proxyload: opening wire", "proxyload: opening switch",
                "proxyload: about 4 s", "proxyload: round 1 of 1: wire", "proxyload: round 1 of 1: switch");
        final JsonNode document = new ObjectMapper().readTree(json.toFile());
        assertThat(document.path("complete").asBoolean()).isTrue();
        assertThat(document.path("profile").path("bodyBytes").asText()).isEqualTo(bodyBytes);
        assertThat(document.path("results")).hasSize(2).allSatisfy(result -> {
            assertThat(result.path("requestsPerSecond").path("median").asDouble()).isPositive();
            assertThat(result.path("p50Micros").path("median").asDouble()).isPositive()
                    .isLessThanOrEqualTo(result.path("p99Micros").path("median").asDouble());
            assertThat(result.path("proxyCpuMicrosPerRequest").path("lowest").asDouble()).isPositive();
            assertThat(result.path("rounds")).hasSize(1);
        });
    }

    /** This program isn't started by its launcher, so it can't start itself once more. */
    @Test
    void shouldSayWhyAPathIsLeftOut() {
        assertThat(run("--path", "kernel")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString().lines().toList().getLast()).startsWith("proxyload: kernel: ")
                .containsPattern("needs the program wrk|can't tell how this program was started");
    }
}
