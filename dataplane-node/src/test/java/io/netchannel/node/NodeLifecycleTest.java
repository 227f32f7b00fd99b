package io.netchannel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.sched.IdleStrategy;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.kernel.sched.RunLoopBuilder;
import io.netchannel.kernel.sched.WatchdogConfig;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Starts, ends, and what goes wrong with them. */
@Timeout(60)
final class NodeLifecycleTest {

    private static NodeConfig.Builder config(final int host, final NodeMode mode) {
        return NodeConfig.builder("n" + host).address("10.0.0." + host + "/24").mode(mode).buffersPerLoop(512);
    }

    /** Notes what it is told, and throws when it is told to. */
    private record Recorder(String name, List<String> log, String failAt) implements Application {

        @Override
        public void start(final LoopContext loop) {
            note("start");
        }

        @Override
        public void stop(final LoopContext loop) {
            note("stop");
        }

        private void note(final String what) {
            log.add(what + " " + name);
            if (what.equals(failAt)) {
                throw new IllegalArgumentException(name + " can't " + what);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldEndEverythingAndReportWhenAnApplicationCannotStop(final NodeMode mode) {
        final List<String> log = new CopyOnWriteArrayList<>();
        final NodeWire wire = NodeWire.lossless();
        try (DataplaneNode peer = DataplaneNode.open(config(2, mode).build(), wire.b())) {
            final DataplaneNode node = DataplaneNode.open(config(1, mode).build(), wire.a());
            node.deploy(new Recorder("first", log, null));
            node.deploy(new Recorder("second", log, "stop"));
            node.start();
            peer.start();
            assertThatThrownBy(node::close).hasMessageContaining("second can't stop");
            assertThat(log).containsExactly("start first", "start second", "stop second", "stop first");
            node.close();
        }
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldStopOnlyWhatStartedWhenAnApplicationCannotStart(final NodeMode mode) {
        final List<String> log = new CopyOnWriteArrayList<>();
        final NodeWire wire = NodeWire.lossless();
        try (DataplaneNode peer = DataplaneNode.open(config(2, mode).build(), wire.b())) {
            final DataplaneNode node = DataplaneNode.open(config(1, mode).build(), wire.a());
            node.deploy(new Recorder("first", log, null));
            node.deploy(new Recorder("second", log, "start"));
            node.deploy(new Recorder("third", log, null));
            assertThatThrownBy(node::start).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("second can't start");
            node.close();
            assertThat(log).containsExactly("start first", "start second", "stop second", "stop first");
            assertThat(peer.openFlows()).isZero();
        }
    }

    /** A simulation that goes from deadline to deadline would never run them. */
    @Test
    void shouldWantATurnForTasksThatWait() {
        final NodeWire wire = NodeWire.lossless();
        final List<String> log = new CopyOnWriteArrayList<>();
        try (DataplaneNode peer = DataplaneNode.open(config(2, NodeMode.INLINE).build(), wire.b());
                DataplaneNode node = DataplaneNode.open(config(1, NodeMode.INLINE).build(), wire.a())) {
            peer.startSimulated(0);
            node.startSimulated(0);
            while (node.turn(1) > 0) {
                // Its own first steps.
            }
            assertThat(node.nextDeadlineNs()).isGreaterThan(1);
            node.sharedTasks().execute(() -> log.add("shared"));
            assertThat(node.nextDeadlineNs()).isEqualTo(1);
            node.turn(1);
            assertThat(node.nextDeadlineNs()).isGreaterThan(1);
            node.loops().getFirst().execute(() -> log.add("loop's"));
            assertThat(node.nextDeadlineNs()).isEqualTo(1);
            node.turn(1);
            assertThat(log).containsExactly("shared", "loop's");
        }
    }

    private record Named(String name) implements Runnable, Poller {

        @Override
        public void run() {
            throw new IllegalStateException("task");
        }

        @Override
        public int poll(final long nowNs) {
            throw new IllegalStateException("poller");
        }
    }

    /** Not what the node has put around it. */
    @Test
    void shouldNameTheApplicationsOwnTasksAndPollersInReports() {
        final NodeWire wire = NodeWire.lossless();
        final List<LogRecord> log = new CopyOnWriteArrayList<>();
        final Handler handler = new Handler() {

            @Override
            public void publish(final LogRecord written) {
                log.add(written);
            }

            @Override
            public void flush() {
                // Nothing is kept back.
            }

            @Override
            public void close() {
                // Nor open.
            }
        };
        final Logger logger = Logger.getLogger(RunLoop.class.getName());
        logger.addHandler(handler);
        try (DataplaneNode peer = DataplaneNode.open(config(2, NodeMode.INLINE).build(), wire.b());
                DataplaneNode node = DataplaneNode.open(config(1, NodeMode.INLINE).watchdog(WatchdogConfig.DEFAULT)
                        .budgetNs(1).build(), wire.a())) {
            peer.startSimulated(0);
            node.startSimulated(0);
            final Named named = new Named("application");
            node.loops().getFirst().execute(named);
            node.loops().getFirst().addPoller(named);
            ((NodeLoop) node.loops().getFirst()).thread().loop().runOnce();
            assertThat(log).filteredOn(written -> written.getThrown() != null).extracting(LogRecord::getMessage)
                    .containsExactly("loop n1-0: " + named + " failed", "loop n1-0: " + named + " failed");
            assertThat(log).extracting(LogRecord::getMessage).filteredOn(message -> message.contains(
                    " took ")).anyMatch(message -> message.startsWith("loop n1-0: " + Named.class.getName() + " took ")
                            && message.contains(" us, longer than its budget of 0 us"))
                    .noneMatch(
                            message -> message.contains("WatchedPoller") || message.contains("LendingTask"));
        } finally {
            logger.removeHandler(handler);
        }
    }

    @Test
    void shouldSayThatAWireHasOneEndOnly() {
        try (DataplaneNode alone = DataplaneNode.open(config(1, NodeMode.INLINE).build(), NodeWire.lossless().a())) {
            assertThatThrownBy(alone::start).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("open both nodes");
        }
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldRunAlsoWhereNoCpuIsIsolated(final NodeMode mode) {
        final List<String> log = new CopyOnWriteArrayList<>();
        final NodeWire wire = NodeWire.lossless();
        try (DataplaneNode peer = DataplaneNode.open(config(2, mode).build(), wire.b());
                DataplaneNode node = DataplaneNode.open(config(1, mode).cpu(RunLoopBuilder.ANY_ISOLATED_CPU).build(),
                        wire.a())) {
            node.deploy(new Recorder("first", log, null));
            node.start();
            peer.start();
            assertThat(log).containsExactly("start first");
        }
    }

    @Test
    void shouldCountWhatTakesLongerThanItsBudget() {
        final NodeWire wire = NodeWire.lossless();
        try (DataplaneNode a = DataplaneNode.open(config(1, NodeMode.INLINE).budgetNs(1).build(), wire.a());
                DataplaneNode b = DataplaneNode.open(config(2, NodeMode.INLINE).build(), wire.b())) {
            b.start();
            a.start();
            while (a.counters().get("Loop.POLL_OVERRUNS") == 0 || a.counters().get("Loop.TASK_OVERRUNS") == 0) {
                Thread.yield();
            }
            assertThat(b.counters().get("Loop.POLL_OVERRUNS")).isZero();
            assertThat(b.counters().get("Loop.TASK_OVERRUNS")).isZero();
        }
    }

    private record Taking(long timeNs) implements Runnable {

        @Override
        public void run() {
            final long startNs = System.nanoTime();
            while (System.nanoTime() - startNs <= timeNs) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void shouldLetATaskTakeAsLongAsItsOwnBudgetWhereThereAreBudgets() {
        final NodeWire wire = NodeWire.lossless();
        try (DataplaneNode a = DataplaneNode.open(config(1, NodeMode.INLINE).budgetNs(1).build(), wire.a());
                DataplaneNode b = DataplaneNode.open(config(2, NodeMode.INLINE).build(), wire.b())) {
            b.startSimulated(0);
            a.startSimulated(0);
            a.loops().getFirst().execute(new Taking(1_000), 3_600_000_000_000L);
            assertThat(taskOverruns(a)).isZero();
            a.loops().getFirst().execute(new Taking(1_000));
            assertThat(taskOverruns(a)).isEqualTo(1);
            a.sharedTasks().execute(new Taking(DataplaneNode.SHARED_TASK_BUDGET_NS));
            assertThat(taskOverruns(a)).isEqualTo(2);
            b.loops().getFirst().execute(new Taking(1_000), 1);
            b.sharedTasks().execute(new Taking(1_000));
            assertThat(taskOverruns(b)).isZero();
        }
    }

    private static long taskOverruns(final DataplaneNode node) {
        ((NodeLoop) node.loops().getFirst()).thread().loop().runOnce();
        return node.counters().get("Loop.TASK_OVERRUNS");
    }

    /** Few buffers, many threads, and every wait a sleep: a buffer that does not come home, or a lost wake-up, ends it. */
    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldNotRunDryWithFewBuffersAndLoopsThatSleep(final NodeMode mode) {
        final int bytes = 200_000;
        final TransferApplication server = TransferApplication.server(bytes);
        final TransferApplication client = TransferApplication.client(IpAddress.parse("10.0.0.2"), 2, bytes);
        final NodeWire wire = NodeWire.lossless();
        try (DataplaneNode a = DataplaneNode.open(small(1, mode), wire.a());
                DataplaneNode b = DataplaneNode.open(small(2, mode), wire.b())) {
            a.deploy(client);
            b.deploy(server);
            b.start();
            a.start();
            while (client.finished() < 6 || server.finished() < 6) {
                Thread.yield();
            }
            assertThat(client.fault()).isNull();
            assertThat(server.fault()).isNull();
            if (mode == NodeMode.CHANNEL) {
                // Every packet passes a ring, and loops that always sleep are woken.
                assertThat(b.counters().get("Channel.OFFERS")).isPositive();
                assertThat(b.counters().get("Channel.WAKE_UPS")).isPositive();
            }
            assertThat(b.counters().get("Loop.BUSY_TURN_SAMPLES")).isPositive();
            assertThat(b.counters().get("Loop.WAKE_UP_SAMPLES")).isPositive();
            assertThat(b.counters().get("Loop.WAKE_UP_P99_NS")).isBetween(1L, b.counters().get("Loop.WAKE_UP_MAX_NS"));
            assertThat(b.counters().get("Loop.VOLUNTARY_SWITCHES")).isPositive();
        }
    }

    private static NodeConfig small(final int host, final NodeMode mode) {
        return config(host, mode).loops(3).buffersPerLoop(128).idle(IdleStrategy.PARK_AT_ONCE).build();
    }
}
