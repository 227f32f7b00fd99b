package io.netchannel.samples.packetscript;

import io.netchannel.tcpip.script.run.ScriptResult;
import io.netchannel.tcpip.script.run.ScriptResult.Outcome;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts results: by folder, and by what failed or was missing. */
final class ResultSummary {

    private final ExpectedResults known;
    private final Map<String, int[]> folders = new TreeMap<>();
    private final Map<Outcome, Map<String, Integer>> kinds = new EnumMap<>(Outcome.class);
    private final int[] totals = new int[Outcome.values().length];
    private final List<String> surprises = new ArrayList<>();

    ResultSummary(final ExpectedResults known) {
        this.known = known;
    }

    void add(final ScriptResult result) {
        final int slash = result.file().lastIndexOf('/');
        final String folder = slash < 0 ? "." : result.file().substring(0, slash);
        final int outcome = result.outcome().ordinal();
        folders.computeIfAbsent(folder, _ -> new int[totals.length])[outcome]++;
        totals[outcome]++;
        kinds.computeIfAbsent(result.outcome(), _ -> new TreeMap<>()).merge(result.kind(), 1, Integer::sum);
        if (!known.isGood(result)) {
            surprises.add(result.file());
        }
    }

    boolean isGood() {
        return surprises.isEmpty();
    }

    void print(final PrintWriter out) {
        out.printf(Locale.ROOT, "%n%7s %7s %7s %7s  folder%n", "passed", "failed", "differs", "skipped");
        folders.forEach((folder, counts) -> row(out, counts, folder));
        row(out, totals, "total");
        table(out, Outcome.FAILED, "failures by kind");
        table(out, Outcome.DIFFERS, "differs on purpose");
        table(out, Outcome.SKIPPED, "skipped for want of");
        if (known != ExpectedResults.NONE) {
            out.printf(Locale.ROOT, "%n%d not as expected%n", surprises.size());
            surprises.forEach(name -> out.println("  " + name));
        }
    }

    private static void row(final PrintWriter out, final int[] counts, final String name) {
        out.printf(Locale.ROOT, "%7d %7d %7d %7d  %s%n", counts[Outcome.PASSED.ordinal()],
                counts[Outcome.FAILED.ordinal()], counts[Outcome.DIFFERS.ordinal()], counts[Outcome.SKIPPED.ordinal()],
                name);
    }

    private void table(final PrintWriter out, final Outcome outcome, final String title) {
        final Map<String, Integer> counts = kinds.getOrDefault(outcome, Map.of());
        if (counts.isEmpty()) {
            return;
        }
        out.printf(Locale.ROOT, "%n%s:%n", title);
        counts.entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> out.printf(Locale.ROOT, "%7d  %s%n", entry.getValue(), entry.getKey()));
    }
}
