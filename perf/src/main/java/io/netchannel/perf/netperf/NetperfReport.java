package io.netchannel.perf.netperf;

import io.netchannel.cpu.Cpu;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Prints results as a table for each test, and each path's ratio to the kernel's. */
final class NetperfReport {

    /** The path that the others are compared to. */
    static final String BASELINE = "kernel";

    private final List<NetperfResult> results;

    NetperfReport(final List<NetperfResult> results) {
        this.results = results;
    }

    /** The machine and the virtual machine that the figures belong to. */
    static String machine() {
        return Cpu.host().architecture().name().toLowerCase(Locale.ROOT) + ", "
                + Runtime.getRuntime().availableProcessors() + " CPUs, Linux " + System.getProperty("os.version")
                + ", " + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
    }

    void print(final PrintWriter out, final NetperfRun run, final List<NetperfPath> paths) {
        out.println("Machine: " + machine());
        paths.forEach(path -> out.printf("  %-8s %s%n", path.name(), path.description()));
        for (final NetperfTest test : run.tests()) {
            out.println();
            out.println(title(test, run));
            if (test.isStream()) {
                printStream(out, test);
            } else {
                printRequestResponse(out, test);
            }
        }
        out.println();
        out.println("Median of " + run.rounds()
                + " rounds, paths interleaved; CPU is that of the whole process, both ends.");
        out.flush();
    }

    private static String title(final NetperfTest test, final NetperfRun run) {
        final Workload w = run.workload();
        return test + (test.isStream()
                ? ", " + w.messageBytes() + "-byte messages"
                : ", " + w.requestBytes() + "-byte request, " + w.responseBytes() + "-byte response");
    }

    private void printStream(final PrintWriter out, final NetperfTest test) {
        out.printf("  %-8s %10s %19s %12s %10s%n", "path", "Gbit/s", "(lowest..highest)", "CPU us/KiB", "x kernel");
        rows(test).forEach(r -> out.printf(Locale.ROOT, "  %-8s %10.2f %19s %12.3f %10s%n", r.path(), r.rate(),
                String.format(Locale.ROOT, "(%.2f..%.2f)", r.lowestRate(), r.highestRate()), r.cpuMicros(), ratio(r)));
    }

    private void printRequestResponse(final PrintWriter out, final NetperfTest test) {
        out.printf("  %-8s %10s %9s %9s %9s %12s %10s %12s%n", "path", "trans/s", "p50 us", "p99 us", "p99.9 us",
                "CPU us/trans", "x kernel", "p50/kernel's");
        rows(test).forEach(r -> out.printf(Locale.ROOT, "  %-8s %10.0f %9.2f %9.2f %9.2f %12.2f %10s %12s%n", r.path(),
                r.rate(), r.latencyMicros(50), r.latencyMicros(99), r.latencyMicros(99.9), r.cpuMicros(), ratio(r),
                latencyRatio(r)));
    }

    private List<NetperfResult> rows(final NetperfTest test) {
        return results.stream().filter(r -> r.test() == test).toList();
    }

    private Optional<NetperfResult> baseline(final NetperfTest test) {
        return results.stream().filter(r -> r.test() == test && r.path().equals(BASELINE)).findFirst();
    }

    private String ratio(final NetperfResult result) {
        return baseline(result.test()).map(b -> String.format(Locale.ROOT, "%.2f", result.rate() / b.rate()))
                .orElse("-");
    }

    private String latencyRatio(final NetperfResult result) {
        return baseline(result.test())
                .map(b -> String.format(Locale.ROOT, "%.2f", result.latencyMicros(50) / b.latencyMicros(50)))
                .orElse("-");
    }
}
