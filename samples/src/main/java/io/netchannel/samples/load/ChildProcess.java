package io.netchannel.samples.load;

import io.netchannel.kernel.sched.SystemNanoClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A process that this program starts, with a temporary directory for its files, and ends.
 *
 * <p>Threading: one thread.
 */
public final class ChildProcess implements AutoCloseable {

    private static final String WORDS = "words";
    private static final long START_NS = 20_000_000_000L;
    private static final long LOOK_NS = 5_000_000L;
    private static final long END_SECONDS = 5;
    private static final int MAX_WORDS_BYTES = 4096;

    private final String program;
    private final Process process;
    private final Path directory;

    private ChildProcess(final String program, final Process process, final Path directory) {
        this.program = program;
        this.process = process;
        this.directory = directory;
    }

    /** @return a new directory, for a process that is about to be started */
    public static Path newDirectory(final String prefix) {
        try {
            return Files.createTempDirectory(prefix);
        } catch (final IOException e) {
            throw new LoadFailure("no temporary directory: " + e.getMessage(), e);
        }
    }

    /**
     * @param directory of {@link #newDirectory}, for its files; removed when this is closed, with the files in it
     * @throws LoadFailure if there is no such program
     */
    public static ChildProcess start(final Path directory, final List<String> line,
            final Map<String, String> environment) {
        final ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true)
                .redirectOutput(directory.resolve(WORDS).toFile());
        builder.environment().putAll(environment);
        try {
            return new ChildProcess(line.getFirst(), builder.start(), directory);
        } catch (final IOException e) {
            remove(directory);
            throw new LoadFailure(line.getFirst() + " does not start: " + e.getMessage(), e);
        }
    }

    /**
     * Waits until it is ready, and ends it if it isn't in time.
     *
     * @throws LoadFailure with what it says
     */
    public void await(final BooleanSupplier ready) {
        try {
            poll(ready);
        } catch (final LoadFailure e) {
            close();
            throw e;
        }
    }

    private void poll(final BooleanSupplier ready) {
        final long startNs = SystemNanoClock.INSTANCE.nowNs();
        while (!ready.getAsBoolean()) {
            String problem = null;
            if (!process.isAlive()) {
                problem = "status " + process.exitValue() + " " + words();
            } else if (SystemNanoClock.INSTANCE.nowNs() - startNs > START_NS) {
                problem = "it isn't ready within " + START_NS / 1_000_000_000L + " s";
            } else if (Thread.currentThread().isInterrupted()) {
                problem = "interrupted";
            }
            if (problem != null) {
                throw new LoadFailure(program + " does not start: " + problem);
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** What it has printed, or the beginning of it. */
    public String words() {
        try {
            final byte[] all = Files.readAllBytes(directory.resolve(WORDS));
            return new String(all, 0, Math.min(all.length, MAX_WORDS_BYTES), StandardCharsets.UTF_8).strip();
        } catch (final IOException e) {
            return "";
        }
    }

    public CpuTime cpu() {
        return CpuTime.of(process.toHandle());
    }

    /**
     * Waits until it has ended by itself.
     *
     * @return its exit status
     * @throws LoadFailure if that takes longer than so many seconds
     */
    public int awaitEnd(final long seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new LoadFailure(program + " doesn't end");
            }
            return process.exitValue();
        } catch (final InterruptedException e) {
            throw LoadFailure.interrupted(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        remove(directory);
    }

    private static void remove(final Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (final Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(directory);
        } catch (final IOException e) {
            // In the system's directory for what may go.
        }
    }
}
