package io.netchannel.samples.packetscript;

import io.netchannel.tcpip.script.run.ScriptResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Results that are known from an earlier run: script, tab, outcome; lines that begin with # are comments. */
final class ExpectedResults {

    static final ExpectedResults NONE = new ExpectedResults(Map.of());

    private final Map<String, String> outcomes;

    private ExpectedResults(final Map<String, String> outcomes) {
        this.outcomes = outcomes;
    }

    /** @throws IOException if it can't be read, or a line is no such pair */
    static ExpectedResults read(final Path file) throws IOException {
        final Map<String, String> outcomes = new HashMap<>();
        final List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            final String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            final String[] columns = line.split("\t");
            if (columns.length < 2 || !columns[1].strip().matches("passed|failed|differs|skipped")) {
                throw new IOException(
                        file + ":" + (i + 1) + ": expected NAME, tab, passed, failed, differs or skipped");
            }
            outcomes.put(columns[0], columns[1].strip());
        }
        return new ExpectedResults(outcomes);
    }

    /** Writes what {@link #read} reads. */
    static void write(final Path file, final List<ScriptResult> results) throws IOException {
        final Map<String, String> lines = new TreeMap<>();
        results.forEach(result -> lines.put(result.file(), result.file() + "\t" + result.outcome()));
        Files.write(file, lines.values());
    }

    /** Without known results a script is not to fail; with them it is to end as it did, or better. */
    boolean isGood(final ScriptResult result) {
        final String known = outcomes.get(result.file());
        return known == null
                ? result.outcome() != ScriptResult.Outcome.FAILED
                : result.isPassed() || known.equals(result.outcome().toString());
    }
}
