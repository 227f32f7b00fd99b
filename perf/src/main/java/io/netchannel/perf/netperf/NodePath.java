package io.netchannel.perf.netperf;

import io.netchannel.node.Application;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.LoopContext;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeMode;
import io.netchannel.node.NodeWire;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpStack;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Two nodes of this process on a wire, a loop each for the applications.
 *
 * <p>Threading: the measuring thread hands tasks to the client's loop and waits for futures.
 */
final class NodePath implements NetperfPath {

    private static final IpAddress SERVER = IpAddress.parse("10.77.0.2");
    // A test that has not moved for so long never will: it is told so, and doesn't hang.
    private static final long GRACE_NS = 20_000_000_000L;

    private final String name;
    private final NodeMode mode;
    private final NetperfServer server;
    private final DataplaneNode serverNode;
    private final DataplaneNode clientNode;
    private final ClientLoop client = new ClientLoop();

    private NodePath(final String name, final NodeMode mode, final Workload workload, final TcpConfig tcp) {
        this.name = name;
        this.mode = mode;
        this.server = new NetperfServer(workload);
        final NodeWire wire = NodeWire.lossless();
        serverNode = DataplaneNode.open(config(name + "-server", SERVER + "/24", mode, tcp), wire.a());
        clientNode = DataplaneNode.open(config(name + "-client", "10.77.0.1/24", mode, tcp), wire.b());
        serverNode.deploy(server);
        clientNode.deploy(client);
        serverNode.start();
        clientNode.start();
    }

    static NodePath open(final String name, final NodeMode mode, final Workload workload, final TcpConfig tcp) {
        return new NodePath(name, mode, workload, tcp);
    }

    private static NodeConfig config(final String nodeName, final String address, final NodeMode mode,
            final TcpConfig tcp) {
        return NodeConfig.builder(nodeName).address(address).mode(mode).tcp(tcp).build();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "two nodes on a virtio wire, " + (mode == NodeMode.INLINE
                ? "a thread a side: each loop polls its queues"
                : "two threads a side: a driver loop feeds the application's ring");
    }

    @Override
    public Measurement run(final NetperfTest test, final Workload workload, final long durationNs) {
        return switch (test) {
            case TCP_STREAM -> stream(workload, durationNs);
            case TCP_RR -> transact(durationNs, transactions -> connect(NetperfServer.REQUEST_PORT,
                    new RequestClient(workload, transactions)));
            case UDP_RR -> transact(durationNs, transactions -> sendDatagrams(workload, transactions));
        };
    }

    private Measurement stream(final Workload workload, final long durationNs) {
        final StreamClient stream = new StreamClient(workload.messageBytes());
        final CompletableFuture<TcpFlow> flow = new CompletableFuture<>();
        client.loop.execute(() -> {
            try {
                flow.complete(connect(NetperfServer.STREAM_PORT, stream));
            } catch (final RuntimeException e) {
                flow.completeExceptionally(e);
            }
        });
        await(flow, GRACE_NS);
        await(stream.connected(), GRACE_NS);
        final StreamInterval interval = StreamInterval.measure(server::receivedBytes, durationNs);
        client.loop.execute(await(flow, GRACE_NS)::abort);
        await(stream.closed(), GRACE_NS);
        return interval.toMeasurement(name);
    }

    private TcpFlow connect(final int port, final TcpHandler handler) {
        final TcpStack tcp = client.loop.stack().tcp();
        final TcpFlow flow = tcp.connect(SERVER.high(), SERVER.low(), port, handler);
        if (flow == null) {
            throw new NetperfException("can't connect: " + tcp.connectFailure(), null);
        }
        return flow;
    }

    private Measurement transact(final long durationNs, final Consumer<Transactions> start) {
        final Transactions transactions = new Transactions(durationNs);
        client.loop.execute(() -> {
            try {
                start.accept(transactions);
            } catch (final RuntimeException e) {
                transactions.failed(e.getMessage());
            }
        });
        return await(transactions.done(), durationNs + GRACE_NS);
    }

    private void sendDatagrams(final Workload workload, final Transactions transactions) {
        final MemorySegment request = Arena.ofAuto().allocate(workload.requestBytes());
        final UdpSocket socket = client.loop.stack().udp().connect(0, 0, 0, SERVER.high(), SERVER.low(),
                NetperfServer.REQUEST_PORT, (from, high, low, port, address, lengthBytes) -> {
                    if (transactions.completed()) {
                        from.send(request.address(), workload.requestBytes());
                    } else {
                        from.close();
                    }
                });
        transactions.begin();
        socket.send(request.address(), workload.requestBytes());
    }

    private <T> T await(final CompletableFuture<T> future, final long timeoutNs) {
        try {
            return future.get(timeoutNs, TimeUnit.NANOSECONDS);
        } catch (final TimeoutException e) {
            throw new NetperfException("path " + name + ": no answer within " + timeoutNs / 1_000_000_000L + " s", e);
        } catch (final ExecutionException e) {
            throw new NetperfException("path " + name + ": " + e.getCause().getMessage(), e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetperfException("path " + name + ": interrupted", e);
        }
    }

    @Override
    public void close() {
        clientNode.close();
        serverNode.close();
    }

    /** Keeps the client's only loop for the measuring thread. */
    private static final class ClientLoop implements Application {

        private volatile LoopContext loop;

        @Override
        public String name() {
            return "netperf";
        }

        @Override
        public void start(final LoopContext context) {
            loop = context;
        }
    }
}
