package io.netchannel.samples.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.netchannel.samples.Shutdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the command lines of load generators have in common. */
public final class RunOptions {

    private static final int MAX_ROUNDS = 1000;
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = {"-i",
        "--rounds"}, paramLabel = "N", defaultValue = "3", description = "Counted rounds (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results as JSON.")
    private Path json;

    @Option(names = {"-q", "--quiet"}, description = "No progress on standard error.")
    private boolean quiet;

    /** @throws ParameterException if an option is wrong: before a minute of measuring, not after */
    public void check() {
        if (rounds < 1 || rounds > MAX_ROUNDS) {
            throw usage("-i " + rounds + " is not within 1.." + MAX_ROUNDS + " rounds");
        }
        if (json == null) {
            return;
        }
        final Path parent = json.toAbsolutePath().getParent();
        if (!Files.isDirectory(parent) || Files.isDirectory(json)
                || !Files.isWritable(Files.exists(json) ? json : parent)) {
            throw usage("--json " + json + " can't be written; name a file in a directory that can");
        }
    }

    /**
     * Opens paths, has them measured, and closes them whatever comes, a signal too.
     *
     * @throws LoadFailure if nothing can be opened, or this was ended
     */
    public <P extends ComparedPath, R> R compare(final Consumer<OpenPaths<P>> opening,
            final Function<OpenPaths<P>, R> measuring) {
        try (Shutdown _ = Shutdown.onSignal(Thread.currentThread()::interrupt);
                OpenPaths<P> open = new OpenPaths<>(this::progress)) {
            opening.accept(open);
            final R result = measuring.apply(open);
            if (Thread.currentThread().isInterrupted()) {
                throw new LoadFailure("interrupted");
            }
            return result;
        }
    }

    /** @return the exit status */
    public int publish(final ComparisonReport report) throws IOException {
        report.print(spec.commandLine().getOut());
        if (json != null) {
            MAPPER.writeValue(json.toFile(), report.json());
        }
        return report.isGood() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    public int rounds() {
        return rounds;
    }

    /** What {@link #compare} will take, roughly. */
    public void estimate(final double seconds) {
        progress(String.format(Locale.ROOT, "about %.0f s", seconds));
    }

    /** One line on standard error. */
    public void progress(final String what) {
        if (!quiet) {
            spec.commandLine().getErr().println(spec.name() + ": " + what);
            spec.commandLine().getErr().flush();
        }
    }

    /** As typed. */
    public String command() {
        return Stream.concat(Stream.of("./netchannel " + spec.name()), spec.commandLine().getParseResult()
                .originalArgs().stream().filter(argument -> !argument.equals(spec.name()))).collect(Collectors.joining(
                        " "));
    }

    public ParameterException usage(final String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
