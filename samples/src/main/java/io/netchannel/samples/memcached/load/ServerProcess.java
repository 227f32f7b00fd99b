package io.netchannel.samples.memcached.load;

import io.netchannel.kernel.sched.SystemNanoClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A memcached that this program starts on a free port of the loopback interface, and ends: the original, or this one, whose command line
 * is the same.
 *
 * <p>Threading: one thread.
 */
final class ServerProcess implements AutoCloseable {

    /** Both write there what they listen on. */
    private static final String PORTS_VARIABLE = "MEMCACHED_PORT_FILENAME";
    private static final Pattern TCP_PORT = Pattern.compile("TCP INET: (\\d+)");
    private static final String LOOPBACK = "127.0.0.1";
    private static final long START_NS = 20_000_000_000L;
    private static final long LOOK_NS = 5_000_000L;
    private static final long END_SECONDS = 5;
    private static final int MAX_WORDS_BYTES = 4096;

    private final Process process;
    private final Path directory;
    private final InetSocketAddress address;

    private ServerProcess(final Process process, final Path directory, final int port) throws IOException {
        this.process = process;
        this.directory = directory;
        this.address = new InetSocketAddress(InetAddress.getByName(LOOPBACK), port);
    }

    /**
     * Starts it with one thread, and waits until it listens.
     *
     * @param program the words before memcached's own
     */
    static ServerProcess start(final List<String> program, final LoadProfile profile) {
        final List<String> line = new ArrayList<>(program);
        line.addAll(List.of("-t", "1", "-p", "-1", "-U", "0", "-l", LOOPBACK, "-m",
                String.valueOf(profile.serverMegabytes()), "-c", String.valueOf(profile.serverConnections()), "-u",
                System.getProperty("user.name")));
        Process process = null;
        try {
            final Path directory = Files.createTempDirectory("memload");
            final Path ports = directory.resolve("ports");
            final ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true)
                    .redirectOutput(directory.resolve("words").toFile());
            builder.environment().put(PORTS_VARIABLE, ports.toString());
            process = builder.start();
            return new ServerProcess(process, directory, awaitPort(process, ports));
        } catch (final IOException e) {
            if (process != null) {
                process.destroyForcibly();
            }
            throw new LoadFailure(program.getFirst() + " does not start: " + e.getMessage(), e);
        }
    }

    private static int awaitPort(final Process process, final Path ports) throws IOException {
        final long startNs = SystemNanoClock.INSTANCE.nowNs();
        while (!Files.exists(ports)) {
            if (!process.isAlive()) {
                throw new IOException("status " + process.exitValue() + " " + words(ports.resolveSibling("words")));
            }
            if (SystemNanoClock.INSTANCE.nowNs() - startNs > START_NS) {
                throw new IOException("it doesn't listen within " + START_NS / 1_000_000_000L + " s");
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        final Matcher port = TCP_PORT.matcher(Files.readString(ports));
        if (!port.find()) {
            throw new IOException("it doesn't say its port");
        }
        return Integer.parseInt(port.group(1));
    }

    private static String words(final Path file) throws IOException {
        final byte[] all = Files.readAllBytes(file);
        return new String(all, 0, Math.min(all.length, MAX_WORDS_BYTES), StandardCharsets.UTF_8).strip();
    }

    InetSocketAddress address() {
        return address;
    }

    CpuTime cpu() {
        return CpuTime.of(process.toHandle());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            for (final String name : new String[]{"ports", "ports.lck", "words"}) {
                Files.deleteIfExists(directory.resolve(name));
            }
            Files.deleteIfExists(directory);
        } catch (final IOException e) {
            // In the system's directory for what may go.
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
