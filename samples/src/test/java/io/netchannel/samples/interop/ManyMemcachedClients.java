package io.netchannel.samples.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Clients of memcached that are all connected at the same time. */
final class ManyMemcachedClients {

    private static final int ROUNDS = 2;
    private static final int MAX_ANSWER_BYTES = 1 << 16;
    /** Requests that are under way at the same time. */
    private static final int WINDOW = 500;
    private static final String CONNECTIONS = "STAT curr_connections ";

    private final ByteBuffer buffer = ByteBuffer.allocate(MAX_ANSWER_BYTES);

    private ManyMemcachedClients() {
    }

    /**
     * Each sets and gets a value of its own, twice, while all are open; then they close.
     *
     * @return how many, and what the server says to one more client, before and after they close
     * @throws IOException for a wrong answer too
     */
    static String run(final String host, final int port, final int count) throws IOException {
        final ManyMemcachedClients clients = new ManyMemcachedClients();
        final SocketChannel[] channels = new SocketChannel[count];
        final InetSocketAddress server = new InetSocketAddress(host, port);
        for (int i = 0; i < count; i++) {
            channels[i] = SocketChannel.open(server);
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int from = 0; from < count; from += WINDOW) {
                clients.converse(channels, from, Math.min(count, from + WINDOW), round);
            }
        }
        try (SocketChannel watcher = SocketChannel.open(server)) {
            final int during = clients.connections(watcher);
            for (final SocketChannel channel : channels) {
                channel.close();
            }
            int after;
            do {
                after = clients.connections(watcher);
                // The closes are still on their way; whoever started this ends a wait that is in vain.
            } while (after > 1);
            return "memcached " + count + ", curr_connections " + during + " then " + after;
        }
    }

    private void converse(final SocketChannel[] channels, final int from, final int to, final int round)
            throws IOException {
        for (int i = from; i < to; i++) {
            final String value = value(i, round);
            send(channels[i], "set key" + i + " 0 0 " + value.length() + "\r\n" + value + "\r\nget key" + i + "\r\n");
        }
        for (int i = from; i < to; i++) {
            final String value = value(i, round);
            final String expected = "STORED\r\nVALUE key" + i + " 0 " + value.length() + "\r\n" + value + "\r\nEND\r\n";
            final String answer = receive(channels[i]);
            if (!answer.equals(expected)) {
                throw new IOException(
                        "client " + i + " in round " + round + " expected " + expected + ", got " + answer);
            }
        }
    }

    private static String value(final int client, final int round) {
        return "client " + client + ", round " + round + " " + "x".repeat(client % 200);
    }

    private static void send(final SocketChannel channel, final String text) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Up to the line that ends an answer. */
    private String receive(final SocketChannel channel) throws IOException {
        buffer.clear();
        String text = "";
        while (!text.endsWith("END\r\n")) {
            if (channel.read(buffer) < 0) {
                throw new IOException("closed by the server after: " + text);
            }
            text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
        }
        return text;
    }

    private int connections(final SocketChannel watcher) throws IOException {
        send(watcher, "stats\r\n");
        final String stats = receive(watcher);
        final int at = stats.indexOf(CONNECTIONS) + CONNECTIONS.length();
        return Integer.parseInt(stats.substring(at, stats.indexOf('\r', at)));
    }
}
