package io.netchannel.tcpip.icmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectTest {

    private static final long S = 1_000_000_000L;
    private static final String US = "02:00:00:00:00:01";
    private static final String PEER = "02:00:00:00:00:02";

    private final TestHost host = new TestHost(NetStackConfig.of(InterfaceConfig.of(US, "10.7.0.1/24", "fd00::1/64")
            .withGateway("10.7.0.254").withGateway("fe80::fe")));
    private final UdpSocket socket;

    RedirectTest() {
        host.pollUntil(5 * S);
        learn("10.7.0.254", 0xFE);
        learn("fe80::fe", 0xFE);
        learn("10.7.0.9", 9);
        socket = host.stack().udp().bind(0, 0, 5000, (s, high, low, port, address, length) -> {
        });
    }

    @AfterEach
    void close() {
        host.close();
    }

    private void learn(final String text, final int mac) {
        final IpAddress address = IpAddress.parse(text);
        host.stack().neighbors().onSolicitationSource(host.stack().neighbors().findOrCreate(address.high(),
                address.low()), 0x0200_0000_0000L + mac, host.nowNs());
    }

    private int firstHop(final String text) {
        final IpAddress to = IpAddress.parse(text);
        socket.reserve(1);
        assertThat(socket.commit(to.high(), to.low(), 7, 1)).isEqualTo(1);
        return host.port().take().getLast().bytes()[5] & 0xFF;
    }

    private void redirectIpv4(final String from, final String destination, final String gateway) {
        final byte[] inner = Frames.ipv4("10.7.0.1", destination, 17, Frames.udp("10.7.0.1", destination, 5000, 7,
                new byte[8]));
        host.receive(Frames.ethernet(US, PEER, 0x0800, Frames.ipv4(from, "10.7.0.1", Frames.ICMP, Frames.icmpv4(5, 1,
                IpAddress.parse(gateway).ipv4(), inner))));
    }

    private void redirectIpv6(final String from, final int hopLimit, final String target, final String destination,
            final byte[] options) {
        final byte[] body = Frames.concat(Frames.ip(target), Frames.ip(destination), options);
        host.receive(Frames.ethernet(US, PEER, 0x86DD, Frames.ipv6(from, "fd00::1", Frames.ICMPV6, hopLimit, Frames
                .icmpv6(from, "fd00::1", 137, 0, 0, body))));
    }

    @Test
    void shouldFollowTheFirstHopsRedirectForThatDestinationOnly() {
        assertThat(firstHop("192.0.2.1")).isEqualTo(0xFE);
        redirectIpv4("10.7.0.254", "192.0.2.1", "10.7.0.9");
        assertThat(firstHop("192.0.2.1")).isEqualTo(9);
        assertThat(firstHop("192.0.2.2")).isEqualTo(0xFE);
        assertThat(host.count(Counter.ICMP_IN_REDIRECTS)).isOne();
        assertThat(host.count(Counter.ICMP_REDIRECTS_IGNORED)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"10.7.0.9,192.0.2.1,10.7.0.9", "10.7.0.254,192.0.2.1,192.0.2.77", "10.7.0.254,192.0.2.1,10.7.0.1",
        "10.7.0.254,192.0.2.1,10.7.0.255", "10.7.0.254,192.0.2.1,224.0.0.5", "10.7.0.254,10.7.0.77,10.7.0.9"})
    void shouldIgnoreRedirectsOfOthersOrToWhereNoRouterIs(final String from, final String destination,
            final String gateway) {
        redirectIpv4(from, destination, gateway);
        assertThat(host.count(Counter.ICMP_REDIRECTS_IGNORED)).isOne();
        assertThat(firstHop("192.0.2.1")).isEqualTo(0xFE);
    }

    @Test
    void shouldGoTheUsualWayAgainWhenTheNewFirstHopDoesNotAnswer() {
        redirectIpv4("10.7.0.254", "192.0.2.1", "10.7.0.88");
        socket.reserve(1);
        socket.commit(0, IpAddress.parse("192.0.2.1").low(), 7, 1);
        host.pollUntil(host.nowNs() + 5 * S);
        assertThat(firstHop("192.0.2.1")).isEqualTo(0xFE);
    }

    @Test
    void shouldFollowIpv6RedirectsToRoutersAndToNeighborsWithTheirLinkAddress() {
        final byte[] option = Frames.concat(Frames.shorts(0x0201), Frames.mac("02:00:00:00:00:42"));
        redirectIpv6("fe80::fe", 255, "fe80::42", "2001:db8::1", option);
        assertThat(firstHop("2001:db8::1")).isEqualTo(0x42);
        redirectIpv6("fe80::fe", 255, "2001:db8::2", "2001:db8::2", option);
        assertThat(firstHop("2001:db8::2")).isEqualTo(0x42);
        assertThat(firstHop("2001:db8::3")).isEqualTo(0xFE);
        assertThat(host.count(Counter.ICMP6_REDIRECTS_IGNORED)).isZero();
    }

    @Test
    void shouldIgnoreIpv6RedirectsThatBreakARule() {
        final byte[] none = new byte[0];
        for (final Runnable bad : List.<Runnable>of(
                () -> redirectIpv6("fe80::fe", 254, "fe80::42", "2001:db8::1", none),
                () -> redirectIpv6("fd00::fe", 255, "fe80::42", "2001:db8::1", none),
                () -> redirectIpv6("fe80::99", 255, "fe80::42", "2001:db8::1", none),
                () -> redirectIpv6("fe80::fe", 255, "2001:db8::7", "2001:db8::1", none),
                () -> redirectIpv6("fe80::fe", 255, "fe80::42", "ff05::1", none),
                () -> redirectIpv6("fe80::fe", 255, "fe80::42", "2001:db8::1", Frames.shorts(0x0200, 0, 0, 0)))) {
            bad.run();
        }
        assertThat(host.count(Counter.ICMP6_REDIRECTS_IGNORED)).isEqualTo(6);
        assertThat(firstHop("2001:db8::1")).isEqualTo(0xFE);
    }
}
