package io.netchannel.tcpip.autoconf;

import static io.netchannel.tcpip.TimedHost.MS;
import static io.netchannel.tcpip.TimedHost.S;
import static io.netchannel.tcpip.autoconf.RouterFrames.ROUTER;
import static io.netchannel.tcpip.autoconf.RouterFrames.ROUTER_MAC;
import static io.netchannel.tcpip.autoconf.RouterFrames.advertisement;
import static io.netchannel.tcpip.autoconf.RouterFrames.dnsServers;
import static io.netchannel.tcpip.autoconf.RouterFrames.frame;
import static io.netchannel.tcpip.autoconf.RouterFrames.linkAddress;
import static io.netchannel.tcpip.autoconf.RouterFrames.mtu;
import static io.netchannel.tcpip.autoconf.RouterFrames.prefix;
import static io.netchannel.tcpip.autoconf.RouterFrames.route;
import static io.netchannel.tcpip.autoconf.RouterFrames.searchList;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.TimedHost;
import io.netchannel.tcpip.TimedHost.Sent;
import io.netchannel.tcpip.autoconf.InterfaceEvent.DnsChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.HopLimitChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.MtuChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.NeighborTimesChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.PrefixAdded;
import io.netchannel.tcpip.autoconf.InterfaceEvent.PrefixRemoved;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouteAdded;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouteRemoved;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouterAdded;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouterLost;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouterReachability;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.ip.Route;
import io.netchannel.tcpip.link.AutoconfConfig;
import io.netchannel.tcpip.link.StableSecret;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 4861, 6.3, RFC 4191, RFC 7559 and RFC 8106 in virtual time. */
class RouterDiscoveryTest {

    private static final IpAddress FIRST = IpAddress.parse(ROUTER);
    private static final IpAddress SECOND = IpAddress.parse("fe80::fd");

    private final TimedHost host = new TimedHost(InterfaceConfig.automatic("02:00:00:00:00:01",
            AutoconfConfig.STATIC.withSlaac(new StableSecret(1, 2))));

    @AfterEach
    void close() {
        host.close();
    }

    private static byte[] from(final IpAddress router, final int flags, final int seconds, final byte[]... options) {
        return advertisement(router.toString(), 0, flags, seconds, 0, 0, options);
    }

    private static Route defaultBy(final IpAddress router, final RouterPreference preference) {
        return new Route(Route.DEFAULT_IPV6, router, preference.metric(), 0);
    }

    // -- solicitation

    @Test
    void shouldAskFromItsLinkLocalAddressEverMoreRarely() {
        final List<Sent> asked = host.run(20_000 * S, frame -> frame.isIcmpv6(133));
        final byte[] first = asked.getFirst().bytes();
        assertThat(Frames.slice(first, 0, 6)).isEqualTo(Frames.mac("33:33:00:00:00:02"));
        assertThat(Frames.slice(first, 22, 24)).isEqualTo(Frames.shorts(0xFE80));
        assertThat(Frames.slice(first, 38, 54)).isEqualTo(Frames.ip("ff02::2"));
        assertThat(Frames.slice(first, 62, 70)).isEqualTo(linkAddress("02:00:00:00:00:01"));
        // The address is probed for up to a second and waits one; then up to another.
        assertThat(asked.getFirst().timeNs()).isBetween(S, 3 * S + 10 * MS);
        long before = 4 * S;
        for (int i = 1; i < asked.size(); i++) {
            final long interval = asked.get(i).timeNs() - asked.get(i - 1).timeNs();
            final long mean = i == 1 ? 4 * S : Math.min(2 * before, 3600 * S);
            assertThat(interval).as("interval %d", i).isBetween((long) (mean * 0.89), (long) (mean * 1.11));
            before = interval;
        }
        assertThat(asked).as("RFC 7559: it never gives up").hasSizeGreaterThan(13);
    }

    @Test
    void shouldStopAskingWhenThereIsARouterAndBeginAgainWhenItHasGone() {
        host.run(5 * S);
        host.receive(advertisement(0));
        assertThat(host.run(20 * S, frame -> frame.isIcmpv6(133))).as("it doesn't route").isNotEmpty();
        host.receive(advertisement(1800));
        assertThat(host.run(1000 * S, frame -> frame.isIcmpv6(133))).isEmpty();
        host.receive(advertisement(0));
        assertThat(host.run(20 * S, frame -> frame.isIcmpv6(133))).isNotEmpty();
    }

    // -- validation

    @Test
    void shouldIgnoreAdvertisementsThatMayBeFromElsewhereOrAreMalformed() {
        host.run(5 * S);
        host.events();
        final byte[] body = Frames.concat(new byte[8], prefix("2001:db8::", 64, 0xC0, 3600, 1800));
        final int header = 64 << 24 | 1800;
        host.receive(frame(ROUTER, 254, Frames.icmpv6(ROUTER, "ff02::1", 134, 0, header, body)));
        host.receive(frame("fd00::fe", 255, Frames.icmpv6("fd00::fe", "ff02::1", 134, 0, header, body)));
        host.receive(frame(ROUTER, 255, Frames.icmpv6(ROUTER, "ff02::1", 134, 1, header, body)));
        for (int length = 0; length < body.length; length++) {
            if (length != 8) {
                host.receive(frame(ROUTER, 255, Frames.icmpv6(ROUTER, "ff02::1", 134, 0, header,
                        Frames.slice(body, 0, length))));
            }
        }
        final byte[] empty = body.clone();
        empty[9] = 0;
        host.receive(frame(ROUTER, 255, Frames.icmpv6(ROUTER, "ff02::1", 134, 0, header, empty)));
        assertThat(host.events()).isEmpty();
        assertThat(host.count(Counter.NDP_IN_ERRORS)).isEqualTo(3 + body.length - 1 + 1);
        host.receive(frame(ROUTER, 255, Frames.icmpv6(ROUTER, "ff02::1", 134, 0, header, body)));
        assertThat(host.events()).isNotEmpty();
    }

    // -- routers

    @Test
    void shouldKeepADefaultRouterForItsLifetime() {
        host.run(5 * S);
        host.events();
        host.receive(advertisement(100, linkAddress(ROUTER_MAC)));
        final Route route = defaultBy(FIRST, RouterPreference.MEDIUM);
        assertThat(host.events()).containsExactly(new RouteAdded(route), new RouterAdded(FIRST,
                RouterPreference.MEDIUM));
        assertThat(host.stack().neighbors().find(FIRST.high(), FIRST.low()).isUsable()).isTrue();
        host.run(90 * S);
        host.receive(advertisement(100));
        host.run(99 * S);
        assertThat(host.stack().network().routes().all()).containsExactly(route);
        host.run(2 * S);
        assertThat(host.events()).containsExactly(new RouteRemoved(route), new RouterLost(FIRST));
        assertThat(host.stack().network().routes().all()).isEmpty();
    }

    @Test
    void shouldPreferRoutersAndRoutesAsAdvertised() {
        host.run(5 * S);
        host.receive(from(FIRST, 0b11 << 3, 1800, prefix("2001:db8::", 64, 0x40, 3600, 1800)));
        host.receive(from(SECOND, 0b01 << 3, 1800, route("2001:db8:aaaa::", 48, 0b00, 600, 16)));
        host.receive(from(FIRST, 0b11 << 3, 1800, route("2001:db8:aaaa::", 48, 0b01, 600, 24)));
        assertThat(host.stack().network().routes().all()).containsExactlyInAnyOrder(
                defaultBy(FIRST, RouterPreference.LOW), defaultBy(SECOND, RouterPreference.HIGH),
                new Route(IpPrefix.parse("2001:db8:aaaa::/48"), SECOND, RouterPreference.MEDIUM.metric(), 0),
                new Route(IpPrefix.parse("2001:db8:aaaa::/48"), FIRST, RouterPreference.HIGH.metric(), 0));
        // RFC 4191, 2.2: the reserved value is medium for a router, and makes a route option void.
        host.receive(from(SECOND, 0b10 << 3, 1800, route("2001:db8:bbbb::", 48, 0b10, 600, 16)));
        assertThat(host.stack().network().routes().all()).contains(defaultBy(SECOND, RouterPreference.MEDIUM))
                .doesNotContain(defaultBy(SECOND, RouterPreference.HIGH)).hasSize(4);
        assertThat(host.count(Counter.NDP_BAD_ADVERTISED_OPTIONS)).isOne();
        host.receive(from(SECOND, 0, 0, route("2001:db8:aaaa::", 48, 0b00, 0, 16)));
        host.run(601 * S);
        assertThat(host.stack().network().routes().all()).containsExactly(defaultBy(FIRST, RouterPreference.LOW));
    }

    @Test
    void shouldTakeAnotherRouterWhenOneDoesNotAnswerAndAskForItNowAndThen() {
        host.run(5 * S);
        host.receive(from(FIRST, 0b01 << 3, 9000, prefix("2001:db8::", 64, 0x40, 36000, 18000)));
        host.receive(from(SECOND, 0, 9000, linkAddress("02:00:00:00:00:fd")));
        host.run(5 * S);
        host.events();
        final IpAddress away = IpAddress.parse("2001:db8:ffff::1");
        final UdpSocket socket = host.stack().udp().bind(0, 0, 5000, (s, high, low, port, address, length) -> {
        });
        socket.send(away.high(), away.low(), 53, host.host().pool().packets().bufferAddress(0), 8);
        host.run(4 * S);
        assertThat(host.events()).containsExactly(new RouterReachability(FIRST, false));
        socket.send(away.high(), away.low(), 53, host.host().pool().packets().bufferAddress(0), 8);
        final List<Sent> sent = host.run(MS, frame -> frame.type() == 0x86DD && frame.bytes()[20] == Frames.UDP);
        assertThat(sent).hasSize(1);
        assertThat(Frames.slice(sent.getFirst().bytes(), 0, 6)).isEqualTo(Frames.mac("02:00:00:00:00:fd"));
        // RFC 4191, 3.2: once a minute the better one is asked again.
        final List<Sent> asked = host.run(61 * S, frame -> frame.isIcmpv6(135)
                && frame.bytes()[77] == (byte) 0xFE);
        assertThat(asked).isNotEmpty();
        final byte[] source = Frames.slice(asked.getLast().bytes(), 22, 38);
        final String us = IpAddress.format(ByteBuffer.wrap(source).getLong(), ByteBuffer.wrap(source)
                .getLong(8));
        host.receive(Frames.ethernet("02:00:00:00:00:01", ROUTER_MAC, 0x86DD, Frames.ipv6(ROUTER, us, Frames.ICMPV6,
                255, Frames.icmpv6(ROUTER, us, 136, 0, 0xE000_0000, Frames.concat(Frames.ip(ROUTER),
                        Frames.shorts(0x0201), Frames.mac(ROUTER_MAC))))));
        assertThat(host.events()).contains(new RouterReachability(FIRST, true));
        socket.send(away.high(), away.low(), 53, host.host().pool().packets().bufferAddress(0), 8);
        assertThat(Frames.slice(host.run(MS, frame -> frame.type() == 0x86DD && frame.bytes()[20] == Frames.UDP)
                .getFirst().bytes(), 0, 6)).isEqualTo(Frames.mac(ROUTER_MAC));
    }

    // -- the link

    @Test
    void shouldKeepPrefixesThatAreOnLinkForTheirLifetimes() {
        host.run(5 * S);
        host.events();
        host.receive(advertisement(0, prefix("2001:db8:1::", 64, 0x80, 50, 50), prefix("2001:db8:2::", 64, 0x80,
                0xFFFF_FFFFL, 0xFFFF_FFFFL), prefix("fe80::", 64, 0xC0, 50, 50)));
        final IpPrefix first = IpPrefix.parse("2001:db8:1::/64");
        assertThat(host.events()).containsExactly(new PrefixAdded(first), new PrefixAdded(IpPrefix.parse(
                "2001:db8:2::/64")));
        final IpAddress neighbor = IpAddress.parse("2001:db8:1::9");
        assertThat(host.stack().network().addresses().isOnLink(neighbor.high(), neighbor.low())).isTrue();
        host.run(51 * S);
        assertThat(host.events()).containsExactly(new PrefixRemoved(first));
        assertThat(host.stack().network().addresses().isOnLink(neighbor.high(), neighbor.low())).isFalse();
        host.run(1_000_000 * S, frame -> false);
        assertThat(host.events()).isEmpty();
        host.receive(advertisement(0, prefix("2001:db8:2::", 64, 0x80, 0, 0)));
        assertThat(host.events()).containsExactly(new PrefixRemoved(IpPrefix.parse("2001:db8:2::/64")));
    }

    @Test
    void shouldTakeMtuHopLimitAndTimesWithinReason() {
        host.run(5 * S);
        host.events();
        host.receive(advertisement(ROUTER, 33, 0, 0, 20_000, 2_000, mtu(1400)));
        assertThat(host.events()).containsExactly(new HopLimitChanged(33), new NeighborTimesChanged(20 * S, 2 * S),
                new MtuChanged(1400));
        assertThat(host.stack().network().ipv6MtuBytes()).isEqualTo(1400);
        assertThat(host.stack().network().ipv6HopLimit()).isEqualTo(33);
        assertThat(host.stack().neighbors().ipv6RetransmitNs()).isEqualTo(2 * S);
        host.receive(advertisement(ROUTER, 33, 0, 0, 20_000, 2_000, mtu(1400)));
        host.receive(advertisement(ROUTER, 0, 0, 0, 0, 0, mtu(1279), mtu(1501), mtu(-1)));
        assertThat(host.events()).isEmpty();
        assertThat(host.count(Counter.NDP_BAD_ADVERTISED_OPTIONS)).isEqualTo(3);
        host.receive(advertisement(ROUTER, 0, 0, 0, 3_600_001, 1));
        assertThat(host.events()).as("a flood of solicitations is not to be had").containsExactly(
                new NeighborTimesChanged(0, 10 * MS));
        assertThat(host.stack().neighbors().ipv6BaseReachableNs()).isEqualTo(20 * S);
    }

    @Test
    void shouldHandNameServersAndSearchListOverAsLongAsTheyLast() {
        host.run(5 * S);
        host.events();
        host.receive(advertisement(0, dnsServers(100, "2001:db8::53", "fe80::53"), searchList(60, "example.com",
                "Sub.Example.org")));
        final List<IpAddress> both = List.of(IpAddress.parse("2001:db8::53"), IpAddress.parse("fe80::53"));
        assertThat(host.events()).containsExactly(new DnsChanged(both, List.of("example.com", "sub.example.org")));
        host.receive(advertisement(0, dnsServers(100, "2001:db8::53")));
        assertThat(host.events()).isEmpty();
        host.run(61 * S);
        assertThat(host.events()).containsExactly(new DnsChanged(both, List.of()));
        host.receive(advertisement(0, dnsServers(0, "fe80::53")));
        assertThat(host.events()).containsExactly(new DnsChanged(both.subList(0, 1), List.of()));
        host.run(50 * S);
        assertThat(host.events()).containsExactly(new DnsChanged(List.of(), List.of()));
    }

    @Test
    void shouldRefuseNamesThatAreNoNames() {
        host.run(5 * S);
        host.events();
        host.receive(advertisement(0, searchList(60, "exa mple.com"), searchList(60, "a;b"), searchList(60, "x\ny")));
        final byte[] cut = searchList(60, "example.com");
        cut[8] = 60;
        host.receive(advertisement(0, cut));
        host.receive(advertisement(0, Frames.concat(Frames.shorts(25 << 8 | 2, 0, 0, 60), new byte[8])));
        assertThat(host.events()).isEmpty();
        assertThat(host.count(Counter.NDP_BAD_ADVERTISED_OPTIONS)).isEqualTo(5);
    }

    @Test
    void shouldRememberNoMoreThanItsLimits() {
        host.run(5 * S);
        for (int i = 0; i < 200; i++) {
            final IpAddress router = IpAddress.parse("fe80::" + Integer.toHexString(i + 1));
            host.receive(
                    from(router, 0, 9000, prefix("2001:db8:" + Integer.toHexString(i) + "::", 64, 0xC0, 9000, 9000),
                            route("2001:db9:" + Integer.toHexString(i) + "::", 48, 0, 9000, 16), dnsServers(9000,
                                    "2001:db8::" + Integer.toHexString(i + 1)),
                            searchList(9000, "d" + i + ".example")));
        }
        host.run(10 * S);
        assertThat(host.stack().network().routes().all()).hasSize(AdvertisedRoutes.MAX_ROUTERS
                + AdvertisedRoutes.MAX_ROUTES);
        assertThat(host.stack().network().addresses().count()).isEqualTo(Slaac.MAX_FORMED);
        final List<InterfaceEvent> events = host.events();
        assertThat(events).filteredOn(PrefixAdded.class::isInstance).hasSize(AdvertisedRoutes.MAX_PREFIXES);
        final DnsChanged dns = (DnsChanged) events.stream().filter(DnsChanged.class::isInstance).reduce((a, b) -> b)
                .orElseThrow();
        assertThat(dns.servers()).hasSize(DnsAdvertisements.MAX_SERVERS);
        assertThat(dns.searchDomains()).hasSize(DnsAdvertisements.MAX_DOMAINS);
        assertThat(host.count(Counter.NDP_ADVERTISED_TOO_MUCH)).isPositive();
    }

    @Test
    void shouldIgnoreRoutersWhereNothingIsToBeConfigured() {
        try (TimedHost fixed = new TimedHost(InterfaceConfig.of("02:00:00:00:00:01", "fd00::1/64"))) {
            fixed.run(5 * S);
            fixed.events();
            fixed.receive(advertisement(1800, prefix("2001:db8::", 64, 0xC0, 3600, 1800), mtu(1300)));
            assertThat(fixed.events()).isEmpty();
            assertThat(fixed.run(100 * S, frame -> frame.isIcmpv6(133))).isEmpty();
        }
    }
}
