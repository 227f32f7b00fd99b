package io.netchannel.samples.memcached.load;

import io.netchannel.samples.load.ChildProcess;
import io.netchannel.samples.load.CpuTime;
import io.netchannel.samples.load.LoadFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    private final ChildProcess process;
    private final InetSocketAddress address;

    private ServerProcess(final ChildProcess process, final int port) throws IOException {
        this.process = process;
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
        final Path directory = ChildProcess.newDirectory(MemloadCommand.NAME);
        final Path ports = directory.resolve("ports");
        final ChildProcess process = ChildProcess.start(directory, line, Map.of(PORTS_VARIABLE, ports.toString()));
        try {
            process.await(() -> Files.exists(ports));
            final Matcher port = TCP_PORT.matcher(Files.readString(ports));
            if (!port.find()) {
                throw new IOException("it doesn't say its port");
            }
            return new ServerProcess(process, Integer.parseInt(port.group(1)));
        } catch (final IOException e) {
            process.close();
            throw new LoadFailure(program.getFirst() + " does not start: " + e.getMessage(), e);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    CpuTime cpu() {
        return process.cpu();
    }

    @Override
    public void close() {
        process.close();
    }
}
