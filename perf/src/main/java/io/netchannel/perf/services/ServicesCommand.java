package io.netchannel.perf.services;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./netchannel services}. */
@Command(name = ServicesCommand.NAME, mixinStandardHelpOptions = true, description = "Measures the services below the dataplane (scheduler, memory, storage) against what a user has otherwise, each pair in one run.", footer = {
    "",
    "Without names all are measured, one after the other. Each figure is the median of the rounds, with the lowest and the highest. What this machine can't run is named and left out; what fails is named, and the others go on.",
    "Exit status: 0 if all that can run has been measured, whether it reached what it is held to or not; 1 if one failed; 2 usage."})
public final class ServicesCommand implements Callable<Integer> {

    static final String NAME = "services";

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** In the order in which they are run. */
    private static final List<ServiceComparison> COMPARISONS = List.of(
            new FiberSwitchComparison(),
            new BlockReads(),
            new PacketBufferComparison(),
            new JournalCommits(),
            new GiveBackComparison(),
            new BlockedApplication(),
            new FileSendComparison(),
            new WakeUpComparison());

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Only these; --list names them.")
    private List<String> names = List.of();

    @Option(names = {"-i",
        "--rounds"}, paramLabel = "N", defaultValue = "5", description = "Rounds of each, behind a warm-up that is not counted (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--list", description = "Say what there is, and what each is held to.")
    private boolean list;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures there, too.")
    private Path json;

    private final List<ServiceComparison> comparisons;

    public ServicesCommand() {
        this(COMPARISONS);
    }

    ServicesCommand(final List<ServiceComparison> comparisons) {
        this.comparisons = comparisons;
    }

    /** With a result, or why there is none. */
    private record Row(ServiceComparison comparison, ComparisonResult result, String missing, String failure) {
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rounds < 1) {
            throw new ParameterException(spec.commandLine(), "-i " + rounds + " is not at least 1");
        }
        final List<ServiceComparison> chosen = chosen();
        checkJson();
        final PrintWriter out = spec.commandLine().getOut();
        if (list) {
            chosen.forEach(each -> out.printf("%-20s %s: %s%n", each.name(), each.description(), each.target()));
            return CommandLine.ExitCode.OK;
        }
        final List<Row> rows = new ArrayList<>();
        try (EndOnSignal _ = new EndOnSignal()) {
            for (final ServiceComparison each : chosen) {
                rows.add(row(each, out));
                out.flush();
            }
        }
        if (json != null) {
            MAPPER.writeValue(json.toFile(), document(rows));
        }
        return rows.stream().anyMatch(row -> row.failure != null)
                ? CommandLine.ExitCode.SOFTWARE
                : CommandLine.ExitCode.OK;
    }

    /** Before minutes of measuring, not after. */
    private void checkJson() {
        if (json == null) {
            return;
        }
        final Path parent = json.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent) || Files.isDirectory(json)
                || !Files.isWritable(Files.exists(json) ? json : parent)) {
            throw new ParameterException(spec.commandLine(),
                    "--json " + json + " can't be written; name a file in a directory that can");
        }
    }

    private List<ServiceComparison> chosen() {
        for (final String name : names) {
            if (comparisons.stream().noneMatch(each -> each.name().equals(name))) {
                throw new ParameterException(spec.commandLine(), "no comparison is called '" + name + "'; there are "
                        + String.join(", ", comparisons.stream().map(ServiceComparison::name).toList()));
            }
        }
        return comparisons.stream().filter(each -> names.isEmpty() || names.contains(each.name())).toList();
    }

    /** One that fails is no reason to lose the others. */
    private Row row(final ServiceComparison comparison, final PrintWriter out) throws InterruptedException {
        try {
            return measure(comparison, out);
        } catch (final InterruptedException ended) {
            throw interrupted(comparison);
        } catch (final IOException | RuntimeException failed) {
            if (Thread.interrupted()) {
                throw interrupted(comparison);
            }
            final String why = failed.getMessage() == null ? failed.toString() : failed.getMessage();
            out.println("  failed: " + why);
            if (Boolean.getBoolean("netchannel.trace")) {
                failed.printStackTrace(spec.commandLine().getErr());
            }
            return new Row(comparison, null, null, why);
        }
    }

    private static InterruptedException interrupted(final ServiceComparison comparison) {
        return new InterruptedException(comparison.name() + " was interrupted");
    }

    private Row measure(final ServiceComparison comparison, final PrintWriter out) throws IOException,
            InterruptedException {
        out.println(comparison.name() + ": " + comparison.description());
        final String missing = comparison.unavailability();
        if (missing != null) {
            out.println("  left out: " + missing);
            return new Row(comparison, null, missing, null);
        }
        final ComparisonResult result = comparison.run(rounds, out);
        for (final ComparisonResult.Figure figure : result.figures()) {
            out.printf(Locale.ROOT, "  %-50s %14.2f %-9s (%.2f to %.2f)%n", figure.what(), figure.median(), figure
                    .unit(), figure.lowest(), figure.highest());
        }
        out.printf(Locale.ROOT, "  ratio %.2f, held to %s: %s%n", result.ratio(), comparison.target(),
                result.reached() ? "reached" : "not reached");
        return new Row(comparison, result, null, null);
    }

    private static ObjectNode document(final List<Row> rows) {
        final ObjectNode root = MAPPER.createObjectNode();
        final ArrayNode all = root.putArray("comparisons");
        for (final Row row : rows) {
            final ObjectNode node = all.addObject().put("name", row.comparison().name()).put("description", row
                    .comparison().description()).put("target", row.comparison().target());
            if (row.missing() != null) {
                node.put("leftOut", row.missing());
                continue;
            }
            if (row.failure() != null) {
                node.put("failed", row.failure());
                continue;
            }
            node.put("ratio", row.result().ratio()).put("reached", row.result().reached());
            final ArrayNode figures = node.putArray("figures");
            for (final ComparisonResult.Figure figure : row.result().figures()) {
                final ArrayNode values = figures.addObject().put("what", figure.what()).put("unit", figure.unit())
                        .putArray("values");
                for (final double value : figure.values()) {
                    values.add(value);
                }
            }
        }
        return root;
    }
}
