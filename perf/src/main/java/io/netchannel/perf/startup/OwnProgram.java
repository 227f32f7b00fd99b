package io.netchannel.perf.startup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How this program was started, to start it once more. */
public final class OwnProgram {

    private static final String LAUNCHER = "NETCHANNEL_LAUNCHER";

    private OwnProgram() {
    }

    /** Whether this program was started by the launcher, which is what has a cache. */
    static boolean hasLauncher() {
        return System.getenv(LAUNCHER) != null;
    }

    /**
     * The launcher; without one, this JVM's own command line up to the name of the command.
     *
     * @param command that runs
     * @throws IOException if that can't be told
     */
    public static List<String> line(final String command) throws IOException {
        if (hasLauncher()) {
            return List.of(System.getenv(LAUNCHER));
        }
        final ProcessHandle.Info own = ProcessHandle.current().info();
        final List<String> arguments = Arrays.asList(own.arguments().orElse(new String[0]));
        final int end = arguments.lastIndexOf(command);
        if (end < 0 || own.command().isEmpty()) {
            throw new IOException("can't tell how this program was started; use ./netchannel");
        }
        final List<String> line = new ArrayList<>(List.of(own.command().get()));
        line.addAll(arguments.subList(0, end));
        return line;
    }
}
