package io.netchannel.perf.startup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command of netchannel's as a process of its own, watched without waiting.
 *
 * <p>Threading: one thread; the process is in that thread's network namespace.
 */
final class Launch implements AutoCloseable {

    static final String JVM = "JVM";

    private static final String JVM_OPTIONS = "NETCHANNEL_JVM_OPTS";
    private static final long TIMEOUT_NS = 30_000_000_000L;
    private static final long END_SECONDS = 10;

    private final PhaseTimes times = new PhaseTimes();
    private final Process process;
    private final StringBuilder output = new StringBuilder();

    Launch(final boolean cached, final String... arguments) throws IOException {
        final List<String> line = new ArrayList<>(OwnProgram.line(StartupCommand.NAME));
        line.addAll(List.of(arguments));
        final ProcessBuilder builder = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT);
        if (!cached) {
            builder.environment().merge(JVM_OPTIONS, "-XX:AOTMode=off", (old, added) -> old + " " + added);
        }
        process = builder.start();
    }

    PhaseTimes times() {
        return times;
    }

    /**
     * Looks at how far the process has come: {@link #JVM} when the launcher has given way to it.
     *
     * @return what it has printed
     * @throws IOException if it has ended, or takes too long
     */
    String look() throws IOException {
        if (!times.hasReached(JVM) && isJava()) {
            times.reach(JVM);
        }
        final InputStream out = process.getInputStream();
        if (out.available() > 0) {
            output.append(new String(out.readNBytes(out.available()), StandardCharsets.UTF_8));
        } else if (!process.isAlive()) {
            throw new IOException("a start ended early, with status " + process.exitValue());
        }
        if (times.elapsedNs() > TIMEOUT_NS) {
            throw new IOException("no packet was answered within " + TIMEOUT_NS / 1_000_000_000L + " s");
        }
        return output.toString();
    }

    /** CPU time of the process so far, all its threads, in ticks of the kernel's clock: 10 ms. */
    long cpuNs() {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    private boolean isJava() throws IOException {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/exe")).endsWith("java");
        } catch (final NoSuchFileException ended) {
            return false;
        }
    }

    /** Ends the process, orderly if it can. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
