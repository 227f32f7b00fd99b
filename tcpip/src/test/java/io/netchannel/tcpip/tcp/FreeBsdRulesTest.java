package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Settings whose defaults are Linux's rules, and whose other values are FreeBSD's. */
class FreeBsdRulesTest {

    private static final int MSS = 1460;
    /** 65,535 in whole segments. */
    private static final int BUFFER_BYTES = 65_700;

    private static TcpConfig exactWindow() {
        return simple().with(TcpSetting.EXACT_WINDOW, 1);
    }

    // -- the window

    @Test
    void shouldShowAllOfTheFreeBuffer() {
        try (Script s = new Script(exactWindow()).accept()) {
            s.handler.appetite = 0;
            s.in(s.data(100));
            s.advance(SECOND);
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).window).isEqualTo(0xFFFF);
            s.in(s.data(1000));
            s.advance(SECOND);
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).window).isEqualTo(BUFFER_BYTES - 1100);
        }
    }

    @Test
    void shouldTakeWhatFitsThoughTheFieldCannotSayIt() {
        try (Script s = new Script(exactWindow()).accept()) {
            s.in(Seg.of(RST, s.peerSeq + BUFFER_BYTES - 1, 0));
            s.expect(ACK, 1, s.peerSeq, 0);
            s.in(Seg.of(RST, s.peerSeq + BUFFER_BYTES, 0));
            s.expectNothing();
        }
    }

    @Test
    void shouldShowNothingBelowASegment() {
        try (Script s = new Script(exactWindow().with(TcpSetting.ACK_SEGMENTS, 1)).accept()) {
            s.handler.appetite = 0;
            for (int left = BUFFER_BYTES; left > MSS; left -= MSS) {
                s.in(s.data(MSS));
                s.expect(ACK, 1, s.peerSeq, 0);
            }
            s.in(s.data(10));
            // The edge doesn't move back.
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).window).isEqualTo(MSS - 10);
            s.in(s.data(MSS - 10));
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).window).isZero();
            s.handler.appetite = MSS - 1;
            s.flow.resumeReceive();
            s.advance(SECOND);
            s.expectNothing();
            s.handler.appetite = BUFFER_BYTES / 2;
            s.flow.resumeReceive();
            s.turn();
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).window).isEqualTo(MSS - 1 + BUFFER_BYTES / 2);
            s.handler.appetite = BUFFER_BYTES;
        }
    }

    // -- acknowledging

    @Test
    void shouldAcknowledgeEverySecondSegmentHoweverShort() {
        for (int segments = 0; segments <= 2; segments += 2) {
            try (Script s = new Script(simple().with(TcpSetting.ACK_SEGMENTS, segments)).accept()) {
                s.handler.appetite = 0;
                s.in(s.data(1));
                s.expectNothing();
                s.in(s.data(1));
                assertThat(s.out).hasSize(segments / 2);
                s.out.clear();
                s.in(s.data(1));
                s.expectNothing();
                s.handler.appetite = 100;
                s.flow.resumeReceive();
                s.advance(SECOND);
                s.out.clear();
            }
        }
    }

    @Test
    void shouldAcknowledgeAFinAtOnce() {
        for (int delayed = 0; delayed <= 1; delayed++) {
            try (Script s = new Script(simple().with(TcpSetting.DELAYED_FIN_ACK, delayed)).accept()) {
                s.in(s.data(10));
                s.expect(ACK, 1, s.peerSeq, 0);
                s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 1));
                assertThat(s.out).hasSize(1 - delayed);
            }
        }
    }

    // -- RFC 5961

    @Test
    void shouldObeyAnyResetInTheWindowUnlessItMustBeExact() {
        for (int exact = 0; exact <= 1; exact++) {
            try (Script s = new Script(simple().with(TcpSetting.EXACT_RESETS, exact)).accept()) {
                final int window = s.connection().receiver().windowBytes();
                s.in(Seg.of(RST, s.peerSeq + window, 0));
                s.in(Seg.of(RST, s.peerSeq - 1, 0));
                s.expectNothing();
                assertThat(s.flow.isOpen()).isTrue();
                s.in(Seg.of(RST, s.peerSeq + window - 1, 0));
                assertThat(s.flow.isOpen()).isEqualTo(exact == 1);
                assertThat(s.out).hasSize(exact);
                s.out.clear();
            }
        }
    }

    @Test
    void shouldObeyAResetInSynReceivedUnlessItMustBeExact() {
        for (int exact = 0; exact <= 1; exact++) {
            try (Script s = new Script(simple().with(TcpSetting.EXACT_RESETS, exact))) {
                s.listen();
                s.in(Seg.of(SYN, 100, 0).mss(MSS));
                s.isn = s.next().sequence;
                s.in(Seg.of(RST, 101 + 65_535, 0));
                s.expectNothing();
                assertThat(s.listener.halfOpen()).isEqualTo(1);
                s.in(Seg.of(RST, 102, 0));
                assertThat(s.listener.halfOpen()).isEqualTo(exact);
                assertThat(s.out).hasSize(exact);
                s.out.clear();
            }
        }
    }

    @Test
    void shouldResetTheConnectionForASynInTheWindowUnlessItIsChallenged() {
        for (int challenge = 0; challenge <= 1; challenge++) {
            try (Script s = new Script(simple().with(TcpSetting.CHALLENGE_SYNS, challenge)).accept()) {
                final int peerSeq = s.peerSeq;
                s.in(Seg.of(SYN, peerSeq - 1, 0));
                s.expect(ACK, 1, peerSeq, 0);
                s.advance(SECOND);
                s.in(Seg.of(SYN, peerSeq + 5, 0));
                final Seg answer = s.expect(challenge == 1 ? ACK : RST | ACK, 1, peerSeq, 0);
                assertThat(s.flow.isOpen()).isEqualTo(challenge == 1);
                assertThat(s.count(TcpCounter.ABORT_ON_SYN)).isEqualTo(1 - challenge);
                if (challenge == 0) {
                    assertThat(answer.window).isZero();
                    assertThat(s.handler.reason).isEqualTo(TcpCloseReason.RESET);
                }
            }
        }
    }

    // -- SYN with FIN

    @Test
    void shouldTakeASynWithFinForASynOnlyIfItIsTold() {
        for (int rule = 0; rule <= 2; rule++) {
            try (Script s = new Script(simple().with(TcpSetting.SYN_FIN, rule))) {
                s.listen();
                s.in(Seg.of(SYN | FIN, 100, 0).mss(MSS));
                assertThat(s.listener.halfOpen()).isEqualTo(rule == 0 ? 1 : 0);
                assertThat(s.out).hasSize(rule == 0 ? 1 : 0);
                assertThat(s.count(TcpCounter.IN_UNEXPECTED_FLAGS)).isEqualTo(rule == 0 ? 0 : 1);
                s.out.clear();
            }
        }
    }

    @Test
    void shouldDropASynWithFinOfAConnectionOnlyIfItIsTold() {
        for (int rule = 0; rule <= 2; rule++) {
            try (Script s = new Script(simple().with(TcpSetting.SYN_FIN, rule)).accept()) {
                s.in(Seg.of(SYN | FIN, s.peerSeq, 0));
                assertThat(s.count(TcpCounter.SYN_CHALLENGES)).isEqualTo(rule == 2 ? 0 : 1);
                s.out.clear();
            }
        }
    }

    // -- SYNs that are sent again

    @Test
    void shouldLeaveTheSynToItsTimerIfItIsTold() {
        for (int repeat = 0; repeat <= 1; repeat++) {
            try (Script s = new Script(simple().with(TcpSetting.SYN_REPEAT_NS, repeat * 2 * MS))) {
                s.startConnect();
                s.in(Seg.of(ACK, 500, s.isn + 7));
                assertThat(TcpHeader.flagsText(s.next().flags)).isEqualTo("R");
                s.advance(100 * MS);
                assertThat(s.out).hasSize(repeat);
                s.out.clear();
            }
        }
    }

    @Test
    void shouldAskForEcnSoManyTimes() {
        for (int syns = 0; syns <= 2; syns++) {
            try (Script s = new Script(simple().with(TcpSetting.ECN, 1).with(TcpSetting.ECN_FALLBACK, syns))) {
                final StringBuilder asked = new StringBuilder();
                asked.append((s.startConnect().flags & ECE) != 0 ? 'E' : '-');
                for (int i = 0; i < 3; i++) {
                    s.untilSent(10 * SECOND);
                    asked.append((s.next().flags & ECE) != 0 ? 'E' : '-');
                }
                assertThat(asked.toString()).isEqualTo(syns == 0 ? "EEEE" : syns == 1 ? "E---" : "EE--");
            }
        }
    }
}
