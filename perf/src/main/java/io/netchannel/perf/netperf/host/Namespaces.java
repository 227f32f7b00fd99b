package io.netchannel.perf.netperf.host;

import io.netchannel.kernel.linux.Linux;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Network namespaces of this run: Linux hosts of their own, gone when this is closed. Threads of this process enter them
 * and make sockets there; so both ends of a test are in one process, as in all paths.
 *
 * <p>Threading: one thread, but for {@link #enter}.
 */
public final class Namespaces implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final long TIMEOUT_SECONDS = 20;

    private final String prefix = "np" + ProcessHandle.current().pid() % 1_000_000 + "x" + NUMBER.incrementAndGet();
    private final Deque<String> made = new ArrayDeque<>();

    /** Why namespaces and TAP devices can't be made here; null if they can. */
    public static String unavailability() {
        if (Linux.geteuid() != 0) {
            return "needs root";
        }
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            return "needs /dev/net/tun";
        }
        try {
            run("ip", "-V");
            return null;
        } catch (final PathUnavailableException e) {
            return "needs the program ip";
        }
    }

    /** @return its name */
    public String make(final String suffix) {
        final String name = prefix + suffix;
        run("ip", "netns", "add", name);
        made.push(name);
        in(name, "ip", "link", "set", "lo", "up");
        return name;
    }

    /** For interfaces, which have 15 characters at most. */
    String prefix() {
        return prefix;
    }

    /** Moves an interface there, gives it an address and brings it up. */
    void adopt(final String namespace, final String interfaceName, final String address) {
        run("ip", "link", "set", "dev", interfaceName, "netns", namespace);
        in(namespace, "ip", "addr", "add", address, "dev", interfaceName);
        in(namespace, "ip", "link", "set", interfaceName, "up");
    }

    public static void enter(final String namespace) {
        Linux.enterNetworkNamespace("/run/netns/" + namespace);
    }

    static void in(final String namespace, final String... command) {
        final List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        line.addAll(List.of(command));
        run(line.toArray(String[]::new));
    }

    static void run(final String... line) {
        try {
            final Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new PathUnavailableException(String.join(" ", line) + ": " + output);
            }
        } catch (final IOException e) {
            throw new PathUnavailableException(String.join(" ", line) + ": " + e.getMessage());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PathUnavailableException("interrupted");
        }
    }

    @Override
    public void close() {
        while (!made.isEmpty()) {
            run("ip", "netns", "del", made.pop());
        }
    }
}
