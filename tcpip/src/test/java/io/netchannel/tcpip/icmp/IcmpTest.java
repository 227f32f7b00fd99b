package io.netchannel.tcpip.icmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Frame;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.udp.UdpHandler;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IcmpTest {

    private static final long S = 1_000_000_000L;
    private static final String US = "02:00:00:00:00:01";
    private static final String PEER = "02:00:00:00:00:02";
    private static final int JUMBO = 60_000;

    private final TestHost host = new TestHost(
            NetStackConfig.of(InterfaceConfig.of(US, "10.7.0.1/24",
                    "fd00::1/64").withMtuBytes(JUMBO).withGateway("10.7.0.2")),
            new LinkCapabilities(JUMBO, true, false, false, 0, 16), 512, 4096, 1);
    private final List<String> errors = new ArrayList<>();

    @BeforeEach
    void knowThePeer() {
        host.pollUntil(5 * S);
        learn("10.7.0.2");
        learn("fd00::2");
    }

    private void learn(final String ip) {
        final IpAddress address = IpAddress.parse(ip);
        host.stack().neighbors().onSolicitationSource(host.stack().neighbors().findOrCreate(address.high(),
                address.low()), 0x0200_0000_0002L, host.nowNs());
    }

    @AfterEach
    void close() {
        host.close();
    }

    private static byte[] v4(final String source, final String destination, final int protocol, final byte[] payload) {
        return Frames.ethernet(US, PEER, 0x0800, Frames.ipv4(source, destination, protocol, payload));
    }

    private static byte[] v6(final String source, final String destination, final int protocol, final byte[] payload) {
        return Frames.ethernet(US, PEER, 0x86DD, Frames.ipv6(source, destination, protocol, 64, payload));
    }

    // -- echo

    @ParameterizedTest
    @CsvSource({"0,1000000", "1,1000000", "56,1000000", "1472,1000000", "3000,1000000", "8972,4096", "8972,1001",
        "59972,4095",
        "57,61", "59972,3993"})
    void shouldAnswerPingsOfAnySizeAlsoOverSlices(final int dataBytes, final int receiveBufferBytes) {
        host.receiveBufferBytes(Math.max(receiveBufferBytes, 62));
        final byte[] data = Frames.pattern(dataBytes);
        final List<Frame> replies = host
                .receive(v4("10.7.0.2", "10.7.0.1", Frames.ICMP, Frames.icmpv4(8, 0, 0x1234_5678, data)));
        assertThat(replies).hasSize(1);
        final byte[] bytes = replies.getFirst().bytes();
        assertThat(Frames.slice(bytes, 0, 14)).isEqualTo(Frames.ethernet(PEER, US, 0x0800, new byte[0]));
        assertThat(Frames.slice(bytes, 26, 34)).isEqualTo(Frames.concat(Frames.ip("10.7.0.1"), Frames.ip("10.7.0.2")));
        assertThat(Frames.slice(bytes, 34, bytes.length)).isEqualTo(Frames.icmpv4(0, 0, 0x1234_5678, data));
        final int fit = Math.min(dataBytes, JUMBO - 48);
        final byte[] data6 = Frames.pattern(fit);
        final byte[] reply6 = host.receive(v6("fd00::2", "fd00::1", Frames.ICMPV6,
                Frames.icmpv6("fd00::2", "fd00::1", 128, 0, 0x1234_5678, data6))).getFirst().bytes();
        assertThat(Frames.slice(reply6, 54, reply6.length))
                .isEqualTo(Frames.icmpv6("fd00::1", "fd00::2", 129, 0, 0x1234_5678, data6));
        assertThat(host.count(Counter.ICMP_OUT_ECHO_REPS)).isOne();
        assertThat(host.count(Counter.ICMP6_OUT_ECHO_REPLIES)).isOne();
    }

    @Test
    void shouldNotAnswerBroadcastPingsButIpv6MulticastOnesFromItsOwnAddress() {
        final byte[] echo = Frames.icmpv4(8, 0, 1, new byte[8]);
        assertThat(host.receive(Frames.ethernet("ff:ff:ff:ff:ff:ff", PEER, 0x0800,
                Frames.ipv4("10.7.0.2", "10.7.0.255", Frames.ICMP, echo)))).isEmpty();
        final byte[] reply = host.receive(Frames.ethernet("33:33:00:00:00:01", PEER, 0x86DD,
                Frames.ipv6("fd00::2", "ff02::1",
                        Frames.ICMPV6, 64, Frames.icmpv6("fd00::2", "ff02::1", 128, 0, 1, new byte[8]))))
                .getFirst().bytes();
        assertThat(Frames.slice(reply, 22, 38)).isEqualTo(Frames.ip("fd00::1"));
        assertThat(Frames.slice(reply, 54, reply.length))
                .isEqualTo(Frames.icmpv6("fd00::1", "fd00::2", 129, 0, 1, new byte[8]));
    }

    @Test
    void shouldCountBadChecksumsAndTruncation() {
        final byte[] bad = v4("10.7.0.2", "10.7.0.1", Frames.ICMP, Frames.icmpv4(8, 0, 1, new byte[8]));
        bad[45] ^= 1;
        assertThat(host.receive(bad)).isEmpty();
        assertThat(host.count(Counter.ICMP_IN_CSUM_ERRORS)).isOne();
        final byte[] whole = Frames.icmpv4(8, 0, 1, new byte[8]);
        for (int length = 0; length < 8; length++) {
            assertThat(host.receive(v4("10.7.0.2", "10.7.0.1", Frames.ICMP, Frames.slice(whole, 0, length)))).isEmpty();
            assertThat(host.receive(v6("fd00::2", "fd00::1", Frames.ICMPV6, Frames.slice(whole, 0, length)))).isEmpty();
        }
        assertThat(host.count(Counter.ICMP_IN_ERRORS)).isEqualTo(9);
        assertThat(host.count(Counter.ICMP6_IN_ERRORS)).isEqualTo(8);
    }

    // -- errors out

    @ParameterizedTest
    @CsvSource({"0", "40", "2000"})
    void shouldReportAClosedPortWithAsMuchOfThePacketAsAllowed(final int payloadBytes) {
        final byte[] packet = Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.UDP,
                Frames.udp("10.7.0.2", "10.7.0.1", 4000, 9, Frames.pattern(payloadBytes)));
        final byte[] error = host.receive(Frames.ethernet(US, PEER, 0x0800, packet)).getFirst().bytes();
        final int quoted = Math.min(packet.length, 576 - 28);
        assertThat(Frames.slice(error, 34, error.length))
                .isEqualTo(Frames.icmpv4(3, 3, 0, Frames.slice(packet, 0, quoted)));
        final byte[] packet6 = Frames.ipv6("fd00::2", "fd00::1", Frames.UDP, 64,
                Frames.udp("fd00::2", "fd00::1", 4000, 9, Frames.pattern(payloadBytes)));
        final byte[] error6 = host.receive(Frames.ethernet(US, PEER, 0x86DD, packet6)).getFirst().bytes();
        final int quoted6 = Math.min(packet6.length, 1280 - 48);
        assertThat(Frames.slice(error6, 54, error6.length))
                .isEqualTo(Frames.icmpv6("fd00::1", "fd00::2", 1, 4, 0, Frames.slice(packet6, 0, quoted6)));
        assertThat(host.count(Counter.UDP_NO_PORTS)).isEqualTo(2);
    }

    @Test
    void shouldReportAnUnknownProtocol() {
        final byte[] packet = Frames.ipv4("10.7.0.2", "10.7.0.1", 132, new byte[12]);
        final byte[] error = host.receive(Frames.ethernet(US, PEER, 0x0800, packet)).getFirst().bytes();
        assertThat(Frames.slice(error, 34, error.length)).isEqualTo(Frames.icmpv4(3, 2, 0, packet));
        final byte[] packet6 = Frames.ipv6("fd00::2", "fd00::1", 132, 64, new byte[12]);
        final byte[] error6 = host.receive(Frames.ethernet(US, PEER, 0x86DD, packet6)).getFirst().bytes();
        assertThat(Frames.slice(error6, 54, error6.length))
                .isEqualTo(Frames.icmpv6("fd00::1", "fd00::2", 4, 1, 6, packet6));
    }

    @Test
    void shouldNeverReportAboutGroupsOrErrorsOrToGroups() {
        final byte[] broadcast = Frames.ipv4("10.7.0.2", "10.7.0.255", Frames.UDP,
                Frames.udp("10.7.0.2", "10.7.0.255", 1, 9, new byte[4]));
        assertThat(host.receive(Frames.ethernet("ff:ff:ff:ff:ff:ff", PEER, 0x0800, broadcast))).isEmpty();
        final byte[] multicast = Frames.ipv6("fd00::2", "ff02::1", Frames.UDP, 64,
                Frames.udp("fd00::2", "ff02::1", 1, 9, new byte[4]));
        assertThat(host.receive(Frames.ethernet("33:33:00:00:00:01", PEER, 0x86DD, multicast))).isEmpty();
        assertThat(host.count(Counter.UDP_NO_PORTS)).isEqualTo(2);
        // An ICMP error about something that makes no sense is not answered by another.
        assertThat(host.receive(v4("10.7.0.2", "10.7.0.1", Frames.ICMP,
                Frames.icmpv4(3, 3, 0, new byte[4])))).isEmpty();
        assertThat(host.receive(v4("10.7.0.2", "10.7.0.1", Frames.ICMP,
                Frames.icmpv4(99, 0, 0, new byte[4])))).isEmpty();
        assertThat(host.count(Counter.ICMP_OUT_MSGS)).isZero();
        assertThat(host.count(Counter.IP_OUT_NO_ROUTES) + host.count(Counter.IP6_OUT_NO_ROUTES)).as("not even tried")
                .isZero();
    }

    @Test
    void shouldLimitTheRateOfErrorsButNotOfEchoReplies() {
        final byte[] closed = v4("10.7.0.2", "10.7.0.1", Frames.UDP,
                Frames.udp("10.7.0.2", "10.7.0.1", 4000, 9, new byte[4]));
        int sent = 0;
        for (int i = 0; i < 200; i++) {
            sent += host.receive(closed).size();
        }
        assertThat(sent).as("to one host").isEqualTo(6);
        assertThat(host.count(Counter.ICMP_OUT_RATE_LIMIT_HOST)).isEqualTo(194);
        host.time(host.nowNs() + S - 1);
        assertThat(host.receive(closed)).isEmpty();
        host.time(host.nowNs() + 1);
        assertThat(host.receive(closed)).hasSize(1);
        assertThat(host.receive(closed)).isEmpty();
        sent = 0;
        for (int i = 0; i < 100; i++) {
            final String source = "10.7.0." + (100 + i);
            learn(source);
            sent += host.receive(v4(source, "10.7.0.1", Frames.UDP,
                    Frames.udp(source, "10.7.0.1", 4000, 9, new byte[4]))).size();
        }
        assertThat(sent).as("to all").isEqualTo(49);
        assertThat(host.count(Counter.ICMP_OUT_RATE_LIMIT)).isEqualTo(51);
        for (int i = 0; i < 20; i++) {
            assertThat(host.receive(v4("10.7.0.2", "10.7.0.1", Frames.ICMP,
                    Frames.icmpv4(8, 0, 1, new byte[8])))).hasSize(1);
        }
    }

    // -- parameter problems

    private void expectProblem(final int nextHeader, final byte[] payload, final int code, final int pointer) {
        final byte[] packet = Frames.ipv6("fd00::2", "fd00::1", nextHeader, 64, payload);
        host.time(host.nowNs() + 10 * S);
        learn("fd00::2");
        final byte[] error = host.receive(Frames.ethernet(US, PEER, 0x86DD, packet)).getFirst().bytes();
        assertThat(Frames.slice(error, 54, error.length))
                .isEqualTo(Frames.icmpv6("fd00::1", "fd00::2", 4, code, pointer, packet));
    }

    @Test
    void shouldSayWhichIpv6HeaderItDoesNotKnow() {
        final byte[] udp = Frames.udp("fd00::2", "fd00::1", 5000, 7, new byte[4]);
        expectProblem(60, Frames.concat(Frames.shorts(132 << 8, 0x0104, 0, 0), udp), 1, 40);
        // An unknown option whose type asks for a report, behind one that is skipped.
        expectProblem(0, Frames.concat(Frames.shorts(17 << 8, 0x1E00, 0x8002, 0), udp), 2, 44);
        expectProblem(60, Frames.concat(Frames.shorts(17 << 8, 0xC204, 0, 0), udp), 2, 42);
        // Routing type 0 with a segment left.
        expectProblem(43, Frames.concat(Frames.shorts(17 << 8 | 2, 0x0001, 0, 0), new byte[16], udp), 0, 42);
        // Hop-by-hop options that are not first.
        expectProblem(60, Frames.concat(Frames.shorts(0, 0x0104, 0, 0), Frames.shorts(17 << 8, 0x0104, 0, 0), udp), 1,
                40);
        assertThat(host.count(Counter.ICMP6_OUT_PARM_PROBLEMS)).isEqualTo(5);
    }

    @Test
    void shouldDropOptionsInSilenceOrReportThemToGroupSendersAsTheirTypeSays() {
        final byte[] udp = Frames.udp("fd00::2", "fd00::1", 5000, 7, new byte[4]);
        final byte[] silent = Frames.concat(Frames.shorts(17 << 8, 0x4204, 0, 0), udp);
        assertThat(host.receive(v6("fd00::2", "fd00::1", 60, silent))).isEmpty();
        assertThat(host.receive(v6("fd00::2", "fd00::1", 59, new byte[4]))).as("no next header").isEmpty();
        for (final int type : new int[]{0x80, 0xC0}) {
            final byte[] toGroup = Frames.ipv6("fd00::2", "ff02::1", 60, 64,
                    Frames.concat(Frames.shorts(17 << 8, type << 8 | 4, 0, 0), udp));
            assertThat(host.receive(Frames.ethernet("33:33:00:00:00:01", PEER, 0x86DD, toGroup)))
                    .hasSize(type == 0x80 ? 1 : 0);
        }
    }

    // -- errors in

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
                errors.add(error + " " + IpAddress.format(remoteHigh, remoteLow) + " " + remotePort + " " + mtuBytes);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"3,0,0,NET_UNREACHABLE,0", "3,1,0,HOST_UNREACHABLE,0", "3,2,0,PROTOCOL_UNREACHABLE,0",
        "3,3,0,PORT_UNREACHABLE,0", "3,4,1400,PACKET_TOO_BIG,1400", "3,4,1,PACKET_TOO_BIG,68",
        "3,4,0,PACKET_TOO_BIG,68",
        "3,13,0,PROHIBITED,0", "11,0,0,TIME_EXCEEDED,0", "12,0,0,PARAMETER_PROBLEM,0"})
    void shouldTellTheSocketWhatARouterSaid(final int type, final int code, final int rest, final String error,
            final int mtuBytes) {
        socket();
        final byte[] inner = Frames.ipv4("10.7.0.1", "192.0.2.1", Frames.UDP,
                Frames.udp("10.7.0.1", "192.0.2.1", 5000, 53, new byte[20]));
        host.receive(v4("10.7.0.2", "10.7.0.1", Frames.ICMP, Frames.icmpv4(type, code, rest,
                Frames.slice(inner, 0, 28))));
        assertThat(errors).containsExactly(error + " 192.0.2.1 53 " + mtuBytes);
    }

    @ParameterizedTest
    @CsvSource({"1,0,0,NET_UNREACHABLE,0", "1,1,0,PROHIBITED,0", "1,3,0,HOST_UNREACHABLE,0", "1,4,0,PORT_UNREACHABLE,0",
        "2,0,1400,PACKET_TOO_BIG,1400", "2,0,100,PACKET_TOO_BIG,1280", "2,0,-1,PACKET_TOO_BIG,65535",
        "3,0,0,TIME_EXCEEDED,0", "4,1,0,PROTOCOL_UNREACHABLE,0", "4,0,0,PARAMETER_PROBLEM,0"})
    void shouldTellTheSocketWhatAnIpv6RouterSaid(final int type, final int code, final int rest, final String error,
            final int mtuBytes) {
        socket();
        final byte[] inner = Frames.ipv6("fd00::1", "fd00::9", 60, 64,
                Frames.concat(Frames.shorts(17 << 8, 0x0104, 0, 0),
                        Frames.udp("fd00::1", "fd00::9", 5000, 53, new byte[20])));
        host.receive(v6("fd00::2", "fd00::1", Frames.ICMPV6, Frames.icmpv6("fd00::2", "fd00::1", type, code, rest,
                inner)));
        assertThat(errors).containsExactly(error + " fd00::9 53 " + mtuBytes);
    }

    @Test
    void shouldIgnoreErrorsThatAreCutOffOrNotAboutOurPackets() {
        socket();
        final byte[] inner = Frames.ipv4("10.7.0.1", "192.0.2.1", Frames.UDP,
                Frames.udp("10.7.0.1", "192.0.2.1", 5000, 53, new byte[20]));
        for (int length = 0; length < 28; length++) {
            host.receive(v4("10.7.0.2", "10.7.0.1", Frames.ICMP,
                    Frames.icmpv4(3, 3, 0, Frames.slice(inner, 0, length))));
        }
        final byte[] inner6 = Frames.ipv6("fd00::1", "fd00::9", Frames.UDP, 64,
                Frames.udp("fd00::1", "fd00::9", 5000, 53, new byte[20]));
        for (int length = 0; length < 48; length++) {
            host.receive(v6("fd00::2", "fd00::1", Frames.ICMPV6,
                    Frames.icmpv6("fd00::2", "fd00::1", 1, 4, 0, Frames.slice(inner6, 0, length))));
        }
        final byte[] notOurs = Frames.ipv4("10.7.0.9", "192.0.2.1", Frames.UDP, new byte[20]);
        final byte[] laterFragment = Frames.ipv4("10.7.0.1", "192.0.2.1", Frames.UDP, 1, new byte[20]);
        final byte[] shortHeader = inner.clone();
        shortHeader[0] = 0x44;
        final byte[] longHeader = Frames.slice(inner, 0, 40);
        longHeader[0] = 0x4F;
        for (final byte[] bad : List.of(notOurs, laterFragment, shortHeader, longHeader, inner6)) {
            host.receive(v4("10.7.0.2", "10.7.0.1", Frames.ICMP, Frames.icmpv4(3, 3, 0, bad)));
        }
        // What was sent from a broadcast address was not sent by us, although it comes back to it.
        final byte[] fromAll = Frames.ipv4("10.7.0.255", "192.0.2.1", Frames.UDP,
                Frames.udp("10.7.0.255", "192.0.2.1", 5000, 53, new byte[20]));
        host.receive(Frames.ethernet("ff:ff:ff:ff:ff:ff", PEER, 0x0800,
                Frames.ipv4("10.7.0.2", "10.7.0.255", Frames.ICMP, Frames.icmpv4(3, 3, 0, fromAll))));
        assertThat(errors).isEmpty();
        assertThat(host.count(Counter.ICMP_IN_ERRORS)).isEqualTo(28 + 6);
        assertThat(host.count(Counter.ICMP6_IN_ERRORS)).isEqualTo(48);
    }

    @Test
    void shouldRefillTheBucketOnlyUpToItsSize() {
        final TokenBucket bucket = new TokenBucket(1000, 3, -5);
        assertThat(bucket.take(-5)).isTrue();
        assertThat(bucket.take(-5)).isTrue();
        assertThat(bucket.take(-5)).isTrue();
        assertThat(bucket.take(-5)).isFalse();
        assertThat(bucket.take(999_994)).isFalse();
        assertThat(bucket.take(999_995)).isTrue();
        final long later = 3600 * S;
        for (int i = 0; i < 3; i++) {
            assertThat(bucket.take(later)).isTrue();
        }
        assertThat(bucket.take(later)).isFalse();
    }
}
