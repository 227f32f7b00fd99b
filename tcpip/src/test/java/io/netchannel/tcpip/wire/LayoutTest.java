package io.netchannel.tcpip.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.Frames;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Layouts against bytes that were put together without them. */
class LayoutTest {

    private static final int SIZE = 512;

    private final OrderedMemory memory = HostMemory.INSTANCE;
    private final Arena arena = Arena.ofConfined();
    private final long at = arena.allocate(SIZE, 8).address() + 1;

    @AfterEach
    void free() {
        arena.close();
    }

    private byte[] bytes(final int length) {
        final byte[] bytes = new byte[length];
        memory.copyToArray(at, bytes, 0, length);
        return bytes;
    }

    private void load(final byte[] bytes) {
        memory.copyFromArray(bytes, 0, at, bytes.length);
    }

    @Test
    void shouldLayOutEthernet() {
        assertThat(EthernetLayout.put(memory, at, 0x0200_0000_0001L, 0xFFEE_DDCC_BBAAL, -1, 0x86DD)).isEqualTo(14);
        assertThat(bytes(14)).isEqualTo(Frames.ethernet("02:00:00:00:00:01", "ff:ee:dd:cc:bb:aa", 0x86DD, new byte[0]));
        assertThat(EthernetLayout.put(memory, at, MacAddress.BROADCAST, 1, 4094, 0x0800)).isEqualTo(18);
        assertThat(bytes(18))
                .isEqualTo(Frames.tagged("ff:ff:ff:ff:ff:ff", "00:00:00:00:00:01", 4094, 0x0800, new byte[0]));
        assertThat(EthernetLayout.destination(memory, at)).isEqualTo(MacAddress.BROADCAST);
        assertThat(EthernetLayout.source(memory, at)).isEqualTo(1);
        assertThat(EthernetLayout.type(memory, at)).isEqualTo(EthernetLayout.TYPE_VLAN);
        assertThat(EthernetLayout.vlanId(memory, at)).isEqualTo(4094);
        assertThat(EthernetLayout.taggedType(memory, at)).isEqualTo(EthernetLayout.TYPE_IPV4);
        EthernetLayout.destination(memory, at, 0x0102_0304_0506L);
        assertThat(EthernetLayout.destination(memory, at)).isEqualTo(0x0102_0304_0506L);
        assertThat(EthernetLayout.source(memory, at)).isEqualTo(1);
    }

    @Test
    void shouldLayOutArp() {
        ArpLayout.put(memory, at, ArpLayout.REPLY, 0x0200_0000_0001L, 0x0A07_0001, 0xFFEE_DDCC_BBAAL, 0xFFFF_FFFE);
        assertThat(bytes(28)).isEqualTo(
                Frames.arp(2, "02:00:00:00:00:01", "10.7.0.1", "ff:ee:dd:cc:bb:aa", "255.255.255.254"));
        assertThat(ArpLayout.isValid(memory, at)).isTrue();
        assertThat(ArpLayout.operation(memory, at)).isEqualTo(2);
        assertThat(ArpLayout.senderMac(memory, at)).isEqualTo(0x0200_0000_0001L);
        assertThat(ArpLayout.senderAddress(memory, at)).isEqualTo(0x0A07_0001);
        assertThat(ArpLayout.targetMac(memory, at)).isEqualTo(0xFFEE_DDCC_BBAAL);
        assertThat(ArpLayout.targetAddress(memory, at)).isEqualTo(0xFFFF_FFFE);
        for (int i = 0; i < 8; i++) {
            final byte kept = memory.getByte(at + i);
            memory.putByte(at + i, (byte) (kept ^ 0x10));
            assertThat(ArpLayout.isValid(memory, at)).as("byte %d changed", i).isFalse();
            memory.putByte(at + i, kept);
        }
    }

    @Test
    void shouldLayOutIpv4WithItsChecksum() {
        final byte[] expected = Frames.ipv4("10.7.0.1", "255.255.255.254", 17, 0x4000, new byte[7]);
        Ipv4Layout.put(memory, at, 0, 27, 77, Ipv4Layout.DONT_FRAGMENT, 64, 17, 0x0A07_0001, 0xFFFF_FFFE);
        assertThat(bytes(20)).isEqualTo(Frames.slice(expected, 0, 20));
        assertThat(Ipv4Layout.version(memory, at)).isEqualTo(4);
        assertThat(Ipv4Layout.headerBytes(memory, at)).isEqualTo(20);
        assertThat(Ipv4Layout.totalLengthBytes(memory, at)).isEqualTo(27);
        assertThat(Ipv4Layout.identification(memory, at)).isEqualTo(77);
        assertThat(Ipv4Layout.fragmentField(memory, at)).isEqualTo(0x4000);
        assertThat(Ipv4Layout.timeToLive(memory, at)).isEqualTo(64);
        assertThat(Ipv4Layout.protocol(memory, at)).isEqualTo(17);
        assertThat(Ipv4Layout.source(memory, at)).isEqualTo(0x0A07_0001);
        assertThat(Ipv4Layout.destination(memory, at)).isEqualTo(0xFFFF_FFFE);
        Ipv4Layout.put(memory, at, 0xFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFF, 0xFF, -1, -1);
        assertThat(Frames.sum(bytes(20), 0)).isEqualTo(0xFFFF);
        assertThat(Ipv4Layout.trafficClass(memory, at)).isEqualTo(0xFF);
    }

    @Test
    void shouldLayOutIpv6() {
        final IpAddress source = IpAddress.parse("fd00::1");
        final IpAddress destination = IpAddress.parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe");
        Ipv6Layout.put(memory, at, 0, 0, 65535, 58, 255, source.high(), source.low(), destination.high(),
                destination.low());
        final byte[] expected = Frames.ipv6("fd00::1", destination.toString(), 58, 255, new byte[0]);
        Frames.putShort(expected, 4, 65535);
        assertThat(bytes(40)).isEqualTo(expected);
        Ipv6Layout.put(memory, at, 0xA5, 0x9_8765, 1, 6, 64, 1, 2, 3, 4);
        assertThat(Ipv6Layout.version(memory, at)).isEqualTo(6);
        assertThat(Ipv6Layout.trafficClass(memory, at)).isEqualTo(0xA5);
        assertThat(Ipv6Layout.flowLabel(memory, at)).isEqualTo(0x9_8765);
        assertThat(Ipv6Layout.payloadLengthBytes(memory, at)).isEqualTo(1);
        assertThat(Ipv6Layout.nextHeader(memory, at)).isEqualTo(6);
        assertThat(Ipv6Layout.hopLimit(memory, at)).isEqualTo(64);
        assertThat(Ipv6Layout.sourceHigh(memory, at)).isEqualTo(1);
        assertThat(Ipv6Layout.sourceLow(memory, at)).isEqualTo(2);
        assertThat(Ipv6Layout.destinationHigh(memory, at)).isEqualTo(3);
        assertThat(Ipv6Layout.destinationLow(memory, at)).isEqualTo(4);
    }

    @Test
    void shouldLayOutUdpAndIcmp() {
        UdpLayout.put(memory, at, 65535, 53, 65535);
        assertThat(bytes(8)).isEqualTo(Frames.shorts(65535, 53, 65535, 0));
        UdpLayout.checksum(memory, at, 0xABCD);
        assertThat(UdpLayout.sourcePort(memory, at)).isEqualTo(65535);
        assertThat(UdpLayout.destinationPort(memory, at)).isEqualTo(53);
        assertThat(UdpLayout.lengthBytes(memory, at)).isEqualTo(65535);
        assertThat(UdpLayout.checksum(memory, at)).isEqualTo(0xABCD);
        Icmpv4Layout.put(memory, at, 3, 4, 1400);
        assertThat(bytes(8)).isEqualTo(Frames.shorts(0x0304, 0, 0, 1400));
        assertThat(Icmpv4Layout.type(memory, at)).isEqualTo(3);
        assertThat(Icmpv4Layout.code(memory, at)).isEqualTo(4);
        assertThat(Icmpv4Layout.nextHopMtuBytes(memory, at)).isEqualTo(1400);
        Icmpv6Layout.put(memory, at, 2, 0, -1);
        assertThat(bytes(8)).isEqualTo(Frames.shorts(0x0200, 0, 0xFFFF, 0xFFFF));
        assertThat(Icmpv6Layout.mtuBytes(memory, at)).isEqualTo(0xFFFF_FFFFL);
        assertThat(Icmpv6Layout.isError(127)).isTrue();
        assertThat(Icmpv6Layout.isError(128)).isFalse();
    }

    @Test
    void shouldLayOutNeighborDiscovery() {
        final IpAddress target = IpAddress.parse("fd00::2");
        NdpLayout.putNeighbor(memory, at, 136, NdpLayout.FLAG_SOLICITED | NdpLayout.FLAG_OVERRIDE, target.high(),
                target.low());
        NdpLayout.putLinkAddress(memory, at + 24, NdpLayout.OPTION_TARGET_LINK_ADDRESS, 0x0200_0000_0002L);
        assertThat(bytes(32)).isEqualTo(Frames.concat(Frames.shorts(136 << 8, 0, 0x6000, 0), Frames.ip("fd00::2"),
                Frames.shorts(0x0201), Frames.mac("02:00:00:00:00:02")));
        assertThat(NdpLayout.targetHigh(memory, at)).isEqualTo(target.high());
        assertThat(NdpLayout.targetLow(memory, at)).isEqualTo(target.low());
        NdpLayout.putRouterAdvertisement(memory, at, 64, 1800, 30_000, 1000);
        assertThat(bytes(16)).isEqualTo(Frames.shorts(134 << 8, 0, 64 << 8, 1800, 0, 30_000, 0, 1000));
        assertThat(NdpLayout.routerLifetimeSeconds(memory, at)).isEqualTo(1800);
        NdpLayout.putRouterSolicitation(memory, at);
        assertThat(bytes(8)).isEqualTo(Frames.shorts(133 << 8, 0, 0, 0));
    }

    @Test
    void shouldFindLinkAddressAmongOptionsAndRefuseBrokenOnesAtEveryLength() {
        final byte[] options = Frames.concat(Frames.shorts(5 << 8 | 1, 0, 0, 1500), Frames.shorts(2 << 8 | 1),
                Frames.mac("02:00:00:00:00:02"), Frames.shorts(2 << 8 | 1), Frames.mac("02:00:00:00:00:03"));
        load(options);
        for (int length = 0; length <= options.length; length++) {
            final long expected = length % 8 != 0
                    ? NdpLayout.BAD_OPTIONS
                    : length < 16 ? NdpLayout.NO_OPTION : 0x0200_0000_0002L;
            assertThat(NdpLayout.findLinkAddress(memory, at, length, 2)).as("length %d", length).isEqualTo(expected);
        }
        assertThat(NdpLayout.findLinkAddress(memory, at, 24, 1)).isEqualTo(NdpLayout.NO_OPTION);
        memory.putByte(at + 17, (byte) 0);
        assertThat(NdpLayout.findLinkAddress(memory, at, 24, 2)).as("length 0").isEqualTo(NdpLayout.BAD_OPTIONS);
        memory.putByte(at + 17, (byte) 0xFF);
        assertThat(NdpLayout.findLinkAddress(memory, at, 24, 2)).as("too long").isEqualTo(NdpLayout.BAD_OPTIONS);
    }

    @Test
    void shouldSkipExtensionHeadersAndStopAtEveryTruncation() {
        final byte[] extensions = Frames.concat(Frames.shorts(60 << 8, 0, 0, 0),
                Frames.shorts(44 << 8 | 1, 0, 0, 0, 0, 0, 0, 0), Frames.shorts(17 << 8, 1, 0, 9), Frames.pattern(8));
        final byte[] packet = Frames.ipv6("fd00::1", "fd00::2", 0, 64, extensions);
        load(packet);
        for (int length = 0; length <= packet.length; length++) {
            final int expected = length < 40 + 32 ? Ipv6Layout.NOT_FOUND : 17 << 16 | 72;
            assertThat(Ipv6Layout.findTransport(memory, at, length)).as("length %d", length).isEqualTo(expected);
        }
        memory.putByte(at + 40 + 24 + 3, (byte) 8);
        assertThat(Ipv6Layout.findTransport(memory, at, packet.length)).as("later fragment")
                .isEqualTo(Ipv6Layout.NOT_FOUND);
        memory.putByte(at + 6, (byte) IpProtocol.NO_NEXT_HEADER);
        assertThat(Ipv6Layout.findTransport(memory, at, packet.length)).as("no next").isEqualTo(Ipv6Layout.NOT_FOUND);
    }

    @Test
    void shouldNotFollowExtensionHeadersForEver() {
        final byte[] extensions = new byte[160];
        for (int i = 0; i < 20; i++) {
            extensions[i * 8] = 60;
        }
        final byte[] packet = Frames.ipv6("fd00::1", "fd00::2", 60, 64, extensions);
        load(packet);
        assertThat(Ipv6Layout.findTransport(memory, at, packet.length)).isEqualTo(Ipv6Layout.NOT_FOUND);
    }
}
