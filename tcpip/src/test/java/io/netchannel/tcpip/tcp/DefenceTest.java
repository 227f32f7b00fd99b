package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 5961, RFC 7323's PAWS, and what else keeps strangers out of a connection. */
class DefenceTest {

    @Test
    void shouldCloseByAResetWithTheExactNumber() {
        try (Script s = new Script(simple()).accept()) {
            s.in(Seg.of(RST, s.peerSeq, 0));
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.RESET);
            s.expectNothing();
            assertThat(s.count(TcpCounter.ESTAB_RESETS)).isEqualTo(1);
        }
    }

    @Test
    void shouldChallengeAResetInTheWindow() {
        try (Script s = new Script(simple()).accept()) {
            s.in(Seg.of(RST, s.peerSeq + 1, 0));
            s.expect(ACK, 1, s.peerSeq, 0);
            assertThat(s.handler.reason).isNull();
            assertThat(s.count(TcpCounter.CHALLENGE_ACKS)).isEqualTo(1);
        }
    }

    @Test
    void shouldDropAResetOutsideTheWindow() {
        try (Script s = new Script(simple()).accept()) {
            s.in(Seg.of(RST, s.peerSeq - 1, 0));
            s.in(Seg.of(RST, s.peerSeq + 70_000, 0));
            s.expectNothing();
            assertThat(s.handler.reason).isNull();
        }
    }

    @Test
    void shouldChallengeASynWhateverItsNumber() {
        try (Script s = new Script(simple().with(TcpSetting.INVALID_REPLY_INTERVAL_NS, 0)).accept()) {
            s.in(Seg.of(SYN, s.peerSeq + 10, 0));
            s.expect(ACK, 1, s.peerSeq, 0);
            s.in(Seg.of(SYN, s.peerSeq + 1_000_000, 0));
            s.expect(ACK, 1, s.peerSeq, 0);
            assertThat(s.count(TcpCounter.SYN_CHALLENGES)).isEqualTo(2);
            assertThat(s.handler.reason).isNull();
        }
    }

    @Test
    void shouldChallengeAcknowledgmentsOutOfRange() {
        try (Script s = new Script(simple().with(TcpSetting.INVALID_REPLY_INTERVAL_NS, 0)).accept()) {
            s.in(s.ack(2).data(10));
            s.expectNothing();
            // The SYN is all that was ever acknowledged: no older one can be genuine.
            s.in(s.ack(-1).data(10));
            s.expect(ACK, 1, s.peerSeq, 0);
            assertThat(s.handler.received.size()).as("data is dropped with it").isZero();
            s.in(s.ack(0).data(10));
            assertThat(s.handler.received.size()).isEqualTo(10);
        }
    }

    @Test
    void shouldLimitChallenges() {
        try (Script s = new Script(
                simple().with(TcpSetting.INVALID_REPLY_INTERVAL_NS, 0).with(TcpSetting.CHALLENGE_ACKS_PER_SECOND, 10))
                .accept()) {
            for (int i = 0; i < 100; i++) {
                s.in(Seg.of(RST, s.peerSeq + 1, 0));
            }
            assertThat(s.out.size()).isBetween(5, 15);
            assertThat(s.count(TcpCounter.CHALLENGE_ACKS_LIMITED)).isEqualTo(100 - s.out.size());
            s.out.clear();
            s.advance(SECOND);
            s.in(Seg.of(RST, s.peerSeq + 1, 0));
            s.expect(ACK, 1, s.peerSeq, 0);
        }
    }

    @Test
    void shouldDropSegmentsWithoutAck() {
        try (Script s = new Script(simple()).accept()) {
            s.in(Seg.of(0, s.peerSeq, 0).data(10));
            s.in(Seg.of(FIN, s.peerSeq, 0));
            s.expectNothing();
            assertThat(s.handler.received.size()).isZero();
            assertThat(s.flow.state()).isEqualTo(TcpState.ESTABLISHED);
            assertThat(s.count(TcpCounter.IN_UNEXPECTED_FLAGS)).isEqualTo(2);
        }
    }

    @Test
    void shouldAcknowledgeWhatLiesOutsideTheWindow() {
        try (Script s = new Script(simple()).accept()) {
            s.in(Seg.of(ACK, s.peerSeq + 65_536, s.isn + 1).data(10));
            s.expect(ACK, 1, s.peerSeq, 0);
            s.in(Seg.of(ACK, s.peerSeq - 10, s.isn + 1).data(5));
            s.expect(ACK, 1, s.peerSeq, 0);
            assertThat(s.handler.received.size()).isZero();
            assertThat(s.count(TcpCounter.OUT_OF_WINDOW)).isEqualTo(1);
            assertThat(s.count(TcpCounter.BEYOND_WINDOW)).isEqualTo(1);
        }
    }

    @Test
    void shouldNotAnswerEveryEmptySegmentOutsideTheWindow() {
        try (Script s = new Script(simple()).accept()) {
            for (int i = 0; i < 50; i++) {
                s.in(Seg.of(ACK, s.peerSeq - 10, s.isn + 1));
            }
            assertThat(s.out).hasSize(1);
            s.out.clear();
            assertThat(s.count(TcpCounter.ACKS_SKIPPED)).isEqualTo(49);
            s.advance(500 * MS);
            s.in(Seg.of(ACK, s.peerSeq - 10, s.isn + 1));
            assertThat(s.out).hasSize(1);
        }
    }

    // -- timestamps

    private static Script withTimestamps() {
        final Script s = new Script(simple().with(TcpSetting.TIMESTAMPS, true));
        s.decorate = seg -> seg.timestamps ? seg : seg.timestamps(1000, 0);
        return s.accept();
    }

    @Test
    void shouldRejectAnOldTimestamp() {
        try (Script s = withTimestamps()) {
            s.in(s.ack(1).data(10).timestamps(2000, 0));
            s.peerSeq += 10;
            s.advance(50 * MS);
            assertThat(s.next().timestampEcho).isEqualTo(2000);
            s.in(s.ack(1).data(10).timestamps(1998, 0));
            s.expect(ACK, 1, s.peerSeq, 0);
            assertThat(s.handler.received.size()).isEqualTo(10);
            assertThat(s.count(TcpCounter.PAWS_REJECTED)).isEqualTo(1);
            s.in(s.ack(1).data(10).timestamps(2000, 0));
            assertThat(s.handler.received.size()).isEqualTo(20);
        }
    }

    @Test
    void shouldForgetATimestampAfterTwentyFourDaysOfSilence() {
        try (Script s = withTimestamps()) {
            s.advance(25L * 86_400 * SECOND);
            s.in(s.ack(1).data(10).timestamps(-5, 0));
            assertThat(s.handler.received.size()).isEqualTo(10);
        }
    }

    @Test
    void shouldTakeASegmentThatLacksTheTimestamp() {
        try (Script s = withTimestamps()) {
            s.decorate = seg -> seg;
            s.in(s.ack(1).data(10));
            assertThat(s.handler.received.size()).isEqualTo(10);
            assertThat(s.count(TcpCounter.TIMESTAMP_MISSING)).isEqualTo(1);
            s.peerSeq += 10;
            s.in(Seg.of(RST, s.peerSeq, 0));
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.RESET);
        }
    }

    @Test
    void shouldEchoTheTimestampOfTheSegmentThatSpansTheLastAck() {
        try (Script s = withTimestamps()) {
            // RFC 7323, 4.3: with a delayed ACK the earliest unacknowledged one counts.
            s.handler.appetite = 0;
            s.in(s.ack(1).data(10).timestamps(1100, 0));
            s.peerSeq += 10;
            s.in(s.ack(1).data(10).timestamps(1200, 0));
            s.peerSeq += 10;
            s.advance(50 * MS);
            assertThat(s.next().timestampEcho).isEqualTo(1100);
            // Out of order: the gap's predecessor stands.
            s.in(Seg.of(ACK, s.peerSeq + 10, s.isn + 1).data(10).timestamps(1300, 0));
            assertThat(s.next().timestampEcho).isEqualTo(1100);
        }
    }

    @Test
    void shouldEchoTheTimestampOfADuplicateWhoseAckWasLost() {
        try (Script s = withTimestamps()) {
            final int first = s.peerSeq;
            s.in(s.ack(1).data(10).timestamps(1100, 0));
            s.peerSeq += 10;
            s.in(s.ack(1).data(10).timestamps(1101, 0));
            s.peerSeq += 10;
            s.advance(50 * MS);
            s.out.clear();
            s.in(Seg.of(ACK, first, s.isn + 1).data(10).timestamps(2000, 0));
            assertThat(s.next().timestampEcho).isEqualTo(2000);
            // Far off: nothing that this peer has sent.
            s.in(Seg.of(ACK, first - 1_000_000, s.isn + 1).data(10).timestamps(3000, 0));
            assertThat(s.next().timestampEcho).isEqualTo(2000);
        }
    }

    @Test
    void shouldNotTakeATimestampFromADuplicateWithoutAnAcceptableAck() {
        try (Script s = withTimestamps()) {
            s.in(s.ack(1).data(10).timestamps(1100, 0));
            s.peerSeq += 10;
            s.advance(50 * MS);
            s.out.clear();
            s.in(Seg.of(0, s.peerSeq - 10, 0).data(5).timestamps(0x4000_0000, 0));
            s.expectNothing();
            s.in(Seg.of(ACK, s.peerSeq - 10, s.isn + 2).data(5).timestamps(0x4000_0000, 0));
            assertThat(s.next().timestampEcho).isEqualTo(1100);
            s.in(s.ack(1).data(10).timestamps(1200, 0));
            assertThat(s.handler.received.size()).as("the peer isn't shut out").isEqualTo(20);
        }
    }

    @Test
    void shouldTellTheTimeFromASecretOffset() {
        try (Script s = withTimestamps()) {
            s.write(1, 10);
            s.turn();
            final int first = s.next().timestampValue;
            s.in(s.ack(11));
            s.advance(200 * MS);
            s.write(11, 10);
            s.turn();
            final int second = s.next().timestampValue;
            assertThat(second - first).isBetween(200, 201);
            assertThat(first).isNotEqualTo((int) (s.nowNs / MS));
        }
    }
}
