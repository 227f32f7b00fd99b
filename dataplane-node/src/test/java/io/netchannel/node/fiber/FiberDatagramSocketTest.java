package io.netchannel.node.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.node.NodeWire;
import io.netchannel.tcpip.Counter;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocking datagram sockets of two nodes, in virtual time. */
@Timeout(60)
final class FiberDatagramSocketTest {

    private static final InetSocketAddress CLIENT = new InetSocketAddress("10.0.0.1", 5002);
    private static final long SECOND_NS = 1_000_000_000L;

    private final TwoNodes nodes = new TwoNodes(NodeWire.lossless());

    @AfterEach
    void close() {
        nodes.close();
    }

    private FiberDatagramSocket server() throws BindException {
        return FiberDatagramSocket.open(nodes.server(), TwoNodes.SERVER);
    }

    private FiberDatagramSocket client() throws BindException {
        return FiberDatagramSocket.open(nodes.client(), CLIENT);
    }

    private static ByteBuffer bytes(final int value, final int length) {
        final ByteBuffer buffer = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            buffer.put(i, (byte) value);
        }
        return buffer;
    }

    @Test
    void shouldAnswerFromTheAddressThatWasAsked() {
        nodes.inServer("server", () -> {
            try (FiberDatagramSocket socket = server()) {
                final ByteBuffer buffer = ByteBuffer.allocateDirect(2_000);
                for (int i = 0; i < 3; i++) {
                    final FiberDatagramSocket.Source source = socket.receive(buffer.clear());
                    assertThat(source.sender()).isEqualTo(CLIENT);
                    assertThat(source.here()).hasToString("10.0.0.2");
                    socket.reply(buffer.flip(), source);
                    assertThat(buffer.hasRemaining()).isFalse();
                }
            }
        });
        nodes.inClient("client", () -> {
            try (FiberDatagramSocket socket = client()) {
                for (final int length : new int[]{0, 100, 1_400}) {
                    socket.send(bytes(length, length), TwoNodes.SERVER);
                    final ByteBuffer answer = ByteBuffer.allocate(2_000);
                    assertThat(socket.receive(answer).sender()).isEqualTo(TwoNodes.SERVER);
                    assertThat(answer.flip()).isEqualTo(bytes(length, length));
                }
            }
        });
        nodes.runUntilEnded();
    }

    @Test
    void shouldKeepWhatNobodyWaitsForUpToABoundAndCountTheRest() {
        final int more = 10;
        nodes.inServer("server", () -> {
            try (FiberDatagramSocket socket = server()) {
                nodes.server().fibers().sleepUntil(nodes.server().timers(), 5 * SECOND_NS);
                assertThat(socket.dropped()).isEqualTo(more);
                for (int i = 0; i < DatagramInput.MAX_WAITING; i++) {
                    final ByteBuffer buffer = ByteBuffer.allocate(2);
                    socket.receive(buffer);
                    assertThat(buffer.flip()).as("cut to the room that there is").isEqualTo(bytes(i, 2));
                }
                socket.timeoutNs(SECOND_NS);
                assertThatThrownBy(() -> socket.receive(ByteBuffer.allocate(1))).isInstanceOf(
                        SocketTimeoutException.class).hasMessage("receiving timed out");
            }
        });
        nodes.inClient("client", () -> {
            try (FiberDatagramSocket socket = client()) {
                socket.send(bytes(0, 3), TwoNodes.SERVER);
                // The neighbour is known then, who would have had some of these dropped.
                nodes.client().fibers().sleepUntil(nodes.client().timers(), SECOND_NS);
                for (int i = 1; i < DatagramInput.MAX_WAITING + more; i++) {
                    socket.send(bytes(i, 3), TwoNodes.SERVER);
                }
            }
        });
        nodes.runUntilEnded();
    }

    @Test
    void shouldEndWhoIsBlockedByCloseAndInterrupt() {
        final Thread[] interrupted = new Thread[1];
        nodes.inServer("closed", () -> {
            final FiberDatagramSocket socket = server();
            nodes.inServer("closer", () -> {
                nodes.server().fibers().sleepUntil(nodes.server().timers(), SECOND_NS);
                socket.close();
                interrupted[0].interrupt();
            });
            assertThatThrownBy(() -> socket.receive(ByteBuffer.allocate(1))).isInstanceOf(
                    AsynchronousCloseException.class);
            assertThatThrownBy(() -> socket.receive(ByteBuffer.allocate(1))).isExactlyInstanceOf(
                    ClosedChannelException.class);
        });
        interrupted[0] = nodes.inClient("interrupted", () -> {
            final FiberDatagramSocket socket = client();
            assertThatThrownBy(() -> socket.receive(ByteBuffer.allocate(1))).isInstanceOf(
                    ClosedByInterruptException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(socket.isOpen()).isFalse();
        });
        nodes.runUntilEnded();
    }

    @Test
    void shouldSayWhichPortWasChosen() {
        nodes.inClient("client", () -> {
            try (FiberDatagramSocket first = FiberDatagramSocket.open(nodes.client(), new InetSocketAddress(CLIENT
                    .getAddress(), 0)); FiberDatagramSocket second = client()) {
                assertThat(first.localAddress().getPort()).isPositive();
                second.send(bytes(7, 3), first.localAddress());
                final ByteBuffer received = ByteBuffer.allocate(10);
                assertThat(first.receive(received).sender()).isEqualTo(CLIENT);
                assertThat(received.flip()).isEqualTo(bytes(7, 3));
            }
        });
        nodes.runUntilEnded();
    }

    @Test
    void shouldSayWhatCannotBeSentOrBound() {
        nodes.inClient("client", () -> {
            try (FiberDatagramSocket socket = client()) {
                assertThatThrownBy(() -> socket.send(bytes(1, 70_000), TwoNodes.SERVER)).isInstanceOf(IOException.class)
                        .hasMessage("Message too long: lengthBytes=70000");
                assertThatThrownBy(() -> socket.send(bytes(1, 1), new InetSocketAddress("192.0.2.1", 1))).isInstanceOf(
                        NoRouteToHostException.class);
                assertThatThrownBy(this::client).isInstanceOf(BindException.class);
                assertThatThrownBy(() -> FiberDatagramSocket.open(nodes.client(), TwoNodes.SERVER)).isInstanceOf(
                        BindException.class);
            }
        });
        nodes.runUntilEnded();
    }

    @Test
    void shouldWaitWhileTheLinkIsFull() {
        nodes.inServer("server", () -> {
            try (FiberDatagramSocket socket = server()) {
                final ByteBuffer buffer = ByteBuffer.allocate(2_000);
                for (int i = 0; i <= 5_000; i++) {
                    socket.receive(buffer.clear());
                }
            }
        });
        nodes.inClient("client", () -> {
            try (FiberDatagramSocket socket = client()) {
                socket.send(bytes(1, 1), TwoNodes.SERVER);
                nodes.client().fibers().sleepUntil(nodes.client().timers(), SECOND_NS);
                for (int i = 0; i < 5_000; i++) {
                    socket.send(bytes(i, 1_400), TwoNodes.SERVER);
                }
            }
        });
        nodes.runUntil(() -> nodes.client().fibers().running() == 0);
        // The server may lose some of them; what counts here is that each was sent, though not at once.
        assertThat(nodes.client().stack().counters().get(Counter.UDP_OUT_DATAGRAMS)).isEqualTo(5_001);
        assertThat(nodes.client().stack().counters().get(Counter.UDP_SNDBUF_ERRORS)).isPositive();
    }
}
