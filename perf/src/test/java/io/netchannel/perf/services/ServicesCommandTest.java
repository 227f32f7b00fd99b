package io.netchannel.perf.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ServicesCommandTest {

    @TempDir
    private Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private interface Measuring {
        ComparisonResult run() throws IOException, InterruptedException;
    }

    private record Comparison(String name, String unavailability, Measuring measuring) implements ServiceComparison {

        @Override
        public String description() {
            return "one against another";
        }

        @Override
        public String target() {
            return "at least 2x";
        }

        @Override
        public ComparisonResult run(final int rounds, final PrintWriter progress) throws IOException,
                InterruptedException {
            return measuring.run();
        }
    }

    private static ComparisonResult measured() {
        return new ComparisonResult(List.of(new ComparisonResult.Figure("ours", "ns", 3, 1, 2)), 1.5, false);
    }

    private int run(final List<ServiceComparison> comparisons, final String... arguments) {
        return new CommandLine(new ServicesCommand(comparisons)).setOut(new PrintWriter(out)).setErr(new PrintWriter(
                err)).execute(arguments);
    }

    @Test
    void shouldGoOnWithTheOthersWhenOneFails() throws IOException {
        final Path json = directory.resolve("out.json");
        assertThat(run(List.of(new Comparison("bad", null, () -> {
            throw new IOException("the disk is gone");
        }), new Comparison("good", null, ServicesCommandTest::measured)), "--json", json.toString())).isEqualTo(
                CommandLine.ExitCode.SOFTWARE);
        assertThat(out.toString()).containsSubsequence("bad: ", "failed: the disk is gone", "good: ",
                "2.00 ns", "(1.00 to 3.00)", "ratio 1.50, held to at least 2x: not reached");
        final JsonNode all = new ObjectMapper().readTree(json.toFile()).get("comparisons");
        assertThat(all.get(0).get("failed").asText()).isEqualTo("the disk is gone");
        assertThat(all.get(1).get("figures").get(0).get("values")).hasSize(3);
    }

    @Test
    void shouldNameWhatIsLeftOutAndWhy() {
        assertThat(run(List.of(new Comparison("none", "no compiler: install cc", () -> {
            throw new AssertionError("not to be run");
        }), new Comparison("good", null, ServicesCommandTest::measured)))).isEqualTo(CommandLine.ExitCode.OK);
        assertThat(out.toString()).containsSubsequence("none: ", "left out: no compiler: install cc", "good: ");
    }

    @Test
    void shouldRunNoMoreOnceItIsInterrupted() {
        assertThat(run(List.of(new Comparison("bad", null, () -> {
            // As a channel of a file does.
            Thread.currentThread().interrupt();
            throw new IOException("closed by interrupt");
        }), new Comparison("next", null, () -> {
            throw new AssertionError("not to be run");
        })))).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(out.toString()).doesNotContain("next");
        assertThat(err.toString()).contains("bad was interrupted");
    }

    @Test
    void shouldRefuseAFileForItsFiguresBeforeItMeasures() {
        assertThat(run(List.of(new Comparison("good", null, () -> {
            throw new AssertionError("not to be run");
        })), "--json", directory.toString())).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--json " + directory + " can't be written");
    }
}
