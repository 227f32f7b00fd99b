package io.netchannel.perf.netperf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netchannel.perf.netperf.NetperfTest.Kind;
import java.io.IOException;
import java.nio.file.Path;

/** The results as a JSON document: every counted round, and the summary that the table shows. */
public final class NetperfJson {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99, 100};

    private NetperfJson() {
    }

    public static void write(final Path file, final NetperfReport report) throws IOException {
        MAPPER.writeValue(file.toFile(), document(report));
    }

    static ObjectNode document(final NetperfReport report) {
        final ObjectNode root = MAPPER.createObjectNode();
        root.put("machine", NetperfReport.machine());
        root.put("command", report.command());
        root.put("rounds", report.run().rounds());
        root.put("durationNs", report.run().durationNs());
        root.put("warmUpNs", report.run().warmUpNs());
        final ArrayNode skipped = root.putArray("skipped");
        report.skipped().forEach(skipped::add);
        root.put("complete", report.results().stream().allMatch(result -> result.failure() == null));
        final ArrayNode array = root.putArray("results");
        report.results().forEach(result -> append(array.addObject(), result));
        return root;
    }

    private static void append(final ObjectNode node, final NetperfResult result) {
        final TestCase test = result.test();
        node.put("test", test.test().name());
        node.put("path", result.path());
        node.put("connections", test.connections());
        node.put("idle", test.idle());
        if (result.idleMemory() != null) {
            node.putObject("idleMemory").put("heapBytesPerConnection", result.idleMemory().heapBytes())
                    .put("offHeapBytesPerConnection", result.idleMemory().offHeapBytes());
        }
        node.put("loops", test.loops());
        if (test.test().kind() == Kind.TRANSACTIONS) {
            node.put("requestBytes", test.requestBytes());
            node.put("responseBytes", test.responseBytes());
            node.put("burst", test.burst());
            if (test.perSecond() > 0) {
                node.put("intendedPerSecond", test.perSecond());
            }
        } else {
            node.put("messageBytes", test.messageBytes());
        }
        if (result.failure() != null) {
            node.put("failure", result.failure());
        }
        if (!result.isEmpty()) {
            summarize(node, result);
        }
        final ArrayNode doubts = node.putArray("doubts");
        result.doubts().forEach(doubts::add);
        final ArrayNode rounds = node.putArray("rounds");
        result.measurements().forEach(m -> append(rounds.addObject(), m));
    }

    private static void summarize(final ObjectNode node, final NetperfResult result) {
        final Kind kind = result.test().test().kind();
        final String unit = kind == Kind.STREAM ? "Kib" : kind == Kind.PACKETS ? "Packet" : "Transaction";
        node.put(switch (kind) {
            case STREAM -> "gigabitsPerSecond";
            case TRANSACTIONS -> "transactionsPerSecond";
            case PACKETS -> "packetsPerSecond";
        }, result.rate());
        node.put("lowest", result.lowestRate());
        node.put("highest", result.highestRate());
        node.put("cpuMicrosPer" + unit, result.cpuMicros());
        node.put("clientCpuMicrosPer" + unit, result.clientCpuMicros());
        node.put("serverCpuMicrosPer" + unit, result.serverCpuMicros());
        node.put("allocatedBytesPerOperation", result.allocatedPerOperation());
        node.put("gcCount", result.gcCount());
        node.put("gcPauseMillis", result.gcPauseMillis());
        if (result.test().test().isUdp()) {
            node.put("lostPercent", result.lostPercent());
        }
        if (kind == Kind.TRANSACTIONS) {
            final ObjectNode micros = node.putObject("latencyMicros");
            for (final double percentile : PERCENTILES) {
                micros.put("p" + (percentile == Math.rint(percentile)
                        ? Integer.toString((int) percentile)
                        : Double.toString(percentile)), result.latencyMicros(percentile));
            }
        }
    }

    private static void append(final ObjectNode node, final Measurement m) {
        node.put("elapsedNs", m.elapsedNs()).put("sentBytes", m.sentBytes()).put("receivedBytes", m.receivedBytes())
                .put("sentOperations", m.sentOperations()).put("operations", m.operations())
                .put("processCpuNs", m.use().processCpuNs()).put("clientCpuNs", m.use().clientCpuNs())
                .put("serverCpuNs", m.use().serverCpuNs()).put("othersCpuNs", m.use().othersCpuNs())
                .put("stolenNs", m.use().stolenNs()).put("gcPauseNs", m.use().gcPauseNs())
                .put("gcCount", m.use().gcCount()).put("allocatedBytes", m.use().allocatedBytes());
    }
}
