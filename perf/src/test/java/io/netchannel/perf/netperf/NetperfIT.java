package io.netchannel.perf.netperf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netchannel.perf.netperf.host.PathName;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Every test on every path, for a moment each, with the content of every message checked at its receiver. That the byte
 * counts of both sides agree at the end is checked by netperf itself, as is that every connection finishes.
 */
@Timeout(120)
final class NetperfIT {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(final String... args) {
        return new CommandLine(new NetperfCommand()).setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true)).execute(args);
    }

    private static JsonNode read(final Path json) throws Exception {
        return new ObjectMapper().readTree(json.toFile());
    }

    private static void checkAll(final JsonNode document) {
        assertThat(document.get("complete").asBoolean()).as(document.toPrettyString()).isTrue();
        for (final JsonNode result : document.get("results")) {
            assertThat(result.get("rounds")).as(result.toString()).hasSize(1);
            final JsonNode round = result.get("rounds").get(0);
            assertThat(round.get("receivedBytes").asLong()).as(result.toString()).isPositive();
            assertThat(round.get("elapsedNs").asLong()).isPositive();
            if (result.get("test").asText().endsWith("RR")) {
                assertThat(round.get("operations").asLong()).as(result.toString()).isPositive();
            }
        }
    }

    @Test
    void shouldCarryEveryTestOnEveryLocalPath(@TempDir final Path directory) throws Exception {
        final Path json = directory.resolve("out.json");
        assertThat(run("-t", "all", "--path", "local", "-l", "0.02", "-i", "1", "--warm-up", "0.01", "--verify", "-q",
                "--json", json.toString())).as(err.toString() + out).isZero();
        final JsonNode document = read(json);
        checkAll(document);
        final long opened = Arrays.stream(PathName.values()).filter(PathName::isLocal).count()
                - document.get("skipped").size();
        // The ceiling is a path of one test.
        assertThat(document.get("results")).hasSize((int) opened * NetperfTest.values().length + 1);
        for (final NetperfTest test : NetperfTest.values()) {
            assertThat(out.toString()).contains(test.name());
        }
        assertThat(out.toString()).contains("Service Demand", "10^6bits/s", "us/KiB", "S.dem", "us/Tr", "p99.9 us",
                "x kernel", "memory");
    }

    @Test
    void shouldCarryEveryTestToLinuxInANamespace(@TempDir final Path directory) throws Exception {
        final boolean possible = "root".equals(System.getProperty("user.name"))
                && Files.exists(Path.of("/dev/net/tun"));
        if (Boolean.getBoolean("netchannel.test.noSkip")) {
            Assertions.assertTrue(possible, "needs root and /dev/net/tun, and this run forbids skipping");
        }
        Assumptions.assumeTrue(possible, "needs root and /dev/net/tun");
        final Path json = directory.resolve("out.json");
        assertThat(run("-t", "all", "--path", "tap,veth", "-l", "0.02", "-i", "1", "--warm-up", "0.01", "--verify",
                "-q", "--json", json.toString())).as(err.toString() + out).isZero();
        checkAll(read(json));
        assertThat(read(json).get("skipped")).isEmpty();
    }

    @Test
    void shouldScaleByConnectionsAndLoopsAndWriteAPageOfItsOwn(@TempDir final Path directory) throws Exception {
        assertThat(run("-t", "TCP_STREAM,TCP_RR", "--path", "inline,conventional,netty-nio", "-m", "512,70000", "-P",
                "1,3", "--loops", "1,2", "-b", "3", "-l", "0.02", "-i", "1", "--warm-up", "0.01", "--verify", "-q",
                "--report", directory.toString())).as(err.toString() + out).isZero();
        checkAll(read(directory.resolve("netperf.json")));
        final String page = Files.readString(directory.resolve("index.html"));
        assertThat(page).contains("rate by message size", "rate by connections", "rate by loops", "TCP_RR: latency",
                "data:image/png;base64,", "70000-byte messages, 3 connections, 2 loops a side");
        assertThat(page).as("needs no network").doesNotContain("http:", "https:", "<script", "<link");
    }

    @Test
    void shouldSendAtARate(@TempDir final Path directory) throws Exception {
        final Path json = directory.resolve("out.json");
        final List<String> paths = Arrays.stream(PathName.values()).filter(PathName::isLocal).map(PathName::label)
                .toList();
        assertThat(
                run("-t", "TCP_RR,UDP_RR", "--path", String.join(",", paths), "--rate", "2000", "-r", "100,200", "-l",
                        "0.05", "-i", "1", "--warm-up", "0.01", "--verify", "-q", "--json", json.toString()))
                .as(err.toString() + out).isZero();
        checkAll(read(json));
        assertThat(read(json).get("results").get(0).get("intendedPerSecond").asDouble()).isEqualTo(2000);
    }
}
