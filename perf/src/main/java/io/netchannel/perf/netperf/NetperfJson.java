package io.netchannel.perf.netperf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The results as a JSON document: every counted round, and the summary that the table shows. */
final class NetperfJson {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private NetperfJson() {
    }

    static void write(final Path file, final NetperfRun run, final List<NetperfResult> results) throws IOException {
        MAPPER.writeValue(file.toFile(), document(run, results));
    }

    static ObjectNode document(final NetperfRun run, final List<NetperfResult> results) {
        final ObjectNode root = MAPPER.createObjectNode();
        root.put("machine", NetperfReport.machine());
        root.put("messageBytes", run.workload().messageBytes());
        root.put("requestBytes", run.workload().requestBytes());
        root.put("responseBytes", run.workload().responseBytes());
        root.put("rounds", run.rounds());
        root.put("durationNs", run.durationNs());
        final ArrayNode array = root.putArray("results");
        results.forEach(result -> append(array.addObject(), result));
        return root;
    }

    private static void append(final ObjectNode node, final NetperfResult result) {
        node.put("test", result.test().name());
        node.put("path", result.path());
        if (result.test().isStream()) {
            node.put("gigabitsPerSecond", result.rate());
            node.put("cpuMicrosPerKib", result.cpuMicros());
        } else {
            node.put("transactionsPerSecond", result.rate());
            node.put("cpuMicrosPerTransaction", result.cpuMicros());
            node.put("p50Micros", result.latencyMicros(50));
            node.put("p99Micros", result.latencyMicros(99));
            node.put("p999Micros", result.latencyMicros(99.9));
        }
        final ArrayNode rounds = node.putArray("rounds");
        for (final Measurement m : result.measurements()) {
            rounds.addObject().put("elapsedNs", m.elapsedNs()).put("bytes", m.bytes())
                    .put("transactions", m.transactions()).put("processCpuNs", m.processCpuNs());
        }
    }
}
