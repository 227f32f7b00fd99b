package io.netchannel.samples.memcached.load;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netchannel.perf.netperf.NetperfReport;

/** The results as a JSON document: every counted round, and the summary that the table shows. */
final class LoadJson {

    private LoadJson() {
    }

    static ObjectNode document(final LoadReport report) {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("machine", NetperfReport.machine());
        root.put("command", report.command());
        final LoadRun run = report.run();
        root.putObject("profile").put("connections", run.profile().connections())
                .put("valueBytes", run.profile().valueBytes()).put("keys", run.profile().keys())
                .put("sets", run.profile().sets()).put("gets", run.profile().gets())
                .put("verify", run.profile().verify()).put("seed", run.profile().seed());
        root.put("rounds", run.rounds());
        root.put("durationNs", run.durationNs());
        root.put("warmUpRounds", run.warmUpRounds());
        root.put("warmUpNs", run.warmUpNs());
        final ArrayNode skipped = root.putArray("skipped");
        report.skipped().forEach(skipped::add);
        root.put("complete", report.isGood());
        final ArrayNode array = root.putArray("results");
        report.results().forEach(result -> append(array.addObject(), result));
        return root;
    }

    private static void append(final ObjectNode node, final LoadResult result) {
        node.put("path", result.path());
        node.put("pipeline", result.depth());
        if (result.failure() != null) {
            node.put("failure", result.failure());
        }
        if (!result.isEmpty()) {
            node.put("operationsPerSecond", result.perSecond()).put("lowest", result.rates().lowest())
                    .put("highest", result.rates().highest())
                    .put("clientCpuMicrosPerOperation", result.clientCpuMicros());
            if (result.isServerCpuKnown()) {
                node.put("serverCpuMicrosPerOperation", result.serverCpuMicros());
            }
            node.putObject("latencyMicros").put("p50", result.latencyMicros(50)).put("p99", result.latencyMicros(99))
                    .put("p99.9", result.latencyMicros(99.9)).put("p100", result.latencyMicros(100));
            node.put("misses", result.misses()).put("errors", result.errors());
            if (result.firstError() != null) {
                node.put("firstError", result.firstError());
            }
        }
        final ArrayNode rounds = node.putArray("rounds");
        result.rounds().forEach(round -> rounds.addObject().put("operations", round.counts().operations())
                .put("durationNs", round.durationNs()).put("clientCpuNs", round.clientCpuNs())
                .put("serverCpuNs", round.serverCpuNs()));
    }
}
