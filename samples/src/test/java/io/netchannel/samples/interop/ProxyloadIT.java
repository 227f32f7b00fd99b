package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./netchannel proxyload} as a user runs it, with wrk, and with haproxy in C where it is there. */
@Timeout(180)
final class ProxyloadIT {

    @TempDir
    private Path directory;

    @BeforeEach
    void checkMachine() {
        Requirements.rootAndTap();
        Requirements.programs("wrk");
    }

    private static Command start(final String... options) {
        final List<String> line = new ArrayList<>(List.of(NetworkNamespace.launcher(), "proxyload", "-c", "4", "-i",
                "1", "--warm-up", "0"));
        line.addAll(List.of(options));
        return Command.start(line, "");
    }

    private static String namespaces() {
        return Command.run("ip", "netns").out();
    }

    private static List<Path> in(final String folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files.toList();
        }
    }

    @Test
    void shouldLoadProxiesOverSocketsAndATap() throws Exception {
        final String before = namespaces();
        final Path json = directory.resolve("out.json");
        final Command.Result ended = start("-l", "2", "-d", "10000", "--path", "kernel,tap,wire", "--json",
                json.toString()).await(120).expectSuccess();
        assertThat(ended.out()).contains("the client is wrk with one thread, the backend ").doesNotContain("!");
        final JsonNode document = new ObjectMapper().readTree(json.toFile());
        assertThat(document.path("complete").asBoolean()).isTrue();
        assertThat(document.path("results")).hasSize(3).allSatisfy(result -> {
            assertThat(result.path("requestsPerSecond").path("median").asDouble()).isPositive();
            assertThat(result.path("proxyCpuMicrosPerRequest").path("median").asDouble()).isPositive();
        });
        assertThat(namespaces()).isEqualTo(before);
    }

    @Test
    void shouldLeaveNothingBehindWhenItIsEnded() throws Exception {
        final String before = namespaces();
        final Command run = start("-l", "60", "--path", "kernel,tap");
        while (!run.errorsSoFar().contains("round 1 of 1: kernel")) {
            assertThat(run.process().isAlive()).as("%s", run.errorsSoFar()).isTrue();
            Thread.yield();
        }
        final List<ProcessHandle> children = run.process().descendants().toList();
        assertThat(children).isNotEmpty();
        run.process().destroy();
        final Command.Result ended = run.await(60);
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err().lines().toList().getLast()).isEqualTo("proxyload: interrupted");
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        assertThat(namespaces()).isEqualTo(before);
    }

    /** The launcher needs programs, but neither of these. */
    @Test
    void shouldSayOnceWhichProgramsAreMissing() throws Exception {
        final Path programs = Files.createDirectory(directory.resolve("programs"));
        for (final Path program : in("/usr/bin")) {
            if (!program.endsWith("wrk") && !program.endsWith("haproxy")) {
                Files.createSymbolicLink(programs.resolve(program.getFileName()), program);
            }
        }
        final Command.Result ended;
        try {
            ended = Command.start(List.of("env", "PATH=" + programs, NetworkNamespace.launcher(), "proxyload", "-c",
                    "4", "-l", "1", "-i", "1", "--warm-up", "0"), "").await(60).expectSuccess();
        } finally {
            // JUnit would warn of each that leads out of the directory.
            for (final Path link : in(programs.toString())) {
                Files.delete(link);
            }
        }
        assertThat(ended.err()).contains("proxyload: skipped haproxy, kernel, tap: needs the program wrk")
                .containsOnlyOnce("skipped");
        assertThat(ended.out()).containsPattern("(?m)^  wire +\\d");
    }
}
