package io.netchannel.node.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.node.NodeWire;
import io.netchannel.virtio.device.ImpairmentConfig;
import io.netchannel.virtio.device.WireConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocking sockets of two nodes, in virtual time. */
@Timeout(60)
final class FiberSocketTest {

    private static final int BACKLOG = 16;
    private static final int BYTES = 2_000_000;
    private static final long SECOND_NS = 1_000_000_000L;

    private final List<String> events = new ArrayList<>();
    private TwoNodes nodes = new TwoNodes(NodeWire.lossless());

    @AfterEach
    void close() {
        nodes.close();
    }

    private FiberServerSocket listen() throws BindException {
        return FiberServerSocket.open(nodes.server(), TwoNodes.SERVER, BACKLOG);
    }

    private FiberSocket connect() throws IOException {
        return FiberSocket.connect(nodes.client(), TwoNodes.SERVER, 0);
    }

    /** Serves one connection. */
    private void serve(final Serving serving) {
        nodes.inServer("server", () -> {
            try (FiberServerSocket listener = listen(); FiberSocket socket = listener.accept()) {
                serving.run(socket);
            }
        });
    }

    @FunctionalInterface
    private interface Serving {
        void run(FiberSocket socket) throws Exception;
    }

    private static void echo(final FiberSocket socket) throws IOException {
        final InputStream in = socket.inputStream();
        final OutputStream out = socket.outputStream();
        final byte[] buffer = new byte[10_000];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
        }
    }

    private static byte[] random(final long seed, final int length) {
        final byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private void transfer(final byte[] sent) {
        serve(FiberSocketTest::echo);
        nodes.inClient("client", () -> {
            final FiberSocket socket = connect();
            nodes.inClient("writer", () -> {
                socket.outputStream().write(sent);
                socket.shutdownOutput();
            });
            final byte[] received = socket.inputStream().readAllBytes();
            assertThat(Arrays.equals(received, sent)).as("what came back").isTrue();
            events.add("received " + received.length);
            socket.close();
        });
        nodes.runUntilEnded();
        assertThat(events).containsExactly("received " + sent.length);
    }

    @Test
    void shouldCarryMegabytesThereAndBack() {
        transfer(random(1, BYTES));
    }

    @Test
    void shouldCarryMegabytesOverABadWire() {
        nodes.close();
        final long seed = 7;
        final ImpairmentConfig bad = ImpairmentConfig.none(seed).withLoss(0.02).withReorder(0.02, 1_000_000).withDelay(
                2_000_000, 500_000);
        nodes = new TwoNodes(new NodeWire(WireConfig.impaired(bad), NodeWire.DEFAULT_MTU_BYTES));
        transfer(random(seed, BYTES / 8));
    }

    @Test
    void shouldAnswerBehindTheClientsEnd() {
        serve(socket -> {
            final int length = socket.inputStream().readAllBytes().length;
            socket.outputStream().write(("got " + length).getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThatThrownBy(() -> socket.outputStream().write(1)).isInstanceOf(ClosedChannelException.class);
        });
        nodes.inClient("client", () -> {
            try (FiberSocket socket = connect()) {
                socket.outputStream().write(new byte[1_234]);
                socket.shutdownOutput();
                events.add(new String(socket.inputStream().readAllBytes(), StandardCharsets.US_ASCII));
                assertThat(socket.inputStream().read()).isEqualTo(-1);
            }
        });
        nodes.runUntilEnded();
        assertThat(events).containsExactly("got 1234");
    }

    @Test
    void shouldReadAndWriteBuffersOfEachKind() {
        serve(FiberSocketTest::echo);
        nodes.inClient("client", () -> {
            try (FiberSocket socket = connect()) {
                final ByteBuffer whole = ByteBuffer.wrap(random(3, 300));
                final ByteBuffer direct = ByteBuffer.allocateDirect(104).position(4);
                direct.put(4, whole, 0, 100);
                assertThat(socket.write(direct)).isEqualTo(100);
                assertThat(socket.write(whole.duplicate().position(100).limit(200).slice())).isEqualTo(100);
                final ByteBuffer readOnly = whole.asReadOnlyBuffer().position(200);
                assertThat(socket.write(readOnly)).isEqualTo(100);
                assertThat(readOnly.hasRemaining()).isFalse();
                final ByteBuffer echoed = ByteBuffer.allocateDirect(300);
                while (echoed.position() < 150) {
                    socket.read(echoed.limit(150));
                }
                echoed.limit(300);
                final ByteBuffer rest = ByteBuffer.allocate(160).position(10);
                while (rest.hasRemaining()) {
                    assertThat(socket.read(rest)).isPositive();
                }
                assertThat(socket.read(rest)).isZero();
                echoed.put(rest.position(10)).flip();
                assertThat(echoed).isEqualTo(whole);
                assertThatThrownBy(() -> socket.read(readOnly)).isInstanceOf(IllegalArgumentException.class);
            }
        });
        nodes.runUntilEnded();
    }

    @Test
    void shouldReadWhatWaitsWithoutParking() {
        serve(socket -> {
            socket.outputStream().write(random(4, 3_000));
            socket.inputStream().read();
        });
        nodes.inClient("client", () -> {
            try (FiberSocket socket = connect()) {
                nodes.client().fibers().sleepUntil(nodes.client().timers(), nodes.nowNs() + SECOND_NS);
                final long startNs = nodes.nowNs();
                assertThat(socket.inputStream().available()).isEqualTo(3_000);
                final byte[] read = new byte[3_000];
                for (int i = 0; i < read.length; i++) {
                    read[i] = (byte) socket.inputStream().read();
                }
                assertThat(read).isEqualTo(random(4, 3_000));
                assertThat(nodes.nowNs()).as("within one turn").isEqualTo(startNs);
            }
        });
        nodes.runUntilEnded();
    }

    @Test
    void shouldStopAWriterWhoseReaderDoesNotRead() {
        final int[] written = {0};
        serve(socket -> {
            nodes.server().fibers().sleepUntil(nodes.server().timers(), nodes.nowNs() + 10 * SECOND_NS);
            assertThat(written[0]).as("what buffers and window take").isBetween(1, 50_000_000 / 2);
            events.add("reads");
            assertThat(socket.inputStream().readAllBytes()).hasSize(50_000_000);
        });
        nodes.inClient("client", () -> {
            try (FiberSocket socket = connect()) {
                final byte[] part = new byte[100_000];
                while (written[0] < 50_000_000) {
                    socket.outputStream().write(part);
                    written[0] += part.length;
                }
            }
        });
        nodes.runUntilEnded();
        assertThat(events).containsExactly("reads");
    }

    // -- time limits

    @Test
    void shouldEndAReadAndAWriteInTimeAndGoOn() {
        serve(socket -> {
            nodes.server().fibers().sleepUntil(nodes.server().timers(), 10 * SECOND_NS);
            socket.outputStream().write(1);
            assertThat(socket.inputStream().readAllBytes().length).isGreaterThan(100_000);
        });
        nodes.inClient("client", () -> {
            try (FiberSocket socket = connect()) {
                socket.readTimeoutNs(2 * SECOND_NS);
                final long startNs = nodes.nowNs();
                assertThatThrownBy(() -> socket.inputStream().read()).isInstanceOf(SocketTimeoutException.class)
                        .hasMessage("reading timed out");
                assertThat(nodes.nowNs() - startNs).isBetween(2 * SECOND_NS, 2 * SECOND_NS + 200_000);
                socket.writeTimeoutNs(SECOND_NS);
                final ByteBuffer large = ByteBuffer.allocate(50_000_000);
                assertThatThrownBy(() -> socket.write(large)).isInstanceOf(SocketTimeoutException.class);
                assertThat(large.position()).isPositive();
                socket.readTimeoutNs(0);
                assertThat(socket.inputStream().read()).isEqualTo(1);
            }
        });
        nodes.runUntilEnded();
    }

    @Test
    void shouldEndAnAcceptAndAConnectInTime() {
        nodes.inServer("server", () -> {
            try (FiberServerSocket listener = listen()) {
                listener.timeoutNs(SECOND_NS);
                assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
                listener.timeoutNs(0);
                assertThat(listener.accept().inputStream().read()).isEqualTo(5);
            }
        });
        nodes.inClient("client", () -> {
            final InetSocketAddress nobody = new InetSocketAddress("10.0.0.9", 1);
            assertThatThrownBy(() -> FiberSocket.connect(nodes.client(), nobody, SECOND_NS / 2)).isInstanceOf(
                    SocketTimeoutException.class).hasMessage("connecting timed out");
            nodes.client().fibers().sleepUntil(nodes.client().timers(), 3 * SECOND_NS);
            try (FiberSocket socket = connect()) {
                socket.outputStream().write(5);
            }
        });
        nodes.runUntilEnded();
    }

    @Test
    void shouldSayWhyThereIsNoConnection() {
        nodes.inClient("client", () -> {
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class).hasMessage("Connection refused");
            assertThatThrownBy(() -> FiberSocket.connect(nodes.client(), new InetSocketAddress("192.0.2.1", 1), 0))
                    .isInstanceOf(IOException.class).hasMessageContaining("unreachable");
            assertThatThrownBy(() -> FiberSocket.connect(nodes.client(), TwoNodes.SERVER, -1)).isInstanceOf(
                    IllegalArgumentException.class);
        });
        nodes.inServer("server", () -> {
            try (FiberServerSocket _ = listen()) {
                assertThatThrownBy(this::listen).isInstanceOf(BindException.class).hasMessageContaining("in use");
            }
            assertThatThrownBy(() -> FiberServerSocket.open(nodes.server(), new InetSocketAddress("10.0.0.77", 1), 1))
                    .isInstanceOf(BindException.class);
        });
        nodes.runUntilEnded();
    }

    // -- close, reset, interrupt

    @Test
    void shouldEndWhoIsBlockedByAClose() {
        serve(socket -> {
            final FiberServerSocket other = FiberServerSocket.open(nodes.server(), new InetSocketAddress("10.0.0.2", 6),
                    1);
            nodes.inServer("acceptor", () -> {
                assertThatThrownBy(other::accept).isInstanceOf(AsynchronousCloseException.class);
                assertThatThrownBy(other::accept).isExactlyInstanceOf(ClosedChannelException.class);
                events.add("acceptor");
            });
            nodes.inServer("reader", () -> {
                assertThatThrownBy(() -> socket.inputStream().read()).isInstanceOf(AsynchronousCloseException.class);
                assertThatThrownBy(() -> socket.inputStream().read()).isExactlyInstanceOf(ClosedChannelException.class);
                events.add("reader");
            });
            nodes.inServer("writer", () -> {
                assertThatThrownBy(() -> socket.outputStream().write(new byte[50_000_000])).isInstanceOf(
                        AsynchronousCloseException.class);
                events.add("writer");
            });
            nodes.server().fibers().sleepUntil(nodes.server().timers(), 5 * SECOND_NS);
            socket.close();
            other.close();
        });
        nodes.inClient("client", () -> {
            try (FiberSocket _ = connect()) {
                nodes.client().fibers().sleepUntil(nodes.client().timers(), 6 * SECOND_NS);
            }
        });
        nodes.runUntilEnded();
        assertThat(events).containsExactlyInAnyOrder("acceptor", "reader", "writer");
    }

    @Test
    void shouldCloseByAnInterruptAsNioDoes() {
        final FiberSocket[] accepted = new FiberSocket[1];
        final Thread[] reader = new Thread[1];
        serve(socket -> {
            accepted[0] = socket;
            reader[0] = Thread.currentThread();
            assertThatThrownBy(() -> socket.inputStream().read()).isInstanceOf(ClosedByInterruptException.class);
            assertThat(Thread.interrupted()).as("the status stays").isTrue();
            assertThat(socket.isOpen()).isFalse();
            events.add("interrupted");
        });
        nodes.inClient("client", () -> {
            final FiberSocket socket = connect();
            nodes.client().fibers().sleepUntil(nodes.client().timers(), SECOND_NS);
            reader[0].interrupt();
            assertThat(socket.inputStream().read()).isEqualTo(-1);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> socket.inputStream().read()).as("before it begins").isInstanceOf(
                    ClosedByInterruptException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(socket.isOpen()).isFalse();
        });
        nodes.runUntilEnded();
        assertThat(events).containsExactly("interrupted");
    }

    @Test
    void shouldTellReaderAndWriterOfAReset() {
        serve(socket -> {
            assertThatThrownBy(() -> socket.inputStream().read()).isInstanceOf(IOException.class).hasMessage(
                    "Connection reset by peer");
            assertThatThrownBy(() -> socket.outputStream().write(1)).isInstanceOf(IOException.class);
            events.add("reset");
        });
        nodes.inClient("client", () -> {
            final FiberSocket socket = connect();
            socket.configure(flow -> flow.lingerNs(0));
            nodes.client().fibers().sleepUntil(nodes.client().timers(), SECOND_NS);
            socket.close();
        });
        nodes.runUntilEnded();
        assertThat(events).containsExactly("reset");
    }

    @Test
    void shouldThrowAwayWhatComesBehindAShutdownOfTheInput() {
        serve(socket -> {
            nodes.inServer("reader", () -> {
                assertThat(socket.inputStream().read()).isEqualTo(-1);
                events.add("reader");
            });
            nodes.server().fibers().sleepUntil(nodes.server().timers(), SECOND_NS);
            socket.shutdownInput();
            nodes.server().fibers().sleepUntil(nodes.server().timers(), 3 * SECOND_NS);
            assertThat(socket.inputStream().read()).isEqualTo(-1);
        });
        nodes.inClient("client", () -> {
            try (FiberSocket socket = connect()) {
                nodes.client().fibers().sleepUntil(nodes.client().timers(), 2 * SECOND_NS);
                socket.outputStream().write(new byte[5_000_000]);
                events.add("written");
            }
        });
        nodes.runUntilEnded();
        assertThat(events).containsExactly("reader", "written");
    }

    @Test
    void shouldEndFibersWithTheNode() {
        nodes.inServer("acceptor", () -> {
            try (FiberServerSocket listener = listen()) {
                final FiberSocket socket = listener.accept();
                nodes.inServer("reader", () -> {
                    assertThatThrownBy(() -> socket.inputStream().read())
                            .isInstanceOf(ClosedByInterruptException.class);
                    events.add("reader");
                });
                assertThatThrownBy(listener::accept).isInstanceOf(ClosedByInterruptException.class);
                events.add("acceptor");
            }
        });
        nodes.inClient("client", () -> {
            final FiberSocket _ = connect();
        });
        nodes.runFor(SECOND_NS);
        nodes.closeServer();
        assertThat(events).containsExactlyInAnyOrder("acceptor", "reader");
        assertThat(nodes.server().fibers().running()).isZero();
    }

    @Test
    void shouldRefuseToBlockTheLoopItself() {
        nodes.runFor(1);
        nodes.client().execute(() -> {
            try {
                connect();
            } catch (final IllegalStateException | IOException refused) {
                events.add(refused.getMessage());
            }
        });
        nodes.runFor(1_000);
        assertThat(events).hasSize(1);
        assertThat(events.getFirst()).contains("would block loop n1-0");
    }
}
