package io.netchannel.samples.litmus;

import io.netchannel.cpu.litmus.LitmusException;
import io.netchannel.cpu.litmus.LitmusResult;
import io.netchannel.cpu.litmus.LitmusTest;
import io.netchannel.kernel.sched.NanoClock;
import io.netchannel.kernel.sched.SystemNanoClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./netchannel litmus FILE|DIR…} */
@Command(name = "litmus", mixinStandardHelpOptions = true, description = "Runs litmus tests in herd's format for AArch64 and X86_64: prints every final state that the CPU allows. Exit status 0; 1 if a file couldn't be run or a result isn't the expected one.", footer = {
    "",
    "Example: netchannel litmus -q --expected cpu-model/src/test/resources/litmus/expected.tsv cpu-model/src/test/resources/litmus"})
public final class LitmusCommand implements Callable<Integer> {

    /** After so many files a quiet run says how far it is. */
    private static final int PROGRESS_FILES = 100;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE|DIR", description = "Tests; of folders, all *.litmus below them.")
    private List<Path> roots;

    @Option(names = "--expected", paramLabel = "TSV", description = "Known results: lines of FILE, observation, number of states, states, with tabs between; the files from the folder of TSV. Prints each that differs, and totals.")
    private Path expectedFile;

    @Option(names = {"-q", "--quiet"}, description = "Print no summary of each test.")
    private boolean quiet;

    private final NanoClock clock = SystemNanoClock.INSTANCE;
    private ExpectedStates expected;
    private PrintWriter out;
    private int ran;
    private int refused;
    private int agreed;
    private int disagreed;

    @Override
    public Integer call() throws IOException {
        out = spec.commandLine().getOut();
        expected = expectedFile == null ? null : ExpectedStates.read(expectedFile);
        for (final Path root : roots) {
            final List<Path> files = files(root);
            for (final Path file : files) {
                run(root, file);
                if (quiet && (ran + refused) % PROGRESS_FILES == 0) {
                    final PrintWriter err = spec.commandLine().getErr();
                    err.println("litmus: " + (ran + refused) + " tests, " + root + " has " + files.size());
                    err.flush();
                }
            }
        }
        if (expected != null) {
            out.println("litmus: " + (ran + refused) + " tests, " + agreed + " agree, " + disagreed + " disagree, "
                    + refused + " not run, " + (ran - agreed - disagreed) + " without reference");
        }
        out.flush();
        return refused + disagreed == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void run(final Path root, final Path file) {
        final long startNs = clock.nowNs();
        final LitmusResult result;
        try {
            result = LitmusTest.parse(Files.readString(file)).run();
        } catch (final LitmusException e) {
            refuse(file + ":" + e.getMessage());
            return;
        } catch (final CharacterCodingException e) {
            refuse(file + ":1: not a litmus test: the file isn't text");
            return;
        } catch (final IOException e) {
            refuse(file + ": " + e);
            return;
        }
        ran++;
        if (!quiet) {
            result.summary(clock.nowNs() - startNs).forEach(out::println);
            out.println();
        }
        compare(root, file, result);
        // Results come as they are, also to a pipe: a long run is seen to go on.
        out.flush();
    }

    private void refuse(final String message) {
        refused++;
        spec.commandLine().getErr().println("litmus: " + message);
        spec.commandLine().getErr().flush();
    }

    private void compare(final Path root, final Path file, final LitmusResult result) {
        if (expected == null || !expected.knows(root, file)) {
            return;
        }
        final String difference = expected.difference(root, file, result);
        if (difference == null) {
            agreed++;
        } else {
            disagreed++;
            out.println(file + ": " + difference);
        }
    }

    private List<Path> files(final Path root) throws IOException {
        if (!Files.exists(root)) {
            throw new CommandLine.ParameterException(spec.commandLine(), root + ": no such file or folder");
        }
        if (!Files.isDirectory(root)) {
            return List.of(root);
        }
        try (Stream<Path> walk = Files.walk(root)) {
            final List<Path> files = walk
                    .filter(file -> file.toString().endsWith(".litmus") && Files.isRegularFile(file))
                    .sorted().toList();
            if (files.isEmpty()) {
                throw new CommandLine.ParameterException(spec.commandLine(), "no *.litmus in " + root);
            }
            return files;
        }
    }
}
