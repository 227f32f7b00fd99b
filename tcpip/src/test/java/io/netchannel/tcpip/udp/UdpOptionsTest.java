package io.netchannel.tcpip.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Frame;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.wire.IpAddress;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups, connecting, super-frames and the options of sockets. */
class UdpOptionsTest {

    private static final long S = 1_000_000_000L;
    private static final String US = "02:00:00:00:00:01";
    private static final String PEER = "02:00:00:00:00:02";
    private static final String GROUP_MAC = "01:00:5e:01:02:03";

    private TestHost host = host(false);
    private final List<String> received = new ArrayList<>();

    private static TestHost host(final boolean uso) {
        final TestHost made = new TestHost(NetStackConfig.of(InterfaceConfig.of(US, "10.7.0.1/24", "fd00::1/64")),
                new LinkCapabilities(1500, true, false, false, 65535, 15, uso), 256, 4352, 1);
        made.pollUntil(5 * S);
        for (final String ip : List.of("10.7.0.2", "fd00::2")) {
            final IpAddress address = IpAddress.parse(ip);
            made.stack().neighbors().onSolicitationSource(made.stack().neighbors().findOrCreate(address.high(),
                    address.low()), 0x0200_0000_0002L, made.nowNs());
        }
        return made;
    }

    @AfterEach
    void close() {
        host.close();
    }

    private UdpHandler as(final String name) {
        return (socket, high, low, port, address, length) -> received.add(name + " " + IpAddress.format(high, low) + " "
                + length);
    }

    private byte[] datagram(final String mac, final String source, final String destination, final int port) {
        return Frames.ethernet(mac, PEER, 0x0800, Frames.ipv4(source, destination, Frames.UDP, Frames.udp(source,
                destination, 5000, port, new byte[4])));
    }

    private int send(final UdpSocket socket, final String to, final int bytes) {
        final IpAddress address = IpAddress.parse(to);
        try (Arena arena = Arena.ofConfined()) {
            return socket.send(address.high(), address.low(), 7, arena.allocate(Math.max(1, bytes)).address(), bytes);
        }
    }

    // -- groups

    @Test
    void shouldGiveADatagramToAGroupToEverySocketThatWantsIt() {
        final IpAddress group = IpAddress.parse("239.1.2.3");
        final UdpSocket one = host.stack().udp().bindShared(0, 0, 7, as("one"));
        final UdpSocket two = host.stack().udp().bindShared(0, 0, 7, as("two"));
        final UdpSocket three = host.stack().udp().bindShared(group.high(), group.low(), 7, as("three"));
        two.allGroups(false);
        host.receive(datagram(GROUP_MAC, "10.7.0.2", "239.1.2.3", 7));
        assertThat(received).as("nobody has joined").isEmpty();
        assertThat(one.joinGroup(group)).isTrue();
        assertThat(one.joinGroup(group)).as("twice").isFalse();
        host.receive(datagram(GROUP_MAC, "10.7.0.2", "239.1.2.3", 7));
        assertThat(received).containsExactlyInAnyOrder("one 10.7.0.2 4", "three 10.7.0.2 4");
        received.clear();
        two.joinGroup(group);
        host.receive(datagram(GROUP_MAC, "10.7.0.2", "239.1.2.3", 7));
        assertThat(received).hasSize(3);
        received.clear();
        one.close();
        assertThat(two.leaveGroup(group)).isTrue();
        assertThat(two.leaveGroup(group)).isFalse();
        assertThat(host.stack().network().groups().isJoined(group.high(), group.low())).isFalse();
        three.joinGroup(group);
        two.joinGroup(IpAddress.parse("239.9.9.9"));
        three.close();
        host.receive(datagram("01:00:5e:09:09:09", "10.7.0.2", "239.9.9.9", 9));
        assertThat(host.count(Counter.UDP_NO_PORTS)).isEqualTo(1);
        assertThat(received).isEmpty();
        assertThat(host.count(Counter.ICMP_OUT_DEST_UNREACHS)).isZero();
    }

    @Test
    void shouldGiveBroadcastsToAllAndTheRestToTheSocketBoundLast() {
        host.stack().udp().bindShared(0, 0, 7, as("one"));
        host.stack().udp().bindShared(0, 0, 7, as("two"));
        host.receive(datagram("ff:ff:ff:ff:ff:ff", "10.7.0.2", "10.7.0.255", 7));
        assertThat(received).hasSize(2);
        received.clear();
        host.receive(datagram(US, "10.7.0.2", "10.7.0.1", 7));
        assertThat(received).containsExactly("two 10.7.0.2 4");
        assertThatThrownBy(() -> host.stack().udp().bind(0, 0, 7, as("three"))).hasMessageContaining("is taken");
    }

    @Test
    void shouldSendToGroupsWithTheirOwnHopsAndALoopedCopy() {
        final UdpSocket socket = host.stack().udp().bind(0, 0, 7, as("self"));
        send(socket, "239.1.2.3", 4);
        assertThat(host.port().take().getFirst().bytes()[22]).as("TTL").isEqualTo((byte) 1);
        host.poll(host.nowNs());
        assertThat(received).as("not in the group").isEmpty();
        socket.joinGroup(IpAddress.parse("239.1.2.3"));
        socket.joinGroup(IpAddress.parse("ff05::7"));
        socket.multicastHops(9);
        send(socket, "239.1.2.3", 4);
        send(socket, "ff05::7", 4);
        // Among them are the reports of both groups.
        final List<Frame> frames = host.poll(host.nowNs()).stream()
                .filter(frame -> frame.bytes()[frame.type() == 0x0800 ? 23 : 20] == Frames.UDP).toList();
        assertThat(frames.getFirst().bytes()[22]).isEqualTo((byte) 9);
        assertThat(frames.getLast().bytes()[21]).isEqualTo((byte) 9);
        assertThat(received).containsExactly("self 10.7.0.1 4", "self fd00::1 4");
        socket.multicastHops(0);
        send(socket, "239.1.2.3", 4);
        assertThat(host.poll(host.nowNs())).as("stays on this host").isEmpty();
        assertThat(received).hasSize(3);
        socket.multicastHops(1);
        socket.multicastLoopback(false);
        send(socket, "239.1.2.3", 4);
        assertThat(host.poll(host.nowNs())).hasSize(1);
        assertThat(received).hasSize(3);
    }

    // -- options

    @Test
    void shouldUseAndShowTrafficClassAndHopLimit() {
        final UdpSocket socket = host.stack().udp().bind(0, 0, 7, (s, high, low, port, address, length) -> received
                .add(s.datagramTrafficClass() + " " + s.datagramHopLimit()));
        socket.trafficClass(0xB9);
        socket.hopLimit(33);
        send(socket, "10.7.0.2", 4);
        send(socket, "fd00::2", 4);
        final List<Frame> frames = host.port().take();
        assertThat(Frames.getShort(frames.get(0).bytes(), 14)).isEqualTo(0x45B9);
        assertThat(frames.get(0).bytes()[22]).isEqualTo((byte) 33);
        assertThat(Frames.getShort(frames.get(1).bytes(), 14)).isEqualTo(0x6B90);
        assertThat(frames.get(1).bytes()[21]).isEqualTo((byte) 33);
        send(socket, "10.7.0.1", 4);
        host.poll(host.nowNs());
        assertThat(received).containsExactly("185 33");
        assertThatThrownBy(() -> socket.hopLimit(256)).hasMessageContaining("hopLimit=256");
    }

    @Test
    void shouldSendToBroadcastAddressesOnlyWithPermission() {
        final UdpSocket socket = host.stack().udp().bind(0, 0, 7, as("it"));
        socket.broadcast(false);
        assertThat(send(socket, "10.7.0.255", 4)).isEqualTo(UdpSocket.PROHIBITED);
        assertThat(send(socket, "255.255.255.255", 4)).isEqualTo(UdpSocket.PROHIBITED);
        socket.broadcast(true);
        assertThat(send(socket, "10.7.0.255", 4)).isEqualTo(4);
    }

    @Test
    void shouldHearOneRemoteSideWhileConnectedAndAnybodyAfterwards() {
        final UdpSocket socket = host.stack().udp().bind(0, 0, 7, as("it"));
        assertThat(socket.connect(0, IpAddress.parse("192.0.2.1").low(), 5000)).as("no route").isFalse();
        assertThat(socket.connect(0, IpAddress.parse("10.7.0.2").low(), 5000)).isTrue();
        assertThat(socket.maxUnfragmentedBytes()).isEqualTo(1472);
        host.receive(datagram(US, "10.7.0.3", "10.7.0.1", 7));
        host.receive(datagram(US, "10.7.0.2", "10.7.0.1", 7));
        assertThat(received).containsExactly("it 10.7.0.2 4");
        socket.disconnect();
        assertThat(socket.isConnected()).isFalse();
        host.receive(datagram(US, "10.7.0.3", "10.7.0.1", 7));
        assertThat(received).hasSize(2);
        assertThat(host.registrations()).containsExactly("17/7");
        socket.connect(0, IpAddress.parse("10.7.0.2").low(), 5000);
        socket.close();
        assertThat(host.registrations()).isEmpty();
        assertThat(host.flows().size()).isZero();
    }

    // -- super-frames

    @ParameterizedTest
    @CsvSource({"true,10000,1000,1", "true,10001,1000,1", "false,10000,1000,10", "false,10001,1000,11",
        "true,500,1000,1", "true,100000,1400,2"})
    void shouldSendManyDatagramsAtOnce(final boolean uso, final int bytes, final int segmentBytes, final int frames) {
        host.close();
        host = host(uso);
        final UdpSocket socket = host.stack().udp().connect(0, 0, 0, 0, IpAddress.parse("10.7.0.2").low(), 7, as("it"));
        try (Arena arena = Arena.ofConfined()) {
            assertThat(socket.sendSegmented(arena.allocate(bytes).address(), bytes, segmentBytes)).isEqualTo(bytes);
        }
        final List<Frame> sent = host.port().take();
        assertThat(sent).hasSize(frames);
        assertThat(host.count(Counter.UDP_OUT_DATAGRAMS)).isEqualTo((bytes + segmentBytes - 1) / segmentBytes);
        if (uso && bytes > segmentBytes) {
            assertThat(sent.getFirst().gsoType()).isEqualTo(PacketLayout.GSO_UDP_L4);
            assertThat(sent.getFirst().gsoSizeBytes()).isEqualTo(segmentBytes);
            assertThat(sent.getFirst().headerLengthBytes()).isEqualTo(42);
            assertThat(sent.getFirst().checksumStart()).isEqualTo(34);
        }
    }

    @Test
    void shouldSendAsManyAsTheLinkTakes() {
        final UdpSocket socket = host.stack().udp().bind(0, 0, 7, as("it"));
        host.port().capacity(3);
        final IpAddress to = IpAddress.parse("10.7.0.2");
        try (Arena arena = Arena.ofConfined()) {
            final long address = arena.allocate(9000).address();
            assertThat(socket.sendSegmented(0, to.low(), 7, address, 5000, 1000)).isEqualTo(3000);
            assertThat(socket.sendSegmented(0, to.low(), 7, address, 5000, 1000)).isEqualTo(UdpSocket.WOULD_BLOCK);
            assertThat(socket.sendSegmented(0, to.low(), 7, address, 5000, 1473)).isEqualTo(UdpSocket.TOO_LONG);
            assertThatThrownBy(() -> socket.sendSegmented(0, to.low(), 7, address, 5000, 0))
                    .hasMessageContaining("segmentBytes=0");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDeliverCoalescedDatagramsTogetherToWhoAsksForIt(final boolean together) {
        final UdpSocket socket = host.stack().udp().bind(0, 0, 7, new UdpHandler() {

            @Override
            public void onDatagram(final UdpSocket s, final long high, final long low, final int port,
                    final long address, final int length) {
                received.add("one " + length);
            }

            @Override
            public void onCoalesced(final UdpSocket s, final long high, final long low, final int port,
                    final long address, final int length, final int segmentBytes) {
                received.add("all " + length + " " + segmentBytes);
                UdpHandler.super.onCoalesced(s, high, low, port, address, length, segmentBytes);
            }
        });
        socket.coalescing(together);
        final byte[] bytes = Frames.ethernet(US, PEER, 0x0800, Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.UDP,
                Frames.udp("10.7.0.2", "10.7.0.1", 5000, 7, new byte[250])));
        host.receive(new Frame(bytes, PacketLayout.FLAG_CHECKSUM_VALID, 0, 0, PacketLayout.GSO_UDP_L4, 100, 42));
        assertThat(received).isEqualTo(together
                ? List.of("all 250 100", "one 100", "one 100", "one 50")
                : List.of("one 100", "one 100", "one 50"));
        assertThat(host.count(Counter.UDP_IN_DATAGRAMS)).isEqualTo(3);
    }
}
