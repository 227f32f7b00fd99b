package io.netchannel.tcpip.script;

import io.netchannel.tcpip.script.run.ScriptResult;
import io.netchannel.tcpip.script.run.ScriptResult.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Scripts of public suites that describe what another system does where we have chosen otherwise: the table
 * {@code known-differences.tsv}, of suite, path, kind of failure, and reason.
 *
 * <p>A difference explains only failures of its kind: a script that fails otherwise fails.
 *
 * <p>Threading: immutable.
 */
final class KnownDifferences {

    private static final String TABLE = "known-differences.tsv";
    private static final int COLUMNS = 4;
    private static final List<Difference> ALL = read();

    private record Difference(Pattern path, String kind, String reason) {

        boolean explains(final String file, final ScriptResult result) {
            return kind.equals(result.kind()) && path.matcher(file).matches();
        }
    }

    private KnownDifferences() {
    }

    /** The result as it is to be reported. */
    static ScriptResult explain(final Path file, final ScriptResult result) {
        if (result.outcome() != Outcome.FAILED) {
            return result;
        }
        final String path = file.toAbsolutePath().toString().replace('\\', '/');
        for (final Difference difference : ALL) {
            if (difference.explains(path, result)) {
                return result.differing(difference.reason());
            }
        }
        return result;
    }

    private static List<Difference> read() {
        final List<Difference> differences = new ArrayList<>();
        try (InputStream stream = KnownDifferences.class.getResourceAsStream(TABLE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    differences.add(difference(line));
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(differences);
    }

    private static Difference difference(final String line) {
        final String[] columns = line.split("\t");
        if (columns.length != COLUMNS) {
            throw new IllegalStateException(TABLE + ": columns=" + columns.length + ", expected " + COLUMNS + ": "
                    + line);
        }
        return new Difference(Pattern.compile(".*/" + glob(columns[1])), columns[2], columns[3]);
    }

    /** {@code *} stands for any characters of a name. */
    private static String glob(final String pattern) {
        return Pattern.quote(pattern).replace("*", "\\E[^/]*\\Q");
    }
}
