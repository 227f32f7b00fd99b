package io.netchannel.perf.jmh;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A new run beside the table. Allocation is exact, so more of it is a failure; a time is one machine's on one day, and
 * only said to be outside the errors of both.
 */
final class TableComparison {

    /** What a line comes to. */
    enum Verdict {
        /** The intervals of both overlap. */
        SAME, FASTER, SLOWER,
        /** Allocates, where the table says 0. */
        ALLOCATES,
        /** Not in the table. */
        NEW,
        /** In another unit. */
        INCOMPARABLE,
        /** In the table, and no longer there. */
        GONE;

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param before null if there is none; @param now null if there is none */
    record Line(BenchmarkRow before, BenchmarkRow now) {

        Verdict verdict() {
            if (now == null) {
                return Verdict.GONE;
            } else if (before == null) {
                return Verdict.NEW;
            } else if (now.allocates() && !before.allocates()) {
                return Verdict.ALLOCATES;
            } else if (!now.unit().equals(before.unit())) {
                return Verdict.INCOMPARABLE;
            }
            final double difference = now.score() - before.score();
            // An unknown error is no reason to call anything a change.
            if (!(Math.abs(difference) > now.error() + before.error())) {
                return Verdict.SAME;
            }
            return difference > 0 ? Verdict.SLOWER : Verdict.FASTER;
        }

        private boolean hasRatio() {
            return before != null && now != null && before.score() > 0 && now.unit().equals(before.unit());
        }

        private List<String> fields() {
            final BenchmarkRow named = now == null ? before : now;
            return List.of(named.benchmark(), named.params(), before == null ? BenchmarkRow.NOTHING : score(before),
                    now == null ? BenchmarkRow.NOTHING : score(now), named.unit(),
                    hasRatio()
                            ? String.format(Locale.ROOT, "%.2f", now.score() / before.score())
                            : BenchmarkRow.NOTHING,
                    now == null ? BenchmarkRow.NOTHING : now.bytesText(), verdict().label());
        }

        private static String score(final BenchmarkRow row) {
            return row.scoreText() + " ± " + row.errorText();
        }
    }

    private final BenchmarkTable before;
    private final String machine;
    private final List<Line> lines = new ArrayList<>();

    /**
     * @param machine of the new run
     * @param known all benchmarks that there are, run or not
     */
    TableComparison(final BenchmarkTable before, final String machine, final Collection<BenchmarkRow> now,
            final Set<String> known) {
        this.before = before;
        this.machine = machine;
        final Map<String, BenchmarkRow> old = new HashMap<>();
        before.rows().forEach(row -> old.put(row.key(), row));
        now.forEach(row -> lines.add(new Line(old.get(row.key()), row)));
        before.rows().stream().filter(row -> !known.contains(row.benchmark()))
                .forEach(row -> lines.add(new Line(row, null)));
    }

    List<Line> lines() {
        return lines;
    }

    private long count(final Verdict verdict) {
        return lines.stream().filter(line -> line.verdict() == verdict).count();
    }

    /** Whether a benchmark allocates that didn't. */
    boolean hasFailed() {
        return count(Verdict.ALLOCATES) > 0;
    }

    void print(final PrintWriter out) {
        final TextColumns columns = new TextColumns("llrrlrrl",
                List.of("benchmark", "params", "old", "new", "unit", "ratio", "B/op", ""));
        lines.forEach(line -> columns.add(line.fields()));
        out.print(columns.format());
        out.println();
        out.println("Old: " + before.date() + ", " + before.machine());
        if (!machine.equals(before.machine())) {
            out.println("New: " + machine);
            out.println("Another machine, kernel or JDK: only the allocation is comparable.");
        }
        out.println(Arrays.stream(Verdict.values()).filter(verdict -> count(verdict) > 0)
                .map(verdict -> count(verdict) + " " + verdict.label()).collect(Collectors.joining(", "))
                + "; faster and slower are outside the errors of both");
        out.flush();
    }
}
