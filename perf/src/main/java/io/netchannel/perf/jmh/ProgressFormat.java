package io.netchannel.perf.jmh;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/** A line for each benchmark, where a table follows; what JMH says otherwise is kept for the case of a failure. */
final class ProgressFormat implements OutputFormat {

    private static final int KEPT_LINES = 40;

    private final PrintWriter out;
    private final ArrayDeque<String> said = new ArrayDeque<>();
    private final StringBuilder line = new StringBuilder();

    ProgressFormat(final PrintWriter out) {
        this.out = out;
    }

    /** The last lines that JMH, or the JVM of a benchmark, printed. */
    String lastLines() {
        return String.join(System.lineSeparator(), said) + System.lineSeparator() + line;
    }

    @Override
    public void startBenchmark(final BenchmarkParams params) {
        out.println("jmh: " + BenchmarkRow.shortName(params.getBenchmark()) + " " + BenchmarkRow.params(params));
        out.flush();
    }

    @Override
    public void print(final String text) {
        for (final char character : text.toCharArray()) {
            if (character != '\n') {
                line.append(character);
                continue;
            }
            if (said.size() == KEPT_LINES) {
                said.removeFirst();
            }
            said.addLast(line.toString());
            line.setLength(0);
        }
    }

    @Override
    public void println(final String text) {
        print(text + "\n");
    }

    @Override
    public void write(final int character) {
        print(String.valueOf((char) character));
    }

    @Override
    public void write(final byte[] bytes) {
        print(new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void verbosePrintln(final String text) {
        // Nobody asked for it.
    }

    @Override
    public void iteration(final BenchmarkParams benchmark, final IterationParams params, final int number) {
        // A line for each benchmark is enough.
    }

    @Override
    public void iterationResult(final BenchmarkParams benchmark, final IterationParams params, final int number,
            final IterationResult result) {
        // The table follows.
    }

    @Override
    public void endBenchmark(final BenchmarkResult result) {
        // The table follows.
    }

    @Override
    public void startRun() {
        // Nothing has happened yet.
    }

    @Override
    public void endRun(final Collection<RunResult> results) {
        // The table follows.
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }
}
