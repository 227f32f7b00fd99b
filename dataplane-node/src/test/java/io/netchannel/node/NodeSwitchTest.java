package io.netchannel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.virtio.device.ImpairmentConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several nodes on one switch. */
final class NodeSwitchTest {

    private static final IpAddress SERVER = IpAddress.parse("10.0.0.3");
    private static final int BYTES = 300_000;

    private static NodeConfig config(final int host) {
        return NodeConfig.builder("n" + host).address("10.0.0." + host + "/24").loops(host == 3 ? 2 : 1)
                .buffersPerLoop(1024).simulationSeed(host).build();
    }

    @Test
    void shouldCarryFlowsOfSeveralNodesInVirtualTime() {
        final TransferApplication server = TransferApplication.server(BYTES);
        final TransferApplication first = TransferApplication.client(SERVER, 2, BYTES);
        final TransferApplication second = TransferApplication.client(SERVER, 2, BYTES);
        try (NodeSwitch network = NodeSwitch.open();
                DataplaneNode a = DataplaneNode.open(config(1),
                        network.newPort(ImpairmentConfig.none(1).withLoss(0.02).withDelay(1_000_000, 100_000)));
                DataplaneNode b = DataplaneNode.open(config(2), network.newPort());
                DataplaneNode c = DataplaneNode.open(config(3), network.newPort())) {
            a.deploy(first);
            b.deploy(second);
            c.deploy(server);
            c.startSimulated(0);
            a.startSimulated(0);
            b.startSimulated(0);
            long nowNs = 0;
            while (first.finished() < 2 || second.finished() < 2 || server.finished() < 4) {
                final int work = a.turn(nowNs) + b.turn(nowNs) + c.turn(nowNs) + network.turn(nowNs);
                final long next = Math.min(Math.min(a.nextDeadlineNs(), b.nextDeadlineNs()),
                        Math.min(c.nextDeadlineNs(), network.nextDeadlineNs()));
                nowNs = work > 0 ? nowNs + 1_000 : Math.max(next, nowNs + 1_000);
                assertThat(nowNs).as("%s %s %s", first, second, server).isLessThan(600_000_000_000L);
            }
            assertThat(first.fault()).isNull();
            assertThat(second.fault()).isNull();
            assertThat(server.fault()).isNull();
        }
    }

    @Test
    @Timeout(60)
    void shouldCarryFlowsBetweenThreads() {
        final TransferApplication server = TransferApplication.server(BYTES);
        final TransferApplication client = TransferApplication.client(SERVER, 3, BYTES);
        try (NodeSwitch network = NodeSwitch.open();
                DataplaneNode a = DataplaneNode.open(config(1), network.newPort());
                DataplaneNode c = DataplaneNode.open(config(3), network.newPort())) {
            a.deploy(client);
            c.deploy(server);
            network.start();
            c.start();
            a.start();
            while (client.finished() < 3 || server.finished() < 3) {
                Thread.yield();
            }
            assertThat(client.fault()).isNull();
            assertThat(server.fault()).isNull();
        }
    }

    @Test
    void shouldRefuseANodeOnAPortThatHasOne() {
        try (NodeSwitch network = NodeSwitch.open()) {
            final NodeLink port = network.newPort();
            try (DataplaneNode first = DataplaneNode.open(config(1), port)) {
                assertThatThrownBy(() -> DataplaneNode.open(config(2), port)).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("has a node already");
                assertThat(first.isLinkUp()).as("not started").isFalse();
            }
        }
    }
}
