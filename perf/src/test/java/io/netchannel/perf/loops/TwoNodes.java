package io.netchannel.perf.loops;

import io.netchannel.node.Application;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.LoopContext;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeWire;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.function.BooleanSupplier;

/** Two nodes on a wire, in virtual time: a server's and a client's. Closing them checks that every buffer came back. */
public final class TwoNodes implements AutoCloseable {

    public static final IpAddress SERVER = IpAddress.parse("10.9.0.2");
    private static final long TURN_NS = 20_000L;
    /** Far beyond what any test here takes. */
    private static final long MOST_TURNS = 5_000_000L;

    private final DataplaneNode server;
    private final DataplaneNode client;
    private final long startNs = 1_000_000_000L;
    private long nowNs = startNs;

    public TwoNodes(final int serverLoops, final int clientLoops, final Application serverSide,
            final Application clientSide) {
        final NodeWire wire = NodeWire.lossless();
        server = DataplaneNode.open(NodeConfig.builder("server").address(SERVER + "/24").loops(serverLoops)
                .simulationSeed(1).build(), wire.a());
        client = DataplaneNode.open(NodeConfig.builder("client").address("10.9.0.1/24").loops(clientLoops)
                .simulationSeed(2).build(), wire.b());
        server.deploy(serverSide);
        client.deploy(clientSide);
        server.startSimulated(nowNs);
        client.startSimulated(nowNs);
    }

    public LoopContext clientLoop() {
        return client.loops().getFirst();
    }

    public long elapsedNs() {
        return nowNs - startNs;
    }

    public int serverFlows() {
        return server.openFlows();
    }

    public void runUntil(final BooleanSupplier done, final String what) {
        for (long turns = 0; !done.getAsBoolean(); turns++) {
            if (turns == MOST_TURNS) {
                throw new AssertionError("not reached: " + what);
            }
            final int work = server.turn(nowNs) + client.turn(nowNs);
            final long nextNs = nowNs + TURN_NS;
            nowNs = work > 0
                    ? nextNs
                    : Math.max(nextNs, Math.min(nowNs + 10_000_000L, Math.min(server.nextDeadlineNs(),
                            client.nextDeadlineNs())));
        }
    }

    public void runFor(final long durationNs) {
        final long endNs = nowNs + durationNs;
        runUntil(() -> nowNs >= endNs, "the time");
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
