package io.netchannel.perf.cpu;

import io.netchannel.cpu.cost.CostTables;
import io.netchannel.cpu.cost.HostCpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./netchannel cpu}. */
@Command(name = "cpu", mixinStandardHelpOptions = true, description = "Measures what barriers, atomics, cache lines, switches and system calls cost on this host, prints it beside the tables of other CPUs, and checks what follows for ring hand-over and TCP_RR.", footer = {
    "", "Takes about half a minute, with --quick a third of that. Other load on the machine shows in the figures."})
public final class CpuCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "Fewer and shorter rounds.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results as JSON.")
    private Path json;

    @Option(names = {"-q", "--quiet"}, description = "No progress on standard error.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        checkJson();
        final CostTables tables = CostTables.load();
        final HostCpu cpu = HostCpu.read(Path.of("/"));
        final CpuResult result = new CpuRun(quick, this::progress).execute(cpu.caches());
        final CpuPredictions predictions = CpuPredictions.of(result, result.sheet().costs("this host", "this run"),
                tables);
        new CpuReport(cpu, result, tables, predictions).print(spec.commandLine().getOut());
        if (json != null) {
            CpuJson.write(json, cpu, result, tables, predictions);
        }
        return CommandLine.ExitCode.OK;
    }

    private void progress(final String what) {
        if (!quiet) {
            spec.commandLine().getErr().println("cpu: " + what);
            spec.commandLine().getErr().flush();
        }
    }

    /** Before half a minute of measuring, not after. */
    private void checkJson() {
        if (json != null) {
            final Path parent = json.toAbsolutePath().getParent();
            if (parent == null || !Files.isDirectory(parent) || Files.isDirectory(json)
                    || !Files.isWritable(Files.exists(json) ? json : parent)) {
                throw new ParameterException(spec.commandLine(),
                        "--json " + json + " can't be written; name a file in a directory that can");
            }
        }
    }
}
