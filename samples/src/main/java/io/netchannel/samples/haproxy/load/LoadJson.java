package io.netchannel.samples.haproxy.load;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netchannel.perf.netperf.NetperfReport;
import io.netchannel.samples.load.Spread;

/** The results as a JSON document: every counted round, and the summary that the table shows. */
final class LoadJson {

    private LoadJson() {
    }

    static ObjectNode document(final LoadReport report) {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("machine", NetperfReport.machine()).put("command", report.command());
        final LoadRun run = report.run();
        root.putObject("profile").put("connections", run.profile().connections())
                .put("bodyBytes", run.profile().bodyBytes());
        root.put("rounds", run.rounds()).put("durationNs", run.durationNs()).put("warmUpNs", run.warmUpNs());
        if (report.usesSockets()) {
            root.put("backend", BackendProcess.description());
        }
        final ArrayNode skipped = root.putArray("skipped");
        report.skipped().forEach(skipped::add);
        root.put("complete", report.isGood());
        final ArrayNode array = root.putArray("results");
        report.results().forEach(result -> append(array.addObject(), result));
        return root;
    }

    private static void append(final ObjectNode node, final LoadResult result) {
        node.put("path", result.path());
        if (result.failure() != null) {
            node.put("failure", result.failure());
        }
        if (!result.isEmpty()) {
            append(node.putObject("requestsPerSecond"), result.perSecond());
            append(node.putObject("p50Micros"), result.p50Micros());
            append(node.putObject("p99Micros"), result.p99Micros());
            append(node.putObject("proxyCpuMicrosPerRequest"), result.cpuMicros());
        }
        final ArrayNode rounds = node.putArray("rounds");
        result.rounds().forEach(round -> rounds.addObject().put("requests", round.counts().requests())
                .put("allRequests", round.counts().allRequests()).put("durationNs", round.counts().durationNs())
                .put("p50Micros", round.counts().p50Micros()).put("p99Micros", round.counts().p99Micros())
                .put("proxyCpuNs", round.proxyCpuNs()));
    }

    private static void append(final ObjectNode node, final Spread spread) {
        node.put("median", spread.median()).put("lowest", spread.lowest()).put("highest", spread.highest());
    }
}
