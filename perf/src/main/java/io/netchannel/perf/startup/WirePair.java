package io.netchannel.perf.startup;

import io.netchannel.node.Application;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.LoopContext;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeWire;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Two nodes on a wire; one asks the other's echo service, by ARP and UDP, as Linux asks over a TAP. Needs no root. */
public final class WirePair {

    private static final IpAddress SERVER = IpAddress.parse("10.7.0.2");
    private static final int ECHO_PORT = 7;
    private static final int REQUEST_BYTES = 4;
    private static final long TIMEOUT_SECONDS = 20;

    private WirePair() {
    }

    /**
     * Starts both, and closes them when the server has answered.
     *
     * @param onStarted called when the server runs
     * @param onAnswered called when the client has its answer
     * @throws IllegalStateException if it doesn't answer
     */
    public static void run(final Runnable onStarted, final Runnable onAnswered) throws InterruptedException {
        final NodeWire wire = NodeWire.lossless();
        final CompletableFuture<Boolean> answered = new CompletableFuture<>();
        try (DataplaneNode server = DataplaneNode.open(NodeConfig.builder("server").address(SERVER + "/24").build(),
                wire.a());
                DataplaneNode client = DataplaneNode.open(NodeConfig.builder("client").address("10.7.0.1/24").build(),
                        wire.b())) {
            server.deploy(new Echo());
            server.start();
            onStarted.run();
            client.deploy(new Asker(answered));
            client.start();
            answered.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            onAnswered.run();
        } catch (final ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the node on the wire didn't answer within " + TIMEOUT_SECONDS + " s", e);
        }
    }

    private static final class Echo implements Application {
        @Override
        public String name() {
            return "echo";
        }

        @Override
        public void start(final LoopContext loop) {
            loop.stack().udp().bind(0, 0, ECHO_PORT,
                    (socket, remoteHigh, remoteLow, remotePort, address, lengthBytes) -> socket.sendFrom(
                            socket.datagramLocalHigh(), socket.datagramLocalLow(), remoteHigh, remoteLow, remotePort,
                            address, lengthBytes));
        }
    }

    private record Asker(CompletableFuture<Boolean> answered) implements Application {
        @Override
        public String name() {
            return "asker";
        }

        @Override
        public void start(final LoopContext loop) {
            final UdpSocket socket = loop.stack().udp().connect(0, 0, 0, SERVER.high(), SERVER.low(), ECHO_PORT,
                    (from, remoteHigh, remoteLow, remotePort, address, lengthBytes) -> answered.complete(true));
            socket.reserve(REQUEST_BYTES);
            final int sent = socket.commit(REQUEST_BYTES);
            if (sent < 0) {
                answered.completeExceptionally(new IllegalStateException("send=" + sent));
            }
        }
    }
}
