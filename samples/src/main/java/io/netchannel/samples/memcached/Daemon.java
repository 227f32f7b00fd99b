package io.netchannel.samples.memcached;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM can't fork: to run as a daemon it starts itself once more, in a session of its own, and ends when that one
 * serves.
 */
final class Daemon {

    private static final String MARK = "NETCHANNEL_MEMCACHED_DAEMON";
    private static final String READY = "netchannel-memcached-ready";
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private Daemon() {
    }

    /** Whether this is the process that was started. */
    static boolean isRunning() {
        return System.getenv(MARK) != null;
    }

    /** Tells the process that started this one to end. */
    static void ready() {
        System.out.println(READY);
        System.out.flush();
    }

    /** @return exit status: 0 once it serves */
    static int start() throws IOException {
        final List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString());
        }
        command.addAll(List.of(Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1)
                .split("\0")));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(MARK, "1");
        final Process process = builder.start();
        process.getOutputStream().close();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (READY.equals(line)) {
                    return 0;
                }
                System.err.println(line);
            }
        }
        return 1;
    }
}
