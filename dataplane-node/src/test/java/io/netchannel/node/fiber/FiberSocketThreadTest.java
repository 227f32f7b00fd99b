package io.netchannel.node.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.LoopContext;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeMode;
import io.netchannel.node.NodeWire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server's side in fibers of its loop, the client's in threads that are not: as it is where the JVM refuses fibers. */
@Timeout(60)
final class FiberSocketThreadTest {

    private static final int BYTES = 1_000_000;

    private final CompletableFuture<LoopContext> client = new CompletableFuture<>();
    private DataplaneNode clientNode;
    private DataplaneNode serverNode;

    @AfterEach
    void close() {
        clientNode.close();
        serverNode.close();
    }

    private void open(final NodeMode mode) {
        final NodeWire wire = NodeWire.lossless();
        clientNode = DataplaneNode.open(config(1, mode), wire.a());
        serverNode = DataplaneNode.open(config(2, mode), wire.b());
        clientNode.deploy(new TwoNodes.Holder("client", client::complete));
        serverNode.deploy(new TwoNodes.Holder("server", loop -> loop.fibers().start("acceptor", () -> accept(loop))));
        serverNode.start();
        clientNode.start();
    }

    private static NodeConfig config(final int host, final NodeMode mode) {
        return NodeConfig.builder("n" + host).address("10.0.0." + host + "/24").mode(mode).build();
    }

    private static void accept(final LoopContext loop) {
        try (FiberServerSocket listener = FiberServerSocket.open(loop, TwoNodes.SERVER, 16)) {
            while (true) {
                final FiberSocket socket = listener.accept();
                loop.fibers().start(() -> {
                    try (socket) {
                        socket.inputStream().transferTo(socket.outputStream());
                    } catch (final IOException ended) {
                        // Reset, with the client's node.
                    }
                });
            }
        } catch (final ClosedByInterruptException closed) {
            // The node closes.
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FiberSocket connect() {
        while (true) {
            try {
                return FiberSocket.connect(client.join(), TwoNodes.SERVER, 0);
            } catch (final IOException refused) {
                // The acceptor has not come to listen yet.
                Thread.yield();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldCarryAMegabyteBetweenThreadsAndFibers(final NodeMode mode) throws Exception {
        open(mode);
        final byte[] sent = new byte[BYTES];
        new SplittableRandom(5).nextBytes(sent);
        try (FiberSocket socket = connect()) {
            final Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    socket.outputStream().write(sent);
                    socket.shutdownOutput();
                } catch (final IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(Arrays.equals(socket.inputStream().readAllBytes(), sent)).isTrue();
            writer.join();
            assertThat(socket.remoteAddress()).isEqualTo(TwoNodes.SERVER);
        }
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldEndABlockedThreadByTimeCloseAndInterrupt(final NodeMode mode) throws Exception {
        open(mode);
        final FiberSocket socket = connect();
        socket.readTimeoutNs(1_000_000);
        assertThatThrownBy(() -> socket.inputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.readTimeoutNs(0);
        final CompletableFuture<Throwable> closed = new CompletableFuture<>();
        final Thread reader = reader(socket, closed);
        awaitBlocked(reader);
        socket.close();
        assertThat(closed.join()).isInstanceOf(AsynchronousCloseException.class);

        final FiberSocket other = connect();
        final CompletableFuture<Throwable> interrupted = new CompletableFuture<>();
        final Thread second = reader(other, interrupted);
        awaitBlocked(second);
        second.interrupt();
        assertThat(interrupted.join()).isInstanceOf(ClosedByInterruptException.class);
        assertThat(other.isOpen()).isFalse();
    }

    /** The node resets connections, but nothing comes to a port. */
    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldEndABlockedThreadByAnInterruptWhenTheLoopHasEnded(final NodeMode mode) throws Exception {
        open(mode);
        final FiberServerSocket listener = FiberServerSocket.open(client.join(),
                new InetSocketAddress("10.0.0.1", 5001),
                4);
        final CompletableFuture<Throwable> interrupted = new CompletableFuture<>();
        final Thread acceptor = Thread.ofPlatform().daemon().start(() -> {
            try {
                interrupted.completeExceptionally(new AssertionError("accepted " + listener.accept()));
            } catch (final IOException e) {
                interrupted.complete(e);
            }
        });
        awaitBlocked(acceptor);
        clientNode.close();
        acceptor.interrupt();
        assertThat(interrupted.get()).isInstanceOf(ClosedByInterruptException.class);
        assertThat(listener.isOpen()).isFalse();
    }

    /** What the loop refuses comes to the thread that waits for it. */
    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldTellAThreadWhatItsConnectFailedOf(final NodeMode mode) {
        open(mode);
        final LoopContext loop = client.join();
        assertThatThrownBy(() -> FiberSocket.connect(loop, new InetSocketAddress("10.0.0.2", 0), 0)).isInstanceOf(
                IllegalArgumentException.class).hasMessageContaining("remotePort=0");
    }

    private static Thread reader(final FiberSocket socket, final CompletableFuture<Throwable> result) {
        return Thread.ofPlatform().start(() -> {
            try {
                result.completeExceptionally(new AssertionError("read " + socket.inputStream().read()));
            } catch (final IOException e) {
                result.complete(e);
            }
        });
    }

    private static void awaitBlocked(final Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.yield();
        }
    }
}
