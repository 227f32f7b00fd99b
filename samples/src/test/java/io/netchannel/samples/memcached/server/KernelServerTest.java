package io.netchannel.samples.memcached.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netchannel.kernel.sched.SystemNanoClock;
import io.netchannel.samples.memcached.options.ArgumentParser;
import io.netchannel.samples.memcached.options.Settings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server on the kernel's sockets, over loopback. */
@Timeout(60)
final class KernelServerTest {

    private static final int CONNECTIONS = 2000;
    private static final String VALUE = "x".repeat(100_000);
    /** Both ends are in this process. */
    private static final int DESCRIPTORS = 2 * CONNECTIONS + 500;
    private static final int TIMEOUT_MILLIS = 20_000;

    @Test
    void shouldServeOthersBesideThousandsOfHalfRequestsInBoundedMemory() throws Exception {
        assumeThat(descriptorLimit()).as("descriptors that a process may have; see ulimit -n")
                .isGreaterThanOrEqualTo(DESCRIPTORS);
        final Settings settings = new ArgumentParser(List.of("-t", "2", "-p", "-1", "-l", "127.0.0.1", "-m", "8", "-c",
                "3000")).settings();
        final SocketChannel[] slow = new SocketChannel[CONNECTIONS];
        try (MemcachedServer server = new MemcachedServer(settings, 2, SystemNanoClock.INSTANCE.nowNs(),
                Instant.now().getEpochSecond(), 0, () -> {
                }); KernelServer kernel = new KernelServer(server)) {
            kernel.start();
            final InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(),
                    settings.tcpPort);
            for (int i = 0; i < CONNECTIONS; i++) {
                slow[i] = SocketChannel.open(address);
                send(slow[i], i % 2 == 0 ? "get key" : "set key" + i + " 0 0 " + VALUE.length() + "\r\nhalf");
            }
            try (Socket other = new Socket(address.getAddress(), address.getPort())) {
                other.setSoTimeout(TIMEOUT_MILLIS);
                assertThat(ask(other, "set early 0 0 1\r\nx\r\nget early\r\n", "END\r\n"))
                        .isEqualTo("STORED\r\nVALUE early 0 1\r\nx\r\nEND\r\n");
                assertThat(ask(other, "stats\r\n", "END\r\n")).contains("STAT curr_connections " + (CONNECTIONS + 1));
                assertThat(allocatedBytes(server)).isLessThanOrEqualTo(12L << 20);
                // What was cut in two is answered like any other.
                for (int i = 0; i < CONNECTIONS; i += 2) {
                    send(slow[i], " early\r\n");
                    slow[i].socket().setSoTimeout(TIMEOUT_MILLIS);
                    assertThat(read(slow[i].socket(), "END\r\n")).isEqualTo("VALUE early 0 1\r\nx\r\nEND\r\n");
                }
            }
            close(slow);
            try (Socket last = new Socket(address.getAddress(), address.getPort())) {
                last.setSoTimeout(TIMEOUT_MILLIS);
                awaitOneConnection(last);
                assertThat(ask(last, "set a 0 0 " + VALUE.length() + "\r\n" + VALUE + "\r\n", "\r\n"))
                        .isEqualTo("STORED\r\n");
            }
        } finally {
            close(slow);
        }
    }

    private static long descriptorLimit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof final UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : 0;
    }

    private static long allocatedBytes(final MemcachedServer server) {
        server.lock();
        try {
            return server.store().slabs().allocatedBytes();
        } finally {
            server.unlock();
        }
    }

    private static void send(final SocketChannel channel, final String text) throws IOException {
        final ByteBuffer buffer = StandardCharsets.ISO_8859_1.encode(text);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static String ask(final Socket socket, final String text, final String end) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return read(socket, end);
    }

    /** All up to what ends it. */
    private static String read(final Socket socket, final String end) throws IOException {
        final StringBuilder all = new StringBuilder();
        final byte[] bytes = new byte[8192];
        while (!all.toString().endsWith(end)) {
            final int count = socket.getInputStream().read(bytes);
            assertThat(count).as("the server ended a connection after " + all).isPositive();
            all.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
        }
        return all.toString();
    }

    /** The server learns of the ends one by one; each question gives it time. */
    private static void awaitOneConnection(final Socket socket) throws IOException {
        String stats;
        do {
            stats = ask(socket, "stats\r\n", "END\r\n");
        } while (!stats.contains("STAT curr_connections 1\r"));
    }

    private static void close(final SocketChannel[] channels) throws IOException {
        for (final SocketChannel channel : channels) {
            if (channel != null) {
                channel.close();
            }
        }
    }
}
