package io.netchannel.perf.cpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netchannel.cpu.cost.CostTables;
import io.netchannel.cpu.cost.CpuCosts;
import io.netchannel.cpu.cost.HostCpu;
import io.netchannel.cpu.cost.Prediction;
import java.io.IOException;
import java.nio.file.Path;

/** The same as a JSON document. */
final class CpuJson {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private CpuJson() {
    }

    static void write(final Path file, final HostCpu cpu, final CpuResult result, final CostTables tables,
            final CpuPredictions predictions) throws IOException {
        MAPPER.writeValue(file.toFile(), document(cpu, result, tables, predictions));
    }

    static ObjectNode document(final HostCpu cpu, final CpuResult result, final CostTables tables,
            final CpuPredictions predictions) {
        final ObjectNode root = MAPPER.createObjectNode();
        root.put("cpu", cpu.model()).put("nearestTable", cpu.nearestTable()).put("confined", result.isConfined());
        final ArrayNode caches = root.putArray("cacheBytes");
        for (int level = 1; level <= 3; level++) {
            caches.add(cpu.caches().bytes(level));
        }
        final ArrayNode allowed = root.putArray("allowedCpus");
        result.allowedCpus().stream().forEach(allowed::add);
        root.put("loopOverheadNs", result.sheet().loopOverheadNs());
        final ArrayNode measured = root.putArray("measured");
        result.sheet().samples().forEach(
                (operation, sample) -> range(measured.addObject().put("operation", operation.name()), sample));
        final ArrayNode missing = root.putArray("notMeasured");
        result.sheet().missing().forEach(
                (operation, why) -> missing.addObject().put("operation", operation.name()).put("why", why));
        final ArrayNode of = root.putArray("tables");
        tables.all().forEach(costs -> table(of.addObject(), costs));
        final ArrayNode predicted = root.putArray("predictions");
        predictions.host().forEach(checked -> checked(predicted.addObject(), checked));
        predictions.others().forEach(other -> prediction(predicted.addObject(), other));
        return root;
    }

    private static void range(final ObjectNode node, final Sample sample) {
        node.put("medianNs", sample.medianNs()).put("lowestNs", sample.lowestNs()).put("highestNs", sample.highestNs())
                .put("rounds", sample.rounds());
    }

    /** The median round's figures, if there is one. */
    private static void checked(final ObjectNode node, final CheckedPrediction checked) {
        checked.median().ifPresentOrElse(median -> {
            prediction(node, median.prediction());
            node.put("measuredNs", median.measuredNs()).put("ratio", median.ratio())
                    .put("lowestRatio", checked.steady().getFirst().ratio())
                    .put("highestRatio", checked.steady().getLast().ratio());
        }, () -> node.put("what", checked.what()));
        node.put("rounds", checked.rounds()).put("movedRounds", checked.movedRounds())
                .put("disturbedRounds", checked.disturbedRounds())
                .put("withinTolerance", checked.isWithinTolerance());
    }

    private static void table(final ObjectNode node, final CpuCosts costs) {
        node.put("cpu", costs.name()).put("architecture", costs.architecture().name());
        final ArrayNode array = node.putArray("costs");
        costs.costs().values().forEach(cost -> array.addObject().put("operation", cost.operation().name())
                .put("ns", cost.ns()).put("kind", cost.kind().name()).put("source", cost.source()));
    }

    private static void prediction(final ObjectNode node, final Prediction prediction) {
        node.put("what", prediction.what()).put("cpu", prediction.cpu()).put("ns", prediction.ns())
                .put("uncalibratedShare", prediction.uncalibratedShare());
        final ArrayNode terms = node.putArray("terms");
        prediction.terms().forEach(term -> terms.addObject().put("what", term.what()).put("count", term.count())
                .put("ns", term.ns()).put("kind", term.kind().name()));
    }
}
