package io.netchannel.tcpip.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.channels.flow.Verdict;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Frame;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.TestNetwork;
import io.netchannel.tcpip.icmp.TransportError;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.ip.PathMtuDiscovery;
import io.netchannel.tcpip.wire.IpAddress;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.net.BindException;
import java.net.NoRouteToHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UdpTest {

    private static final long S = 1_000_000_000L;
    private static final String MAC_A = "02:00:00:00:00:01";
    private static final String MAC_B = "02:00:00:00:00:02";

    private final List<TestHost> hosts = new ArrayList<>();

    @AfterEach
    void close() {
        hosts.forEach(TestHost::close);
    }

    private TestHost host(final String mac, final String ipv4, final String ipv6, final LinkCapabilities capabilities,
            final int loops) {
        final TestHost host = new TestHost(
                NetStackConfig.of(InterfaceConfig.of(mac, ipv4, ipv6).withMtuBytes(capabilities.mtuBytes()))
                        .withVerifyChecksums(true),
                capabilities, 512, 2048, loops);
        hosts.add(host);
        host.pollUntil(5 * S);
        return host;
    }

    private TestHost a() {
        return host(MAC_A, "10.7.0.1/24", "fd00::1/64", TestHost.PLAIN, 1);
    }

    private static LinkCapabilities link(final int mtuBytes, final boolean checksums) {
        return new LinkCapabilities(mtuBytes, checksums, false, false, 0, 16);
    }

    /** Keeps what comes. */
    private static final class Recorder implements UdpHandler {

        private final TestHost host;
        private final List<byte[]> datagrams = new ArrayList<>();
        private final List<String> sources = new ArrayList<>();
        private final List<Throwable> failures = new ArrayList<>();
        private boolean throwing;
        private boolean closing;

        Recorder(final TestHost host) {
            this.host = host;
        }

        @Override
        public void onDatagram(final UdpSocket socket, final long remoteHigh, final long remoteLow,
                final int remotePort, final long address, final int lengthBytes) {
            final byte[] bytes = new byte[lengthBytes];
            host.pool().packets().memory().copyToArray(address, bytes, 0, lengthBytes);
            datagrams.add(bytes);
            sources.add(IpAddress.format(remoteHigh, remoteLow) + " " + remotePort + " to "
                    + IpAddress.format(socket.datagramLocalHigh(), socket.datagramLocalLow()));
            if (closing) {
                socket.close();
            }
            if (throwing) {
                throw new IllegalStateException("handler");
            }
        }

        @Override
        public void onFailure(final UdpSocket socket, final RuntimeException failure) {
            failures.add(failure);
        }
    }

    private static UdpHandler echo() {
        return (socket, high, low, port, address, length) -> socket.send(high, low, port, address, length);
    }

    private static int send(final TestHost host, final UdpSocket socket, final String to, final int port,
            final byte[] data) {
        final IpAddress address = IpAddress.parse(to);
        try (Arena arena = Arena.ofConfined()) {
            final long bytes = arena.allocate(Math.max(1, data.length)).address();
            host.pool().packets().memory().copyFromArray(data, 0, bytes, data.length);
            return port == 0
                    ? socket.send(bytes, data.length)
                    : socket.send(address.high(), address.low(), port, bytes, data.length);
        }
    }

    private static UdpSocket connect(final TestHost host, final String to, final int port, final UdpHandler handler) {
        final IpAddress address = IpAddress.parse(to);
        return host.stack().udp().connect(0, 0, 0, address.high(), address.low(), port, handler);
    }

    private static byte[] datagram(final int sourcePort, final int destinationPort, final byte[] payload) {
        return Frames.ethernet(MAC_A, MAC_B, 0x0800, Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.UDP,
                Frames.udp("10.7.0.2", "10.7.0.1", sourcePort, destinationPort, payload)));
    }

    // -- two stacks

    @ParameterizedTest
    @CsvSource({"1500,true", "1500,false", "9000,true", "9000,false"})
    void shouldEchoBetweenTwoStacksWithAndWithoutChecksumOffload(final int mtuBytes, final boolean checksums) {
        final TestHost a = host(MAC_A, "10.7.0.1/24", "fd00::1/64", link(mtuBytes, checksums), 1);
        final TestHost b = host(MAC_B, "10.7.0.2/24", "fd00::2/64", link(mtuBytes, !checksums), 1);
        final TestNetwork network = new TestNetwork(a, b);
        b.stack().udp().bind(0, 0, 7, echo());
        final Recorder received = new Recorder(a);
        for (final String remote : List.of("10.7.0.2", "fd00::2")) {
            final UdpSocket socket = connect(a, remote, 7, received);
            final int most = mtuBytes - (remote.contains(":") ? 48 : 28);
            for (final int size : new int[]{0, 1, 2, 100, 1023, 1400, most - 1, most}) {
                received.datagrams.clear();
                assertThat(send(a, socket, remote, 0, Frames.pattern(size))).isEqualTo(size);
                network.settle();
                assertThat(received.datagrams).as("%s %d", remote, size).containsExactly(Frames.pattern(size));
                assertThat(received.sources).last().isEqualTo(remote + " 7 to " + remote.replace('2', '1'));
            }
            socket.pathMtuDiscovery(PathMtuDiscovery.DO);
            assertThat(send(a, socket, remote, 0, new byte[most + 1])).isEqualTo(UdpSocket.TOO_LONG);
        }
        assertThat(a.count(Counter.UDP_OUT_TOO_LONG)).isEqualTo(2);
        assertThat(b.count(Counter.UDP_IN_CSUM_ERRORS)).isZero();
        assertThat(b.count(Counter.UDP_OUT_DATAGRAMS)).isEqualTo(16);
    }

    @Test
    void shouldReportTheClosedPortOfTheOtherStack() {
        final TestHost a = a();
        final TestHost b = host(MAC_B, "10.7.0.2/24", "fd00::2/64", TestHost.PLAIN, 1);
        final List<String> errors = new ArrayList<>();
        final UdpSocket socket = connect(a, "fd00::2", 9, new UdpHandler() {

            @Override
            public void onDatagram(final UdpSocket s, final long high, final long low, final int port,
                    final long address, final int length) {
                errors.add("datagram");
            }

            @Override
            public void onError(final UdpSocket s, final TransportError error, final long high,
                    final long low, final int port, final int mtuBytes) {
                errors.add(error.name());
            }
        });
        send(a, socket, "fd00::2", 0, new byte[5]);
        new TestNetwork(a, b).settle();
        assertThat(errors).containsExactly("PORT_UNREACHABLE");
    }

    @Test
    void shouldTalkToItselfWithoutTheLink() {
        final TestHost a = a();
        a.stack().udp().bind(0, 0, 7, echo());
        final Recorder received = new Recorder(a);
        for (final String own : List.of("10.7.0.1", "127.0.0.1", "fd00::1", "::1")) {
            final UdpSocket socket = connect(a, own, 7, received);
            send(a, socket, own, 0, Frames.pattern(33));
            assertThat(a.stack().arm()).as("must not park").isFalse();
            assertThat(a.poll(5 * S)).isEmpty();
            assertThat(a.poll(5 * S)).isEmpty();
            assertThat(received.datagrams).last().isEqualTo(Frames.pattern(33));
            assertThat(a.stack().arm()).isTrue();
        }
        assertThat(received.datagrams).hasSize(4);
        final UdpSocket flood = connect(a, "10.7.0.1", 7, received);
        for (int i = 0; i < 300; i++) {
            send(a, flood, "10.7.0.1", 0, new byte[1]);
        }
        assertThat(a.count(Counter.IP_LOCAL_QUEUE_DROPS)).isEqualTo(300 - 256);
    }

    // -- sending

    @Test
    void shouldSendInPlace() {
        final TestHost a = a();
        final Recorder received = new Recorder(a);
        a.stack().udp().bind(0, 0, 7, received);
        final UdpSocket socket = connect(a, "10.7.0.1", 7, received);
        final long address = socket.reserve(100);
        a.pool().packets().memory().copyFromArray(Frames.pattern(60), 0, address, 60);
        assertThat(socket.commit(60)).isEqualTo(60);
        a.poll(5 * S);
        assertThat(received.datagrams).containsExactly(Frames.pattern(60));
        assertThat(socket.maxReserveBytes()).isEqualTo(2048 - 192 - 8);
        assertThat(socket.reserve(socket.maxReserveBytes() + 1)).isZero();
        assertThat(socket.reserve(10)).isNotZero();
        assertThat(socket.reserve(socket.maxReserveBytes())).as("replaces the first").isNotZero();
        socket.pathMtuDiscovery(PathMtuDiscovery.DO);
        assertThat(socket.commit(1600)).isEqualTo(UdpSocket.TOO_LONG);
        assertThatThrownBy(() -> socket.commit(1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reserved");
        socket.reserve(10);
        socket.close();
        assertThat(socket.commit(10)).isEqualTo(UdpSocket.CLOSED);
        assertThat(socket.reserve(1)).isZero();
    }

    @Test
    void shouldReportWhyItCouldNotSend() {
        final TestHost a = a();
        final UdpSocket socket = a.stack().udp().bind(0, 0, 0, new Recorder(a));
        assertThat(send(a, socket, "192.0.2.1", 53, new byte[1])).isEqualTo(UdpSocket.NO_ROUTE);
        a.receive(Frames.ethernet(MAC_A, MAC_B, 0x0806, Frames.arp(1, MAC_B, "10.7.0.2", MAC_A, "10.7.0.1")));
        a.port().capacity(0);
        assertThat(send(a, socket, "10.7.0.2", 53, new byte[1])).isEqualTo(UdpSocket.WOULD_BLOCK);
        a.port().capacity(100);
        assertThat(send(a, socket, "10.7.0.2", 53, new byte[1])).isOne();
        final List<Integer> taken = new ArrayList<>();
        for (int index = a.pool().allocate(); index >= 0; index = a.pool().allocate()) {
            taken.add(index);
        }
        assertThat(send(a, socket, "10.7.0.2", 53, new byte[1])).isEqualTo(UdpSocket.WOULD_BLOCK);
        assertThat(socket.reserve(1)).isZero();
        taken.forEach(a.pool()::release);
        assertThatThrownBy(() -> socket.send(0, 0)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not connected");
        socket.close();
        socket.close();
        assertThat(send(a, socket, "10.7.0.2", 53, new byte[1])).isEqualTo(UdpSocket.CLOSED);
    }

    @Test
    void shouldBroadcast() {
        final TestHost a = a();
        final UdpSocket socket = a.stack().udp().bind(0, 0, 68, new Recorder(a));
        send(a, socket, "255.255.255.255", 67, Frames.pattern(10));
        final byte[] frame = a.poll(5 * S).getFirst().bytes();
        assertThat(Frames.slice(frame, 0, 6)).isEqualTo(Frames.mac("ff:ff:ff:ff:ff:ff"));
        final Recorder received = (Recorder) socket.handler();
        a.receive(Frames.ethernet("ff:ff:ff:ff:ff:ff", MAC_B, 0x0800,
                Frames.ipv4("10.7.0.2", "255.255.255.255", Frames.UDP,
                        Frames.udp("10.7.0.2", "255.255.255.255", 67, 68, Frames.pattern(5)))));
        assertThat(received.datagrams).hasSize(1);
    }

    // -- receiving

    @Test
    void shouldPreferTheMostSpecificSocket() {
        final TestHost a = a();
        final IpAddress own = IpAddress.parse("10.7.0.1");
        final IpAddress peer = IpAddress.parse("10.7.0.2");
        final Recorder bound = new Recorder(a);
        final Recorder connected = new Recorder(a);
        final Recorder six = new Recorder(a);
        final IpAddress own6 = IpAddress.parse("fd00::1");
        a.stack().udp().bind(own.high(), own.low(), 7, bound);
        a.stack().udp().bind(own6.high(), own6.low(), 7, six);
        final UdpSocket socket = a.stack().udp().connect(0, 0, 7, peer.high(), peer.low(), 4000, connected);
        a.receive(datagram(4000, 7, new byte[1]));
        a.receive(datagram(4001, 7, new byte[2]));
        assertThat(connected.datagrams).containsExactly(new byte[1]);
        assertThat(bound.datagrams).containsExactly(new byte[2]);
        assertThat(six.datagrams).isEmpty();
        socket.close();
        a.receive(datagram(4000, 7, new byte[3]));
        assertThat(bound.datagrams).hasSize(2);
    }

    @Test
    void shouldKeepAnyIpv4ApartFromIpv6() {
        final TestHost a = a();
        final Recorder four = new Recorder(a);
        a.stack().udp().bind(0, IpAddress.IPV4_PREFIX, 7, four);
        a.receive(datagram(4000, 7, new byte[1]));
        a.receive(Frames.ethernet(MAC_A, MAC_B, 0x86DD, Frames.ipv6("fd00::2", "fd00::1", Frames.UDP, 64,
                Frames.udp("fd00::2", "fd00::1", 4000, 7, new byte[1]))));
        assertThat(four.datagrams).hasSize(1);
        assertThat(a.count(Counter.UDP_NO_PORTS)).isOne();
    }

    @Test
    void shouldAcceptAMissingChecksumOverIpv4Only() {
        final TestHost a = a();
        final Recorder received = new Recorder(a);
        a.stack().udp().bind(0, 0, 7, received);
        final byte[] four = datagram(4000, 7, new byte[9]);
        Frames.putShort(four, 40, 0);
        a.receive(four);
        assertThat(received.datagrams).hasSize(1);
        final byte[] six = Frames.ethernet(MAC_A, MAC_B, 0x86DD, Frames.ipv6("fd00::2", "fd00::1", Frames.UDP, 64,
                Frames.udp("fd00::2", "fd00::1", 4000, 7, new byte[9])));
        Frames.putShort(six, 60, 0);
        a.receive(six);
        assertThat(received.datagrams).hasSize(1);
        final byte[] wrong = datagram(4000, 7, new byte[9]);
        wrong[41] ^= 1;
        assertThat(a.receive(Frame.of(wrong))).isEqualTo(Verdict.DROP);
        // The device vouches for it, so it counts for nothing that the field is wrong.
        a.receive(new Frame(wrong, PacketLayout.FLAG_CHECKSUM_VALID, 0, 0, 0, 0, 0));
        assertThat(received.datagrams).hasSize(2);
    }

    /** The classifier has accepted it, and then somebody with access to the buffer changed it. */
    private static void receiveChanged(final TestHost host, final byte[] frame, final int offset, final int value) {
        final long packet = host.toPacket(Frame.of(frame));
        host.classifier().classify(packet);
        host.pool().packets().memory().putShort(host.pool().packets().address(packet) + offset,
                Short.reverseBytes((short) value));
        host.stack().accept(packet);
    }

    @Test
    void shouldVerifyChecksumsOnceMoreWhenToldTo() {
        final TestHost a = a();
        final Recorder received = new Recorder(a);
        a.stack().udp().bind(0, 0, 7, received);
        final byte[] four = datagram(4000, 7, new byte[9]);
        final byte[] six = Frames.ethernet(MAC_A, MAC_B, 0x86DD, Frames.ipv6("fd00::2", "fd00::1", Frames.UDP, 64,
                Frames.udp("fd00::2", "fd00::1", 4000, 7, new byte[9])));
        receiveChanged(a, four, 40, 0xBAD);
        receiveChanged(a, six, 60, 0xBAD);
        receiveChanged(a, six, 60, 0);
        assertThat(received.datagrams).isEmpty();
        assertThat(a.count(Counter.UDP_IN_CSUM_ERRORS)).isEqualTo(3);
        receiveChanged(a, four, 40, 0);
        assertThat(received.datagrams).hasSize(1);
        receiveChanged(a, four, 38, 7);
        receiveChanged(a, four, 38, 18);
        assertThat(a.count(Counter.UDP_IN_ERRORS)).as("lengths").isEqualTo(5);
        assertThat(a.count(Counter.UDP_IN_CSUM_ERRORS)).isEqualTo(3);
    }

    @Test
    void shouldSendAComputedChecksumOfZeroAsAllOnes() {
        final TestHost a = a();
        a.receive(Frames.ethernet(MAC_A, MAC_B, 0x0806, Frames.arp(1, MAC_B, "10.7.0.2", MAC_A, "10.7.0.1")));
        final IpAddress peer = IpAddress.parse("10.7.0.2");
        final UdpSocket socket = a.stack().udp().bind(0, 0, 5000, new Recorder(a));
        final byte[] udp = Frames.concat(Frames.shorts(5000, 53, 10, 0), new byte[2]);
        final int payload = ~Frames.pseudoSum("10.7.0.1", "10.7.0.2", Frames.UDP, udp) & 0xFFFF;
        send(a, socket, peer.toString(), 53, Frames.shorts(payload));
        assertThat(Frames.getShort(a.poll(5 * S).getFirst().bytes(), 40)).isEqualTo(0xFFFF);
    }

    @ParameterizedTest
    @ValueSource(ints = {42, 43, 100, 700, 1441})
    void shouldPutADatagramTogetherThatIsSpreadOverSlices(final int bufferBytes) {
        final TestHost a = host(MAC_A, "10.7.0.1/24", "fd00::1/64", link(9000, true), 1);
        final Recorder received = new Recorder(a);
        a.stack().udp().bind(0, 0, 7, received);
        a.receiveBufferBytes(bufferBytes);
        final int size = Math.min(8000, bufferBytes * 14);
        a.receive(datagram(4000, 7, Frames.pattern(size)));
        assertThat(received.datagrams).containsExactly(Frames.pattern(size));
    }

    @Test
    void shouldCutASuperFrameIntoItsDatagrams() {
        final TestHost a = a();
        final Recorder received = new Recorder(a);
        a.stack().udp().bind(0, 0, 7, received);
        a.receiveBufferBytes(300);
        final byte[] payload = Frames.pattern(1050);
        a.receive(new Frame(datagram(4000, 7, payload), PacketLayout.FLAG_NEEDS_CHECKSUM, 34, 6,
                PacketLayout.GSO_UDP_L4, 400, 42));
        a.poll(5 * S);
        assertThat(received.datagrams).containsExactly(Frames.slice(payload, 0, 400), Frames.slice(payload, 400, 800),
                Frames.slice(payload, 800, 1050));
        received.closing = true;
        a.receive(new Frame(datagram(4000, 7, payload), PacketLayout.FLAG_NEEDS_CHECKSUM, 34, 6,
                PacketLayout.GSO_UDP_L4, 400, 42));
        assertThat(received.datagrams).as("closed by the first").hasSize(4);
    }

    @Test
    void shouldSurviveAHandlerThatThrows() {
        final TestHost a = a();
        final Recorder received = new Recorder(a);
        received.throwing = true;
        final UdpSocket socket = a.stack().udp().bind(0, 0, 7, received);
        a.receive(datagram(4000, 7, new byte[1]));
        a.receive(datagram(4000, 7, new byte[1]));
        assertThat(received.failures).hasSize(2);
        assertThat(socket.isOpen()).isTrue();
    }

    // -- ports

    @Test
    void shouldRefusePortsThatAreTaken() {
        final TestHost a = a();
        final UdpStack udp = a.stack().udp();
        final IpAddress own = IpAddress.parse("10.7.0.1");
        final Recorder handler = new Recorder(a);
        final UdpSocket first = udp.bind(own.high(), own.low(), 53, handler);
        for (final long[] local : new long[][]{{own.high(), own.low()}, {0, 0}, {0, IpAddress.IPV4_PREFIX}}) {
            assertThatThrownBy(() -> udp.bind(local[0], local[1], 53, handler)).isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(BindException.class).hasMessageContaining("port 53")
                    .hasMessageContaining("10.7.0.1");
        }
        final IpAddress own6 = IpAddress.parse("fd00::1");
        udp.bind(own6.high(), own6.low(), 53, handler);
        first.close();
        udp.bind(0, IpAddress.IPV4_PREFIX, 53, handler);
        assertThat(a.registrations()).containsExactlyInAnyOrder("17/53", "17/53");
        final IpAddress peer = IpAddress.parse("10.7.0.2");
        udp.connect(0, 0, 1000, peer.high(), peer.low(), 53, handler);
        assertThatThrownBy(() -> udp.connect(0, 0, 1000, peer.high(), peer.low(), 53, handler))
                .hasCauseInstanceOf(BindException.class).hasMessageContaining("connected to 10.7.0.2 port 53");
        assertThatThrownBy(() -> udp.connect(0, 0, 0, 0, IpAddress.lowOfIpv4(0xC000_0201), 53, handler))
                .hasCauseInstanceOf(NoRouteToHostException.class).hasMessageContaining("192.0.2.1");
        assertThatThrownBy(() -> udp.bind(0, 0, 65536, handler)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("port=65536");
    }

    @Test
    void shouldChooseEphemeralPortsWhosePacketsComeToThisLoop() {
        final int loops = 4;
        final TestHost a = host(MAC_A, "10.7.0.1/24", "fd00::1/64", TestHost.PLAIN, loops);
        final Recorder received = new Recorder(a);
        final Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            final UdpSocket socket = connect(a, "10.7.0.2", 53, received);
            assertThat(ports.add(socket.localPort())).isTrue();
            assertThat(a.receive(Frame.of(datagram(53, socket.localPort(), new byte[1])))).isEqualTo(Verdict.DELIVER);
            assertThat(a.classifier().loop()).isZero();
            assertThat(a.classifier().flowId()).as("an exact flow").isNotNegative();
        }
        assertThat(received.datagrams).hasSize(200);
        assertThat(a.registrations()).isEmpty();
        assertThat(a.flows().size()).isEqualTo(200);
        final UdpSocket unconnected = a.stack().udp().bind(0, 0, 0, received);
        assertThat(unconnected.localPort() % loops).isZero();
        a.stack().close();
        assertThat(a.flows().size()).isZero();
        assertThat(a.registrations()).isEmpty();
    }

    @Test
    void shouldListenForAFlowWhoseGivenPortBelongsToAnotherLoop() {
        final TestHost a = host(MAC_A, "10.7.0.1/24", "fd00::1/64", TestHost.PLAIN, 4);
        final Recorder received = new Recorder(a);
        final IpAddress peer = IpAddress.parse("10.7.0.2");
        for (int port = 1000; port < 1020; port++) {
            a.stack().udp().connect(0, 0, port, peer.high(), peer.low(), 53, received);
            assertThat(a.receive(Frame.of(datagram(53, port, new byte[1])))).isEqualTo(Verdict.DELIVER);
            assertThat(a.classifier().loop()).isZero();
        }
        assertThat(received.datagrams).hasSize(20);
        assertThat(a.registrations()).isNotEmpty().hasSizeLessThan(20);
    }
}
