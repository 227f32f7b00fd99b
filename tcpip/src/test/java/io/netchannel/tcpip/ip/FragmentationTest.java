package io.netchannel.tcpip.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Frame;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.TestNetwork;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams that are too large for their path, and how the path's MTU is learnt. */
class FragmentationTest {

    private static final long S = 1_000_000_000L;
    private static final String US = "02:00:00:00:00:01";
    private static final String PEER = "02:00:00:00:00:02";

    private final List<TestHost> hosts = new ArrayList<>();
    private final List<byte[]> received = new ArrayList<>();

    @AfterEach
    void close() {
        hosts.forEach(TestHost::close);
    }

    private TestHost host(final String mac, final String ipv4, final String ipv6, final int mtuBytes,
            final boolean checksums) {
        final TestHost host = new TestHost(NetStackConfig.of(InterfaceConfig.of(mac, ipv4, ipv6)
                .withMtuBytes(mtuBytes).withGateway("10.7.0.254").withGateway("fe80::2")),
                new LinkCapabilities(mtuBytes, checksums, false, false, 0, 15), 512, 4352, 1);
        hosts.add(host);
        host.pollUntil(5 * S);
        return host;
    }

    private TestHost alone() {
        final TestHost host = host(US, "10.7.0.1/24", "fd00::1/64", 1500, true);
        for (final String ip : List.of("10.7.0.2", "10.7.0.254", "fd00::2", "fe80::2")) {
            final IpAddress address = IpAddress.parse(ip);
            host.stack().neighbors().onSolicitationSource(host.stack().neighbors().findOrCreate(address.high(),
                    address.low()), 0x0200_0000_0002L, host.nowNs());
        }
        return host;
    }

    private static int send(final TestHost host, final UdpSocket socket, final String to, final byte[] data) {
        final IpAddress address = IpAddress.parse(to);
        try (Arena arena = Arena.ofConfined()) {
            final long bytes = arena.allocate(Math.max(1, data.length)).address();
            host.pool().packets().memory().copyFromArray(data, 0, bytes, data.length);
            return socket.send(address.high(), address.low(), 7, bytes, data.length);
        }
    }

    private UdpSocket bind(final TestHost host, final int port) {
        return host.stack().udp().bind(0, 0, port, (socket, high, low, from, address, length) -> {
            final byte[] bytes = new byte[length];
            host.pool().packets().memory().copyToArray(address, bytes, 0, length);
            received.add(bytes);
        });
    }

    @ParameterizedTest
    @CsvSource({"1500,true", "1500,false", "1280,false", "9000,true"})
    void shouldCarryLargeDatagramsBetweenTwoStacks(final int mtuBytes, final boolean checksums) {
        final TestHost a = host(US, "10.7.0.1/24", "fd00::1/64", mtuBytes, checksums);
        final TestHost b = host(PEER, "10.7.0.2/24", "fd00::2/64", mtuBytes, !checksums);
        final TestNetwork network = new TestNetwork(a, b);
        final UdpSocket from = bind(a, 5000);
        bind(b, 7);
        for (final String to : List.of("10.7.0.2", "fd00::2")) {
            send(a, from, to, new byte[1]);
            network.settle();
            received.clear();
            for (final int size : new int[]{mtuBytes - 48, mtuBytes - 27, 2 * mtuBytes, 40_000, 65_487}) {
                assertThat(send(a, from, to, Frames.pattern(size))).isEqualTo(size);
                network.settle();
                assertThat(received).as("%s %d", to, size).hasSize(1);
                assertThat(received.removeFirst()).isEqualTo(Frames.pattern(size));
            }
        }
        assertThat(a.count(Counter.IP_FRAG_OKS)).isEqualTo(4);
        assertThat(a.count(Counter.IP6_FRAG_OKS)).isEqualTo(4);
        assertThat(b.count(Counter.IP_REASM_OKS)).isEqualTo(4);
        assertThat(a.count(Counter.IP_FRAG_CREATES)).isEqualTo(b.count(Counter.IP_REASM_REQDS));
        assertThat(a.count(Counter.IP6_FRAG_CREATES)).isEqualTo(b.count(Counter.IP6_REASM_REQDS));
        assertThat(send(a, from, "10.7.0.2", new byte[65_508])).isEqualTo(UdpSocket.TOO_LONG);
        assertThat(send(a, from, "fd00::2", new byte[65_488])).isEqualTo(UdpSocket.TOO_LONG);
    }

    @Test
    void shouldAnswerPingsThatAreLargerThanTheLink() {
        final TestHost host = alone();
        final Fragments fragments = new Fragments(false, Frames.ICMP, 5);
        final List<Frame> replies = new ArrayList<>();
        for (final byte[] part : fragments.cut(Frames.icmpv4(8, 0, 1, Frames.pattern(4000)), 1480)) {
            replies.addAll(host.receive(part));
        }
        assertThat(replies).hasSize(3);
        assertThat(host.count(Counter.IP_FRAG_CREATES)).isEqualTo(3);
    }

    @Test
    void shouldSendToItselfWithoutCutting() {
        final TestHost host = alone();
        bind(host, 7);
        assertThat(send(host, bind(host, 5000), "10.7.0.1", Frames.pattern(30_000))).isEqualTo(30_000);
        host.poll(host.nowNs());
        assertThat(received).hasSize(1);
        assertThat(received.getFirst()).isEqualTo(Frames.pattern(30_000));
    }

    @Test
    void shouldSetDontFragmentAndIdentificationsAsTheModeSays() {
        final TestHost host = alone();
        final UdpSocket socket = bind(host, 5000);
        final Set<Integer> ids = new HashSet<>();
        for (final PathMtuDiscovery mode : PathMtuDiscovery.values()) {
            socket.pathMtuDiscovery(mode);
            final boolean cuts = mode == PathMtuDiscovery.WANT || mode == PathMtuDiscovery.DONT;
            send(host, socket, "10.7.0.2", new byte[100]);
            final byte[] small = host.port().take().getFirst().bytes();
            assertThat(Frames.getShort(small, 20)).as("%s", mode).isEqualTo(mode == PathMtuDiscovery.DONT
                    ? 0
                    : 0x4000);
            assertThat(send(host, socket, "10.7.0.2", new byte[3000])).isEqualTo(cuts ? 3000 : UdpSocket.TOO_LONG);
            final List<Frame> parts = host.port().take();
            assertThat(parts).hasSize(cuts ? 3 : 0);
            for (final Frame part : parts) {
                ids.add(Frames.getShort(part.bytes(), 18));
                assertThat(Frames.getShort(part.bytes(), 20) & 0x4000).isZero();
                assertThat(Frames.sum(Frames.slice(part.bytes(), 14, 34), 0)).isEqualTo(0xFFFF);
            }
            assertThat(send(host, socket, "fd00::2", new byte[3000])).isEqualTo(cuts ? 3000 : UdpSocket.TOO_LONG);
            host.port().take();
        }
        assertThat(ids).as("one for each datagram").hasSize(2);
    }

    @Test
    void shouldSendAllFragmentsOrNone() {
        final TestHost host = alone();
        final UdpSocket socket = bind(host, 5000);
        host.port().capacity(2);
        assertThat(send(host, socket, "10.7.0.2", new byte[3000])).isEqualTo(UdpSocket.WOULD_BLOCK);
        assertThat(host.port().take()).isEmpty();
        host.port().capacity(3);
        assertThat(send(host, socket, "10.7.0.2", new byte[3000])).isEqualTo(3000);
        assertThat(host.port().take()).hasSize(3);
        final List<Integer> taken = new ArrayList<>();
        while (host.pool().available() > 3) {
            taken.add(host.pool().allocate());
        }
        assertThat(send(host, socket, "10.7.0.2", new byte[3000])).isEqualTo(UdpSocket.WOULD_BLOCK);
        assertThat(host.count(Counter.IP_FRAG_FAILS)).isOne();
        taken.forEach(host.pool()::release);
    }

    @Test
    void shouldTellTheSocketOnceWhenTheNeighborOfItsFragmentsDoesNotAnswer() {
        final TestHost host = alone();
        final List<String> errors = new ArrayList<>();
        final UdpSocket socket = host.stack().udp().bind(0, 0, 5000, new io.netchannel.tcpip.udp.UdpHandler() {

            @Override
            public void onDatagram(final UdpSocket s, final long high, final long low, final int port,
                    final long address, final int length) {
                // Nothing is expected.
            }

            @Override
            public void onError(final UdpSocket s, final io.netchannel.tcpip.icmp.TransportError error,
                    final long high, final long low, final int port, final int mtuBytes) {
                errors.add(error + " " + port + " " + error.errno());
            }
        });
        send(host, socket, "10.7.0.77", new byte[3000]);
        send(host, socket, "fd00::77", new byte[3000]);
        host.pollUntil(host.nowNs() + 5 * S);
        assertThat(errors).containsExactly("HOST_UNREACHABLE 7 113", "HOST_UNREACHABLE 7 113");
    }

    // -- path MTU

    private static void tooBig(final TestHost host, final boolean ipv6, final int sourcePort, final int mtuBytes) {
        if (ipv6) {
            final byte[] inner = Frames.ipv6("fd00::1", "2001:db8::9", 17, 64,
                    Frames.udp("fd00::1", "2001:db8::9", sourcePort, 7, new byte[20]));
            host.receive(Frames.ethernet(US, PEER, 0x86DD, Frames.ipv6("fd00::2", "fd00::1", Frames.ICMPV6, 64,
                    Frames.icmpv6("fd00::2", "fd00::1", 2, 0, mtuBytes, inner))));
        } else {
            final byte[] inner = Frames.ipv4("10.7.0.1", "192.0.2.9", 17,
                    Frames.udp("10.7.0.1", "192.0.2.9", sourcePort, 7, new byte[20]));
            host.receive(Frames.ethernet(US, PEER, 0x0800, Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.ICMP,
                    Frames.icmpv4(3, 4, mtuBytes, inner))));
        }
    }

    private static Path path(final TestHost host, final boolean ipv6) {
        final IpAddress to = IpAddress.parse(ipv6 ? "2001:db8::9" : "192.0.2.9");
        return host.stack().ip().pathTo(0, 0, to.high(), to.low());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLearnThePathMtuOfALiveSocketForTenMinutes(final boolean ipv6) {
        final TestHost host = alone();
        final UdpSocket socket = bind(host, 5000);
        final Path path = path(host, ipv6);
        tooBig(host, ipv6, 4999, 1400);
        assertThat(path.mtuBytes()).as("of no socket").isEqualTo(1500);
        tooBig(host, ipv6, 5000, 1400);
        assertThat(path.mtuBytes()).isEqualTo(1400);
        assertThat(path(host, ipv6).mtuBytes()).isEqualTo(1400);
        tooBig(host, ipv6, 5000, 1450);
        assertThat(path.mtuBytes()).as("no increase").isEqualTo(1400);
        assertThat(send(host, socket, ipv6 ? "2001:db8::9" : "192.0.2.9", new byte[1450])).isEqualTo(1450);
        assertThat(host.port().take()).hasSize(2);
        socket.pathMtuDiscovery(PathMtuDiscovery.PROBE);
        assertThat(send(host, socket, ipv6 ? "2001:db8::9" : "192.0.2.9", new byte[1450])).isEqualTo(1450);
        assertThat(host.port().take()).hasSize(1);
        host.pollUntil(host.nowNs() + 599 * S);
        assertThat(path.mtuBytes()).isEqualTo(1400);
        host.pollUntil(host.nowNs() + 2 * S);
        assertThat(path.mtuBytes()).isEqualTo(1500);
    }

    @Test
    void shouldNotBelieveAPathMtuBelowTheFloor() {
        final TestHost host = alone();
        final UdpSocket socket = bind(host, 5000);
        tooBig(host, true, 5000, 600);
        assertThat(path(host, true).mtuBytes()).isEqualTo(1280);
        tooBig(host, false, 5000, 100);
        assertThat(path(host, false).mtuBytes()).isEqualTo(552);
        send(host, socket, "192.0.2.9", new byte[400]);
        assertThat(Frames.getShort(host.port().take().getFirst().bytes(), 20)).as("no DF").isZero();
    }

    @Test
    void shouldForgetTheOldestDestinationsWhenThereAreMany() {
        final TestHost host = alone();
        final IpLayer ip = host.stack().ip();
        for (int i = 0; i < 3000; i++) {
            ip.onPacketTooBig(0, IpAddress.lowOfIpv4(0xC000_0200 + i), 1000, host.nowNs());
        }
        assertThat(ip.pathTo(0, 0, 0, IpAddress.lowOfIpv4(0xC000_0200)).mtuBytes()).isEqualTo(1500);
        assertThat(ip.pathTo(0, 0, 0, IpAddress.lowOfIpv4(0xC000_0200 + 2999)).mtuBytes()).isEqualTo(1000);
        assertThat(ip.pathTo(0, 0, 0, IpAddress.lowOfIpv4(0xC000_0200 + 2000)).mtuBytes()).isEqualTo(1000);
        assertThat(ip.pathTo(0, 0, 0, IpAddress.lowOfIpv4(0xC000_0200 + 1900)).mtuBytes()).isEqualTo(1500);
    }
}
