package io.netchannel.samples.memcached.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netchannel.perf.netperf.NetperfReport;
import io.netchannel.samples.load.ComparisonReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The results as a table for each depth, a row for each path.
 *
 * @param descriptions of the paths, by label
 * @param skipped paths that could not be opened, and why, a line each
 * @param command as typed, to be repeated
 */
record LoadReport(LoadRun run, List<LoadResult> results, Map<String, String> descriptions, List<String> skipped,
        String command) implements ComparisonReport {

    @Override
    public void print(final PrintWriter out) {
        out.println("Machine: " + NetperfReport.machine());
        out.println("Command: " + command);
        descriptions.forEach((path, description) -> out.printf("  %-10s %s%n", path, description));
        skipped.forEach(line -> out.println("  skipped: " + line));
        for (final int depth : run.depths()) {
            out.println();
            out.println("Pipeline " + depth + ", " + run.profile().describe());
            print(out, results.stream().filter(result -> result.depth() == depth).toList());
        }
        out.println();
        out.printf(Locale.ROOT,
                "Median of %d rounds of %.2f s, paths interleaved, behind %d to warm up. CPU of a process is all of it,"
                        + " compiler included;%nof a node its loop's.%n",
                run.rounds(), run.durationNs() / 1e9,
                run.warmUpRounds());
        out.flush();
    }

    private void print(final PrintWriter out, final List<LoadResult> rows) {
        out.printf("  %-10s %12s %19s %9s %9s %9s %10s %10s %8s%n", "", "", "", "", "", "", "server", "client", "x");
        out.printf("  %-10s %12s %19s %9s %9s %9s %10s %10s %8s%n", "path", "ops/s", "lowest..highest", "p50 us",
                "p99 us", "p99.9 us", "CPU us/op", "CPU us/op", "in C");
        for (final LoadResult r : rows) {
            if (!r.isEmpty()) {
                out.printf(Locale.ROOT, "  %-10s %12.0f %19s %9.1f %9.1f %9.1f %10s %10.3f %8s%n", r.path(),
                        r.perSecond(), r.rates().range(),
                        r.latencyMicros(50), r.latencyMicros(99), r.latencyMicros(99.9),
                        r.isServerCpuKnown() ? String.format(Locale.ROOT, "%.3f", r.serverCpuMicros()) : "-",
                        r.clientCpuMicros(), ratio(r, rows));
            }
        }
        for (final LoadResult r : rows) {
            if (r.failure() != null) {
                out.println("  ! " + r.path() + " failed: " + r.failure());
            }
            if (!r.isEmpty() && r.errors() > 0) {
                out.println("  ! " + r.path() + " refused " + r.errors() + " requests: " + r.firstError());
            }
            if (!r.isEmpty() && r.misses() > 0) {
                out.println("  ! " + r.path() + " missed " + r.misses() + " keys");
            }
        }
    }

    /** To the original; "-" where there is none. */
    private static String ratio(final LoadResult result, final List<LoadResult> rows) {
        return rows.stream().filter(row -> row.path().equals(PathName.MEMCACHED.label()) && !row.isEmpty()).findFirst()
                .map(row -> String.format(Locale.ROOT, "%.2f", result.perSecond() / row.perSecond())).orElse("-");
    }

    @Override
    public ObjectNode json() {
        return LoadJson.document(this);
    }

    @Override
    public boolean isGood() {
        return results.stream().allMatch(result -> result.failure() == null && result.errors() == 0);
    }
}
