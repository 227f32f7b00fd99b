package io.netchannel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.autoconf.InterfaceEvent;
import io.netchannel.tcpip.link.AddressState;
import io.netchannel.tcpip.link.AutoconfConfig;
import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.link.StableSecret;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.MacAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The loops of a node are one station, whichever of them hears. */
final class StationTest {

    private static final long S = 1_000_000_000L;
    private static final AutoconfConfig SLAAC = AutoconfConfig.STATIC
            .withSlaac(StableSecret.parse("000102030405060708090a0b0c0d0e0f"));

    private final NodeWire wire = NodeWire.lossless();
    private final RawPeer peer = new RawPeer(wire.b());
    private final List<List<InterfaceEvent>> heard = List.of(new ArrayList<>(), new ArrayList<>());

    private DataplaneNode start(final NodeMode mode, final AutoconfConfig autoconf, final String... addresses) {
        final NodeConfig.Builder config = NodeConfig.builder("n").mac(MacAddress.parse("02:00:00:00:00:07")).mode(mode)
                .loops(2).buffersPerLoop(512).simulationSeed(5).autoconf(autoconf);
        for (final String address : addresses) {
            config.address(address);
        }
        final DataplaneNode node = DataplaneNode.open(config.build(), wire.a());
        node.deploy(new Application() {
            @Override
            public String name() {
                return "listener";
            }

            @Override
            public void start(final LoopContext loop) {
                loop.onInterfaceEvent(heard.get(loop.index())::add);
            }
        });
        node.startSimulated(0);
        return node;
    }

    private static List<String> addresses(final LoopContext loop) {
        final LocalAddresses addresses = loop.stack().network().addresses();
        final List<String> all = new ArrayList<>();
        for (int i = 0; i < addresses.count(); i++) {
            all.add(addresses.prefix(i) + " " + addresses.state(i));
        }
        return all;
    }

    private static void assertSameOnAllLoops(final DataplaneNode node) {
        assertThat(addresses(node.loops().getLast())).isEqualTo(addresses(node.loops().getFirst()));
        assertThat(node.loops().getLast().stack().network().routes().all())
                .isEqualTo(node.loops().getFirst().stack().network().routes().all());
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldHaveAnAdvertisedAddressOnEachLoop(final NodeMode mode) {
        try (RawPeer _ = peer; DataplaneNode node = start(mode, SLAAC)) {
            peer.run(node, 3 * S);
            peer.send(RawPeer.advertisement("2001:db8:1::", "2001:db8::53"));
            peer.run(node, 6 * S);
            assertThat(addresses(node.loops().getFirst())).hasSize(2)
                    .anyMatch(text -> text.startsWith("2001:db8:1:") && text.endsWith("/128 PREFERRED"));
            assertSameOnAllLoops(node);
            assertThat(node.loops().getLast().stack().network().routes().all())
                    .anyMatch(route -> route.gateway().equals(IpAddress.parse(RawPeer.ADDRESS)));
            assertThat(heard.getLast()).isEqualTo(heard.getFirst())
                    .anyMatch(event -> event instanceof InterfaceEvent.DnsChanged);
        }
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldCountAMessageOnceThatEachLoopGets(final NodeMode mode) {
        try (RawPeer _ = peer; DataplaneNode node = start(mode, SLAAC)) {
            peer.run(node, 3 * S);
            peer.send(RawPeer.advertisement("2001:db8:1::", "2001:db8::53"));
            peer.run(node, 6 * S);
            final long before = node.counters().get("Icmp6.InMsgs");
            peer.received();
            peer.send(RawPeer.icmp6(RawPeer.ADDRESS, 128, new byte[20]));
            peer.run(node, 7 * S);
            assertThat(node.counters()).containsEntry("Icmp6.InMsgs", before + 1).containsEntry("Icmp6.InEchos", 1L)
                    .containsEntry("Icmp6.OutEchoReplies", 1L);
            assertThat(peer.received()).as("an echo reply with the hop limit that the router advertised")
                    .anyMatch(frame -> frame[20] == 58 && frame[54] == (byte) 129 && frame[21] == 32);
        }
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldHaveADuplicateOnNoLoop(final NodeMode mode) {
        try (RawPeer _ = peer;
                DataplaneNode node = start(mode,
                        AutoconfConfig.STATIC.withConflictDetection(ConflictDetection.FULL), "fd00::7/64",
                        "fd00::8/64")) {
            peer.run(node, 0);
            assertThat(addresses(node.loops().getLast())).contains("fd00::7/64 " + AddressState.TENTATIVE);
            peer.send(RawPeer.claim("fd00::7"));
            peer.run(node, 6 * S);
            for (final LoopContext loop : node.loops()) {
                assertThat(addresses(loop)).contains("fd00::8/64 PREFERRED").noneMatch(text -> text.contains("::7/"));
            }
            assertSameOnAllLoops(node);
            assertThat(heard.getLast()).isEqualTo(heard.getFirst())
                    .anyMatch(event -> event instanceof final InterfaceEvent.AddressConflict conflict
                            && conflict.other().equals(MacAddress.parse(RawPeer.MAC)));
        }
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldReportTheGroupsOfEachLoop(final NodeMode mode) {
        final IpAddress group = IpAddress.parse("239.1.2.3");
        try (RawPeer _ = peer; DataplaneNode node = start(mode, AutoconfConfig.STATIC, "10.0.0.7/24")) {
            peer.run(node, 20 * S);
            peer.received();
            assertThat(node.loops().getLast().stack().network().joinGroup(group)).isTrue();
            peer.run(node, 40 * S);
            assertThat(reports()).as("IGMPv3, CHANGE_TO_EXCLUDE").contains("4 239.1.2.3");
            node.loops().getLast().stack().network().leaveGroup(group);
            peer.run(node, 60 * S);
            assertThat(reports()).as("IGMPv3, CHANGE_TO_INCLUDE").contains("3 239.1.2.3");
            assertThat(node.loops().getFirst().stack().network().groups().isJoined(group.high(), group.low()))
                    .isFalse();
        }
    }

    /** Record type and group of the first record of each IGMPv3 report (RFC 3376, 4.2), behind a header with Router Alert. */
    private List<String> reports() {
        return peer.received().stream().filter(frame -> frame[12] == 8 && frame[13] == 0 && frame[23] == 2)
                .map(frame -> frame[14 + 24 + 8] + " "
                        + IpAddress.ofIpv4(ByteBuffer.wrap(frame).getInt(14 + 24 + 12)))
                .toList();
    }
}
