package io.netchannel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.sched.IdleStrategy;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

    @Test
    void shouldSayThatAWireHasOneEndOnly() {
        try (DataplaneNode alone = DataplaneNode.open(config(1, NodeMode.INLINE).build(), NodeWire.lossless().a())) {
            assertThatThrownBy(alone::start).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("open both nodes");
        }
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
        }
    }

    private static NodeConfig small(final int host, final NodeMode mode) {
        return config(host, mode).loops(3).buffersPerLoop(128).idle(IdleStrategy.PARK_AT_ONCE).build();
    }
}
