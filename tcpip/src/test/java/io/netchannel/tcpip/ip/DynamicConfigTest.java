package io.netchannel.tcpip.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Frame;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.link.AddressState;
import io.netchannel.tcpip.link.GroupListener;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Addresses, routes, groups and MTU that change while the stack runs. */
class DynamicConfigTest {

    private static final long S = 1_000_000_000L;
    private static final String US = "02:00:00:00:00:01";
    private static final String PEER = "02:00:00:00:00:02";

    private final TestHost host = new TestHost(NetStackConfig.of(InterfaceConfig.of(US, "10.7.0.1/24", "fd00::1/64")));
    private final NetInterface network = host.stack().network();
    private final List<String> received = new ArrayList<>();

    DynamicConfigTest() {
        host.pollUntil(5 * S);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private static IpAddress ip(final String text) {
        return IpAddress.parse(text);
    }

    private UdpSocket bind(final int port) {
        return host.stack().udp().bind(0, 0, port, (socket, high, low, from, address, length) -> received
                .add(IpAddress.format(socket.datagramLocalHigh(), socket.datagramLocalLow())));
    }

    private void datagram(final String source, final String destination, final String mac) {
        final boolean ipv6 = source.contains(":");
        final byte[] udp = Frames.udp(source, destination, 9, 7, new byte[4]);
        host.receive(Frames.ethernet(mac, PEER, ipv6 ? 0x86DD : 0x0800, ipv6
                ? Frames.ipv6(source, destination, 17, 64, udp)
                : Frames.ipv4(source, destination, 17, udp)));
    }

    private String firstHop(final String destination) {
        final IpAddress to = ip(destination);
        final UdpSocket socket = host.stack().udp().bind(0, 0, 0, (s, high, low, port, address, length) -> {
        });
        final long place = socket.reserve(1);
        assertThat(place).isNotZero();
        final int sent = socket.commit(to.high(), to.low(), 9, 1);
        socket.close();
        final List<Frame> frames = host.poll(host.nowNs());
        if (sent != 1 || frames.isEmpty()) {
            return "none";
        }
        final byte[] bytes = frames.getLast().bytes();
        return Frames.getShort(bytes, 12) == 0x0806
                ? IpAddress.ofIpv4(Frames.getInt(bytes, 38)).toString()
                : "mac " + (bytes[5] & 0xFF);
    }

    private void learn(final String address, final int mac) {
        final IpAddress at = ip(address);
        host.stack().neighbors().onSolicitationSource(host.stack().neighbors().findOrCreate(at.high(), at.low()),
                0x0200_0000_0000L + mac, host.nowNs());
    }

    @Test
    void shouldTakePacketsToAnAddressOnceItIsNoLongerTentativeUntilItIsRemoved() {
        bind(7);
        final IpAddress address = ip("10.8.0.1");
        assertThat(network.addresses().add(IpPrefix.parse("10.8.0.1/24"), AddressState.TENTATIVE)).isTrue();
        datagram("10.7.0.2", "10.8.0.1", US);
        assertThat(received).isEmpty();
        network.addresses().state(address.high(), address.low(), AddressState.PREFERRED);
        datagram("10.7.0.2", "10.8.0.1", US);
        network.addresses().state(address.high(), address.low(), AddressState.DEPRECATED);
        datagram("10.7.0.2", "10.8.0.1", US);
        assertThat(received).containsExactly("10.8.0.1", "10.8.0.1");
        assertThat(network.addresses().remove(address.high(), address.low())).isTrue();
        assertThat(network.addresses().remove(address.high(), address.low())).isFalse();
        datagram("10.7.0.2", "10.8.0.1", US);
        assertThat(received).hasSize(2);
        assertThat(host.count(Counter.IP_IN_ADDR_ERRORS)).isEqualTo(2);
    }

    @Test
    void shouldRefuseAnAddressTwiceAndMoreThanThereIsRoomFor() {
        assertThat(network.addresses().add(IpPrefix.parse("10.7.0.1/16"), AddressState.PREFERRED)).isFalse();
        for (int i = network.addresses().count(); i < LocalAddresses.MAX_ADDRESSES; i++) {
            assertThat(network.addresses().add(IpPrefix.parse("10.9.0." + i + "/24"), AddressState.PREFERRED)).isTrue();
        }
        assertThat(network.addresses().add(IpPrefix.parse("10.9.9.9/24"), AddressState.PREFERRED)).isFalse();
    }

    @Test
    void shouldRouteByTheLongestPrefixThenByMetric() {
        learn("10.7.0.250", 250);
        learn("10.7.0.251", 251);
        learn("10.7.0.252", 252);
        assertThat(firstHop("192.0.2.1")).isEqualTo("none");
        assertThat(network.routes().add(new Route(Route.DEFAULT_IPV4, ip("10.7.0.250"), 5, 0))).isTrue();
        assertThat(firstHop("192.0.2.1")).isEqualTo("mac 250");
        network.routes().add(new Route(Route.DEFAULT_IPV4, ip("10.7.0.251"), 4, 0));
        assertThat(firstHop("192.0.2.1")).isEqualTo("mac 251");
        network.routes().add(Route.via(IpPrefix.parse("192.0.2.0/24"), ip("10.7.0.252")));
        assertThat(firstHop("192.0.2.1")).isEqualTo("mac 252");
        assertThat(firstHop("192.0.3.1")).isEqualTo("mac 251");
        network.routes().remove(Route.DEFAULT_IPV4, ip("10.7.0.251"));
        assertThat(firstHop("192.0.3.1")).isEqualTo("mac 250");
        learn("192.0.3.1", 9);
        network.addresses().addOnLink(IpPrefix.parse("192.0.3.0/24"));
        assertThat(firstHop("192.0.3.1")).isEqualTo("mac 9");
        network.addresses().removeOnLink(IpPrefix.parse("192.0.3.0/24"));
        assertThat(firstHop("192.0.3.1")).isEqualTo("mac 250");
        assertThat(network.routes().add(Route.via(Route.DEFAULT_IPV4, ip("10.7.0.250")))).as("twice").isFalse();
    }

    @Test
    void shouldTakeAnotherGatewayWhenOneDoesNotAnswerAndTryAgainWhenNoneDoes() {
        network.routes().add(Route.byDefault(ip("10.7.0.250")));
        network.routes().add(Route.byDefault(ip("10.7.0.251")));
        assertThat(firstHop("192.0.2.1")).isEqualTo("10.7.0.250");
        host.pollUntil(host.nowNs() + 5 * S);
        assertThat(firstHop("192.0.2.1")).isEqualTo("10.7.0.251");
        host.pollUntil(host.nowNs() + 5 * S);
        assertThat(firstHop("192.0.2.1")).isEqualTo("10.7.0.250");
        host.pollUntil(host.nowNs() + 5 * S);
    }

    @Test
    void shouldLetExistingPathsFollowRoutesAddressesAndMtu() {
        final IpAddress to = ip("192.0.2.1");
        learn("10.7.0.250", 250);
        network.routes().add(Route.byDefault(ip("10.7.0.250")));
        final Path path = host.stack().ip().pathTo(0, 0, to.high(), to.low());
        assertThat(path.mtuBytes()).isEqualTo(1500);
        network.mtuBytes(1400);
        assertThat(path.mtuBytes()).isEqualTo(1400);
        network.routes().add(new Route(IpPrefix.parse("192.0.0.0/16"), ip("10.7.0.250"), 0, 1000));
        assertThat(path.mtuBytes()).isEqualTo(1000);
        final UdpSocket socket = host.stack().udp().connect(0, 0, 0, to.high(), to.low(), 9,
                (s, high, low, port, address, length) -> {
                });
        network.addresses().remove(0, ip("10.7.0.1").low());
        socket.reserve(1);
        socket.commit(1);
        assertThat(host.count(Counter.IP_OUT_NO_ROUTES)).isPositive();
        assertThat(host.poll(host.nowNs())).isEmpty();
    }

    @Test
    void shouldKeepTheMtuOfIpv6ApartAndWithinBounds() {
        network.ipv6MtuBytes(1280);
        assertThat(network.mtuBytes()).isEqualTo(1500);
        final IpAddress to = ip("fd00::9");
        assertThat(host.stack().ip().pathTo(0, 0, to.high(), to.low()).mtuBytes()).isEqualTo(1280);
        assertThatThrownBy(() -> network.ipv6MtuBytes(1279)).hasMessageContaining("ipv6MtuBytes=1279");
        assertThatThrownBy(() -> network.mtuBytes(1501)).hasMessageContaining("mtuBytes=1501");
        assertThatThrownBy(() -> network.ipv6HopLimit(0)).hasMessageContaining("ipv6HopLimit=0");
    }

    @Test
    void shouldTakePacketsToGroupsThatAreJoinedAsOftenAsTheyAreJoined() {
        bind(7);
        final IpAddress group = ip("239.1.2.3");
        final String mac = "01:00:5e:01:02:03";
        datagram("10.7.0.2", "239.1.2.3", mac);
        assertThat(received).isEmpty();
        assertThat(network.joinGroup(group)).isTrue();
        assertThat(network.joinGroup(group)).isTrue();
        network.leaveGroup(group);
        assertThat(network.groups().isJoined(group.high(), group.low())).isTrue();
        network.leaveGroup(group);
        assertThat(network.groups().isJoined(group.high(), group.low())).isFalse();
        network.leaveGroup(group);
        assertThat(network.joinGroup(ip("10.0.0.1"))).isFalse();
    }

    @Test
    void shouldTellWhoReportsMembershipsOfFirstJoinsAndLastLeaves() {
        final List<String> told = new ArrayList<>();
        network.joinGroup(ip("239.1.1.1"));
        network.groupListener(new GroupListener() {

            @Override
            public void onJoined(final long high, final long low) {
                told.add("+" + IpAddress.format(high, low));
            }

            @Override
            public void onLeft(final long high, final long low) {
                told.add("-" + IpAddress.format(high, low));
            }
        });
        assertThat(told).contains("+239.1.1.1", "+ff02::1:ff00:1");
        told.clear();
        network.joinGroup(ip("ff05::5"));
        network.joinGroup(ip("ff05::5"));
        network.leaveGroup(ip("ff05::5"));
        network.leaveGroup(ip("ff05::5"));
        network.joinGroup(ip("224.0.0.1"));
        final IpAddress six = ip("fd00::77");
        network.addresses().add(new IpPrefix(six, 64), AddressState.TENTATIVE);
        network.addresses().remove(six.high(), six.low());
        assertThat(told).containsExactly("+ff05::5", "-ff05::5", "+ff02::1:ff00:77", "-ff02::1:ff00:77");
    }
}
