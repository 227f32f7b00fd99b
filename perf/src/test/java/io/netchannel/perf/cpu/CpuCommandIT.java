package io.netchannel.perf.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netchannel.cpu.cost.Operation;
import io.netchannel.kernel.linux.Linux;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command, on this machine, whatever it is. */
@Timeout(120)
final class CpuCommandIT {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private int run(final String... arguments) {
        return new CommandLine(new CpuCommand()).setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true)).execute(arguments);
    }

    @Test
    void shouldMeasureThisHostAndPredictForAll() throws IOException {
        final Path file = directory.resolve("cpu.json");
        assertThat(run("--quick", "--quiet", "--json", file.toString())).as(err.toString()).isZero();
        assertThat(err.toString()).isEmpty();

        final JsonNode root = new ObjectMapper().readTree(file.toFile());
        assertThat(root.get("measured")).allSatisfy(node -> {
            final double medianNs = node.get("medianNs").asDouble();
            assertThat(medianNs).isNotNegative().isBetween(node.get("lowestNs").asDouble(),
                    node.get("highestNs").asDouble());
        });
        final List<String> told = texts(root.get("measured"), "operation");
        root.get("notMeasured").forEach(node -> assertThat(node.get("why").asText()).isNotBlank());
        told.addAll(texts(root.get("notMeasured"), "operation"));
        assertThat(told).containsExactlyInAnyOrderElementsOf(
                List.of(Operation.values()).stream().map(Operation::name).toList());
        assertThat(out.toString()).contains("CPU: ", "Tables, ns");
        for (final Operation operation : Operation.values()) {
            assertThat(out.toString()).contains(operation.title());
        }

        final int ofTables = root.get("tables").size() - 1;
        final List<String> predicted = texts(root.get("predictions"), "what");
        if (Linux.affinity().cardinality() < 2) {
            assertThat(predicted).isEmpty();
            return;
        }
        // Those of this host, and the same for each table but its own.
        assertThat(predicted).hasSize(5 * (1 + ofTables)).startsWith("ring hand-over, burst of 1",
                "ring hand-over, burst of 8", "ring hand-over, burst of 32", "TCP_RR transaction, inline",
                "TCP_RR transaction, channel");
        for (int i = 0; i < 5; i++) {
            final JsonNode host = root.get("predictions").get(i);
            final int leftOut = host.get("movedRounds").asInt() + host.get("disturbedRounds").asInt();
            assertThat(host.get("rounds").asInt()).isPositive().isGreaterThanOrEqualTo(leftOut);
            assertThat(host.has("ratio")).isEqualTo(leftOut < host.get("rounds").asInt());
        }
    }

    @Test
    void shouldRefuseAFileThatItCannotWriteBeforeItMeasures() {
        final Path file = directory.resolve("no").resolve("cpu.json");
        assertThat(run("--json", file.toString())).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains(file.toString()).doesNotContain("cpu: ");
        assertThat(Files.exists(file)).isFalse();
    }

    private static List<String> texts(final JsonNode array, final String field) {
        final List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.get(field).asText()));
        return texts;
    }
}
