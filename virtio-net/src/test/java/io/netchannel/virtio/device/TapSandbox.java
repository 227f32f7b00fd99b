package io.netchannel.virtio.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A network namespace of the test's own, and names for TAPs that nobody else uses. */
final class TapSandbox implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String id = ProcessHandle.current().pid() % 1_000_000 + "x" + NUMBER.incrementAndGet();
    private boolean namespaceMade;

    /** Skips the test if the machine lacks what it needs; fails it where skipping is forbidden. */
    static void require() {
        need("root".equals(System.getProperty("user.name")), "needs root");
        need(Files.exists(Path.of("/dev/net/tun")), "needs /dev/net/tun");
        need(exists("ip") && exists("bash") && exists("ping"), "needs the programs ip, bash and ping");
    }

    private static void need(final boolean present, final String what) {
        if (Boolean.getBoolean("netchannel.test.noSkip")) {
            Assertions.assertTrue(present, what + ", and this run forbids skipping");
        } else {
            Assumptions.assumeTrue(present, what);
        }
    }

    private static boolean exists(final String program) {
        return List.of("/bin", "/usr/bin", "/sbin", "/usr/sbin").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    String tapName() {
        return "nct" + id;
    }

    private String namespace() {
        return "ncv" + id;
    }

    /** Moves a TAP into the namespace and sets it up there; descriptors stay good. */
    void adopt(final String tap, final String address) {
        run("ip", "netns", "add", namespace());
        namespaceMade = true;
        run("ip", "link", "set", "dev", tap, "netns", namespace());
        inside("ip", "addr", "add", address, "dev", tap);
        inside("ip", "link", "set", tap, "up");
    }

    String inside(final String... command) {
        return finish(startInside(command));
    }

    Process startInside(final String... command) {
        final List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace()));
        all.addAll(List.of(command));
        return start(all);
    }

    static String run(final String... command) {
        return finish(start(List.of(command)));
    }

    private static Process start(final List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (final IOException failed) {
            throw new IllegalStateException(command.toString(), failed);
        }
    }

    /** @return what it printed; fails if it failed */
    static String finish(final Process process) {
        try {
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ends in time").isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return output.strip();
        } catch (final IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() {
        if (namespaceMade) {
            run("ip", "netns", "del", namespace());
        }
    }
}
