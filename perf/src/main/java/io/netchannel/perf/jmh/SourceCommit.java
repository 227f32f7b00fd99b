package io.netchannel.perf.jmh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Which commit a directory of sources is at, by git. */
final class SourceCommit {

    static final String UNKNOWN = "unknown";
    private static final String OBJECT_ID = "# branch.oid ";
    private static final int SHORT_DIGITS = 7;

    private SourceCommit() {
    }

    /**
     * Short; with a {@code +} if files were changed since, other than the table itself; or {@link #UNKNOWN}.
     *
     * @param table relative to the directory
     */
    static String of(final Path directory, final Path table) {
        try {
            final Process git = new ProcessBuilder("git", "-C", directory.toString(), "status", "--porcelain=v2",
                    "--branch", "--untracked-files=no", "--", ".", ":(exclude)" + table)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            final String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return git.waitFor() == 0 ? parse(output.lines().toList()) : UNKNOWN;
        } catch (final IOException e) {
            // There is no git here; the figures are no worse for it.
            return UNKNOWN;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }

    static String parse(final List<String> status) {
        final String id = status.stream().filter(line -> line.startsWith(OBJECT_ID))
                .map(line -> line.substring(OBJECT_ID.length())).findFirst().orElse("");
        if (!id.matches("[0-9a-f]{7,}")) {
            return UNKNOWN;
        }
        final boolean changed = status.stream().anyMatch(line -> !line.startsWith("#"));
        return id.substring(0, SHORT_DIGITS) + (changed ? "+" : "");
    }
}
