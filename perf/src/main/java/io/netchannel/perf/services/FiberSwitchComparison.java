package io.netchannel.perf.services;

import io.netchannel.kernel.fiber.Fibers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Switches between two fibers of a loop, against those of two platform threads and of two of the JDK's virtual threads. The threads
 * run where the scheduler puts them, as a user's do (a JVM has no way to say where), by which the ratio is judged; and on one CPU,
 * as the fibers do, for comparison: then no other CPU has to be woken.
 *
 * <p>In a JVM of its own, because the JDK reads the parallelism of its scheduler once: with one carrier it switches between virtual
 * threads, as the loop does between fibers, and isn't charged for waking another core.
 */
final class FiberSwitchComparison implements ServiceComparison {

    private static final double LEAST_RATIO = 20;

    @Override
    public String name() {
        return "fiber-switch";
    }

    @Override
    public String description() {
        return "a switch between two fibers of a loop against two platform threads that hand over in the same way, on one CPU and "
                + "wherever they are put, and two virtual threads that yield";
    }

    @Override
    public String target() {
        return "platform threads, where the system puts them, at least 20x; a yield at or below the JDK's";
    }

    @Override
    public String unavailability() {
        // Else the JDK's virtual threads would be on both sides.
        return Object.class.getModule().isOpen("java.lang", Fibers.class.getModule())
                ? null
                : "fibers run on a loop only with --add-opens=java.base/java.lang=ALL-UNNAMED, as ./netchannel gives it";
    }

    @Override
    public ComparisonResult run(final int rounds, final PrintWriter progress) throws IOException, InterruptedException {
        final double[][] ns = new double[FiberSwitchRun.Kind.values().length][rounds];
        final Process child = new ProcessBuilder(commandLine(rounds)).redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(child.getInputStream(),
                StandardCharsets.UTF_8))) {
            for (int round = 0; round < rounds; round++) {
                final String line = lines.readLine();
                if (line == null) {
                    throw new IOException("the measuring JVM ended in round " + (round + 1) + " with status " + child
                            .waitFor());
                }
                progress.println("  round " + (round + 1) + ": " + line);
                progress.flush();
                final String[] values = line.split(" ");
                for (int kind = 0; kind < ns.length; kind++) {
                    ns[kind][round] = Double.parseDouble(values[2 * kind + 1]);
                }
            }
        } finally {
            child.destroy();
            child.waitFor();
        }
        return result(ns);
    }

    private static List<String> commandLine(final int rounds) {
        final List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        line.add("-Djdk.virtualThreadScheduler.parallelism=1");
        line.add("-Djdk.virtualThreadScheduler.maxPoolSize=1");
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), FiberSwitchRun.class.getName(), Integer
                .toString(rounds)));
        return line;
    }

    private static ComparisonResult result(final double[][] ns) {
        final List<ComparisonResult.Figure> figures = new ArrayList<>();
        for (final FiberSwitchRun.Kind kind : FiberSwitchRun.Kind.values()) {
            figures.add(new ComparisonResult.Figure(kind.text(), "ns", ns[kind.ordinal()]));
        }
        final double platform = figures.get(FiberSwitchRun.Kind.PLATFORM_HAND_OVER.ordinal()).median();
        final double ratio = platform / figures.get(FiberSwitchRun.Kind.FIBER_HAND_OVER.ordinal()).median();
        final boolean cheapYield = figures.get(FiberSwitchRun.Kind.FIBER_YIELD.ordinal()).median() <= figures.get(
                FiberSwitchRun.Kind.JDK_YIELD.ordinal()).median();
        return new ComparisonResult(figures, ratio, ratio >= LEAST_RATIO && cheapYield);
    }
}
