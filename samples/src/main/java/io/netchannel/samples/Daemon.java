package io.netchannel.samples;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A JVM can't fork: to run as a daemon it starts itself once more, in a session of its own, and ends when that one
 * serves.
 */
public final class Daemon {

    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final String mark;
    private final String ready;

    /** @param command whose daemon it is */
    public Daemon(final String command) {
        mark = "NETCHANNEL_" + command.toUpperCase(Locale.ROOT) + "_DAEMON";
        ready = "netchannel-" + command + "-ready";
    }

    /** Whether this is the process that was started. */
    public boolean isRunning() {
        return System.getenv(mark) != null;
    }

    /** Tells the process that started this one to end. */
    public void ready() {
        System.out.println(ready);
        System.out.flush();
    }

    /** @return exit status: 0 once it serves */
    public int start() throws IOException {
        final List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString());
        }
        command.addAll(List.of(Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1)
                .split("\0")));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(mark, "1");
        final Process process = builder.start();
        process.getOutputStream().close();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (ready.equals(line)) {
                    return 0;
                }
                System.err.println(line);
            }
        }
        return 1;
    }
}
