package io.netchannel.perf.startup;

import io.netchannel.perf.netperf.host.Namespaces;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./netchannel startup}. */
@Command(name = StartupCommand.NAME, mixinStandardHelpOptions = true, description = "Measures how long a node, and a memcached, takes from the start of its process to the first packet that it answers, with the launcher's cache of classes and without.", footer = {
    "", "As root over a TAP, to Linux in a namespace; otherwise on a wire alone. About twenty seconds."})
public final class StartupCommand implements Callable<Integer> {

    static final String NAME = "startup";
    /** What the path wire starts. */
    static final String ONCE = "--once";

    @Spec
    private CommandSpec spec;

    @Option(names = {"-i",
        "--rounds"}, paramLabel = "N", defaultValue = "5", description = "Starts of each kind, in turn, behind one that is not counted (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = ONCE, hidden = true, description = "Start once, on a wire, and say when what was reached.")
    private boolean once;

    @Override
    public Integer call() throws IOException, InterruptedException {
        final PrintWriter out = spec.commandLine().getOut();
        if (once) {
            StartPath.once(out);
            return CommandLine.ExitCode.OK;
        }
        if (rounds < 1) {
            throw new ParameterException(spec.commandLine(), "-i " + rounds + " is not at least 1");
        }
        for (final StartPath path : StartPath.values()) {
            final String missing = path.unavailability();
            if (missing == null) {
                measure(path, out);
            } else {
                out.println("skipped " + path.name().toLowerCase(Locale.ROOT).replace('_', '-') + ": " + missing);
            }
            out.flush();
        }
        return CommandLine.ExitCode.OK;
    }

    private void measure(final StartPath path, final PrintWriter out) throws IOException, InterruptedException {
        final List<Boolean> variants = OwnProgram.hasLauncher() ? List.of(true, false) : List.of(false);
        final List<List<double[]>> results = path.hasNamespace()
                ? inNamespace(() -> starts(path, variants))
                : starts(path, variants);
        out.println();
        out.println(path.description() + ": ms after the start of the process, median of " + rounds);
        out.printf(Locale.ROOT, "%-14s", "");
        for (final String phase : path.phases()) {
            out.printf(Locale.ROOT, "%14s", phase);
        }
        out.printf(Locale.ROOT, "%20s%8s%n", "lowest to highest", "CPU");
        for (int i = 0; i < variants.size(); i++) {
            print(variants.get(i) ? "AOT cache" : "no AOT cache", results.get(i), path.phases().length, out);
        }
    }

    private List<List<double[]>> starts(final StartPath path, final List<Boolean> variants) throws IOException {
        final List<List<double[]>> results = new ArrayList<>();
        variants.forEach(variant -> results.add(new ArrayList<>()));
        for (int round = 0; round <= rounds; round++) {
            for (int i = 0; i < variants.size(); i++) {
                final double[] times = path.start(variants.get(i)).milliseconds(path.phases());
                // The first brings files into memory.
                if (round > 0) {
                    results.get(i).add(times);
                }
            }
        }
        return results;
    }

    /** On a thread that is a Linux host of its own, and so are the processes that it starts. */
    private static <T> T inNamespace(final Callable<T> task) throws IOException, InterruptedException {
        try (Namespaces namespaces = new Namespaces()) {
            final String namespace = namespaces.make("s");
            final FutureTask<T> future = new FutureTask<>(() -> {
                Namespaces.enter(namespace);
                return task.call();
            });
            Thread.ofPlatform().name("startup").start(future);
            return future.get();
        } catch (final ExecutionException e) {
            throw e.getCause() instanceof final IOException failed ? failed : new IOException(e.getCause());
        }
    }

    private static void print(final String variant, final List<double[]> starts, final int phases,
            final PrintWriter out) {
        out.printf(Locale.ROOT, "%-14s", variant);
        for (int i = 0; i < phases; i++) {
            out.printf(Locale.ROOT, "%14.0f", median(sorted(starts, i)));
        }
        final double[] answers = sorted(starts, phases - 1);
        out.printf(Locale.ROOT, "%20s%8.0f%n", String.format(Locale.ROOT, "%.0f to %.0f", answers[0],
                answers[answers.length - 1]), median(sorted(starts, phases)));
    }

    private static double[] sorted(final List<double[]> starts, final int column) {
        return starts.stream().mapToDouble(times -> times[column]).sorted().toArray();
    }

    private static double median(final double[] sorted) {
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
    }
}
