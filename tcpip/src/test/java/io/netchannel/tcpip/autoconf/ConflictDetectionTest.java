package io.netchannel.tcpip.autoconf;

import static io.netchannel.tcpip.TimedHost.MS;
import static io.netchannel.tcpip.TimedHost.S;
import static io.netchannel.tcpip.autoconf.RouterFrames.claim;
import static io.netchannel.tcpip.autoconf.RouterFrames.probe;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Frame;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TimedHost;
import io.netchannel.tcpip.TimedHost.Sent;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressAdded;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressConflict;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressRemoved;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressRemoved.Reason;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.link.AddressState;
import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.tcpip.wire.MacAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 5227 and RFC 4862, 5.4 in virtual time. */
class ConflictDetectionTest {

    private static final String US = "02:00:00:00:00:01";
    private static final String PEER = "02:00:00:00:00:02";
    private static final String ALL = "ff:ff:ff:ff:ff:ff";
    private static final String NOBODY = "00:00:00:00:00:00";
    private static final IpPrefix V4 = IpPrefix.parse("10.7.0.1/24");
    private static final IpPrefix V6 = IpPrefix.parse("fd00::1/64");
    private static final byte[] NONE = new byte[0];

    private static TimedHost host(final ConflictDetection detection, final String... addresses) {
        return new TimedHost(InterfaceConfig.of(US, addresses).withConflictDetection(detection));
    }

    private static boolean isArp(final Frame frame) {
        return frame.type() == 0x0806;
    }

    private static byte[] arp(final String sender, final String target) {
        return Frames.ethernet(ALL, PEER, 0x0806, Frames.arp(1, PEER, sender, NOBODY, target));
    }

    private static byte[] ourArp(final String sender, final String target) {
        return Frames.ethernet(ALL, US, 0x0806, Frames.arp(1, US, sender, NOBODY, target));
    }

    private static boolean isOurs(final TimedHost host, final String address) {
        final IpAddress parsed = IpAddress.parse(address);
        return host.stack().network().addresses().isLocal(parsed.high(), parsed.low());
    }

    // -- IPv4

    @Test
    void shouldProbeThreeTimesWaitAndAnnounceTwice() {
        try (TimedHost host = host(ConflictDetection.FULL, "10.7.0.1/24")) {
            final List<Sent> sent = host.run(20 * S, ConflictDetectionTest::isArp);
            assertThat(sent).hasSize(5);
            for (int i = 0; i < 5; i++) {
                assertThat(sent.get(i).bytes()).isEqualTo(ourArp(i < 3 ? "0.0.0.0" : "10.7.0.1", "10.7.0.1"));
            }
            // RFC 5227, 1.1: PROBE_WAIT, PROBE_MIN to PROBE_MAX, ANNOUNCE_WAIT, ANNOUNCE_INTERVAL.
            assertThat(sent.get(0).timeNs()).isBetween(0L, TimedHost.tick(S));
            assertThat(sent.get(1).timeNs() - sent.get(0).timeNs()).isBetween(S, TimedHost.tick(2 * S));
            assertThat(sent.get(2).timeNs() - sent.get(1).timeNs()).isBetween(S, TimedHost.tick(2 * S));
            assertThat(sent.get(3).timeNs() - sent.get(2).timeNs()).isEqualTo(TimedHost.tick(2 * S));
            assertThat(sent.get(4).timeNs() - sent.get(3).timeNs()).isEqualTo(TimedHost.tick(2 * S));
            assertThat(host.events()).containsExactly(new AddressAdded(V4, AddressState.TENTATIVE,
                    AddressOrigin.STATIC), new AddressChanged(V4, AddressState.PREFERRED));
        }
    }

    @Test
    void shouldNeitherAnswerNorSendFromAnAddressThatIsBeingProbed() {
        try (TimedHost host = host(ConflictDetection.FULL, "10.7.0.1/24")) {
            host.run(2 * S);
            assertThat(isOurs(host, "10.7.0.1")).isFalse();
            host.receive(Frames.ethernet(ALL, PEER, 0x0806, Frames.arp(1, PEER, "10.7.0.2", NOBODY, "10.7.0.1")));
            final IpAddress peer = IpAddress.parse("10.7.0.2");
            assertThat(host.stack().ip().pathTo(0, 0, peer.high(), peer.low())).isNull();
            assertThat(host.run(MS, ConflictDetectionTest::isArp)).isEmpty();
            host.run(20 * S);
            assertThat(isOurs(host, "10.7.0.1")).isTrue();
            assertThat(host.stack().ip().pathTo(0, 0, peer.high(), peer.low())).isNotNull();
        }
    }

    @Test
    void shouldGiveUpAnAddressThatSomebodyHasOrWantsAtTheSameTime() {
        for (final byte[] objection : List.of(arp("10.7.0.1", "10.7.0.9"), arp("0.0.0.0", "10.7.0.1"),
                Frames.ethernet(US, PEER, 0x0806, Frames.arp(2, PEER, "10.7.0.1", US, "0.0.0.0")))) {
            try (TimedHost host = host(ConflictDetection.FULL, "10.7.0.1/24")) {
                host.run(2 * S);
                host.events();
                host.receive(objection);
                assertThat(host.events()).containsExactly(
                        new AddressConflict(V4.address(), MacAddress.parse(PEER), true),
                        new AddressRemoved(V4, Reason.CONFLICT));
                assertThat(host.run(60 * S, ConflictDetectionTest::isArp)).isEmpty();
                assertThat(host.stack().network().addresses().count()).isZero();
                assertThat(host.count(Counter.ARP_DUPLICATES)).isOne();
            }
        }
    }

    @Test
    void shouldDefendOnceAndGiveUpAtTheSecondConflictWithinTenSeconds() {
        try (TimedHost host = host(ConflictDetection.FULL, "10.7.0.1/24")) {
            host.run(20 * S);
            host.events();
            final byte[] thief = arp("10.7.0.1", "10.7.0.9");
            host.receive(thief);
            assertThat(host.run(11 * S, ConflictDetectionTest::isArp)).extracting(Sent::bytes)
                    .containsExactly(ourArp("10.7.0.1", "10.7.0.1"));
            host.receive(thief);
            assertThat(host.run(9 * S, ConflictDetectionTest::isArp)).as("the first is long ago").hasSize(1);
            host.events();
            host.receive(thief);
            assertThat(host.events()).containsExactly(new AddressConflict(V4.address(), MacAddress.parse(PEER), true),
                    new AddressRemoved(V4, Reason.CONFLICT));
            assertThat(isOurs(host, "10.7.0.1")).isFalse();
            assertThat(host.run(60 * S)).isEmpty();
        }
    }

    @Test
    void shouldDefendForEverButNotOftenWithoutFullDetection() {
        try (TimedHost host = host(ConflictDetection.OPTIMISTIC, "10.7.0.1/24")) {
            host.run(20 * S);
            for (int i = 0; i < 25; i++) {
                host.receive(arp("10.7.0.1", "10.7.0.9"));
                final int defences = host.run(S, ConflictDetectionTest::isArp).size();
                assertThat(defences).as("second %d", i).isEqualTo(i % 10 == 0 ? 1 : 0);
            }
            assertThat(isOurs(host, "10.7.0.1")).isTrue();
            assertThat(host.events(AddressConflict.class)).hasSize(25).noneMatch(AddressConflict::givenUp);
        }
    }

    @Test
    void shouldProbeSlowlyAfterTenConflicts() {
        try (TimedHost host = host(ConflictDetection.OFF, "10.7.0.200/24")) {
            host.run(5 * S);
            for (int i = 1; i <= 11; i++) {
                final String address = "10.7.0." + i;
                assertThat(host.stack().addresses().add(IpPrefix.parse(address + "/24"), ConflictDetection.FULL,
                        host.nowNs())).isTrue();
                final List<Sent> probes = host.run(S + 100 * MS, ConflictDetectionTest::isArp);
                assertThat(probes.isEmpty()).as("probe %d", i).isEqualTo(i == 11);
                host.receive(arp(address, "10.7.0.99"));
            }
            host.stack().addresses().add(IpPrefix.parse("10.7.0.50/24"), ConflictDetection.FULL, host.nowNs());
            assertThat(host.run(59 * S, ConflictDetectionTest::isArp)).isEmpty();
            assertThat(host.run(3 * S, ConflictDetectionTest::isArp)).isNotEmpty();
        }
    }

    // -- IPv6

    @Test
    void shouldAskOnceWithANonceFromNoAddressAndUseTheAddressASecondLater() {
        try (TimedHost host = host(ConflictDetection.FULL, "fd00::1/64")) {
            final List<Sent> probes = host.run(10 * S, frame -> frame.isIcmpv6(135));
            assertThat(probes).hasSize(2);
            final Sent first = probes.stream().filter(each -> each.bytes()[77] == 1 && each.bytes()[62] == (byte) 0xFD)
                    .findFirst().orElseThrow();
            final byte[] bytes = first.bytes();
            assertThat(first.timeNs()).isBetween(0L, TimedHost.tick(S));
            assertThat(Frames.slice(bytes, 0, 6)).isEqualTo(Frames.mac("33:33:ff:00:00:01"));
            assertThat(Frames.slice(bytes, 22, 38)).isEqualTo(Frames.ip("::"));
            assertThat(Frames.slice(bytes, 38, 54)).isEqualTo(Frames.ip("ff02::1:ff00:1"));
            assertThat(bytes[21]).isEqualTo((byte) 255);
            assertThat(Frames.slice(bytes, 78, 80)).isEqualTo(Frames.shorts(0x0E01));
            assertThat(bytes).hasSize(86);
            assertThat(Frames.pseudoSum("::", "ff02::1:ff00:1", 58, Frames.slice(bytes, 54, 86))).isEqualTo(0xFFFF);
        }
        try (TimedHost host = host(ConflictDetection.FULL, "fd00::1/64")) {
            long probed = -1;
            while (!isOurs(host, "fd00::1")) {
                final List<Sent> sent = host.run(MS, frame -> frame.isIcmpv6(135)
                        && frame.bytes()[62] == (byte) 0xFD);
                probed = sent.isEmpty() ? probed : sent.getFirst().timeNs();
            }
            assertThat(host.nowNs() - probed).isBetween(S, S + 2 * MS);
            assertThat(host.events()).contains(new AddressAdded(V6, AddressState.TENTATIVE, AddressOrigin.STATIC),
                    new AddressChanged(V6, AddressState.PREFERRED));
        }
    }

    @Test
    void shouldNotUseAnIpv6AddressThatSomebodyHasOrWants() {
        for (final byte[] objection : List.of(claim("fd00::1"), probe("fd00::1", NONE),
                probe("fd00::1", Frames.shorts(0x0E01, 1, 2, 3)))) {
            for (final ConflictDetection detection : List.of(ConflictDetection.FULL, ConflictDetection.OPTIMISTIC)) {
                try (TimedHost host = host(detection, "fd00::1/64")) {
                    host.run(500 * MS);
                    host.receive(objection);
                    assertThat(host.events()).contains(
                            new AddressConflict(V6.address(), MacAddress.parse(PEER), true),
                            new AddressRemoved(V6, Reason.CONFLICT));
                    host.run(10 * S);
                    assertThat(isOurs(host, "fd00::1")).isFalse();
                    assertThat(host.count(Counter.NDP_DUPLICATES)).isOne();
                    host.receive(probe("fd00::1", NONE));
                    assertThat(host.run(S, frame -> frame.isIcmpv6(136))).as("not ours, not defended").isEmpty();
                }
            }
        }
    }

    @Test
    void shouldNotTakeItsOwnProbeThatComesBackForAConflict() {
        try (TimedHost host = host(ConflictDetection.FULL, "fd00::1/64")) {
            byte[] probe = null;
            while (probe == null) {
                final List<Sent> sent = host.run(MS, frame -> frame.isIcmpv6(135)
                        && frame.bytes()[62] == (byte) 0xFD);
                probe = sent.isEmpty() ? null : sent.getFirst().bytes();
            }
            // As by a bridge that loops, and puts its own address in.
            System.arraycopy(Frames.mac(PEER), 0, probe, 6, 6);
            host.receive(probe);
            assertThat(host.count(Counter.NDP_LOOPED_BACK_PROBES)).isOne();
            host.run(5 * S);
            assertThat(isOurs(host, "fd00::1")).isTrue();
        }
    }

    @Test
    void shouldNotAnswerForATentativeAddress() {
        try (TimedHost host = host(ConflictDetection.FULL, "fd00::1/64")) {
            host.run(100 * MS);
            host.receive(Frames.ethernet("33:33:ff:00:00:01", PEER, 0x86DD, Frames.ipv6("fd00::2", "ff02::1:ff00:1",
                    Frames.ICMPV6, 255, Frames.icmpv6("fd00::2", "ff02::1:ff00:1", 135, 0, 0,
                            Frames.concat(Frames.ip("fd00::1"), Frames.shorts(0x0101), Frames.mac(PEER))))));
            assertThat(host.run(MS, frame -> frame.isIcmpv6(136))).isEmpty();
            host.run(5 * S);
            assertThat(isOurs(host, "fd00::1")).as("to ask is not to claim").isTrue();
        }
    }

    @Test
    void shouldUseAnOptimisticAddressAtOnceWithoutOverridingOthers() {
        try (TimedHost host = host(ConflictDetection.OPTIMISTIC, "fd00::1/64")) {
            final List<Sent> announcements = host.run(5 * S, frame -> frame.isIcmpv6(136)
                    && frame.bytes()[62] == (byte) 0xFD);
            assertThat(announcements).hasSize(2);
            assertThat(announcements.get(0).timeNs()).isZero();
            assertThat(announcements.get(0).bytes()[58]).isZero();
            assertThat(announcements.get(1).bytes()[58]).as("sure by now").isEqualTo((byte) 0x20);
        }
    }

    @Test
    void shouldAskNobodyWithoutDetection() {
        try (TimedHost host = host(ConflictDetection.OFF, "10.7.0.1/24", "fd00::1/64")) {
            assertThat(host.run(10 * S, frame -> frame.isIcmpv6(135))).isEmpty();
            host.receive(claim("fd00::1"));
            assertThat(host.events(AddressConflict.class)).containsExactly(
                    new AddressConflict(V6.address(), MacAddress.parse(PEER), false));
            assertThat(isOurs(host, "fd00::1")).isTrue();
        }
    }

    @Test
    void shouldTakeBackAnAddressOfItsOwner() {
        try (TimedHost host = host(ConflictDetection.OFF, "10.7.0.1/24")) {
            host.run(5 * S);
            final IpPrefix lease = IpPrefix.parse("10.7.0.77/24");
            assertThat(host.stack().addresses().add(lease, ConflictDetection.OPTIMISTIC, host.nowNs())).isTrue();
            assertThat(host.stack().addresses().add(lease, ConflictDetection.OPTIMISTIC, host.nowNs())).isFalse();
            assertThat(isOurs(host, "10.7.0.77")).isTrue();
            assertThat(host.stack().addresses().remove(lease.address(), host.nowNs())).isTrue();
            assertThat(host.stack().addresses().remove(lease.address(), host.nowNs())).isFalse();
            assertThat(host.events()).endsWith(new AddressRemoved(lease, Reason.WITHDRAWN));
            assertThat(host.run(10 * S, ConflictDetectionTest::isArp)).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void shouldFollowTheEventsOfTheStackThatAsks() {
        final InterfaceConfig network = InterfaceConfig.of(US, "10.7.0.1/24", "fd00::1/64")
                .withConflictDetection(ConflictDetection.FULL);
        try (TimedHost host = new TimedHost(network);
                TimedHost follower = new TimedHost(NetStackConfig.of(network).withAnswersRequests(false))) {
            assertThat(follower.run(10 * S)).isEmpty();
            assertThat(isOurs(follower, "fd00::1")).as("nobody has told it yet").isFalse();
            host.run(100 * MS);
            host.receive(claim("fd00::1"));
            follower.receive(claim("fd00::1"));
            host.run(20 * S);
            host.events().forEach(follower.stack()::apply);
            assertThat(isOurs(follower, "10.7.0.1")).isTrue();
            assertThat(isOurs(follower, "fd00::1")).isFalse();
            assertThat(isOurs(follower, "fe80::ff:fe00:1")).isTrue();
            assertThat(follower.stack().network().addresses().count()).isEqualTo(2);
        }
    }
}
