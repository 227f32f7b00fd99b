package io.netchannel.perf.netperf;

import io.netchannel.cpu.Cpu;
import io.netchannel.perf.netperf.NetperfTest.Kind;
import io.netchannel.perf.netperf.host.PathName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Prints results in netperf's layout, a row for each path, and then what netperf has no column for: spread, latencies,
 * allocation, the ratio to the kernel's sockets.
 */
public final class NetperfReport {

    /** The path that the others are compared to. */
    static final String BASELINE = PathName.NIO.label();

    private final NetperfRun run;
    private final List<NetperfResult> results;
    private final List<String> skipped;
    private final String command;

    /** @param skipped paths that could not be opened, and why, a line each */
    public NetperfReport(final NetperfRun run, final List<NetperfResult> results, final List<String> skipped,
            final String command) {
        this.run = run;
        this.results = results;
        this.skipped = skipped;
        this.command = command;
    }

    public List<NetperfResult> results() {
        return results;
    }

    public NetperfRun run() {
        return run;
    }

    public List<String> skipped() {
        return skipped;
    }

    /** As typed, to be repeated. */
    public String command() {
        return command;
    }

    /** The machine and the virtual machine that the figures belong to. */
    public static String machine() {
        return cpuModel() + ", " + Cpu.host().architecture().name().toLowerCase(Locale.ROOT) + ", "
                + Runtime.getRuntime().availableProcessors() + " CPUs, Linux " + System.getProperty("os.version")
                + ", " + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
    }

    private static String cpuModel() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("CPU unknown");
        } catch (final IOException e) {
            return "CPU unknown";
        }
    }

    void print(final PrintWriter out) {
        out.println("Machine: " + machine());
        out.println("Command: " + command);
        results.stream().map(NetperfResult::path).distinct()
                .forEach(path -> out.printf("  %-14s %s%n", path, description(path)));
        skipped.forEach(line -> out.println("  skipped: " + line));
        for (final TestCase test : run.cases()) {
            final List<NetperfResult> rows = rows(test);
            if (!rows.isEmpty()) {
                out.println();
                out.println(test.title());
                switch (test.test().kind()) {
                    case STREAM -> printStream(out, test, rows);
                    case TRANSACTIONS -> printTransactions(out, test, rows);
                    case PACKETS -> printDatagrams(out, test, rows);
                }
                rows.stream().filter(row -> row.idleMemory() != null)
                        .forEach(row -> out.println("  = " + row.path() + ": " + row.idleMemory().text()));
                rows.forEach(row -> row.doubts().forEach(doubt -> out.println("  ! " + row.path() + " " + doubt)));
            }
        }
        out.println();
        out.println("Median of " + run.rounds() + " rounds of " + String.format(Locale.ROOT, "%.2f",
                run.durationNs() / 1e9) + " s, paths interleaved, behind one to warm up. % is of one CPU; local and"
                + " remote are the threads of client and server,");
        out.println("process is all of it, compiler and collector included. x kernel: to " + BASELINE + ".");
        out.flush();
    }

    /** What a path is, for a legend. */
    public static String description(final String path) {
        return path.equals(MemoryPath.NAME)
                ? "the ceiling: a pipe between two threads, a copy in, a copy out"
                : PathName.of(path).description();
    }

    private void printStream(final PrintWriter out, final TestCase test, final List<NetperfResult> rows) {
        if (test.test().isUdp()) {
            printDatagrams(out, test, rows);
            return;
        }
        out.printf("  %-14s %7s %8s %12s %15s %17s%n", "", "Message", "Elapsed", "", "Utilization", "Service Demand");
        out.printf("  %-14s %7s %8s %12s %7s %7s %8s %8s %8s%n", "", "Size", "Time", "Throughput", "local", "remote",
                "local", "remote", "process");
        out.printf("  %-14s %7s %8s %12s %7s %7s %8s %8s %8s %21s %9s%n", "path", "bytes", "secs.", "10^6bits/s",
                "% C", "% C", "us/KiB", "us/KiB", "us/KiB", "lowest..highest", "x kernel");
        for (final NetperfResult r : rows) {
            if (!r.isEmpty()) {
                out.printf(Locale.ROOT, "  %-14s %7d %8.2f %12.2f %7.1f %7.1f %8.3f %8.3f %8.3f %21s %9s%n", r.path(),
                        test.messageBytes(), r.elapsedSeconds(), r.rate() * 1e3, r.clientCpuPercent(),
                        r.serverCpuPercent(), r.clientCpuMicros(), r.serverCpuMicros(), r.cpuMicros(),
                        String.format(Locale.ROOT, "%.0f..%.0f", r.lowestRate() * 1e3, r.highestRate() * 1e3),
                        ratio(r));
            }
        }
    }

    private void printDatagrams(final PrintWriter out, final TestCase test, final List<NetperfResult> rows) {
        final boolean packets = test.test().kind() == Kind.PACKETS;
        out.printf("  %-14s %7s %8s %24s %12s %17s%n", "", "Message", "Elapsed", "Messages/s", "", "Service Demand");
        out.printf("  %-14s %7s %8s %12s %12s %12s %8s %8s%n", "", "Size", "Time", "Okay", "Okay", "Throughput",
                "local", "remote");
        out.printf("  %-14s %7s %8s %12s %12s %12s %8s %8s %7s %9s%n", "path", "bytes", "secs.", "sent", "received",
                "10^6bits/s", "us/pkt", "us/pkt", "lost %", "x kernel");
        for (final NetperfResult r : rows) {
            if (!r.isEmpty()) {
                out.printf(Locale.ROOT, "  %-14s %7d %8.2f %12.0f %12.0f %12.2f %8.3f %8.3f %7.2f %9s%n", r.path(),
                        test.messageBytes(), r.elapsedSeconds(), r.sentPerSecond(), r.receivedPerSecond(),
                        packets ? r.rate() * test.messageBytes() * 8 / 1e6 : r.rate() * 1e3,
                        perPacket(r, r.clientCpuPercent()), perPacket(r, r.serverCpuPercent()), r.lostPercent(),
                        ratio(r));
            }
        }
    }

    private static double perPacket(final NetperfResult result, final double cpuPercent) {
        return cpuPercent * 1e4 / result.receivedPerSecond();
    }

    private void printTransactions(final PrintWriter out, final TestCase test, final List<NetperfResult> rows) {
        out.printf("  %-14s %7s %7s %8s %11s %7s %7s %8s %8s %8s%n", "", "Request", "Resp.", "Elapsed", "Trans.", "CPU",
                "CPU", "S.dem", "S.dem", "S.dem");
        out.printf("  %-14s %7s %7s %8s %11s %7s %7s %8s %8s %8s%n", "", "Size", "Size", "Time", "Rate", "local",
                "remote", "local", "remote", "process");
        out.printf("  %-14s %7s %7s %8s %11s %7s %7s %8s %8s %8s %9s %9s %9s %9s%n", "path", "bytes", "bytes", "secs.",
                "per sec", "% C", "% C", "us/Tr", "us/Tr", "us/Tr", "p50 us", "p99 us", "p99.9 us", "x kernel");
        for (final NetperfResult r : rows) {
            if (!r.isEmpty()) {
                out.printf(Locale.ROOT,
                        "  %-14s %7d %7d %8.2f %11.2f %7.1f %7.1f %8.3f %8.3f %8.3f %9.2f %9.2f %9.2f %9s%n",
                        r.path(), test.requestBytes(), test.responseBytes(), r.elapsedSeconds(), r.rate(),
                        r.clientCpuPercent(), r.serverCpuPercent(), r.clientCpuMicros(), r.serverCpuMicros(),
                        r.cpuMicros(), r.latencyMicros(50), r.latencyMicros(99), r.latencyMicros(99.9), ratio(r));
            }
        }
    }

    /** Of one test. */
    public List<NetperfResult> rows(final TestCase test) {
        return results.stream().filter(r -> r.test().equals(test)).toList();
    }

    private String ratio(final NetperfResult result) {
        final Optional<NetperfResult> baseline = rows(result.test()).stream()
                .filter(r -> r.path().equals(BASELINE) && !r.isEmpty()).findFirst();
        return baseline.map(b -> String.format(Locale.ROOT, "%.2f", result.rate() / b.rate())).orElse("-");
    }
}
