package io.netchannel.perf.cpu;

import static io.netchannel.cpu.cost.CostDocument.ns;

import io.netchannel.cpu.cost.Cost;
import io.netchannel.cpu.cost.CostTables;
import io.netchannel.cpu.cost.CpuCosts;
import io.netchannel.cpu.cost.HostCpu;
import io.netchannel.cpu.cost.Operation;
import io.netchannel.cpu.cost.Prediction;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Prints what was measured beside the tables, then the predictions. */
record CpuReport(HostCpu cpu, CpuResult result, CostTables tables, CpuPredictions predictions) {

    void print(final PrintWriter out) {
        out.println("CPU: " + cpu.model());
        out.printf("  caches: L1 %s, L2 %s, L3 %s; CPUs allowed: %s%n", kib(1), kib(2), kib(3), result.allowedCpus());
        out.println("  nearest table: " + (cpu.nearestTable().isEmpty() ? "none" : cpu.nearestTable()));
        out.println("  threads " + (result.isConfined()
                ? "were confined to CPUs"
                : "could not be confined to CPUs: the scheduler may have moved them"));
        out.println();
        printCosts(out);
        printTables(out);
        printHost(out);
        printOthers(out);
        out.flush();
    }

    private String kib(final int level) {
        final long bytes = cpu.caches().bytes(level);
        return bytes == 0 ? "unknown" : bytes / 1024 + " KiB";
    }

    private void printCosts(final PrintWriter out) {
        final CpuCosts nearest = cpu.nearestTable().isEmpty() ? null : tables.of(cpu.nearestTable());
        out.printf("%-44s %9s %22s %9s%n", "Cost, ns", "here", "(lowest..highest)", "table");
        Operation.Group group = null;
        for (final Operation operation : Operation.values()) {
            if (operation.group() != group) {
                group = operation.group();
                out.println(group.title());
            }
            final Sample sample = result.sheet().samples().get(operation);
            final String table = nearest != null && nearest.has(operation) ? mark(nearest.cost(operation)) : "-";
            if (sample == null) {
                out.printf("  %-42s %9s %22s %9s%n", operation.title(), "-",
                        result.sheet().missing().getOrDefault(operation, ""), table);
            } else {
                out.printf("  %-42s %9s %22s %9s%n", operation.title(), ns(sample.medianNs()),
                        "(" + ns(sample.lowestNs()) + ".." + ns(sample.highestNs()) + ")", table);
            }
        }
        out.printf("  taken off each turn of 8 instructions: %s ns for the loop%n%n",
                ns(result.sheet().loopOverheadNs()));
    }

    /** What is known of all CPUs, one line for each: more than the nearest has. */
    private void printTables(final PrintWriter out) {
        out.println("Tables, ns (no mark: measured here; p: published; ?: uncalibrated)");
        for (final CpuCosts costs : tables.all()) {
            final StringBuilder line = new StringBuilder();
            costs.costs().values().forEach(
                    cost -> line.append(line.isEmpty() ? "" : ", ").append(cost.operation().title()).append(' ')
                            .append(mark(cost)));
            out.println("  " + costs.name() + ": " + line);
        }
        out.println();
    }

    private static String mark(final Cost cost) {
        return ns(cost.ns()) + switch (cost.kind()) {
            case MEASURED_HERE -> "";
            case PUBLISHED -> "p";
            case UNCALIBRATED -> "?";
        };
    }

    private void printHost(final PrintWriter out) {
        if (predictions.host().isEmpty()) {
            out.println("One CPU only: there is nothing to predict between two.");
            return;
        }
        out.printf("%-34s %10s %10s %6s %13s %7s %6s %10s%n", "This host, ns: the median round", "predicted",
                "measured", "ratio", "(of rounds)", "rounds", "moved", "disturbed");
        predictions.host().forEach(checked -> checked.median().ifPresentOrElse(
                median -> printChecked(out, checked, median),
                () -> out.printf(
                        "%-34s nothing to compare: of %d rounds, the CPUs moved in %d, others used them in %d%n",
                        checked.what(), checked.rounds(), checked.movedRounds(), checked.disturbedRounds())));
        out.println("  ratio: of each round's prediction, by its own lines and path, to its own measurement");
        out.println(
                "  left out: rounds in which the CPUs moved, so lines took something else before than after, and those");
        out.println("  that others disturbed, who had more than a tenth of the CPUs");
        out.println();
    }

    private static void printChecked(final PrintWriter out, final CheckedPrediction checked,
            final CheckedPrediction.Comparison median) {
        final String range = String.format(Locale.ROOT, "(%.2f..%.2f)", checked.steady().getFirst().ratio(),
                checked.steady().getLast().ratio());
        out.printf(Locale.ROOT, "%-34s %10s %10s %6.2f %13s %7d %6d %10d%s%n", checked.what(),
                ns(median.prediction().ns()), ns(median.measuredNs()), median.ratio(), range, checked.rounds(),
                checked.movedRounds(), checked.disturbedRounds(),
                checked.isWithinTolerance() ? "" : "  off by more than 30 %");
        for (final Prediction.Term term : median.prediction().terms()) {
            out.printf(Locale.ROOT, "  %12s = %5.2f x %8s  %s%n", ns(term.totalNs()), term.count(), ns(term.ns()),
                    term.what());
        }
    }

    private void printOthers(final PrintWriter out) {
        final Map<String, StringBuilder> lines = new LinkedHashMap<>();
        for (final Prediction prediction : predictions.others()) {
            lines.computeIfAbsent(prediction.cpu(), _ -> new StringBuilder()).append(String.format(Locale.ROOT,
                    "    %-34s %12s  %3.0f %% of it uncalibrated%n", prediction.what(), ns(prediction.ns()),
                    100 * prediction.uncalibratedShare()));
        }
        if (!lines.isEmpty()) {
            out.println("Other CPUs, ns: predictions, with the paths as long as on this host, and as many CPUs");
            lines.forEach((name, text) -> out.print("  " + name + System.lineSeparator() + text));
        }
    }
}
