package io.netchannel.tcpip.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.flow.FlowKey;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Frame;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.icmp.TransportError;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.udp.UdpHandler;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** ARP and neighbour discovery on the wire. */
class ResolutionTest {

    private static final long S = 1_000_000_000L;
    private static final String US = "02:00:00:00:00:01";
    private static final String PEER = "02:00:00:00:00:02";
    private static final String ALL = "ff:ff:ff:ff:ff:ff";
    private static final String NOBODY = "00:00:00:00:00:00";
    private static final String OUR_LINK_LOCAL = "fe80::ff:fe00:1";

    private final InterfaceConfig network = InterfaceConfig.of(US, "10.7.0.1/24", "fd00::1/64")
            .withGateway("10.7.0.254").withGateway("fe80::254");
    private final TestHost host = new TestHost(NetStackConfig.of(network));
    private final List<String> errors = new ArrayList<>();

    @AfterEach
    void close() {
        host.close();
    }

    private UdpSocket socket() {
        return host.stack().udp().bind(0, 0, 5000, new UdpHandler() {

            @Override
            public void onDatagram(final UdpSocket socket, final long remoteHigh, final long remoteLow,
                    final int remotePort, final long address, final int lengthBytes) {
                // Nothing is expected.
            }

            @Override
            public void onError(final UdpSocket socket, final TransportError error, final long remoteHigh,
                    final long remoteLow, final int remotePort, final int mtuBytes) {
                errors.add(error + " " + IpAddress.format(remoteHigh, remoteLow) + " " + remotePort);
            }
        });
    }

    private int send(final UdpSocket socket, final String to, final int lengthBytes) {
        final IpAddress address = IpAddress.parse(to);
        return socket.send(address.high(), address.low(), 53, host.pool().packets().bufferAddress(0), lengthBytes);
    }

    private static long tick(final long timeNs) {
        return (timeNs + TimerWheel.RESOLUTION_NS - 1) / TimerWheel.RESOLUTION_NS * TimerWheel.RESOLUTION_NS;
    }

    private static Frame arpRequest(final String targetIp) {
        return Frame.of(Frames.ethernet(ALL, US, 0x0806, Frames.arp(1, US, "10.7.0.1", NOBODY, targetIp)));
    }

    private static byte[] arpReply(final String mac, final String ip) {
        return Frames.ethernet(US, mac, 0x0806, Frames.arp(2, mac, ip, US, "10.7.0.1"));
    }

    private void assertSent(final List<Frame> frames, final byte[]... expected) {
        assertThat(frames).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(frames.get(i).bytes()).as("frame %d", i).isEqualTo(expected[i]);
        }
    }

    // -- ARP

    @Test
    void shouldAnnounceAddressesTwiceTwoSecondsApart() {
        final List<Frame> first = announcements(host.poll(0));
        assertThat(first).hasSize(3);
        assertThat(first.get(0).bytes()).isEqualTo(arpRequest("10.7.0.1").bytes());
        assertThat(first.get(1).isIcmpv6(136)).isTrue();
        assertThat(first.get(2).isIcmpv6(136)).isTrue();
        assertThat(Frames.slice(first.get(2).bytes(), 62, 78)).isEqualTo(Frames.ip(OUR_LINK_LOCAL));
        assertThat(announcements(host.pollUntil(tick(2 * S) - 1))).isEmpty();
        assertThat(announcements(host.pollUntil(tick(2 * S)))).hasSize(3);
        assertThat(host.pollUntil(100 * S)).isEmpty();
    }

    /** Without probes for duplicates and membership reports. */
    private static List<Frame> announcements(final List<Frame> frames) {
        return frames.stream().filter(frame -> frame.type() == 0x0806 || frame.isIcmpv6(136)).toList();
    }

    @Test
    void shouldAnswerOnlyForItsOwnAddress() {
        host.pollUntil(5 * S);
        final byte[] request = Frames.ethernet(ALL, PEER, 0x0806, Frames.arp(1, PEER, "10.7.0.2", NOBODY, "10.7.0.1"));
        assertSent(host.receive(request),
                Frames.ethernet(PEER, US, 0x0806, Frames.arp(2, US, "10.7.0.1", PEER, "10.7.0.2")));
        assertThat(host.receive(Frames.ethernet(ALL, PEER, 0x0806,
                Frames.arp(1, PEER, "10.7.0.2", NOBODY, "10.7.0.3"))))
                .isEmpty();
        // A probe of somebody who has no address yet (RFC 5227) is answered, and not remembered.
        assertThat(host.receive(Frames.ethernet(ALL, PEER, 0x0806, Frames.arp(1, PEER, "0.0.0.0", NOBODY, "10.7.0.1"))))
                .hasSize(1);
        assertThat(host.stack().neighbors().size()).isOne();
    }

    @Test
    void shouldQueuePacketsUntilTheAnswerComesAndSendThemToIt() {
        host.pollUntil(5 * S);
        final UdpSocket socket = socket();
        assertThat(send(socket, "10.7.0.2", 10)).isEqualTo(10);
        assertThat(send(socket, "10.7.0.2", 11)).isEqualTo(11);
        assertSent(host.poll(5 * S), arpRequest("10.7.0.2").bytes());
        final List<Frame> sent = host.receive(arpReply(PEER, "10.7.0.2"));
        assertThat(sent).hasSize(2);
        assertThat(Frames.slice(sent.get(0).bytes(), 0, 14)).isEqualTo(Frames.ethernet(PEER, US, 0x0800, new byte[0]));
        assertThat(sent.get(0).bytes()).hasSize(14 + 20 + 8 + 10);
        assertThat(sent.get(1).bytes()).hasSize(14 + 20 + 8 + 11);
        send(socket, "10.7.0.2", 12);
        assertThat(host.poll(5 * S)).as("no question any more").hasSize(1);
    }

    @Test
    void shouldAskAgainEverySecondAndReportTheFailureToTheSocket() {
        host.pollUntil(5 * S);
        final long start = tick(5 * S);
        host.time(start);
        send(socket(), "10.7.0.2", 10);
        host.port().take();
        final long second = tick(start + S);
        final long third = tick(second + S);
        final long failed = tick(third + S);
        assertThat(host.pollUntil(second - 1)).isEmpty();
        assertThat(host.pollUntil(second)).hasSize(1);
        assertThat(host.pollUntil(third - 1)).isEmpty();
        assertThat(host.pollUntil(third)).hasSize(1);
        assertThat(host.pollUntil(failed - 1)).isEmpty();
        assertThat(errors).isEmpty();
        assertThat(host.pollUntil(failed)).isEmpty();
        assertThat(errors).containsExactly("HOST_UNREACHABLE 10.7.0.2 53");
        assertThat(host.count(Counter.NEIGHBOR_UNREACHABLE_DROPS)).isOne();
    }

    @Test
    void shouldAskForTheGatewayWhenTheDestinationIsElsewhere() {
        host.pollUntil(5 * S);
        send(socket(), "192.0.2.1", 10);
        assertSent(host.poll(5 * S), arpRequest("10.7.0.254").bytes());
        final List<Frame> sent = host.receive(arpReply(PEER, "10.7.0.254"));
        assertThat(Frames.slice(sent.getFirst().bytes(), 0, 6)).isEqualTo(Frames.mac(PEER));
        assertThat(Frames.slice(sent.getFirst().bytes(), 30, 34)).isEqualTo(Frames.ip("192.0.2.1"));
    }

    @Test
    void shouldIgnoreArpThatMakesNoSense() {
        host.pollUntil(5 * S);
        final byte[] good = Frames.arp(1, PEER, "10.7.0.2", NOBODY, "10.7.0.1");
        for (int length = 0; length < good.length; length++) {
            assertThat(host.receive(Frames.ethernet(ALL, PEER, 0x0806, Frames.slice(good, 0, length)))).isEmpty();
        }
        final List<byte[]> bad = List.of(Frames.arp(1, ALL, "10.7.0.2", NOBODY, "10.7.0.1"),
                Frames.arp(1, NOBODY, "10.7.0.2", NOBODY, "10.7.0.1"),
                Frames.arp(1, PEER, "10.7.0.255", NOBODY, "10.7.0.1"),
                Frames.arp(1, PEER, "192.0.2.1", NOBODY, "10.7.0.1"),
                Frames.arp(1, PEER, "224.0.0.1", NOBODY, "10.7.0.1"),
                Frames.arp(3, PEER, "10.7.0.2", NOBODY, "10.7.0.1"));
        for (final byte[] arp : bad) {
            assertThat(host.receive(Frames.ethernet(ALL, PEER, 0x0806, arp))).isEmpty();
        }
        assertThat(host.count(Counter.ARP_IN_ERRORS)).isEqualTo(bad.size());
        assertThat(host.stack().neighbors().size()).isZero();
    }

    @Test
    void shouldDefendItsAddressOnceAndCountConflicts() {
        host.pollUntil(5 * S);
        final byte[] thief = Frames.ethernet(ALL, PEER, 0x0806, Frames.arp(1, PEER, "10.7.0.1", NOBODY, "10.7.0.1"));
        assertSent(host.receive(thief), arpRequest("10.7.0.1").bytes());
        assertThat(host.receive(thief)).isEmpty();
        assertThat(host.count(Counter.ARP_CONFLICTS)).isEqualTo(2);
        assertThat(host.stack().neighbors().find(0, FlowKey.v4Mapped(0x0A07_0001))).isNull();
    }

    @Test
    void shouldOnlyLearnWhereAnotherStackAnswers() {
        try (TestHost learner = new TestHost(NetStackConfig.of(network).withAnswersRequests(false))) {
            assertThat(learner.pollUntil(5 * S)).isEmpty();
            final byte[] request = Frames.ethernet(ALL, PEER, 0x0806,
                    Frames.arp(1, PEER, "10.7.0.2", NOBODY, "10.7.0.1"));
            assertThat(learner.receive(request)).isEmpty();
            assertThat(learner.stack().neighbors().find(0, FlowKey.v4Mapped(0x0A07_0002)).state())
                    .isEqualTo(NeighborState.STALE);
            assertThat(learner.receive(solicitation("fd00::2", "ff02::1:ff00:1", "fd00::1", true))).isEmpty();
            final IpAddress peer = IpAddress.parse("fd00::2");
            assertThat(learner.stack().neighbors().find(peer.high(),
                    peer.low()).state()).isEqualTo(NeighborState.STALE);
            assertThat(learner.receive(Frames.ethernet(US, PEER, 0x0800,
                    Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.ICMP, Frames.icmpv4(8, 0, 1, new byte[8]))))).isEmpty();
            assertThat(learner.receive(Frames.ethernet(US, PEER, 0x0800, Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.UDP,
                    Frames.udp("10.7.0.2", "10.7.0.1", 1, 2, new byte[8]))))).isEmpty();
        }
    }

    // -- neighbour discovery

    private static byte[] solicitation(final String from, final String to, final String target, final boolean option) {
        final byte[] body = option
                ? Frames.concat(Frames.ip(target), Frames.shorts(0x0101), Frames.mac(PEER))
                : Frames.ip(target);
        final String group = to.startsWith("ff02") ? "33:33:ff:00:00:01" : US;
        return Frames.ethernet(group, PEER, 0x86DD,
                Frames.ipv6(from, to, Frames.ICMPV6, 255, Frames.icmpv6(from, to, 135, 0, 0, body)));
    }

    private static byte[] advertisement(final String from, final String mac, final int flags) {
        return Frames.ethernet(US, mac, 0x86DD, Frames.ipv6(from, "fd00::1", Frames.ICMPV6, 255, Frames.icmpv6(from,
                "fd00::1", 136, 0, flags, Frames.concat(Frames.ip(from), Frames.shorts(0x0201), Frames.mac(mac)))));
    }

    private static byte[] ourAdvertisement(final String to, final String toMac, final int flags) {
        return Frames.ethernet(toMac, US, 0x86DD, Frames.ipv6("fd00::1", to, Frames.ICMPV6, 255,
                Frames.icmpv6("fd00::1", to,
                        136, 0, flags, Frames.concat(Frames.ip("fd00::1"), Frames.shorts(0x0201), Frames.mac(US)))));
    }

    @Test
    void shouldAnswerSolicitationsToTheGroupAndToUs() {
        host.pollUntil(5 * S);
        assertSent(host.receive(solicitation("fd00::2", "ff02::1:ff00:1", "fd00::1", true)),
                ourAdvertisement("fd00::2", PEER, 0x6000_0000));
        assertSent(host.receive(solicitation("fd00::2", "fd00::1", "fd00::1", false)),
                ourAdvertisement("fd00::2", PEER, 0x6000_0000));
        assertThat(host.receive(solicitation("fd00::2", "ff02::1:ff00:1", "fd00::5:0:0:1",
                true))).as("not ours").isEmpty();
    }

    @Test
    void shouldDefendAgainstDuplicateAddressDetectionToAllNodes() {
        host.pollUntil(5 * S);
        assertSent(host.receive(solicitation("::", "ff02::1:ff00:1", "fd00::1", false)),
                ourAdvertisement("ff02::1", "33:33:00:00:00:01", 0x2000_0000));
        assertThat(host.receive(solicitation("::", "ff02::1:ff00:1", "fd00::1",
                true))).as("with a link address").isEmpty();
        assertThat(host.receive(solicitation("::", "fd00::1", "fd00::1", false))).as("not to the group").isEmpty();
        assertThat(host.count(Counter.NDP_IN_ERRORS)).isEqualTo(2);
    }

    @Test
    void shouldResolveByTheSolicitedNodeGroupThenByTimeouts() {
        host.pollUntil(5 * S);
        final long start = tick(5 * S);
        host.time(start);
        final UdpSocket socket = socket();
        send(socket, "fd00::12:3456", 10);
        final byte[] expected = Frames.ethernet("33:33:ff:12:34:56", US, 0x86DD,
                Frames.ipv6("fd00::1", "ff02::1:ff12:3456",
                        Frames.ICMPV6, 255, Frames.icmpv6("fd00::1", "ff02::1:ff12:3456", 135, 0, 0,
                                Frames.concat(Frames.ip("fd00::12:3456"), Frames.shorts(0x0101), Frames.mac(US)))));
        assertSent(host.port().take(), expected);
        final long second = tick(start + S);
        assertThat(host.pollUntil(second - 1)).isEmpty();
        assertSent(host.pollUntil(second), expected);
        final List<Frame> sent = host.receive(advertisement("fd00::12:3456", PEER, 0x6000_0000));
        assertThat(sent).hasSize(1);
        assertThat(Frames.slice(sent.getFirst().bytes(), 0, 14)).isEqualTo(Frames.ethernet(PEER, US, 0x86DD,
                new byte[0]));
        send(socket, "fd00::99", 10);
        host.port().take();
        host.pollUntil(start + 10 * S);
        assertThat(errors).containsExactly("HOST_UNREACHABLE fd00::99 53");
    }

    @Test
    void shouldUseTheLinkLocalAddressForALinkLocalGateway() {
        host.pollUntil(5 * S);
        send(socket(), "2001:db8::1", 10);
        final byte[] question = host.poll(5 * S).getFirst().bytes();
        assertThat(Frames.slice(question, 22, 38)).isEqualTo(Frames.ip(OUR_LINK_LOCAL));
        assertThat(Frames.slice(question, 62, 78)).isEqualTo(Frames.ip("fe80::254"));
    }

    @Test
    void shouldRefuseDiscoveryThatMayHaveBeenForwardedOrIsMalformed() {
        host.pollUntil(5 * S);
        final byte[] good = solicitation("fd00::2", "ff02::1:ff00:1", "fd00::1", true);
        final byte[] forwarded = good.clone();
        forwarded[21] = (byte) 254;
        assertThat(host.receive(forwarded)).isEmpty();
        assertThat(host.count(Counter.NDP_IN_ERRORS)).isOne();
        final byte[] wrongChecksum = good.clone();
        wrongChecksum[70] ^= 1;
        assertThat(host.receive(wrongChecksum)).isEmpty();
        assertThat(host.count(Counter.ICMP6_IN_CSUM_ERRORS)).isOne();
        for (int length = 8; length < 32; length++) {
            if (length == 24) {
                continue;
            }
            final byte[] body = Frames.slice(good, 62, 54 + length);
            assertThat(host.receive(Frames.ethernet(US, PEER, 0x86DD,
                    Frames.ipv6("fd00::2", "fd00::1", Frames.ICMPV6, 255,
                            Frames.icmpv6("fd00::2", "fd00::1", 135, 0, 0, body)))))
                    .as("length %d", length).isEmpty();
        }
        assertThat(host.stack().neighbors().size()).isZero();
    }

    @Test
    void shouldNotLearnFromAdvertisementsThatItDidNotAskFor() {
        host.pollUntil(5 * S);
        host.receive(advertisement("fd00::2", PEER, 0x6000_0000));
        assertThat(host.stack().neighbors().size()).isZero();
        host.receive(advertisement("fd00::1", PEER, 0x2000_0000));
        // From our own address: a duplicate that detection has missed. Nothing else may come from there.
        assertThat(host.count(Counter.NDP_CONFLICTS)).isOne();
        host.receive(solicitation("fd00::1", "ff02::1:ff00:1", "fd00::1", true));
        assertThat(host.count(Counter.IP6_IN_MARTIANS)).isOne();
    }
}
