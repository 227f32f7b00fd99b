package io.netchannel.perf.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.netchannel.cpu.cost.CostTables;
import io.netchannel.cpu.cost.CpuCaches;
import io.netchannel.cpu.cost.HostCpu;
import io.netchannel.cpu.cost.Operation;
import io.netchannel.node.NodeMode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** What the command writes, of a run with made-up figures. */
final class CpuJsonTest {

    private static final CostTables TABLES = CostTables.load();
    private static final HostCpu CPU = new HostCpu("Some CPU", "Ice Lake (Xeon 8375C)", new CpuCaches(1, 2, 3));

    private static final LineFigures LINES = new LineFigures(100, 50, 8);
    private static final LineFigures MOVED = new LineFigures(20, 10, 4);
    /** As the model has it for a burst of 8, with a path of 42. */
    private static final double RING_NS = 42 + (50 - 21) + 100 + 80 + 150 / 32.0;

    private final CpuResult result = new CpuResult(cpus(2), true);

    private static BitSet cpus(final int count) {
        final BitSet cpus = new BitSet();
        cpus.set(0, count);
        return cpus;
    }

    private void measured(final Operation operation, final double ns) {
        result.sheet().add(operation, new Sample(ns, ns - 1, ns + 1, 3));
    }

    private CpuPredictions predictions() {
        measured(Operation.LINE_TRANSFER, 100);
        measured(Operation.LINE_CLAIM, 50);
        measured(Operation.LINE_IN_ROW, 8);
        result.sheet().leaveOut(Operation.L3_HIT, "/sys names no such cache");
        result.ring(8, new Round(LINES, 42, 0, RING_NS, LINES, false));
        result.ring(8, new Round(LINES, 42, 0, 2 * RING_NS, MOVED, false));
        result.transaction(NodeMode.INLINE, new Round(LINES, 1000, 0, 10_000, LINES, false));
        result.transaction(NodeMode.INLINE, new Round(LINES, 1000, 0, 2_000, LINES, true));
        result.transaction(NodeMode.CHANNEL, new Round(LINES, 1000, 0, 10_000, MOVED, false));
        return CpuPredictions.of(result, result.sheet().costs("this host", "this run"), TABLES);
    }

    @Test
    void shouldWriteMeasurementsTablesAndPredictions() {
        final JsonNode root = CpuJson.document(CPU, result, TABLES, predictions());
        assertThat(root.get("nearestTable").asText()).isEqualTo("Ice Lake (Xeon 8375C)");
        assertThat(root.get("measured")).hasSize(3).allSatisfy(
                node -> assertThat(node.get("medianNs").asDouble()).isPositive());
        assertThat(root.get("notMeasured").get(0).get("operation").asText()).isEqualTo("L3_HIT");
        assertThat(root.get("tables")).hasSameSizeAs(TABLES.all()).allSatisfy(
                table -> assertThat(table.get("costs")).allSatisfy(cost -> {
                    assertThat(cost.get("source").asText()).isNotBlank();
                    assertThat(cost.get("kind").asText()).isIn("MEASURED_HERE", "PUBLISHED", "UNCALIBRATED");
                }));
        final JsonNode ring = root.get("predictions").get(0);
        assertThat(ring.get("ns").asDouble()).isEqualTo(RING_NS);
        assertThat(ring.get("ratio").asDouble()).isEqualTo(1);
        assertThat(ring.get("rounds").asInt()).isEqualTo(2);
        assertThat(ring.get("movedRounds").asInt()).isEqualTo(1);
        assertThat(ring.get("withinTolerance").asBoolean()).isTrue();
        assertThat(root.get("predictions").get(1).get("withinTolerance").asBoolean()).isFalse();
        assertThat(root.get("predictions").get(1).get("disturbedRounds").asInt()).isEqualTo(1);
        final JsonNode moved = root.get("predictions").get(2);
        assertThat(moved.has("ratio")).isFalse();
        assertThat(moved.get("withinTolerance").asBoolean()).isFalse();
    }

    @Test
    void shouldSayWhatWasNotMeasuredAndWhatIsOff() {
        final StringWriter out = new StringWriter();
        new CpuReport(CPU, result, TABLES, predictions()).print(new PrintWriter(out));
        assertThat(out.toString()).contains("Some CPU", "/sys names no such cache", "off by more than 30 %",
                "of 1 rounds, the CPUs moved in 1, others used them in 0", "uncalibrated", "Graviton3");
    }

    @Test
    void shouldPredictNothingBetweenTwoWhereThereIsOne() {
        final CpuResult one = new CpuResult(cpus(1), false);
        final CpuPredictions none = CpuPredictions.of(one, one.sheet().costs("this host", "this run"), TABLES);
        final StringWriter out = new StringWriter();
        new CpuReport(CPU, one, TABLES, none).print(new PrintWriter(out));
        assertThat(none.others()).isEmpty();
        assertThat(out.toString()).contains("One CPU only", "could not be confined");
    }
}
