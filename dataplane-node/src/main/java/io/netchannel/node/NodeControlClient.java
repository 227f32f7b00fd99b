package io.netchannel.node;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The other side of {@link NodeControl}. */
public final class NodeControlClient implements AutoCloseable {

    private static final int MAX_STATUS_BYTES = 4096;

    private final SocketChannel channel;
    private final InputStream in;

    /**
     * Asks, and reads the answer's status.
     *
     * @throws IOException naming the path if nobody serves it, or with the node's reason if it refuses
     */
    public NodeControlClient(final Path path, final String... request) throws IOException {
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        } catch (final IOException e) {
            throw new IOException("no node serves " + path + " (" + e.getMessage()
                    + "); start one with --control " + path, e);
        }
        in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
        try {
            final ByteBuffer bytes = ByteBuffer
                    .wrap((String.join("\t", request) + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            final String status = readLine();
            if (!status.equals(NodeControl.OK.strip())) {
                throw new IOException(status.startsWith("error\t") ? status.substring(6) : "the node has no answer");
            }
        } catch (final IOException e) {
            channel.close();
            throw e;
        }
    }

    private String readLine() throws IOException {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n' && line.size() < MAX_STATUS_BYTES; b = in.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** The answer behind its status, to its end. */
    public InputStream answer() {
        return in;
    }

    /** The answer's lines, in fields. */
    public List<String[]> lines() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(line -> line.split("\t")).toList();
    }

    /** Ends a capture in order: what was lost follows, then the answer's end. Any thread. */
    public void finish() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
