package io.netchannel.samples.interop;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./netchannel haproxy}, or another haproxy, inside of a namespace, and its operators' socket.
 *
 * @param log its standard output
 * @param socket {@code admin.sock} in the directory
 */
record ProxyProcess(Command command, Path log, Path socket) {

    private static final int POLL_MS = 100;

    /** @param arguments behind the file, of {@code ./netchannel haproxy}; it answers at {@code admin.sock} when this returns */
    static ProxyProcess start(final NetworkNamespace namespace, final Path configuration, final Path directory,
            final String jvmOptions, final List<String> arguments) throws Exception {
        final List<String> line = new ArrayList<>(List.of("env", "NETCHANNEL_JVM_OPTS=-Xshare:auto " + jvmOptions,
                NetworkNamespace.launcher(), "haproxy", "-f", configuration.toString()));
        line.addAll(arguments);
        return start(namespace, directory, line);
    }

    /** @param line that starts it */
    static ProxyProcess start(final NetworkNamespace namespace, final Path directory, final List<String> line)
            throws Exception {
        final Path log = directory.resolve("log");
        final List<String> all = new ArrayList<>(List.of("sh", "-c", "ulimit -n $(ulimit -Hn); exec \"$@\" > " + log,
                "proxy"));
        all.addAll(line);
        try (WatchService changes = directory.getFileSystem().newWatchService()) {
            directory.register(changes, StandardWatchEventKinds.ENTRY_CREATE);
            final ProxyProcess started = new ProxyProcess(namespace.start("", all.toArray(String[]::new)), log,
                    directory.resolve("admin.sock"));
            started.awaitServing(changes);
            return started;
        }
    }

    /** @param changes of the socket's directory */
    private void awaitServing(final WatchService changes) throws Exception {
        while (!answers()) {
            if (!command.process().isAlive()) {
                throw new AssertionError("ended early: " + command.await(1));
            }
            final WatchKey change = changes.poll(POLL_MS, TimeUnit.MILLISECONDS);
            if (change != null) {
                change.reset();
            }
        }
    }

    private boolean answers() {
        try {
            ask("show info");
            return true;
        } catch (final IOException e) {
            return false;
        }
    }

    String ask(final String what) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap((what + "\n").getBytes(StandardCharsets.US_ASCII)));
            final StringBuilder answer = new StringBuilder();
            final ByteBuffer some = ByteBuffer.allocate(1 << 16);
            while (channel.read(some) >= 0) {
                answer.append(StandardCharsets.US_ASCII.decode(some.flip()));
                some.clear();
            }
            return answer.toString();
        }
    }

    /** A number of {@code show info}. */
    long info(final String name) throws IOException {
        return ask("show info").lines().filter(line -> line.startsWith(name + ": ")).mapToLong(line -> Long.parseLong(
                line.substring(name.length() + 2))).findFirst().orElseThrow();
    }

    /** A JVM's garbage; what wasn't given back is told of when another buffer is taken then. */
    void collect() {
        Command.run(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), String.valueOf(command.process()
                .pid()), "GC.run").expectSuccess();
    }

    long residentKb() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + command.process().pid() + "/status")).stream().filter(line -> line
                .startsWith("VmRSS:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst()
                .orElseThrow();
    }
}
