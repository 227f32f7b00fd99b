package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import io.netchannel.tcpip.tcp.congestion.NewReno;
import org.junit.jupiter.api.Test;

/** What SYNs offer, and what comes of it. */
class NegotiationTest {

    private static final CongestionAlgorithm BY_ECN = new CongestionAlgorithm("marks", true,
            config -> new NewReno(false));

    private static Seg sackPermitted(final Seg seg) {
        return seg.option(1, 1, OPTION_SACK_PERMITTED, 2);
    }

    private static String kinds(final Seg seg) {
        final StringBuilder kinds = new StringBuilder();
        for (int at = 0; at < seg.options.length; at += seg.options[at] == 1 ? 1 : seg.options[at + 1]) {
            kinds.append(seg.options[at]).append(' ');
        }
        return kinds.toString().trim();
    }

    @Test
    void shouldOfferOptionsInTheOrderOfLinux() {
        for (int bits = 0; bits < 8; bits++) {
            try (Script s = new Script(TcpConfig.defaults().with(TcpSetting.SACK, (bits & 1) != 0)
                    .with(TcpSetting.TIMESTAMPS, (bits & 2) != 0).with(TcpSetting.WINDOW_SCALING, (bits & 4) != 0))) {
                final String middle = switch (bits & 3) {
                    case 3 -> " 4 8";
                    case 2 -> " 1 1 8";
                    case 1 -> " 1 1 4";
                    default -> "";
                };
                assertThat(kinds(s.startConnect())).isEqualTo("2" + middle + ((bits & 4) == 0 ? "" : " 1 3"));
            }
        }
    }

    @Test
    void shouldAnswerOnlyOptionsThatWereOffered() {
        try (Script s = new Script(TcpConfig.defaults())) {
            s.listen();
            s.in(sackPermitted(Seg.of(SYN, 100, 0)));
            assertThat(kinds(s.next())).isEqualTo("2 1 1 4");
            s.remotePort++;
            s.in(sackPermitted(Seg.of(SYN, 100, 0).mss(1000).scale(3)).timestamps(5, 0));
            final Seg all = s.next();
            assertThat(kinds(all)).isEqualTo("2 4 8 1 3");
            s.in(Seg.of(ACK, 101, all.sequence + 1).timestamps(5, all.timestampValue));
            s.flow = s.handler.flow;
            assertThat(s.connection().handshake().sackPermitted()).isTrue();
        }
    }

    @Test
    void shouldNotPermitSackThatIsSwitchedOff() {
        try (Script s = new Script(simple()).connect(synAck -> sackPermitted(synAck.mss(1460)))) {
            assertThat(s.connection().handshake().sackPermitted()).isFalse();
        }
    }

    @Test
    void shouldAskForEcnOnlyWhenSetTo() {
        for (int ecn = 0; ecn <= 2; ecn++) {
            try (Script s = new Script(simple().with(TcpSetting.ECN, ecn))) {
                s.stack.connect(0, REMOTE, 80, s.handler);
                s.turn();
                assertThat(s.next().flags).isEqualTo(ecn == 1 ? SYN | ECE | CWR : SYN);
            }
        }
    }

    @Test
    void shouldAgreeToEcnByEceAlone() {
        for (final int flags : new int[]{ECE | CWR, ECE, CWR, 0}) {
            try (Script s = new Script(simple())) {
                s.listen();
                s.in(Seg.of(SYN | flags, 100, 0));
                final Seg synAck = s.next();
                assertThat(synAck.flags).isEqualTo(flags == (ECE | CWR) ? SYN | ACK | ECE : SYN | ACK);
                s.in(Seg.of(ACK, 101, synAck.sequence + 1));
                s.flow = s.handler.flow;
                assertThat(s.connection().handshake().negotiation().ecn()).isEqualTo(flags == (ECE | CWR));
            }
        }
    }

    @Test
    void shouldNotAgreeToEcnWhenItIsOff() {
        try (Script s = new Script(simple().with(TcpSetting.ECN, 0))) {
            s.listen();
            s.in(Seg.of(SYN | ECE | CWR, 100, 0));
            assertThat(s.next().flags).isEqualTo(SYN | ACK);
        }
    }

    @Test
    void shouldTakeEcnFromASynAckOnlyWithEceAlone() {
        for (final int flags : new int[]{ECE | CWR, ECE, CWR, 0}) {
            try (Script s = new Script(simple().with(TcpSetting.ECN, 1))) {
                final Seg syn = startConnect(s);
                s.in(Seg.of(SYN | ACK | flags, 9, syn.sequence + 1));
                assertThat(s.connection().handshake().negotiation().ecn()).isEqualTo(flags == ECE);
            }
        }
    }

    @Test
    void shouldRepeatALostSynWithoutEcn() {
        for (int fallBack = 0; fallBack <= 1; fallBack++) {
            try (Script s = new Script(simple().with(TcpSetting.ECN, 1).with(TcpSetting.ECN_FALLBACK, fallBack))) {
                startConnect(s);
                s.untilSent(2 * SECOND);
                assertThat(s.next().flags).isEqualTo(fallBack == 1 ? SYN : SYN | ECE | CWR);
            }
        }
    }

    @Test
    void shouldAskForEcnWhereTheAlgorithmNeedsIt() {
        try (Script s = new Script(simple().withCongestionControl(BY_ECN))) {
            assertThat(startConnect(s).flags).isEqualTo(SYN | ECE | CWR);
            assertThat(s.host.trafficClasses).containsExactly(TcpSegment.ECN_ECT0);
        }
    }

    private static Seg startConnect(final Script s) {
        s.remotePort = 80;
        s.flow = s.stack.connect(0, REMOTE, 80, s.handler);
        s.turn();
        final Seg syn = s.next();
        s.isn = syn.sequence;
        s.localPort = syn.sourcePort;
        return syn;
    }

    @Test
    void shouldAgreeToEcnWhenSynsCross() {
        for (final int flags : new int[]{ECE | CWR, ECE, 0}) {
            try (Script s = new Script(simple().with(TcpSetting.ECN, 1))) {
                startConnect(s);
                s.in(Seg.of(SYN | flags, 9, 0));
                assertThat(s.next().flags).isEqualTo(flags == (ECE | CWR) ? SYN | ACK | ECE : SYN | ACK);
            }
        }
    }

    @Test
    void shouldIgnoreTheDataOfASyn() {
        try (Script s = new Script(simple())) {
            s.listen();
            s.in(Seg.of(SYN, 100, 0).data(10));
            s.isn = s.next().sequence;
            s.in(Seg.of(ACK, 101, s.isn + 1).data(5));
            assertThat(s.handler.received.size()).isEqualTo(5);
        }
    }

    @Test
    void shouldAskForSegmentsAsSet() {
        try (Script s = new Script(simple().with(TcpSetting.MAX_SEGMENT_BYTES, 700))) {
            assertThat(startConnect(s).mssOption()).isEqualTo(700);
            s.in(Seg.of(SYN | ACK, 9, s.isn + 1).mss(1460));
            assertThat(s.connection().sender().mssBytes()).isEqualTo(700);
        }
        try (Script s = new Script(simple().with(TcpSetting.MAX_SEGMENT_BYTES, 9000))) {
            assertThat(startConnect(s).mssOption()).as("no more than the path takes").isEqualTo(1460);
        }
    }

    @Test
    void shouldBoundTheSegmentSizeThatAPeerAsksFor() {
        for (final int[] mss : new int[][]{{0, 536}, {1, 48}, {47, 48}, {48, 48}, {65_535, 1460}}) {
            try (Script s = new Script(simple()).accept(syn -> syn.mss(mss[0]))) {
                assertThat(s.connection().sender().mssBytes()).as("peer's MSS %d", mss[0]).isEqualTo(mss[1]);
            }
        }
    }
}
