package io.netchannel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.MacAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes whose frames are tagged (IEEE 802.1Q). */
final class VlanTest {

    private static final long S = 1_000_000_000L;
    private static final int CONNECTIONS = 3;
    private static final int BYTES = 200_000;

    private static NodeConfig.Builder config(final int vlanId, final int host, final NodeMode mode) {
        return NodeConfig.builder("v" + vlanId + "n" + host).vlanId(vlanId).mode(mode).loops(host).buffersPerLoop(1024)
                .mac(new MacAddress(0x02_00_00_00_00_00L | (vlanId & 0xFFFF) << 8 | host)).simulationSeed(vlanId + host)
                .address("10.0.0." + host + "/24").address("fd00::" + host + "/64");
    }

    /** A client and a server with two loops, on one switch with those of other VLANs. */
    private static final class Pair implements AutoCloseable {

        private final TransferApplication client;
        private final TransferApplication server = TransferApplication.server(BYTES);
        private final DataplaneNode a;
        private final DataplaneNode b;

        Pair(final NodeSwitch network, final int vlanId, final NodeMode mode, final String serverAddress) {
            client = TransferApplication.client(IpAddress.parse(serverAddress), CONNECTIONS, BYTES);
            a = DataplaneNode.open(config(vlanId, 1, mode).build(), network.newPort());
            b = DataplaneNode.open(config(vlanId, 2, mode).build(), network.newPort());
            a.deploy(client);
            b.deploy(server);
            b.startSimulated(0);
            a.startSimulated(0);
        }

        boolean isFinished() {
            return client.finished() == CONNECTIONS && server.finished() == CONNECTIONS;
        }

        int turn(final long nowNs) {
            return a.turn(nowNs) + b.turn(nowNs);
        }

        long nextDeadlineNs() {
            return Math.min(a.nextDeadlineNs(), b.nextDeadlineNs());
        }

        @Override
        public void close() {
            a.close();
            b.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"INLINE,10.0.0.2", "INLINE,fd00::2", "CHANNEL,10.0.0.2", "CHANNEL,fd00::2"})
    void shouldKeepApartNodesOfTheSameAddresses(final NodeMode mode, final String serverAddress) {
        try (NodeSwitch network = NodeSwitch.open();
                Pair seven = new Pair(network, 7, mode, serverAddress);
                Pair most = new Pair(network, 4094, mode, serverAddress);
                Pair untagged = new Pair(network, InterfaceConfig.UNTAGGED, mode, serverAddress)) {
            final List<Pair> pairs = List.of(seven, most, untagged);
            long nowNs = 0;
            while (!pairs.stream().allMatch(Pair::isFinished)) {
                int work = network.turn(nowNs);
                long next = network.nextDeadlineNs();
                for (final Pair pair : pairs) {
                    work += pair.turn(nowNs);
                    next = Math.min(next, pair.nextDeadlineNs());
                }
                nowNs = work > 0 ? nowNs + 1_000 : Math.max(next, nowNs + 1_000);
                assertThat(nowNs).as(pairs.stream().map(pair -> pair.client + " " + pair.server).toList().toString())
                        .isLessThan(600 * S);
            }
            for (final Pair pair : pairs) {
                assertThat(pair.client.fault()).isNull();
                assertThat(pair.server.fault()).isNull();
                assertThat(pair.b.counters().get("Link.InOtherVlan")).as("what is for all of a link").isPositive();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldTagEachFrameItSends(final NodeMode mode) {
        final NodeWire wire = NodeWire.lossless();
        try (RawPeer peer = new RawPeer(wire.b());
                DataplaneNode node = DataplaneNode.open(config(7, 2, mode).build(), wire.a())) {
            node.startSimulated(0);
            peer.run(node, S);
            peer.received();
            final byte[] request = RawPeer.icmp6(RawPeer.ADDRESS, 128, new byte[20]);
            peer.send(request);
            peer.send(tagged(request, 8));
            peer.run(node, 2 * S);
            assertThat(node.counters()).containsEntry("Icmp6.InEchos", 0L);
            peer.send(tagged(request, 0xE007));
            peer.run(node, 10 * S);
            assertThat(node.counters().get("Icmp6.InEchos")).isEqualTo(1);
            final List<Integer> tags = new ArrayList<>();
            for (final byte[] frame : peer.received()) {
                tags.add(ByteBuffer.wrap(frame).getInt(12));
            }
            assertThat(tags).isNotEmpty().containsOnly(0x8100_0007);
        }
    }

    private static byte[] tagged(final byte[] frame, final int tag) {
        return ByteBuffer.allocate(frame.length + 4).put(frame, 0, 12).putShort((short) 0x8100).putShort((short) tag)
                .put(frame, 12, frame.length - 12).array();
    }
}
