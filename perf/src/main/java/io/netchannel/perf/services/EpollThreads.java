package io.netchannel.perf.services;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Two threads in C that wake each other by eventfds on which they wait in epoll: compiled when it is needed. */
final class EpollThreads implements AutoCloseable {

    private static final String SOURCE = "wake-up.c";
    private static final String COMPILER = "cc";

    private final Path directory;

    private EpollThreads(final Path directory) {
        this.directory = directory;
    }

    static String unavailability() {
        final boolean found = Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).anyMatch(each -> Files
                .isExecutable(Path.of(each, COMPILER)));
        return found ? null : "no C compiler: install one that is called cc, as Debian's package gcc has it";
    }

    static EpollThreads compile() throws IOException, InterruptedException {
        final EpollThreads made = new EpollThreads(Files.createTempDirectory("netchannel-wake-up"));
        try (InputStream source = EpollThreads.class.getResourceAsStream(SOURCE)) {
            Files.copy(source, made.directory.resolve(SOURCE));
            run(COMPILER, "-O2", "-pthread", "-o", made.program(), made.directory.resolve(SOURCE).toString());
            return made;
        } catch (final IOException | InterruptedException | RuntimeException failed) {
            made.close();
            throw failed;
        }
    }

    private String program() {
        return directory.resolve("wake-up").toString();
    }

    /** @param first {@code second}: CPUs that the threads are confined to */
    double oneWayNs(final int roundTrips, final int uncounted, final int first, final int second) throws IOException,
            InterruptedException {
        return Double.parseDouble(run(program(), Integer.toString(roundTrips), Integer.toString(uncounted), Integer
                .toString(first), Integer.toString(second)).trim());
    }

    private static String run(final String... line) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        final int status = process.waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", line) + " ended with " + status + ": " + output.trim());
        }
        return output;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (final Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
