package io.netchannel.node.fiber;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.sched.Poller;
import io.netchannel.node.Application;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.LoopContext;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeWire;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A server's node and a client's on a wire, in virtual time, with a loop each. */
final class TwoNodes implements AutoCloseable {

    static final InetSocketAddress SERVER = new InetSocketAddress("10.0.0.2", 5001);
    private static final long TURN_NS = 1_000;
    /** Longest that a test may take, in virtual time. */
    private static final long LIMIT_NS = 600_000_000_000L;

    private final DataplaneNode clientNode;
    private final DataplaneNode serverNode;
    private final List<String> failures = new ArrayList<>();
    private LoopContext client;
    private LoopContext server;
    private long nowNs;

    TwoNodes(final NodeWire wire) {
        clientNode = DataplaneNode.open(config(1), wire.a());
        serverNode = DataplaneNode.open(config(2), wire.b());
        clientNode.deploy(new Holder("client", loop -> client = loop));
        serverNode.deploy(new Holder("server", loop -> server = loop));
        serverNode.startSimulated(0);
        clientNode.startSimulated(0);
    }

    private static NodeConfig config(final int host) {
        return NodeConfig.builder("n" + host).address("10.0.0." + host + "/24").buffersPerLoop(1024).simulationSeed(
                host).build();
    }

    record Holder(String name, java.util.function.Consumer<LoopContext> hold) implements Application {

        @Override
        public void start(final LoopContext loop) {
            loop.fibers();
            hold.accept(loop);
        }
    }

    LoopContext client() {
        return client;
    }

    LoopContext server() {
        return server;
    }

    long nowNs() {
        return nowNs;
    }

    /** What a fiber does. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    Thread inServer(final String name, final Task task) {
        return server.fibers().start(name, () -> run(name, task));
    }

    Thread inClient(final String name, final Task task) {
        return client.fibers().start(name, () -> run(name, task));
    }

    private void run(final String name, final Task task) {
        try {
            task.run();
        } catch (final Exception | AssertionError failed) {
            failures.add(name + ": " + failed);
        }
    }

    /** Lets time pass until all fibers have ended. */
    void runUntilEnded() {
        runUntil(() -> client.fibers().running() + server.fibers().running() == 0);
        assertThat(failures).isEmpty();
    }

    void runFor(final long durationNs) {
        final long endNs = nowNs + durationNs;
        runUntil(() -> nowNs >= endNs);
    }

    void runUntil(final BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            final int work = clientNode.turn(nowNs) + serverNode.turn(nowNs);
            final long nextNs = Math.min(clientNode.nextDeadlineNs(), serverNode.nextDeadlineNs());
            assertThat(work > 0 || nextNs != Poller.NO_DEADLINE || done.getAsBoolean())
                    .as("nothing will happen any more: %s",
                            failures)
                    .isTrue();
            nowNs = work > 0 || nextNs == Poller.NO_DEADLINE ? nowNs + TURN_NS : Math.max(nextNs, nowNs + TURN_NS);
            assertThat(nowNs).as("time: %s", failures).isLessThan(LIMIT_NS);
        }
    }

    void closeServer() {
        serverNode.close();
    }

    @Override
    public void close() {
        clientNode.close();
        serverNode.close();
    }
}
