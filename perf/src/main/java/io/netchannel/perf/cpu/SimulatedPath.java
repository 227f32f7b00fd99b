package io.netchannel.perf.cpu;

import io.netchannel.node.Application;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.LoopContext;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeMode;
import io.netchannel.node.NodeWire;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.wire.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * TCP_RR of one byte between two nodes on the calling thread, turn by turn: every stage of a transaction, but no thread that
 * waits for another and no line that leaves this CPU's cache.
 *
 * <p>Threading: one thread.
 */
final class SimulatedPath implements AutoCloseable {

    private static final IpAddress SERVER = IpAddress.parse("10.78.0.2");
    private static final int PORT = 12867;
    private static final int BACKLOG = 1;
    private static final long TURN_NS = 1_000;
    private static final int MAX_TURNS_WITHOUT_PROGRESS = 5_000_000;

    private final MemorySegment message = Arena.ofAuto().allocate(1);
    private final DataplaneNode server;
    private final DataplaneNode client;
    private final int loops;
    private TcpFlow requests;
    private boolean held;
    private long transactions;
    private long nowNs;

    private SimulatedPath(final NodeMode mode) {
        final NodeWire wire = NodeWire.lossless();
        server = DataplaneNode.open(config("simulated-server", SERVER + "/24", mode), wire.a());
        client = DataplaneNode.open(config("simulated-client", "10.78.0.1/24", mode), wire.b());
        server.deploy(new Side("netserver") {

            @Override
            public void start(final LoopContext loop) {
                loop.stack().tcp().listen(0, 0, PORT, BACKLOG, flow -> new Answers());
            }
        });
        client.deploy(new Side("netperf") {

            @Override
            public void start(final LoopContext loop) {
                loop.stack().tcp().connect(SERVER.high(), SERVER.low(), PORT, new Requests());
            }
        });
        server.startSimulated(nowNs);
        client.startSimulated(nowNs);
        final int drivers = mode == NodeMode.CHANNEL ? 2 : 0;
        loops = server.loops().size() + client.loops().size() + drivers;
    }

    private static NodeConfig config(final String name, final String address, final NodeMode mode) {
        return NodeConfig.builder(name).address(address).mode(mode).build();
    }

    /** Both nodes are connected, and have made a first transaction. */
    static SimulatedPath open(final NodeMode mode) {
        final SimulatedPath path = new SimulatedPath(mode);
        path.transact(1);
        return path;
    }

    /**
     * Makes transactions, one behind the other.
     *
     * @return turns that each node took
     */
    long transact(final int count) {
        final long target = transactions + count;
        long turns = 0;
        long last = transactions;
        for (int idle = 0; last < target; idle++, turns++) {
            turn();
            if (transactions != last) {
                last = transactions;
                idle = 0;
            } else if (idle == MAX_TURNS_WITHOUT_PROGRESS) {
                throw new IllegalStateException("simulated path: no answer");
            }
        }
        return turns;
    }

    /** ns of a loop's turn that finds no work. */
    Sample idleTurn(final Stopwatch stopwatch) {
        held = true;
        final long before = transactions;
        while (transactions == before) {
            turn();
        }
        final Sample sample = stopwatch.measure(turns -> {
            long sum = 0;
            for (int i = 0; i < turns; i++) {
                turn();
                sum += waitAsLoopsDo();
            }
            return sum;
        }).partOf(0, loops);
        held = false;
        requests.write(message.address(), 1);
        return sample;
    }

    /** What a loop with a thread of its own does besides: it looks at the clock, and pauses. */
    private long waitAsLoopsDo() {
        long sum = 0;
        for (int i = 0; i < loops; i++) {
            sum += System.nanoTime();
            Thread.onSpinWait();
        }
        return sum;
    }

    private void turn() {
        nowNs += TURN_NS;
        client.turn(nowNs);
        server.turn(nowNs);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }

    private abstract static class Side implements Application {

        private final String name;

        Side(final String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }
    }

    /** Each received byte is answered by one. */
    private class Answers implements TcpHandler {

        @Override
        public void onConnected(final TcpFlow flow) {
            flow.noDelay(true);
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            flow.write(message.address(), 1);
            return lengthBytes;
        }

        @Override
        public void onPeerFinished(final TcpFlow flow) {
            flow.close();
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            // A path without a connection is noticed by who waits for its transactions.
        }
    }

    private final class Requests extends Answers {

        @Override
        public void onConnected(final TcpFlow flow) {
            super.onConnected(flow);
            requests = flow;
            flow.write(message.address(), 1);
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            transactions++;
            if (held) {
                return lengthBytes;
            }
            return super.onReceive(flow, address, lengthBytes);
        }
    }
}
