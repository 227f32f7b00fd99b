package io.netchannel.samples.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program run to its end, with its output in files so that it can't block. */
final class Command {

    private final Process process;
    private final Path out;
    private final Path err;
    private final List<String> line;

    private Command(final Process process, final Path out, final Path err, final List<String> line) {
        this.process = process;
        this.out = out;
        this.err = err;
        this.line = line;
    }

    /** What a finished program left. */
    record Result(int status, String out, String err, List<String> line) {

        Result expectSuccess() {
            if (status != 0) {
                throw new AssertionError(line + " ended with " + status + "\nstdout: " + out + "\nstderr: " + err);
            }
            return this;
        }
    }

    static Command start(final List<String> line, final String input) {
        try {
            final Path out = Files.createTempFile("netchannel-it", ".out");
            final Path err = Files.createTempFile("netchannel-it", ".err");
            final Process process = new ProcessBuilder(line).redirectOutput(out.toFile())
                    .redirectError(err.toFile()).start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.ISO_8859_1));
            } catch (final IOException e) {
                // The program did not want its input; its status tells.
            }
            return new Command(process, out, err, line);
        } catch (final IOException e) {
            throw new AssertionError("can't start " + line, e);
        }
    }

    static Result run(final String... line) {
        return start(List.of(line), "").await(60);
    }

    Process process() {
        return process;
    }

    String outputSoFar() {
        return read(out);
    }

    String errorsSoFar() {
        return read(err);
    }

    /** Waits on the program's own progress, not on the clock; the test's own time-out ends a wait that is in vain. */
    void awaitOutput(final String text) {
        while (!outputSoFar().contains(text)) {
            if (!process.isAlive()) {
                throw new AssertionError("ended early: " + await(1));
            }
            Thread.yield();
        }
    }

    Result await(final int timeoutSeconds) {
        try {
            if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(
                        line + " did not end within " + timeoutSeconds + " s\nstdout: " + read(out) + "\nstderr: "
                                + read(err));
            }
            return new Result(process.exitValue(), read(out), read(err), line);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(line + " interrupted", e);
        } finally {
            delete(out);
            delete(err);
        }
    }

    private static String read(final Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void delete(final Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }
}
