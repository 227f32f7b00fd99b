package io.netchannel.samples.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Many connections, each with a request of which another byte comes now and then and never the end: a process of its own inside
 * its namespace. It prints how many there are, and how they ended.
 */
final class SlowLoris {

    private static final int WINDOW = 200;
    private static final long DRIP_MS = 2_000;
    private static final long POLL_MS = 50;
    private static final byte[] HALF = "GET /half HTTP/1.1\r\nHost: x\r\nUser-Agent: slow\r\nX-Half: ".getBytes(
            StandardCharsets.US_ASCII);

    private final Selector selector;
    private final List<SocketChannel> open = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(4096);
    private int connecting;
    private int timedOut;
    private int reset;
    private int others;
    private String other = "";

    private SlowLoris() throws IOException {
        selector = Selector.open();
    }

    /** The line that starts it. @param source address of its connections */
    static String[] commandLine(final String source, final String host, final int port, final int count) {
        return new String[]{Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-cp",
            SlowLoris.class.getProtectionDomain().getCodeSource().getLocation().getPath(), SlowLoris.class.getName(),
            source, host, Integer.toString(port), Integer.toString(count)};
    }

    public static void main(final String[] args) throws IOException {
        new SlowLoris().run(args[0], new InetSocketAddress(args[1], Integer.parseInt(args[2])), Integer.parseInt(
                args[3]));
    }

    private void run(final String source, final InetSocketAddress target, final int count) throws IOException {
        while (open.size() + timedOut + reset + others + connecting < count || connecting > 0) {
            while (connecting < WINDOW && open.size() + timedOut + reset + others + connecting < count) {
                final SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.bind(new InetSocketAddress(source, 0));
                connecting++;
                if (channel.connect(target)) {
                    begin(channel.register(selector, SelectionKey.OP_READ));
                } else {
                    channel.register(selector, SelectionKey.OP_CONNECT);
                }
            }
            look();
        }
        System.out.println("connected " + open.size());
        long nextMs = System.currentTimeMillis() + DRIP_MS;
        while (!open.isEmpty()) {
            look();
            if (System.currentTimeMillis() >= nextMs) {
                nextMs = System.currentTimeMillis() + DRIP_MS;
                drip();
            }
        }
        System.out.println("408: " + timedOut + ", reset: " + reset + ", other: " + others + other);
    }

    private void look() throws IOException {
        selector.select(POLL_MS);
        for (final SelectionKey key : selector.selectedKeys()) {
            if (key.isConnectable()) {
                ((SocketChannel) key.channel()).finishConnect();
                begin(key);
            } else if (key.isReadable()) {
                read(key);
            }
        }
        selector.selectedKeys().clear();
    }

    private void begin(final SelectionKey key) throws IOException {
        final SocketChannel channel = (SocketChannel) key.channel();
        key.interestOps(SelectionKey.OP_READ);
        connecting--;
        open.add(channel);
        channel.write(ByteBuffer.wrap(HALF));
    }

    private void read(final SelectionKey key) throws IOException {
        final SocketChannel channel = (SocketChannel) key.channel();
        buffer.clear();
        String answer;
        try {
            // An answer of some 200 bytes, and the end right behind it.
            answer = channel.read(buffer) < 0
                    ? "closed"
                    : new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
        } catch (final IOException e) {
            answer = e.toString();
        }
        if (answer.startsWith("HTTP/1.1 408 ")) {
            timedOut++;
        } else if (answer.contains("reset")) {
            reset++;
        } else {
            others++;
            other = ", such as " + answer;
        }
        open.remove(channel);
        channel.close();
    }

    private void drip() {
        for (final SocketChannel channel : open) {
            try {
                channel.write(ByteBuffer.wrap(new byte[]{'x'}));
            } catch (final IOException e) {
                // It has ended, which will be read.
            }
        }
    }
}
