package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netchannel.tcpip.wire.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A path that takes smaller packets than either end knows.
 *
 * <pre>
 *   node ── TAP, 1500 ── Linux router ── 1300 towards the host, which sends up to 1500 ── Linux host
 * </pre>
 */
@Timeout(60)
final class PathMtuIT {

    private static final String SMALL_MTU = "1300";
    private static final int BYTES = 300_000;
    private static final String ROUTER_END = "ncpr" + ProcessHandle.current().pid() % 100_000;
    private static final String HOST_END = "ncph" + ProcessHandle.current().pid() % 100_000;

    private NetworkNamespace router;
    private NetworkNamespace host;

    @BeforeEach
    void makeNamespaces() {
        Requirements.rootAndTap();
        Requirements.programs("socat", "sysctl");
        router = new NetworkNamespace();
        host = new NetworkNamespace();
        router.run("ip", "link", "add", ROUTER_END, "type", "veth", "peer", "name", HOST_END).expectSuccess();
        router.run("ip", "link", "set", HOST_END, "netns", host.name()).expectSuccess();
        for (final String prefix : new String[]{"10.9.0.1/24", "fd00:9::1/64"}) {
            router.run("ip", "addr", "add", prefix, "dev", ROUTER_END, "nodad", "noprefixroute").expectSuccess();
        }
        for (final String prefix : new String[]{"10.9.0.2/24", "fd00:9::2/64"}) {
            host.run("ip", "addr", "add", prefix, "dev", HOST_END, "nodad").expectSuccess();
        }
        router.run("ip", "link", "set", ROUTER_END, "up").expectSuccess();
        host.run("ip", "link", "set", HOST_END, "up").expectSuccess();
        // By the route: a device with a smaller MTU would not take the host's packets.
        for (final String prefix : new String[]{"10.9.0.0/24", "fd00:9::/64"}) {
            router.run("ip", "route", "add", prefix, "dev", ROUTER_END, "mtu", "lock", SMALL_MTU).expectSuccess();
        }
        host.run("ip", "route", "add", "default", "via", "10.9.0.1").expectSuccess();
        host.run("ip", "-6", "route", "add", "default", "via", "fd00:9::1").expectSuccess();
        router.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1").expectSuccess();
    }

    @AfterEach
    void removeNamespaces() {
        if (router != null) {
            router.close();
        }
        if (host != null) {
            host.close();
        }
    }

    private TapNode start(final TcpConfig tcp) {
        return TapNode.start(router, builder -> builder.loops(2).tcp(tcp).gateway(IpAddress.parse("10.7.0.1"))
                .gateway(IpAddress.parse("fd00:7::1")));
    }

    /** Takes from chargen what needs many full segments, and leaves. */
    private void download(final String address) {
        final String bytes = host.start("", "sh", "-c", "socat -u TCP:" + address + ":19 - | head -c " + BYTES
                + " | wc -c").await(40).expectSuccess().out().strip();
        assertThat(bytes).isEqualTo(Integer.toString(BYTES));
    }

    @ParameterizedTest
    @ValueSource(strings = {TapNode.NODE, "[" + TapNode.NODE6 + "]"})
    void shouldSendSmallerSegmentsWhenARouterAsksForIt(final String address) {
        try (TapNode node = start(TcpConfig.defaults())) {
            download(address);
            assertThat(
                    node.node().counters().get(address.startsWith("[") ? "Icmp6.InPktTooBigs" : "Icmp.InDestUnreachs"))
                    .isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TapNode.NODE, "[" + TapNode.NODE6 + "]"})
    void shouldFindABlackHoleByProbing(final String address) {
        Requirements.programs("nft");
        for (final String rule : new String[]{"add table inet t",
            "add chain inet t o { type filter hook output priority 0; }",
            "add rule inet t o icmp type destination-unreachable drop",
            "add rule inet t o icmpv6 type packet-too-big drop"}) {
            router.run("nft", rule).expectSuccess();
        }
        try (TapNode node = start(TcpConfig.defaults().with(TcpSetting.MTU_PROBING, 1))) {
            download(address);
            assertThat(node.node().counters().get("Icmp6.InPktTooBigs") + node.node().counters().get(
                    "Icmp.InDestUnreachs")).as("the router says nothing").isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UDP4:" + TapNode.NODE, "UDP6:[" + TapNode.NODE6 + "]"})
    void shouldCutDatagramsForThePath(final String address) {
        final String datagram = "0123456789abcdef".repeat(85);
        try (TapNode node = start(TcpConfig.defaults())) {
            // The first is lost to the router's answer; from then on they are cut.
            String echoed = "";
            for (int i = 0; i < 5 && echoed.isEmpty(); i++) {
                echoed = host.start(datagram, "socat", "-b", "65000", "-t1", "-", address + ":7,sourceport=40001")
                        .await(20).expectSuccess().out();
            }
            assertThat(echoed).isEqualTo(datagram);
            assertThat(node.node().counters().get(address.startsWith("UDP6") ? "Ip6.FragOKs" : "Ip.FragOKs"))
                    .isPositive();
        }
    }
}
