package io.netchannel.tcpip.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Frame;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.link.NeighborState;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IpLayerTest {

    private static final long S = 1_000_000_000L;
    private static final String US = "02:00:00:00:00:01";
    private static final String PEER = "02:00:00:00:00:02";
    private static final InterfaceConfig NETWORK = InterfaceConfig.of(US, "10.7.0.1/24", "fd00::1/64")
            .withGateway("10.7.0.254");

    private TestHost host;

    private IpLayer open(final InterfaceConfig network, final LinkCapabilities capabilities) {
        host = new TestHost(NetStackConfig.of(network), capabilities, 256, 2048, 1);
        host.pollUntil(5 * S);
        return host.stack().ip();
    }

    @AfterEach
    void close() {
        if (host != null) {
            host.close();
        }
    }

    private Path path(final String remote) {
        final IpAddress to = IpAddress.parse(remote);
        return host.stack().ip().pathTo(0, 0, to.high(), to.low());
    }

    /** Makes the neighbour known. */
    private void learn(final String ip) {
        final IpAddress address = IpAddress.parse(ip);
        host.stack().neighbors().onSolicitationSource(host.stack().neighbors().findOrCreate(address.high(),
                address.low()), 0x0200_0000_0002L, host.nowNs());
    }

    /** A transport header of 20 bytes in the head, and payload in a slice. */
    private long segment(final int payloadBytes, final boolean partialChecksum, final Path path, final int gsoType) {
        final PacketPool pool = host.pool();
        final PacketMemory packets = pool.packets();
        final int head = pool.allocate();
        final long packet = PacketHandle.of(head, IpOutput.TRANSPORT_OFFSET, 20);
        packets.memory().copyFromArray(Frames.pattern(20), 0, packets.address(packet), 20);
        packets.memory().putShort(packets.address(packet) + 16, (short) 0);
        int left = payloadBytes;
        while (left > 0) {
            final int index = pool.allocate();
            final int bytes = Math.min(left, 2047);
            packets.memory().copyFromArray(Frames.pattern(bytes), 0, packets.bufferAddress(index), bytes);
            packets.addSlice(head, PacketHandle.of(index, 0, bytes));
            left -= bytes;
        }
        if (partialChecksum) {
            packets.flags(head, PacketLayout.FLAG_NEEDS_CHECKSUM);
            packets.checksum(head, 0, 16);
            final int pseudo = pseudo(path, 20 + payloadBytes);
            packets.memory().putShort(packets.address(packet) + 16, Short.reverseBytes((short) pseudo));
        }
        if (gsoType != PacketLayout.GSO_NONE) {
            packets.gso(head, gsoType, 1460);
            packets.headerLengthBytes(head, 20);
        }
        return packet;
    }

    private static int pseudo(final Path path, final int lengthBytes) {
        final byte[] bytes = Frames.concat(new IpAddress(path.localHigh(), path.localLow()).toBytes(),
                new IpAddress(path.remoteHigh(), path.remoteLow()).toBytes(), Frames.shorts(0, lengthBytes, 0, 6));
        return Frames.sum(bytes, 0);
    }

    private IpOutput.Result send(final long packet, final Path path, final int protocol) {
        return host.stack().ip().send(packet, path, protocol, 0x2A, host.nowNs());
    }

    @Test
    void shouldPutBothHeadersBeforeAnIpv4Segment() {
        open(NETWORK, TestHost.OFFLOADS);
        learn("10.7.0.2");
        final Path path = path("10.7.0.2");
        assertThat(send(segment(100, true, path, 0), path, IpProtocol.TCP)).isEqualTo(IpOutput.Result.SENT);
        final Frame frame = host.port().take().getFirst();
        final byte[] bytes = frame.bytes();
        assertThat(bytes).hasSize(14 + 20 + 20 + 100);
        assertThat(Frames.slice(bytes, 0, 14)).isEqualTo(Frames.ethernet(PEER, US, 0x0800, new byte[0]));
        assertThat(Frames.getShort(bytes, 14)).as("traffic class").isEqualTo(0x452A);
        assertThat(Frames.getShort(bytes, 16)).isEqualTo(140);
        assertThat(Frames.getShort(bytes, 20)).as("DF").isEqualTo(0x4000);
        assertThat(Frames.sum(Frames.slice(bytes, 14, 34), 0)).as("checksum").isEqualTo(0xFFFF);
        assertThat(frame.checksumStart()).isEqualTo(34);
        assertThat(frame.checksumOffset()).isEqualTo(16);
        assertThat(Frames.slice(bytes, 54, 154)).isEqualTo(Frames.pattern(100));
    }

    @Test
    void shouldPutBothHeadersBeforeAnIpv6SegmentInAVlan() {
        open(NETWORK.withVlanId(7), TestHost.OFFLOADS);
        learn("fd00::2");
        final Path path = path("fd00::2");
        send(segment(3, false, path, 0), path, IpProtocol.TCP);
        final byte[] bytes = host.port().take().getFirst().bytes();
        assertThat(Frames.slice(bytes, 0, 18)).isEqualTo(Frames.tagged(PEER, US, 7, 0x86DD, new byte[0]));
        final byte[] ip = Frames.ipv6("fd00::1", "fd00::2", 6, 64, new byte[23]);
        Frames.putShort(ip, 0, 0x62A0);
        assertThat(Frames.slice(bytes, 18, 58)).isEqualTo(Frames.slice(ip, 0, 40));
    }

    @Test
    void shouldFillTheChecksumWhenTheLinkCannot() {
        open(NETWORK, TestHost.PLAIN);
        learn("10.7.0.2");
        final Path path = path("10.7.0.2");
        send(segment(101, true, path, 0), path, IpProtocol.TCP);
        final Frame frame = host.port().take().getFirst();
        assertThat(frame.flags()).isZero();
        assertThat(Frames.pseudoSum("10.7.0.1", "10.7.0.2", 6, Frames.slice(frame.bytes(), 34, frame.bytes().length)))
                .isEqualTo(0xFFFF);
    }

    @Test
    void shouldLeaveThePacketToTheCallerWhenTheLinkIsFullSoThatItCanBeSentAgain() {
        open(NETWORK, TestHost.OFFLOADS);
        learn("10.7.0.2");
        final Path path = path("10.7.0.2");
        final long packet = segment(10, true, path, 0);
        host.port().capacity(0);
        assertThat(send(packet, path, IpProtocol.TCP)).isEqualTo(IpOutput.Result.LINK_FULL);
        host.port().capacity(1);
        host.port().refuse(2);
        assertThat(send(packet, path, IpProtocol.TCP)).isEqualTo(IpOutput.Result.LINK_FULL);
        assertThat(send(packet, path, IpProtocol.TCP)).isEqualTo(IpOutput.Result.LINK_FULL);
        assertThat(send(packet, path, IpProtocol.TCP)).isEqualTo(IpOutput.Result.SENT);
        assertThat(host.stack().ip().space()).isZero();
        final Frame frame = host.port().take().getFirst();
        assertThat(frame.checksumStart()).as("moved once").isEqualTo(34);
        assertThat(host.count(Counter.IP_OUT_REQUESTS)).isOne();
    }

    @Test
    void shouldSendSuperFramesOnlyWhereTheLinkCutsThem() {
        open(NETWORK, TestHost.OFFLOADS);
        learn("10.7.0.2");
        final Path path = path("10.7.0.2");
        assertThat(send(segment(20_000, true, path, PacketLayout.GSO_TCPV4), path, IpProtocol.TCP))
                .isEqualTo(IpOutput.Result.SENT);
        final Frame frame = host.port().take().getFirst();
        assertThat(frame.gsoType()).isEqualTo(PacketLayout.GSO_TCPV4);
        assertThat(frame.gsoSizeBytes()).isEqualTo(1460);
        assertThat(frame.headerLengthBytes()).isEqualTo(54);
        assertThat(send(segment(20_000, true, path, 0), path, IpProtocol.TCP)).isEqualTo(IpOutput.Result.DROPPED);
        assertThat(host.count(Counter.IP_FRAG_FAILS)).isOne();
        host.close();
        open(NETWORK, TestHost.PLAIN);
        final Path plain = path("10.7.0.2");
        assertThat(send(segment(20_000, true, plain, PacketLayout.GSO_TCPV4), plain, IpProtocol.TCP))
                .isEqualTo(IpOutput.Result.DROPPED);
    }

    @Test
    void shouldFindAnotherEntryAfterTheNeighborWasEvicted() {
        open(NETWORK, TestHost.OFFLOADS);
        learn("10.7.0.2");
        final Path path = path("10.7.0.2");
        send(segment(1, false, path, 0), path, IpProtocol.TCP);
        for (int i = 0; i < 3000; i++) {
            host.stack().neighbors().findOrCreate(5, i);
        }
        assertThat(host.stack().neighbors().find(0, IpAddress.parse("10.7.0.2").low())).isNull();
        path.confirmReachable(host.nowNs());
        assertThat(send(segment(1, false, path, 0), path, IpProtocol.TCP)).isEqualTo(IpOutput.Result.SENT);
        final List<Frame> frames = host.port().take();
        assertThat(frames).hasSize(2);
        assertThat(frames.get(1).type()).as("asks anew").isEqualTo(0x0806);
    }

    @Test
    void shouldBelieveTransportsThatTheNeighborIsReachable() {
        open(NETWORK, TestHost.OFFLOADS);
        learn("10.7.0.2");
        final Path path = path("10.7.0.2");
        send(segment(1, false, path, 0), path, IpProtocol.TCP);
        path.confirmReachable(host.nowNs());
        assertThat(host.stack().neighbors().find(0, IpAddress.parse("10.7.0.2").low()).state())
                .isEqualTo(NeighborState.REACHABLE);
    }

    @Test
    void shouldHaveNoPathWithoutRouteOrWithForeignSource() {
        final IpLayer ip = open(NETWORK, TestHost.OFFLOADS);
        assertThat(path("2001:db8::1")).as("no IPv6 gateway").isNull();
        assertThat(path("0.0.0.0")).isNull();
        assertThat(path("240.0.0.1")).isNull();
        final IpAddress foreign = IpAddress.parse("10.7.0.9");
        final IpAddress remote = IpAddress.parse("10.7.0.2");
        assertThat(ip.pathTo(foreign.high(), foreign.low(), remote.high(), remote.low())).isNull();
        final IpAddress ours = IpAddress.parse("fd00::1");
        assertThat(ip.pathTo(ours.high(), ours.low(), remote.high(), remote.low())).as("families differ").isNull();
        assertThat(host.count(Counter.IP_OUT_NO_ROUTES) + host.count(Counter.IP6_OUT_NO_ROUTES)).isEqualTo(5);
    }

    @Test
    void shouldSendToGroupLinkAddresses() {
        open(NETWORK, TestHost.OFFLOADS);
        for (final String[] pair : new String[][]{{"255.255.255.255", "ff:ff:ff:ff:ff:ff"},
            {"10.7.0.255", "ff:ff:ff:ff:ff:ff"}, {"224.0.0.251", "01:00:5e:00:00:fb"}, {"ff02::fb",
                "33:33:00:00:00:fb"}}) {
            final Path path = path(pair[0]);
            send(segment(1, false, path, 0), path, IpProtocol.UDP);
            assertThat(Frames.slice(host.port().take().getFirst().bytes(), 0,
                    6)).as(pair[0]).isEqualTo(Frames.mac(pair[1]));
        }
    }

    // -- input rules

    private void expectDrop(final Counter reason, final byte[] frame) {
        final long before = host.count(reason);
        assertThat(host.receive(frame)).as(reason.snmpName()).isEmpty();
        assertThat(host.count(reason)).as(reason.snmpName()).isEqualTo(before + 1);
    }

    private static byte[] ping(final String dstMac, final String source, final String destination) {
        return Frames.ethernet(dstMac, PEER, 0x0800,
                Frames.ipv4(source, destination, Frames.ICMP, Frames.icmpv4(8, 0, 1, new byte[8])));
    }

    @Test
    void shouldDropWhatIsNotForUsOrComesFromNobody() {
        open(NETWORK, TestHost.PLAIN);
        expectDrop(Counter.LINK_IN_OTHER_HOST, ping("02:00:00:00:00:09", "10.7.0.2", "10.7.0.1"));
        expectDrop(Counter.LINK_IN_OTHER_HOST, Frames.ethernet(US, US, 0x0800,
                Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.ICMP, Frames.icmpv4(8, 0, 1, new byte[8]))));
        final byte[] syn = Frames.shorts(4000, 80, 0, 1, 0, 0, 0x5002, 1000, 0, 0);
        Frames.putShort(syn, 16, ~Frames.pseudoSum("10.7.0.2", "10.7.0.255", Frames.TCP, syn) & 0xFFFF);
        expectDrop(Counter.IP_IN_ADDR_ERRORS, Frames.ethernet("ff:ff:ff:ff:ff:ff", PEER, 0x0800,
                Frames.ipv4("10.7.0.2", "10.7.0.255", Frames.TCP, syn)));
        expectDrop(Counter.IP_IN_ADDR_ERRORS, ping(US, "10.7.0.2", "10.7.0.3"));
        expectDrop(Counter.IP_IN_ADDR_ERRORS, ping("ff:ff:ff:ff:ff:ff", "10.7.0.2", "10.7.0.1"));
        expectDrop(Counter.IP_IN_MARTIANS, ping(US, "10.7.0.1", "10.7.0.1"));
        expectDrop(Counter.IP_IN_MARTIANS, ping(US, "10.7.0.255", "10.7.0.1"));
        expectDrop(Counter.IP_IN_MARTIANS, ping(US, "0.0.0.0", "10.7.0.1"));
        expectDrop(Counter.IP_IN_MARTIANS, ping(US, "250.0.0.1", "10.7.0.1"));
        expectDrop(Counter.IP_REASM_FAILS, Frames.ethernet(US, PEER, 0x0800,
                Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.UDP, 0x2000, new byte[63])));
        expectDrop(Counter.IP6_REASM_FAILS, Frames.ethernet(US, PEER, 0x86DD, Frames.ipv6("fd00::2", "fd00::1", 44, 64,
                Frames.concat(Frames.shorts(17 << 8, 8, 0, 1)))));
        expectDrop(Counter.IP6_IN_ADDR_ERRORS, Frames.ethernet("33:33:00:00:00:05", PEER, 0x86DD,
                Frames.ipv6("fd00::2", "ff02::5", 17, 64, Frames.udp("fd00::2", "ff02::5", 1, 2, new byte[1]))));
    }

    @Test
    void shouldKeepToItsVlan() {
        open(NETWORK.withVlanId(7), TestHost.PLAIN);
        learn("10.7.0.2");
        final byte[] packet = Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.ICMP, Frames.icmpv4(8, 0, 1, new byte[8]));
        expectDrop(Counter.LINK_IN_OTHER_VLAN, Frames.ethernet(US, PEER, 0x0800, packet));
        expectDrop(Counter.LINK_IN_OTHER_VLAN, Frames.tagged(US, PEER, 8, 0x0800, packet));
        final List<Frame> replies = host.receive(Frames.tagged(US, PEER, 0xE007, 0x0800, packet));
        assertThat(replies).hasSize(1);
        assertThat(Frames.slice(replies.getFirst().bytes(), 12, 18)).isEqualTo(Frames.shorts(0x8100, 7, 0x0800));
        host.close();
        open(NETWORK, TestHost.PLAIN);
        learn("10.7.0.2");
        expectDrop(Counter.LINK_IN_OTHER_VLAN, Frames.tagged(US, PEER, 7, 0x0800, packet));
        assertThat(host.receive(Frames.tagged(US, PEER, 0xE000, 0x0800, packet))).as("priority tag").hasSize(1);
    }
}
