package io.netchannel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.dns.AddressFamily;
import io.netchannel.tcpip.dns.DnsCallback;
import io.netchannel.tcpip.dns.DnsFailure;
import io.netchannel.tcpip.dns.HostsFile;
import io.netchannel.tcpip.dns.ResolverConfig;
import io.netchannel.tcpip.link.AutoconfConfig;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.MacAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Names for the applications of a node. */
final class NodeResolverTest {

    private static final long S = 1_000_000_000L;
    private static final String MAC = "02:00:00:00:00:07";
    private static final String ADVERTISED = "2001:db8::53";

    private final NodeWire wire = NodeWire.lossless();
    private final RawPeer peer = new RawPeer(wire.b());
    private final List<String> answers = new ArrayList<>();
    private DataplaneNode node;

    private void start(final NodeConfig.Builder config) {
        node = DataplaneNode.open(config.mac(MacAddress.parse(MAC)).loops(2).buffersPerLoop(512).simulationSeed(5)
                .autoconf(AutoconfConfig.STATIC.withSlaac(null)).build(), wire.a());
        node.startSimulated(0);
        peer.run(node, 3 * S);
        peer.send(RawPeer.advertisement("2001:db8:1::", ADVERTISED));
        peer.run(node, 6 * S);
    }

    @AfterEach
    void close() {
        node.close();
        peer.close();
    }

    private void resolve(final LoopContext loop, final String name, final AddressFamily family) {
        loop.resolver().resolve(name, family, new DnsCallback() {
            @Override
            public void onResolved(final String resolved, final List<IpAddress> addresses) {
                answers.add(resolved + " " + addresses);
            }

            @Override
            public void onFailed(final String failed, final DnsFailure failure) {
                answers.add(failed + " " + failure);
            }
        });
    }

    private static boolean isQuery(final byte[] frame) {
        return frame[12] == (byte) 0x86 && frame[20] == 17 && ByteBuffer.wrap(frame).getShort(56) == 53;
    }

    /** The query with one address record behind its question. */
    private static byte[] answer(final byte[] query, final String address) {
        final byte[] message = Arrays.copyOfRange(query, 62, query.length);
        int end = 12;
        while (message[end] != 0) {
            end += 1 + message[end];
        }
        final byte[] data = IpAddress.parse(address).toBytes();
        final byte[] reply = ByteBuffer.allocate(end + 5 + 12 + data.length).put(message, 0, end + 5)
                .putShort((short) 0xC00C).putShort((short) (data.length == 4 ? 1 : 28)).putShort((short) 1).putInt(60)
                .putShort((short) data.length).put(data).putShort(2, (short) 0x8180).putShort(6, (short) 1)
                .putLong(8, ByteBuffer.wrap(message).getLong(8) & 0x0000_0000_FFFF_FFFFL).array();
        return RawPeer.udp6(MAC, Arrays.copyOfRange(query, 38, 54), Arrays.copyOfRange(query, 22, 38), 53,
                ByteBuffer.wrap(query).getShort(54) & 0xFFFF, reply);
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldAskTheServersThatRoutersAdvertiseOnEachLoop(final NodeMode mode) {
        start(NodeConfig.builder("n").mode(mode));
        for (final LoopContext loop : node.loops()) {
            resolve(loop, "www" + loop.index() + ".test", AddressFamily.IPV6);
            assertThat(peer.run(node, peer.nowNs() + S, NodeResolverTest::isQuery)).isTrue();
            final byte[] query = peer.received().getLast();
            assertThat(Arrays.copyOfRange(query, 38, 54)).isEqualTo(IpAddress.parse(ADVERTISED).toBytes());
            peer.send(answer(query, "2001:db8::8" + loop.index()));
            peer.run(node, peer.nowNs() + S / 2);
        }
        assertThat(answers).containsExactly("www0.test [2001:db8::80]", "www1.test [2001:db8::81]");
    }

    @Test
    void shouldAskTheConfiguredServersAloneIfThereAreAny() {
        start(NodeConfig.builder("n").resolver(ResolverConfig.parse("nameserver 2001:db8::99")));
        resolve(node.loops().getLast(), "www.test", AddressFamily.IPV6);
        assertThat(peer.run(node, peer.nowNs() + S, NodeResolverTest::isQuery)).isTrue();
        assertThat(Arrays.copyOfRange(peer.received().getLast(), 38, 54))
                .isEqualTo(IpAddress.parse("2001:db8::99").toBytes());
    }

    @Test
    void shouldPutTheServersOfALeaseBeforeThoseOfRouters() {
        start(NodeConfig.builder("n"));
        final LoopContext loop = node.loops().getLast();
        loop.leasedNameServers(List.of(IpAddress.parse("10.0.0.53")), List.of("example.test", "no name"));
        assertThat(loop.resolver().config().servers()).hasToString("[10.0.0.53, " + ADVERTISED + "]");
        assertThat(loop.resolver().config().searchDomains()).containsExactly("example.test");
        loop.leasedNameServers(List.of(), List.of());
        assertThat(loop.resolver().config().servers()).hasToString("[" + ADVERTISED + "]");
    }

    @Test
    void shouldAnswerFromTheHostsFileInTheOrderOfRfc6724() {
        start(NodeConfig.builder("n").hosts(HostsFile.parse("10.0.0.9 both\n2001:db8:2::9 both\n")));
        resolve(node.loops().getLast(), "both", AddressFamily.ANY);
        peer.run(node, peer.nowNs() + S);
        assertThat(answers).as("there is no IPv4 address here").containsExactly("both [2001:db8:2::9, 10.0.0.9]");
    }
}
