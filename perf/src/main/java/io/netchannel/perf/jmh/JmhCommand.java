package io.netchannel.perf.jmh;

import io.netchannel.perf.netperf.NetperfReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./netchannel jmh [--compare] [--update] [BENCHMARK…] [JMH OPTION…]}. */
@Command(name = "jmh", description = "Runs the JMH benchmarks of the stages whose names match, with the allocation profiler.", footer = {
    "", "All of JMH's own options work: netchannel jmh RingBenchmark -f 1 -wi 2 -i 3",
    "List the benchmarks: netchannel jmh -l; JMH's options: netchannel jmh -h",
    "All of them take about five minutes.",
    "Exit status: 0 success, 1 a benchmark failed or, compared, allocates where the table says 0, 2 usage."})
public final class JmhCommand implements Callable<Integer> {

    private static final Path TABLE = Path.of("perf", "jmh.txt");
    private static final String ALLOCATION_PROFILER = "gc";

    @Spec
    private CommandSpec spec;

    @Option(names = "--help", usageHelp = true, description = "Show this help message and exit.")
    private boolean help;

    @Option(names = "--compare", description = "Print the results beside those of the table.")
    private boolean compare;

    @Option(names = "--update", description = "Write the results into the table.")
    private boolean update;

    @Option(names = "--table", paramLabel = "FILE", description = "The table, if not netchannel's own, perf/jmh.txt.")
    private Path otherTable;

    /** Everything in its order, options included: the command line hands them over as they are. */
    @Parameters(paramLabel = "BENCHMARK or JMH OPTION", arity = "0..*", description = "Regular expressions, all benchmarks if none; and JMH's options.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws Exception {
        final String[] args = arguments.toArray(String[]::new);
        final CommandLineOptions options = jmhOptions(args);
        if (options.shouldList() || options.shouldListWithParams() || options.shouldHelp()
                || options.shouldListProfilers() || options.shouldListResultFormats()) {
            Main.main(args);
            return CommandLine.ExitCode.OK;
        }
        final Set<String> known = knownBenchmarks();
        checkBenchmarks(options, known);
        if (compare || update) {
            return runForTable(options, known);
        }
        if (otherTable != null) {
            throw usage("--table " + otherTable + " has no use; add --compare or --update");
        }
        return new Runner(profiled(options).build()).run().isEmpty()
                ? CommandLine.ExitCode.SOFTWARE
                : CommandLine.ExitCode.OK;
    }

    private CommandLineOptions jmhOptions(final String[] args) {
        try {
            return new CommandLineOptions(args);
        } catch (final CommandLineOptionException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Whole names. */
    static Set<String> knownBenchmarks() {
        return BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of()).stream()
                .map(BenchmarkListEntry::getUsername).collect(Collectors.toSet());
    }

    private void checkBenchmarks(final CommandLineOptions options, final Set<String> known) {
        for (final String expression : options.getIncludes()) {
            try {
                final Pattern pattern = Pattern.compile(expression);
                if (known.stream().noneMatch(name -> pattern.matcher(name).find())) {
                    throw usage("there is no benchmark \"" + expression + "\"; netchannel jmh -l lists them");
                }
            } catch (final PatternSyntaxException e) {
                throw usage("\"" + expression + "\" is not a regular expression: " + e.getDescription());
            }
        }
    }

    private static ChainedOptionsBuilder profiled(final CommandLineOptions options) {
        final ChainedOptionsBuilder builder = new OptionsBuilder().parent(options);
        if (options.getProfilers().stream().noneMatch(one -> one.getKlass().equals(ALLOCATION_PROFILER))) {
            builder.addProfiler(ALLOCATION_PROFILER);
        }
        return builder;
    }

    // -- with the table

    private int runForTable(final CommandLineOptions options, final Set<String> known)
            throws IOException, RunnerException {
        if (!options.getBenchModes().isEmpty() || options.getTimeUnit().hasValue()) {
            throw usage("-bm and -tu give other figures than the table has; leave them out");
        }
        final Path home = Path.of(System.getProperty("netchannel.home", ""));
        final Path file = otherTable == null ? home.resolve(TABLE) : otherTable;
        final boolean whole = options.getIncludes().isEmpty() && options.getExcludes().isEmpty();
        final String machine = NetperfReport.machine();
        // Before minutes of measuring, not after.
        final BenchmarkTable before = compare || !whole && Files.exists(file) ? read(file) : null;
        if (update) {
            checkUpdate(file, whole ? null : before, machine);
        }
        final String commit = SourceCommit.of(home, TABLE);
        final List<BenchmarkRow> now = run(options).stream().map(result -> BenchmarkRow.of(result, commit)).toList();
        final Set<String> names = known.stream().map(BenchmarkRow::shortName).collect(Collectors.toSet());
        final TableComparison comparison = compare ? new TableComparison(before, machine, now, names) : null;
        if (compare) {
            comparison.print(spec.commandLine().getOut());
        }
        if (update) {
            final String date = LocalDate.now(ZoneOffset.UTC).toString();
            final BenchmarkTable table = whole || before == null
                    ? BenchmarkTable.of(machine, date, now)
                    : before.updated(date, now, names);
            table.write(file);
            spec.commandLine().getOut().println(file + ": " + now.size() + " of " + table.rows().size() + " written");
        }
        return compare && comparison.hasFailed() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    private BenchmarkTable read(final Path file) {
        try {
            return BenchmarkTable.read(file);
        } catch (final IOException e) {
            final String reason = Files.isReadable(file) && !Files.isDirectory(file)
                    ? e.getMessage()
                    : "can't be read; name a file by --table, or make one by --update";
            throw new ParameterException(spec.commandLine(), "table " + file + ": " + reason, e);
        }
    }

    private void checkUpdate(final Path file, final BenchmarkTable kept, final String machine) {
        final Path parent = file.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent) || Files.isDirectory(file)
                || !Files.isWritable(Files.exists(file) ? file : parent)) {
            throw usage("table " + file + " can't be written; name a file in a directory that can by --table");
        }
        if (kept != null && !kept.machine().equals(machine)) {
            throw usage("table " + file + " is of another machine, kernel or JDK (" + kept.machine() + ", and this is "
                    + machine
                    + "); update all benchmarks, not some");
        }
    }

    private Collection<RunResult> run(final CommandLineOptions options) throws RunnerException {
        final ProgressFormat progress = new ProgressFormat(spec.commandLine().getErr());
        try {
            return new Runner(profiled(options).shouldFailOnError(true).build(), progress).run();
        } catch (final RunnerException e) {
            spec.commandLine().getErr().println(progress.lastLines());
            throw e;
        }
    }

    private ParameterException usage(final String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
