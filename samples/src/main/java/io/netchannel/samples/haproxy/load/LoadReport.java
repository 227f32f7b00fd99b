package io.netchannel.samples.haproxy.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netchannel.perf.netperf.NetperfReport;
import io.netchannel.samples.load.ComparisonReport;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The results as a table, a row for each path.
 *
 * @param descriptions of the paths, by label
 * @param skipped paths that could not be opened, and why, a line each
 * @param command as typed, to be repeated
 */
record LoadReport(LoadRun run, List<LoadResult> results, Map<String, String> descriptions, List<String> skipped,
        String command) implements ComparisonReport {

    private static final String ROW = "  %-10s %11s %17s %9s %9s %9s %6s%n";

    @Override
    public void print(final PrintWriter out) {
        out.println("Machine: " + NetperfReport.machine());
        out.println("Command: " + command);
        descriptions.forEach((path, description) -> out.printf("  %-10s %s%n", path, description));
        skipped.forEach(line -> out.println("  skipped: " + line));
        if (usesSockets()) {
            out.println("  Over kernel sockets and TAP the client is wrk with one thread, the backend "
                    + BackendProcess.description() + ".");
        }
        out.println();
        out.println("HTTP/1.1, " + run.profile().describe());
        out.printf(ROW, "", "", "", "", "", "proxy CPU", "x");
        out.printf(ROW, "path", "requests/s", "lowest..highest", "p50 us", "p99 us", "us/req", "in C");
        for (final LoadResult r : results) {
            if (!r.isEmpty()) {
                out.printf(ROW, r.path(), number(0, r.perSecond().median()), r.perSecond().range(),
                        number(1, r.p50Micros().median()), number(1, r.p99Micros().median()),
                        number(2, r.cpuMicros().median()), ratio(r));
            }
        }
        for (final LoadResult r : results) {
            if (r.failure() != null) {
                out.println("  ! " + r.path() + " failed: " + r.failure());
            }
        }
        out.println();
        out.printf(Locale.ROOT, "Medians of %d rounds of %.0f s, paths interleaved, behind %.0f s of each to warm up."
                + " CPU of a process is all of it,%ncompiler included; of a node here its loop's.%n",
                run.rounds(), run.durationNs() / 1e9, run.warmUpNs() / 1e9);
        out.flush();
    }

    /** Whether wrk and a process as backend have a part in it. */
    boolean usesSockets() {
        return Arrays.stream(PathName.values())
                .anyMatch(path -> path.isOverSockets() && descriptions.containsKey(path.label()));
    }

    private static String number(final int decimals, final double value) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** To the original; "-" where there is none. */
    private String ratio(final LoadResult result) {
        return results.stream().filter(row -> row.path().equals(PathName.HAPROXY.label()) && !row.isEmpty()).findFirst()
                .map(row -> number(2, result.perSecond().median() / row.perSecond().median())).orElse("-");
    }

    @Override
    public ObjectNode json() {
        return LoadJson.document(this);
    }

    @Override
    public boolean isGood() {
        return results.stream().allMatch(result -> result.failure() == null);
    }
}
