package io.netchannel.perf.jmh;

import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./netchannel jmh [PATTERN…] [JMH OPTION…]}. */
@Command(name = "jmh", description = "Runs the JMH benchmarks whose names match, with the allocation profiler.", footer = {
    "", "All of JMH's own options work: netchannel jmh RingBenchmark -f 1 -wi 2 -i 3",
    "List the benchmarks: netchannel jmh -l"})
public final class JmhCommand implements Callable<Integer> {

    /** Everything in its order, options included: the command line hands them over as they are. */
    @Parameters(paramLabel = "PATTERN or JMH OPTION", arity = "0..*", description = "Regular expressions, all benchmarks if none; and JMH's options.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws Exception {
        final String[] args = arguments.toArray(String[]::new);
        final CommandLineOptions options = new CommandLineOptions(args);
        if (options.shouldList() || options.shouldHelp() || options.shouldListProfilers()
                || options.shouldListResultFormats()) {
            Main.main(args);
            return CommandLine.ExitCode.OK;
        }
        final ChainedOptionsBuilder builder = new OptionsBuilder().parent(options);
        if (options.getProfilers().isEmpty()) {
            builder.addProfiler("gc");
        }
        return new Runner(builder.build()).run().isEmpty() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }
}
