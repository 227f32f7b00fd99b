package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.icmp.TransportError;
import org.junit.jupiter.api.Test;

class HandshakeTest {

    @Test
    void shouldAcceptAConnectionAndOfferOptionsThatThePeerOffered() {
        try (Script s = new Script(TcpConfig.defaults())) {
            s.listen();
            s.in(Seg.of(SYN, 100, 0).mss(1400).scale(7).timestamps(5000, 0));
            final Seg synAck = s.next();
            assertThat(TcpHeader.flagsText(synAck.flags)).isEqualTo("SA");
            assertThat(synAck.acknowledgment).isEqualTo(101);
            assertThat(synAck.mssOption()).isEqualTo(1460);
            assertThat(synAck.scaleOption()).as("for 6 MiB").isEqualTo(7);
            assertThat(synAck.timestampEcho).isEqualTo(5000);
            assertThat(synAck.window).isEqualTo(65_535);
            assertThat(s.stack.connections()).isEqualTo(1);
            s.in(Seg.of(ACK, 101, synAck.sequence + 1).timestamps(5001, synAck.timestampValue).window(100));
            assertThat(s.handler.events).containsExactly("connected");
            s.flow = s.handler.flow;
            assertThat(s.flow.state()).isEqualTo(TcpState.ESTABLISHED);
            assertThat(s.connection().sender().windowBytes()).isEqualTo(100 << 7);
            assertThat(s.connection().sender().mssBytes()).isEqualTo(1388);
            assertThat(s.flow.remotePort()).isEqualTo(PEER_PORT);
            assertThat(s.flow.remoteLow()).isEqualTo(REMOTE);
            assertThat(s.count(TcpCounter.PASSIVE_OPENS)).isEqualTo(1);
        }
    }

    @Test
    void shouldNotOfferOptionsThatThePeerDidNot() {
        try (Script s = new Script(TcpConfig.defaults())) {
            s.listen();
            s.in(Seg.of(SYN, 100, 0));
            final Seg synAck = s.next();
            assertThat(synAck.scaleOption()).isEqualTo(-1);
            assertThat(synAck.timestamps).isFalse();
            s.in(Seg.of(ACK, 101, synAck.sequence + 1));
            s.flow = s.handler.flow;
            assertThat(s.connection().sender().mssBytes()).isEqualTo(536);
        }
    }

    @Test
    void shouldConnect() {
        try (Script s = new Script(TcpConfig.defaults())) {
            final Seg syn = s.startConnect();
            assertThat(syn.mssOption()).isEqualTo(1460);
            assertThat(syn.scaleOption()).as("for 6 MiB").isEqualTo(7);
            assertThat(syn.timestamps).isTrue();
            assertThat(s.flow.state()).isEqualTo(TcpState.SYN_SENT);
            s.in(Seg.of(SYN | ACK, 9, s.isn + 1).mss(1460).scale(2).timestamps(77, syn.timestampValue).window(1000));
            final Seg ack = s.expect(ACK, 1, 10, 0);
            assertThat(ack.timestampEcho).isEqualTo(77);
            assertThat(ack.window).isEqualTo(65_536 >> 7);
            assertThat(s.handler.events).containsExactly("connected");
            // RFC 7323, 2.2: the window of the SYN is not scaled.
            assertThat(s.connection().sender().windowBytes()).isEqualTo(1000);
            assertThat(s.host.confirmations).isPositive();
        }
    }

    @Test
    void shouldSendWhatWasWrittenBeforeTheHandshakeEnded() {
        try (Script s = new Script(simple())) {
            s.startConnect();
            s.write(1, 10);
            s.turn();
            s.expectNothing();
            s.in(Seg.of(SYN | ACK, s.peerSeq++, s.isn + 1).mss(1460));
            s.expect(ACK, 1, s.peerSeq, 10);
            s.expectNothing();
        }
    }

    @Test
    void shouldRetransmitSynWithBackoffAndGiveUp() {
        try (Script s = new Script(simple().with(TcpSetting.SYN_RETRIES, 3))) {
            s.startConnect();
            for (final int seconds : new int[]{1, 2, 4}) {
                assertThat(s.untilSent(100 * SECOND)).isBetween(seconds * SECOND, seconds * SECOND + TICK);
                s.expect(SYN, 0, 0, 0);
            }
            s.advance(8 * SECOND + TICK);
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.TIMED_OUT);
            assertThat(s.count(TcpCounter.SYN_RETRANSMITS)).isEqualTo(3);
            s.expectNothing();
        }
    }

    @Test
    void shouldRetransmitSynAckWithBackoffAndGiveUp() {
        try (Script s = new Script(simple().with(TcpSetting.SYN_ACK_RETRIES, 2))) {
            s.listen();
            s.in(Seg.of(SYN, 100, 0));
            s.isn = s.next().sequence;
            for (final int seconds : new int[]{1, 2}) {
                assertThat(s.untilSent(100 * SECOND)).isBetween(seconds * SECOND, seconds * SECOND + TICK);
                s.expect(SYN | ACK, 0, 101, 0);
            }
            s.advance(4 * SECOND + TICK);
            s.expectNothing();
            assertThat(s.listener.halfOpen()).isZero();
            assertThat(s.stack.connections()).isZero();
        }
    }

    @Test
    void shouldAnswerARepeatedSyn() {
        try (Script s = new Script(simple())) {
            s.listen();
            s.in(Seg.of(SYN, 100, 0));
            s.isn = s.next().sequence;
            s.in(Seg.of(SYN, 100, 0));
            s.expect(SYN | ACK, 0, 101, 0);
            assertThat(s.listener.halfOpen()).isEqualTo(1);
        }
    }

    @Test
    void shouldTakeDataWithTheAckThatEndsTheHandshake() {
        try (Script s = new Script(simple())) {
            s.listen();
            s.in(Seg.of(SYN, s.peerSeq++, 0).mss(1460));
            s.isn = s.next().sequence;
            s.in(s.data(100));
            assertThat(s.handler.received.size()).isEqualTo(100);
            s.advance(50 * MS);
            s.expect(ACK, 1, s.peerSeq, 0);
        }
    }

    @Test
    void shouldOpenSimultaneously() {
        try (Script s = new Script(simple())) {
            s.startConnect();
            s.in(Seg.of(SYN, s.peerSeq++, 0).mss(1000));
            assertThat(s.flow.state()).isEqualTo(TcpState.SYN_RECEIVED);
            s.expect(SYN | ACK, 0, s.peerSeq, 0);
            // The peer's SYN,ACK has the number of its SYN again.
            s.in(Seg.of(SYN | ACK, s.peerSeq - 1, s.isn + 1).mss(1000));
            assertThat(s.flow.state()).isEqualTo(TcpState.ESTABLISHED);
            assertThat(s.handler.events).containsExactly("connected");
            assertThat(s.connection().sender().mssBytes()).isEqualTo(1000);
        }
    }

    @Test
    void shouldOpenSimultaneouslyByAPlainAck() {
        try (Script s = new Script(simple())) {
            s.startConnect();
            s.in(Seg.of(SYN, s.peerSeq++, 0));
            s.expect(SYN | ACK, 0, s.peerSeq, 0);
            assertThat(s.untilSent(2 * SECOND)).isBetween(SECOND, SECOND + TICK);
            s.expect(SYN | ACK, 0, s.peerSeq, 0);
            s.in(s.ack(1));
            assertThat(s.handler.events).containsExactly("connected");
        }
    }

    @Test
    void shouldFailWhenRefused() {
        try (Script s = new Script(simple())) {
            s.startConnect();
            s.in(Seg.of(RST | ACK, 0, s.isn + 1));
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.REFUSED);
            assertThat(s.count(TcpCounter.ATTEMPT_FAILS)).isEqualTo(1);
        }
    }

    @Test
    void shouldIgnoreResetsThatDoNotAcknowledgeTheSyn() {
        try (Script s = new Script(simple())) {
            s.startConnect();
            s.in(Seg.of(RST, 0, 0));
            s.in(Seg.of(RST | ACK, 0, s.isn));
            s.in(Seg.of(RST | ACK, 0, s.isn + 2));
            s.expectNothing();
            assertThat(s.handler.reason).isNull();
        }
    }

    @Test
    void shouldResetAnAckOfSomethingElseInSynSent() {
        try (Script s = new Script(simple())) {
            s.startConnect();
            s.in(Seg.of(ACK, 5, s.isn + 5));
            s.expect(RST, 5, 0, 0);
            assertThat(s.flow.state()).isEqualTo(TcpState.SYN_SENT);
        }
    }

    @Test
    void shouldResetAWrongAckInSynReceivedAndKeepTheHandshake() {
        try (Script s = new Script(simple())) {
            s.listen();
            s.in(Seg.of(SYN, 100, 0));
            s.isn = s.next().sequence;
            s.in(Seg.of(ACK, 101, s.isn + 7));
            s.expect(RST, 7, 0, 0);
            s.in(Seg.of(ACK, 101, s.isn + 1));
            assertThat(s.handler.events).containsExactly("connected");
        }
    }

    @Test
    void shouldEndAHandshakeByAnExactReset() {
        try (Script s = new Script(simple())) {
            s.listen();
            s.in(Seg.of(SYN, 100, 0));
            s.isn = s.next().sequence;
            s.in(Seg.of(RST, 105, 0));
            s.expect(ACK, 1, 101, 0);
            assertThat(s.listener.halfOpen()).isEqualTo(1);
            s.in(Seg.of(RST, 101, 0));
            s.expectNothing();
            assertThat(s.listener.halfOpen()).isZero();
        }
    }

    @Test
    void shouldEndAHandshakeByAResetWhateverItAcknowledges() {
        // RFC 9293, 3.10.7.4: RST comes before ACK.
        try (Script s = new Script(simple())) {
            s.listen();
            s.in(Seg.of(SYN, 100, 0));
            s.isn = s.next().sequence;
            s.in(Seg.of(RST | ACK, 101, s.isn + 77));
            assertThat(s.listener.halfOpen()).isZero();
            s.expectNothing();
        }
    }

    @Test
    void shouldResetSegmentsOfNoConnection() {
        try (Script s = new Script(simple())) {
            s.in(Seg.of(ACK, 5, 77));
            s.expect(RST, 77, 0, 0);
            s.in(Seg.of(SYN, 5, 0));
            s.expect(RST | ACK, 0, 6, 0);
            s.in(Seg.of(FIN, 5, 0).data(10));
            s.expect(RST | ACK, 0, 16, 0);
            s.in(Seg.of(RST, 5, 0));
            s.in(Seg.of(RST | ACK, 5, 5));
            s.expectNothing();
            assertThat(s.count(TcpCounter.NO_PORTS)).isEqualTo(3);
            assertThat(s.count(TcpCounter.OUT_RSTS)).isEqualTo(3);
        }
    }

    @Test
    void shouldLimitResets() {
        try (Script s = new Script(simple().with(TcpSetting.RESETS_PER_SECOND, 10))) {
            for (int i = 0; i < 100; i++) {
                s.in(Seg.of(ACK, 5, 77));
            }
            assertThat(s.out.size()).isBetween(5, 15);
        }
    }

    @Test
    void shouldFailAtOnceByAnyErrorAboutItsSyn() {
        for (final TransportError error : TransportError.values()) {
            try (Script s = new Script(simple())) {
                s.startConnect();
                error(s, error, s.isn - 1);
                error(s, error, s.isn + 1);
                assertThat(s.handler.reason).as("not in flight").isNull();
                error(s, error, s.isn);
                assertThat(s.handler.reason).isEqualTo(switch (error) {
                    case PACKET_TOO_BIG -> null;
                    case PORT_UNREACHABLE -> TcpCloseReason.REFUSED;
                    default -> TcpCloseReason.UNREACHABLE;
                });
            }
        }
    }

    @Test
    void shouldSurviveIcmpErrorsOnceEstablished() {
        try (Script s = new Script(simple())) {
            s.accept();
            s.write(1, 10);
            s.turn();
            error(s, TransportError.PORT_UNREACHABLE, s.isn + 1);
            assertThat(s.handler.reason).isNull();
            assertThat(s.count(TcpCounter.ICMP_SOFT_ERRORS)).isEqualTo(1);
        }
    }

    @Test
    void shouldCutSmallerSegmentsWhenThePathIsNarrower() {
        try (Script s = new Script(simple())) {
            s.accept();
            s.write(1, 2920);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 1460);
            s.expect(ACK, 1461, s.peerSeq, 1460);
            tooBig(s, s.isn + 1, 0);
            tooBig(s, s.isn + 1, 1500);
            s.turn();
            s.expectNothing();
            tooBig(s, s.isn + 1, 1040);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 1000);
            s.expect(ACK, 1001, s.peerSeq, 460);
            s.expect(ACK, 1461, s.peerSeq, 1000);
            s.expect(ACK, 2461, s.peerSeq, 460);
            s.expectNothing();
        }
    }

    @Test
    void shouldNotCutSegmentsSmallerThanAnyPathDoes() {
        try (Script s = new Script(simple())) {
            s.accept();
            s.write(1, 1460);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 1460);
            tooBig(s, s.isn + 1, 68);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 512);
        }
    }

    @Test
    void shouldRememberThatThePathIsNarrowerThanTheHandshakeSays() {
        try (Script s = new Script(simple())) {
            s.startConnect();
            tooBig(s, s.isn, 1040);
            s.turn();
            s.expectNothing();
            s.in(Seg.of(SYN | ACK, s.peerSeq++, s.isn + 1).mss(1460));
            s.expect(ACK, 1, s.peerSeq, 0);
            assertThat(s.connection().sender().mssBytes()).isEqualTo(1000);
        }
    }

    @Test
    void shouldNotScaleTheWindowOfTheSynAckThatEndsASimultaneousOpen() {
        try (Script s = new Script(simple().with(TcpSetting.WINDOW_SCALING, true))) {
            s.startConnect();
            s.in(Seg.of(SYN, s.peerSeq++, 0).mss(1000).scale(7));
            s.expect(SYN | ACK, 0, s.peerSeq, 0);
            s.in(Seg.of(SYN | ACK, s.peerSeq - 1, s.isn + 1).mss(1000).scale(7).window(5000));
            assertThat(s.flow.state()).isEqualTo(TcpState.ESTABLISHED);
            assertThat(s.connection().sender().windowBytes()).isEqualTo(5000);
            s.in(s.ack(1).window(5000));
            assertThat(s.connection().sender().windowBytes()).isEqualTo(5000 << 7);
        }
    }

    @Test
    void shouldBeginWithOneSegmentWhenTheSynWasLostTwice() {
        assertThat(windowAfterLostSyns(1)).isEqualTo(10);
        assertThat(windowAfterLostSyns(2)).isEqualTo(1);
    }

    private static int windowAfterLostSyns(final int lost) {
        try (Script s = new Script(simple())) {
            s.startConnect();
            for (int i = 0; i < lost; i++) {
                s.untilSent(3 * SECOND);
                s.expect(SYN, 0, 0, 0);
            }
            s.in(Seg.of(SYN | ACK, s.peerSeq++, s.isn + 1).mss(1460));
            return s.connection().sender().flight().window().segments();
        }
    }

    private static void error(final Script s, final TransportError error, final int sequence) {
        s.stack.onTransportError(error, 0, LOCAL, s.localPort, 0, REMOTE, s.remotePort, sequence, 0, s.nowNs);
    }

    private static void tooBig(final Script s, final int sequence, final int mtuBytes) {
        s.stack.onTransportError(TransportError.PACKET_TOO_BIG, 0, LOCAL, s.localPort, 0, REMOTE, s.remotePort,
                sequence, mtuBytes, s.nowNs);
    }

    @Test
    void shouldRestInClosedAlthoughASynWasToBeSentAgainSoon() {
        try (Script s = new Script(simple())) {
            s.startConnect();
            s.in(Seg.of(ACK, s.peerSeq, s.isn + 77));
            s.handler.appetite = 0;
            s.in(Seg.of(SYN | ACK, s.peerSeq++, s.isn + 1).mss(1460));
            s.in(s.data(10));
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 1));
            s.flow.shutdownOutput();
            s.turn();
            s.in(s.ack(2));
            assertThat(s.flow.isOpen()).as("there is data to read").isTrue();
            for (int turns = 0; turns < 5; turns++) {
                s.nowNs = Math.min(s.host.timers.nextDeadlineNs(), s.nowNs + SECOND);
                s.turn();
            }
            assertThat(s.host.timers.nextDeadlineNs()).isGreaterThan(s.nowNs);
        }
    }
}
