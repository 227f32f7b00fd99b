package io.netchannel.tcpip.multicast;

import static io.netchannel.tcpip.TimedHost.MS;
import static io.netchannel.tcpip.TimedHost.S;
import static io.netchannel.tcpip.multicast.GroupFrames.igmp;
import static io.netchannel.tcpip.multicast.GroupFrames.igmpQuery;
import static io.netchannel.tcpip.multicast.GroupFrames.mld;
import static io.netchannel.tcpip.multicast.GroupFrames.mldQuery;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TimedHost;
import io.netchannel.tcpip.TimedHost.Sent;
import io.netchannel.tcpip.autoconf.InterfaceEvent.GroupJoined;
import io.netchannel.tcpip.autoconf.InterfaceEvent.GroupLeft;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The host's side of IGMP and MLD in virtual time. */
class MembershipTest {

    private static final IpAddress GROUP = IpAddress.parse("239.1.1.1");
    private static final IpAddress GROUP6 = IpAddress.parse("ff05::7");
    private static final InterfaceConfig NETWORK = InterfaceConfig.of("02:00:00:00:00:01", "10.7.0.1/24",
            "fd00::1/64").withoutConflictDetection();

    private final TimedHost host = new TimedHost(NETWORK);

    @AfterEach
    void close() {
        host.close();
    }

    private List<String> igmpFor(final long durationNs) {
        return texts(host.run(durationNs, GroupFrames::isIgmp));
    }

    private List<String> mldFor(final long durationNs) {
        return texts(host.run(durationNs, GroupFrames::isMld));
    }

    private static List<String> texts(final List<Sent> sent) {
        return sent.stream().map(each -> GroupFrames.read(each.frame())).toList();
    }

    private Membership join(final FilterMode mode, final String... sources) {
        return host.stack().memberships().join(GROUP, mode, addresses(sources));
    }

    private static List<IpAddress> addresses(final String... texts) {
        return Arrays.stream(texts).map(IpAddress::parse).toList();
    }

    // -- changes

    @Test
    void shouldReportSolicitedNodeGroupsTwiceAndNeverAllNodes() {
        final List<Sent> reports = host.run(60 * S, GroupFrames::isMld);
        assertThat(texts(reports)).hasSize(2).allSatisfy(text -> assertThat(text).startsWith("v2 TO_EX ff02::1:ff00:")
                .contains("ff02::1:ff00:1 []").doesNotContain("ff02::1 "));
        assertThat(reports.get(0).timeNs()).isZero();
        assertThat(reports.get(1).timeNs()).isBetween(1L, TimedHost.tick(S));
        assertThat(host.count(Counter.IGMP_OUT_REPORTS)).isZero();
    }

    @Test
    void shouldReportAJoinAtOnceAndAgainWithinASecondThenTheLeave() {
        host.run(10 * S);
        assertThat(host.stack().network().joinGroup(GROUP)).isTrue();
        assertThat(igmpFor(MS)).containsExactly("v3 TO_EX 239.1.1.1 []");
        assertThat(igmpFor(S)).containsExactly("v3 TO_EX 239.1.1.1 []");
        assertThat(igmpFor(100 * S)).isEmpty();
        host.stack().network().joinGroup(GROUP);
        host.stack().network().leaveGroup(GROUP);
        assertThat(igmpFor(5 * S)).as("one is left").isEmpty();
        host.stack().network().leaveGroup(GROUP);
        assertThat(igmpFor(5 * S)).containsExactly("v3 TO_IN 239.1.1.1 []", "v3 TO_IN 239.1.1.1 []");
        assertThat(host.stack().memberships().groupCount()).as("the solicited-node group").isOne();
    }

    @Test
    void shouldNeverReportAllSystemsNorSmallScopes() {
        host.run(10 * S);
        for (final String group : List.of("224.0.0.1", "ff02::1", "ff01::5", "ff11::5")) {
            assertThat(host.stack().network().joinGroup(IpAddress.parse(group))).isTrue();
        }
        assertThat(host.run(10 * S)).isEmpty();
        host.receive(mldQuery("::", 0, 2, 125));
        assertThat(mldFor(10 * S)).containsExactly("v2 IS_EX ff02::1:ff00:1 []");
    }

    @Test
    void shouldTellWhichSourcesAreAllowedAndBlocked() {
        host.run(10 * S);
        final Membership membership = join(FilterMode.INCLUDE, "10.0.0.1", "10.0.0.2");
        assertThat(igmpFor(MS)).containsExactly("v3 ALLOW 239.1.1.1 [10.0.0.2, 10.0.0.1]");
        igmpFor(5 * S);
        assertThat(host.stack().memberships().change(membership, FilterMode.INCLUDE, addresses("10.0.0.2",
                "10.0.0.3"))).isTrue();
        assertThat(igmpFor(5 * S)).containsExactly(
                "v3 ALLOW 239.1.1.1 [10.0.0.3] | BLOCK 239.1.1.1 [10.0.0.1]",
                "v3 ALLOW 239.1.1.1 [10.0.0.3] | BLOCK 239.1.1.1 [10.0.0.1]");
        host.stack().memberships().change(membership, FilterMode.EXCLUDE, addresses("10.0.0.9"));
        assertThat(igmpFor(5 * S)).containsOnly("v3 TO_EX 239.1.1.1 [10.0.0.9]").hasSize(2);
        host.stack().memberships().change(membership, FilterMode.EXCLUDE, addresses("10.0.0.8"));
        assertThat(igmpFor(5 * S)).containsOnly("v3 ALLOW 239.1.1.1 [10.0.0.9] | BLOCK 239.1.1.1 [10.0.0.8]");
        host.stack().memberships().leave(membership);
        assertThat(igmpFor(5 * S)).containsOnly("v3 TO_IN 239.1.1.1 []").hasSize(2);
        assertThat(host.stack().network().groups().isJoined(GROUP.high(), GROUP.low())).isFalse();
    }

    @Test
    void shouldMergeTheWishesOfSeveralUsers() {
        host.run(10 * S);
        // RFC 3376, 3.2, the example: EXCLUDE {a,b,c,d}, EXCLUDE {b,c,d,e}, INCLUDE {d,e,f} make EXCLUDE {b,c}.
        join(FilterMode.EXCLUDE, "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4");
        join(FilterMode.EXCLUDE, "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5");
        final Membership third = join(FilterMode.INCLUDE, "10.0.0.4", "10.0.0.5", "10.0.0.6");
        assertThat(igmpFor(5 * S)).containsOnly("v3 TO_EX 239.1.1.1 [10.0.0.3, 10.0.0.2]");
        host.stack().network().joinGroup(GROUP);
        assertThat(igmpFor(5 * S)).as("somebody wants all").containsOnly("v3 ALLOW 239.1.1.1 [10.0.0.2, 10.0.0.3]");
        assertThat(third.accepts(0, IpAddress.parse("10.0.0.4").low())).isTrue();
        assertThat(third.accepts(0, IpAddress.parse("10.0.0.7").low())).isFalse();
    }

    @Test
    void shouldRefuseTooManySourcesAndSourcesOfTheOtherFamily() {
        final String[] sources = IntStream.rangeClosed(1, 65).mapToObj(i -> "10.0.1." + i).toArray(String[]::new);
        assertThat(join(FilterMode.INCLUDE, sources)).isNull();
        assertThat(join(FilterMode.INCLUDE, "fd00::5")).isNull();
        assertThat(host.stack().network().groups().isJoined(GROUP.high(), GROUP.low())).isFalse();
        assertThat(host.stack().memberships().join(IpAddress.parse("10.0.0.1"), FilterMode.EXCLUDE,
                List.of())).isNull();
    }

    @Test
    void shouldSplitReportsThatDontFitIntoOnePacket() {
        host.run(10 * S);
        for (int i = 1; i <= 100; i++) {
            host.stack().network().joinGroup(IpAddress.parse("239.9.0." + i));
        }
        final List<String> reports = igmpFor(MS);
        assertThat(reports).hasSize(2);
        assertThat(String.join(" | ", reports).split("TO_EX")).hasSize(101);
    }

    // -- queries

    @Test
    void shouldAnswerAGeneralQueryWithinItsTimeAndOnlyOnce() {
        host.stack().network().joinGroup(GROUP);
        host.run(10 * S);
        final long asked = host.nowNs();
        host.receive(igmpQuery("0.0.0.0", 50, 2, 125));
        host.receive(igmpQuery("0.0.0.0", 100, 2, 125));
        final List<Sent> answers = host.run(30 * S, GroupFrames::isIgmp);
        assertThat(texts(answers)).containsExactly("v3 IS_EX 239.1.1.1 []");
        assertThat(answers.getFirst().timeNs()).isBetween(asked, TimedHost.tick(asked + 5 * S));
    }

    @Test
    void shouldDecodeFloatingPointResponseTimes() {
        host.stack().network().joinGroup(GROUP);
        host.run(10 * S);
        // 0x8F: (0xF | 0x10) << 3 tenths of a second.
        long latest = 0;
        for (int i = 0; i < 40; i++) {
            final long asked = host.nowNs();
            host.receive(igmpQuery("0.0.0.0", 0x8F, 2, 125));
            latest = Math.max(latest, host.run(30 * S, GroupFrames::isIgmp).getFirst().timeNs() - asked);
        }
        assertThat(latest).isBetween(15 * S, 25 * S);
    }

    @Test
    void shouldAnswerOnlyForTheGroupAndTheSourcesThatWereAskedFor() {
        final Membership membership = join(FilterMode.INCLUDE, "10.0.0.1", "10.0.0.2", "10.0.0.3");
        host.run(10 * S);
        host.receive(igmpQuery("239.1.1.2", 10, 2, 125));
        assertThat(igmpFor(5 * S)).isEmpty();
        host.receive(igmpQuery("239.1.1.1", 10, 2, 125));
        assertThat(igmpFor(5 * S)).containsExactly("v3 IS_IN 239.1.1.1 [10.0.0.1, 10.0.0.2, 10.0.0.3]");
        host.receive(igmpQuery("239.1.1.1", 10, 2, 125, "10.0.0.2", "10.0.0.9"));
        host.receive(igmpQuery("239.1.1.1", 10, 2, 125, "10.0.0.3"));
        assertThat(igmpFor(5 * S)).containsExactly("v3 IS_IN 239.1.1.1 [10.0.0.2, 10.0.0.3]");
        host.receive(igmpQuery("239.1.1.1", 10, 2, 125, "10.0.0.7"));
        assertThat(igmpFor(5 * S)).isEmpty();
        host.stack().memberships().change(membership, FilterMode.EXCLUDE, addresses("10.0.0.1"));
        host.run(10 * S);
        host.receive(igmpQuery("239.1.1.1", 10, 2, 125, "10.0.0.1", "10.0.0.2"));
        assertThat(igmpFor(5 * S)).containsExactly("v3 IS_IN 239.1.1.1 [10.0.0.2]");
    }

    @Test
    void shouldRepeatAsOftenAsTheQuerierSays() {
        host.run(10 * S);
        host.receive(igmpQuery("0.0.0.0", 1, 5, 125));
        host.run(10 * S);
        host.stack().network().joinGroup(GROUP);
        assertThat(igmpFor(20 * S)).containsOnly("v3 TO_EX 239.1.1.1 []").hasSize(5);
    }

    // -- older queriers

    @Test
    void shouldSpeakVersion2WhileItsQuerierIsThere() {
        host.run(10 * S);
        host.receive(igmp("10.7.0.254", "224.0.0.1", 0x11, 100, Frames.ip("0.0.0.0")));
        host.run(20 * S);
        host.stack().network().joinGroup(GROUP);
        assertThat(igmpFor(11 * S)).containsExactly("v2 report 239.1.1.1 to 239.1.1.1",
                "v2 report 239.1.1.1 to 239.1.1.1");
        host.receive(igmp("10.7.0.254", "224.0.0.1", 0x11, 100, Frames.ip("0.0.0.0")));
        assertThat(igmpFor(11 * S)).containsExactly("v2 report 239.1.1.1 to 239.1.1.1");
        host.stack().network().leaveGroup(GROUP);
        assertThat(igmpFor(11 * S)).containsExactly("leave 239.1.1.1 to 224.0.0.2");
        // RFC 3376, 8.12: twice the query interval and a response, then version 3 again.
        host.run(260 * S);
        host.stack().network().joinGroup(GROUP);
        assertThat(igmpFor(MS)).containsExactly("v3 TO_EX 239.1.1.1 []");
    }

    @Test
    void shouldBeSilentWhereAnotherHostHasReportedInVersion2() {
        host.stack().network().joinGroup(GROUP);
        host.run(10 * S);
        host.receive(igmp("10.7.0.254", "224.0.0.1", 0x11, 100, Frames.ip("0.0.0.0")));
        host.receive(igmp("10.7.0.3", "239.1.1.1", 0x16, 0, Frames.ip("239.1.1.1")));
        assertThat(igmpFor(20 * S)).isEmpty();
        host.stack().network().leaveGroup(GROUP);
        assertThat(igmpFor(20 * S)).as("the other is still there").isEmpty();
    }

    @Test
    void shouldSpeakVersion1WithoutLeaving() {
        host.stack().network().joinGroup(GROUP);
        host.run(10 * S);
        host.receive(igmp("10.7.0.254", "224.0.0.1", 0x11, 0, Frames.ip("0.0.0.0")));
        assertThat(igmpFor(11 * S)).containsExactly("v1 report 239.1.1.1 to 239.1.1.1");
        host.stack().network().leaveGroup(GROUP);
        assertThat(igmpFor(11 * S)).isEmpty();
    }

    @Test
    void shouldSpeakMldVersion1WhileItsQuerierIsThere() {
        host.run(10 * S);
        host.receive(mld("fe80::fe", "ff02::1", 130, 1000 << 16, Frames.ip("::")));
        assertThat(mldFor(2 * S)).containsExactly("v1 report ff02::1:ff00:1 to ff02::1:ff00:1");
        host.stack().network().joinGroup(GROUP6);
        assertThat(mldFor(11 * S)).containsExactly("v1 report ff05::7 to ff05::7", "v1 report ff05::7 to ff05::7");
        host.stack().network().leaveGroup(GROUP6);
        assertThat(mldFor(11 * S)).containsExactly("done ff05::7 to ff02::2");
    }

    // -- MLD's own

    @Test
    void shouldTellSourcesByMldToo() {
        host.run(10 * S);
        final Membership membership = host.stack().memberships().join(GROUP6, FilterMode.INCLUDE,
                addresses("2001:db8::1"));
        assertThat(mldFor(5 * S)).containsOnly("v2 ALLOW ff05::7 [2001:db8::1]").hasSize(2);
        host.receive(mldQuery("ff05::7", 1000, 2, 125, "2001:db8::1", "2001:db8::2"));
        assertThat(mldFor(5 * S)).containsExactly("v2 IS_IN ff05::7 [2001:db8::1]");
        host.stack().memberships().leave(membership);
        assertThat(mldFor(5 * S)).containsOnly("v2 BLOCK ff05::7 [2001:db8::1]").hasSize(2);
    }

    @Test
    void shouldIgnoreMldThatMayHaveComeFromElsewhere() {
        host.run(10 * S);
        final byte[] body = Frames.concat(Frames.ip("::"), new byte[]{2, 125, 0, 0});
        host.receive(mld("fd00::fe", "ff02::1", 130, 1000 << 16, body));
        host.receive(mld("fe80::fe", "ff02::1", 64, 0x0502, 130, 1000 << 16, body));
        host.receive(mld("fe80::fe", "ff02::1", 1, 0x0102, 130, 1000 << 16, body));
        assertThat(mldFor(20 * S)).isEmpty();
        assertThat(host.count(Counter.MLD_IN_ERRORS)).isEqualTo(3);
    }

    @Test
    void shouldReportFromNoAddressWhileOursIsTentativeAndAgainAfterwards() {
        try (TimedHost careful = new TimedHost(NETWORK.withConflictDetection(ConflictDetection.FULL))) {
            final List<Sent> reports = careful.run(10 * S, GroupFrames::isMld);
            assertThat(Frames.slice(reports.getFirst().bytes(), 22, 38)).isEqualTo(Frames.ip("::"));
            assertThat(Frames.slice(reports.getLast().bytes(), 22, 38)).isEqualTo(Frames.ip("fe80::ff:fe00:1"));
            assertThat(texts(reports)).allSatisfy(text -> assertThat(text).contains("TO_EX ff02::1:ff00:1 []"));
        }
    }

    @Test
    void shouldLeaveItToTheAnsweringStackAndTellItsOwner() {
        try (TimedHost follower = new TimedHost(NetStackConfig.of(NETWORK).withAnswersRequests(false))) {
            follower.stack().network().joinGroup(GROUP);
            assertThat(follower.run(20 * S)).isEmpty();
            assertThat(follower.events()).containsExactly(new GroupJoined(GROUP));
            follower.stack().network().leaveGroup(GROUP);
            assertThat(follower.events()).containsExactly(new GroupLeft(GROUP));
        }
        host.run(10 * S);
        host.stack().apply(new GroupJoined(GROUP));
        assertThat(igmpFor(5 * S)).containsOnly("v3 TO_EX 239.1.1.1 []");
        host.stack().apply(new GroupLeft(GROUP));
        assertThat(igmpFor(5 * S)).containsOnly("v3 TO_IN 239.1.1.1 []");
    }
}
