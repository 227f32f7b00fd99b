package io.netchannel.samples.packetscript;

import io.netchannel.tcpip.script.PacketScripts;
import io.netchannel.tcpip.script.call.Dialect;
import io.netchannel.tcpip.script.call.IpVersion;
import io.netchannel.tcpip.script.run.ScriptOptions;
import io.netchannel.tcpip.script.run.ScriptResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code ./netchannel packetscript FILE|DIR…} */
@Command(name = "packetscript", mixinStandardHelpOptions = true, description = "Runs scripts in packetdrill's language against this stack, in virtual time. Exit status 0 if none failed, 1 else.", footer = {
    "", "Example: netchannel packetscript -v tcpip/src/test/resources/packetscripts"})
public final class PacketScriptCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE|DIR", description = "Scripts; of folders, all *.pkt below them.")
    private List<Path> roots;

    @Option(names = {"-v", "--verbose"}, description = "Print each script's result, not only the failures.")
    private boolean verbose;

    @Option(names = {"-q", "--quiet"}, description = "Print the summary only.")
    private boolean quiet;

    @Option(names = "--dialect", paramLabel = "NAME", description = "Whose behaviour scripts describe: ${COMPLETION-CANDIDATES} (default: by the settings that a script makes).")
    private Dialect dialect;

    @Option(names = "--ip-version", defaultValue = "ipv4", paramLabel = "VERSION", converter = VersionConverter.class, description = "For scripts that don't say: ipv4, ipv6 or ipv4-mapped-ipv6 (default: ${DEFAULT-VALUE}).")
    private IpVersion ipVersion;

    @Option(names = "--strict", description = "A packet that a script doesn't mention is an error; packetdrill looks only where one is expected. What differs on purpose fails.")
    private boolean strict;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results to FILE, one JSON object a line.")
    private Path json;

    @Option(names = "--expected", paramLabel = "TSV", description = "Known results: lines of NAME, tab, passed, failed, differs or skipped. Only what differs from them fails.")
    private Path expected;

    @Option(names = "--save", paramLabel = "TSV", description = "Write the results to TSV, for a later --expected.")
    private Path saved;

    @Option(names = "--table", paramLabel = "FILE", description = "Write a table of the results to FILE, in Markdown.")
    private Path table;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        final ScriptOptions options = new ScriptOptions(dialect, ipVersion, strict);
        final ExpectedResults known = expected == null ? ExpectedResults.NONE : ExpectedResults.read(expected);
        final ResultSummary summary = new ResultSummary(known);
        final Map<Path, List<ScriptResult>> suites = new LinkedHashMap<>();
        for (final Path root : roots) {
            final List<ScriptResult> results = suites.computeIfAbsent(root, _ -> new ArrayList<>());
            for (final PacketScripts.Case script : scripts(root)) {
                final ScriptResult result = script.run(options);
                summary.add(result);
                results.add(result);
                if (!quiet && (verbose || result.outcome() == ScriptResult.Outcome.FAILED)) {
                    out.println(result);
                    // Results come as they are, also to a pipe: a long run is seen to go on.
                    out.flush();
                }
            }
        }
        write(suites);
        summary.print(out);
        out.flush();
        return summary.isGood() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void write(final Map<Path, List<ScriptResult>> suites) throws IOException {
        final List<ScriptResult> all = suites.values().stream().flatMap(List::stream).toList();
        if (json != null) {
            Files.write(json, all.stream().map(ResultJson::of).toList());
        }
        if (saved != null) {
            ExpectedResults.write(saved, all);
        }
        if (table != null) {
            Files.writeString(table, ResultTable.of(suites));
        }
    }

    private List<PacketScripts.Case> scripts(final Path root) throws IOException {
        if (!Files.exists(root)) {
            throw new CommandLine.ParameterException(spec.commandLine(), root + ": no such file or folder");
        }
        final List<PacketScripts.Case> scripts = PacketScripts.in(root).toList();
        if (scripts.isEmpty()) {
            throw new CommandLine.ParameterException(spec.commandLine(), "no *.pkt in " + root);
        }
        return scripts;
    }

    /** By packetdrill's names. */
    static final class VersionConverter implements ITypeConverter<IpVersion> {

        @Override
        public IpVersion convert(final String value) {
            final IpVersion version = IpVersion.of(value);
            if (version == null) {
                throw new TypeConversionException("'" + value + "' is none of ipv4, ipv6, ipv4-mapped-ipv6");
            }
            return version;
        }
    }
}
