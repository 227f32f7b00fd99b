package io.netchannel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.sched.Poller;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.virtio.device.ImpairmentConfig;
import io.netchannel.virtio.device.WireConfig;
import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import io.netchannel.virtio.net.VirtioFeature;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two whole nodes on a bad wire, in virtual time: every byte arrives once and in order, every buffer comes back.
 *
 * <p>One seed again: {@code mvn -pl dataplane-node -am test -Dtest=ImpairedTransferTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dnetchannel.seed=N}
 */
final class ImpairedTransferTest {

    private static final int SEEDS = 1_000;
    private static final long TURN_NS = 1_000;
    /** Longest that a transfer may take, in virtual time, which costs nothing. */
    private static final long LIMIT_NS = 3_600_000_000_000L;

    @Test
    void shouldDeliverEveryByteOnceAndInOrderWhateverTheWireDoes() {
        final Long only = Long.getLong("netchannel.seed");
        final long first = only == null ? 1 : only;
        final long last = only == null ? SEEDS : only;
        for (long seed = first; seed <= last; seed++) {
            try {
                new Scenario(seed).run();
            } catch (final RuntimeException | AssertionError failed) {
                throw new AssertionError("seed " + seed + " failed: " + failed.getMessage()
                        + "\nreplay: mvn -pl dataplane-node -am test -Dtest=ImpairedTransferTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dnetchannel.seed=" + seed, failed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldRepeatARunExactlyFromItsSeed(final NodeMode mode) {
        final String once = new Scenario(42, mode).run();
        assertThat(new Scenario(42, mode).run()).isEqualTo(once);
        assertThat(new Scenario(43, mode).run()).isNotEqualTo(once);
    }

    /** Everything about a run follows from its seed. */
    private static final class Scenario {

        private final SplittableRandom random;
        private final NodeMode mode;
        private final long seed;

        Scenario(final long seed) {
            this(seed, seed % 3 == 0 ? NodeMode.CHANNEL : NodeMode.INLINE);
        }

        Scenario(final long seed, final NodeMode mode) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.mode = mode;
        }

        private ImpairmentConfig impairment() {
            final long delayNs = random.nextLong(20_000_000L);
            return ImpairmentConfig.none(random.nextLong()).withLoss(random.nextDouble(0.10))
                    .withReorder(random.nextDouble(0.10), 1 + random.nextLong(5_000_000L))
                    .withDuplicate(random.nextDouble(0.10)).withCorrupt(random.nextDouble(0.05))
                    .withDelay(delayNs, delayNs / 4);
        }

        private VirtioNetDriverConfig driver() {
            VirtioNetDriverConfig config = VirtioNetDriverConfig.DEFAULT.withQueueSizes(64, 64);
            for (final VirtioFeature feature : new VirtioFeature[]{VirtioFeature.RING_PACKED, VirtioFeature.EVENT_IDX,
                VirtioFeature.INDIRECT_DESC, VirtioFeature.HOST_TSO4, VirtioFeature.CSUM}) {
                if (random.nextInt(4) == 0) {
                    config = config.without(feature);
                }
            }
            return config;
        }

        private NodeConfig node(final String name, final String address) {
            final TcpConfig tcp = TcpConfig.defaults().with(TcpSetting.SEND_BUFFER_BYTES, 1 << 14 + random.nextInt(4))
                    .with(TcpSetting.RECEIVE_BUFFER_BYTES, 1 << 14 + random.nextInt(4));
            return NodeConfig.builder(name).address(address).mode(mode).loops(1 + random.nextInt(2))
                    .buffersPerLoop(512).bufferBytes(4096).driver(driver()).tcp(tcp)
                    .simulationSeed(random.nextLong()).build();
        }

        /** @return a line that two runs of the same seed have in common */
        String run() {
            final boolean ipv6 = random.nextBoolean();
            final int bytes = 1 + random.nextInt(60_000);
            final int connections = 1 + random.nextInt(3);
            final NodeWire wire = new NodeWire(new WireConfig(WireConfig.WAIT, impairment(), impairment()), 1500);
            final TransferApplication server = TransferApplication.server(bytes);
            final TransferApplication client = TransferApplication.client(
                    IpAddress.parse(ipv6 ? "fd00::2" : "10.0.0.2"), connections, bytes);
            try (DataplaneNode a = DataplaneNode.open(node("a", ipv6 ? "fd00::1/64" : "10.0.0.1/24"), wire.a());
                    DataplaneNode b = DataplaneNode.open(node("b", ipv6 ? "fd00::2/64" : "10.0.0.2/24"), wire.b())) {
                a.deploy(client);
                b.deploy(server);
                b.startSimulated(0);
                a.startSimulated(0);
                final int flows = connections * a.config().loops();
                final long endNs = simulate(a, b, client, server, flows);
                return "seed " + seed + ": " + flows + " flows of " + bytes + " bytes, ended at " + endNs + " ns, "
                        + a.counters().get("Tcp.OutSegs") + " and " + b.counters().get("Tcp.OutSegs") + " segments";
            }
        }

        private long simulate(final DataplaneNode a, final DataplaneNode b, final TransferApplication client,
                final TransferApplication server, final int flows) {
            long nowNs = 0;
            while (client.finished() < flows || server.finished() < flows) {
                final int work = a.turn(nowNs) + b.turn(nowNs);
                final String fault = client.fault() != null ? client.fault() : server.fault();
                if (fault != null) {
                    throw new AssertionError(fault + " at " + nowNs + " ns");
                }
                nowNs = work > 0 ? nowNs + TURN_NS : nextEvent(nowNs, a, b);
                if (nowNs > LIMIT_NS) {
                    throw new AssertionError("stalled: " + client + " " + server);
                }
            }
            return nowNs;
        }

        private static long nextEvent(final long nowNs, final DataplaneNode a, final DataplaneNode b) {
            final long next = Math.min(a.nextDeadlineNs(), b.nextDeadlineNs());
            return next == Poller.NO_DEADLINE ? LIMIT_NS + 1 : Math.max(next, nowNs + TURN_NS);
        }
    }
}
