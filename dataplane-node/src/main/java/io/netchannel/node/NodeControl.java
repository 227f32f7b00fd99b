package io.netchannel.node;

import io.netchannel.tcpip.SocketEntry;
import io.netchannel.tcpip.capture.CaptureFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Lets other processes of the same user look into a running node, by a Unix domain socket: one request for each
 * connection.
 *
 * <pre>
 *   request    "counters" │ "sockets" │ "capture" TAB snap bytes TAB filter; then a line feed
 *   answer     "ok" or "error" TAB reason, a line feed, then
 *     counters   NAME TAB VALUE on each line
 *     sockets    PROTOCOL STATE RECV-Q SEND-Q LOCAL PORT REMOTE PORT NAME=VALUE… on each line, by TABs
 *     capture    pcapng, until the client closes its side; then what was lost
 * </pre>
 *
 * <p>Threading: threads of its own, at most one for each of {@value #MAX_CLIENTS} clients; loops only run tasks.
 */
public final class NodeControl implements AutoCloseable {

    static final String OK = "ok\n";

    private static final int MAX_CLIENTS = 8;
    private static final int MAX_REQUEST_BYTES = 4096;

    private final DataplaneNode node;
    private final Path path;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

    private NodeControl(final DataplaneNode node, final Path path, final ServerSocketChannel server) {
        this.node = node;
        this.path = path;
        this.server = server;
    }

    /**
     * Serves a started node; close it before the node.
     *
     * @param path of the socket, which only its owner can use
     * @throws IOException if the path is in use, or can't be made
     */
    public static NodeControl open(final DataplaneNode node, final Path path) throws IOException {
        removeStale(path);
        final Path absolute = path.toAbsolutePath();
        // Made where nobody else can reach it, and moved when its mode is set.
        final Path directory = Files.createTempDirectory(absolute.getParent(), ".nc",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        final Path hidden = directory.resolve("s");
        final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(hidden));
            Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-------"));
            Files.move(hidden, absolute);
        } catch (final IOException | RuntimeException e) {
            server.close();
            Files.deleteIfExists(hidden);
            throw e;
        } finally {
            Files.delete(directory);
        }
        final NodeControl control = new NodeControl(node, path, server);
        Thread.ofPlatform().daemon().name(node.config().name() + "-control").start(control::serve);
        return control;
    }

    /** A socket that nobody serves is left by a process that was killed; anything else is not ours to remove. */
    private static void removeStale(final Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw new IOException("control socket " + path + " is a file or directory; name a path that is free");
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new IOException("control socket " + path + " is in use by another node; name another path");
        } catch (final java.net.ConnectException e) {
            Files.delete(path);
        }
    }

    private void serve() {
        try {
            while (true) {
                final SocketChannel client = server.accept();
                if (clients.size() >= MAX_CLIENTS) {
                    client.close();
                    continue;
                }
                clients.add(client);
                Thread.ofPlatform().daemon().name(node.config().name() + "-control-client")
                        .start(() -> serve(client));
            }
        } catch (final IOException e) {
            // Closed.
        }
    }

    private void serve(final SocketChannel client) {
        try (client) {
            final String request = readLine(client);
            try {
                answer(client, request.split("\t", -1));
            } catch (final IllegalArgumentException | IllegalStateException e) {
                write(client, "error\t" + String.valueOf(e.getMessage()).replace('\n', ' ') + "\n");
            }
        } catch (final IOException | RuntimeException e) {
            // The client went away, or the node is closing.
        } finally {
            clients.remove(client);
        }
    }

    private static String readLine(final SocketChannel client) throws IOException {
        final ByteBuffer line = ByteBuffer.allocate(MAX_REQUEST_BYTES);
        while (line.position() == 0 || line.get(line.position() - 1) != '\n') {
            if (!line.hasRemaining() || client.read(line) < 0) {
                throw new IOException("request without an end");
            }
        }
        return new String(line.array(), 0, line.position() - 1, StandardCharsets.UTF_8);
    }

    private static void write(final SocketChannel client, final String text) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    private void answer(final SocketChannel client, final String[] words) throws IOException {
        switch (words[0]) {
            case "counters" -> write(client, OK + node.counters().entrySet().stream()
                    .map(entry -> entry.getKey() + "\t" + entry.getValue() + "\n").collect(Collectors.joining()));
            case "sockets" -> write(client,
                    OK + node.sockets().stream().map(NodeControl::line).collect(Collectors.joining()));
            case "capture" -> capture(client, words);
            default -> throw new IllegalArgumentException("request \"" + words[0]
                    + "\" is not one of counters, sockets, capture");
        }
    }

    private static String line(final SocketEntry entry) {
        return String.join("\t", entry.protocol(), entry.state(), Long.toString(entry.receiveQueue()),
                Long.toString(entry.sendQueue()), entry.local().toString(), Integer.toString(entry.localPort()),
                entry.remote().toString(), Integer.toString(entry.remotePort()),
                entry.info().entrySet().stream().sorted(java.util.Map.Entry.comparingByKey())
                        .map(field -> field.getKey() + "=" + field.getValue()).collect(Collectors.joining("\t")))
                + "\n";
    }

    private void capture(final SocketChannel client, final String[] words) throws IOException {
        if (words.length != 3 || !words[1].matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("capture needs a snap length and a filter");
        }
        final CaptureFilter filter = CaptureFilter.parse(words[2]);
        final OutputStream out = Channels.newOutputStream(client);
        final Gate gate = new Gate(out);
        try (NodeCapture _ = node.capture(filter, Integer.parseInt(words[1]), gate, () -> closeQuietly(client))) {
            // The client says nothing more: what comes is its end, or ours.
            while (client.read(ByteBuffer.allocate(16)) >= 0) {
                // Ignored.
            }
        }
    }

    /** Says "ok" before the first byte: by then the capture's sizes were checked. */
    private static final class Gate extends OutputStream {

        private final OutputStream out;
        private boolean open;

        Gate(final OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(final int b) throws IOException {
            write(new byte[]{(byte) b}, 0, 1);
        }

        @Override
        public void write(final byte[] bytes, final int offset, final int length) throws IOException {
            if (!open) {
                open = true;
                out.write(OK.getBytes(StandardCharsets.UTF_8));
            }
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    private static void closeQuietly(final SocketChannel client) {
        try {
            client.close();
        } catch (final IOException e) {
            // It is gone either way.
        }
    }

    /** Ends all connections, captures included, and removes the socket. Idempotent. */
    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (final IOException e) {
            // A path that somebody else has removed.
        }
        clients.forEach(NodeControl::closeQuietly);
    }
}
