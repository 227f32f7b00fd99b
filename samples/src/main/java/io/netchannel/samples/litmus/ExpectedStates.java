package io.netchannel.samples.litmus;

import io.netchannel.cpu.litmus.LitmusResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reference results: lines of file, observation, number of states, and the states parted by " | ", with tabs between. Files
 * are named from the folder that the reference is in.
 */
final class ExpectedStates {

    private record Expected(String observation, String states) {
    }

    private final Path folder;
    private final Map<String, Expected> results = new HashMap<>();

    private ExpectedStates(final Path folder) {
        this.folder = folder;
    }

    /** @throws IOException if it can't be read or a line has other columns */
    static ExpectedStates read(final Path file) throws IOException {
        final ExpectedStates expected = new ExpectedStates(file.toAbsolutePath().normalize().getParent());
        final List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            final String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#") || line.startsWith("file\t")) {
                continue;
            }
            final String[] columns = line.split("\t", -1);
            if (columns.length != 4 || !columns[1].matches("Never|Sometimes|Always")) {
                throw new IOException(file + ":" + (i + 1)
                        + ": expected FILE, Never, Sometimes or Always, number of states, and states, with tabs");
            }
            expected.results.put(columns[0], new Expected(columns[1], columns[3]));
        }
        return expected;
    }

    /** @param root the argument that the file was found below */
    boolean knows(final Path root, final Path file) {
        return expected(root, file) != null;
    }

    /** @return what differs, in one line; null if nothing does */
    String difference(final Path root, final Path file, final LitmusResult result) {
        final Expected expected = expected(root, file);
        final String states = String.join(" | ", result.states());
        final String observation = result.observation().toString();
        if (!expected.observation().equals(observation)) {
            return "observation " + observation + ", expected " + expected.observation();
        }
        return expected.states().equals(states) ? null : "states " + states + ", expected " + expected.states();
    }

    private Expected expected(final Path root, final Path file) {
        final Path path = file.toAbsolutePath().normalize();
        if (path.startsWith(folder)) {
            final Expected expected = results.get(folder.relativize(path).toString());
            if (expected != null) {
                return expected;
            }
        }
        return results.get(root.toAbsolutePath().normalize().relativize(path).toString());
    }
}
