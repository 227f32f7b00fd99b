package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import io.netchannel.tcpip.tcp.recovery.CaState;
import org.junit.jupiter.api.Test;

/** Timeouts, fast retransmit and NewReno, as traces. The segment size is 1000. */
class RecoveryTest {

    private static final int MSS = 1000;

    private static Script open(final TcpConfig config) {
        return new Script(config.withCongestionControl(CongestionAlgorithm.NEW_RENO)).accept(syn -> syn.mss(MSS));
    }

    private static int window(final Script s) {
        return s.connection().sender().flight().window().segments();
    }

    private static int threshold(final Script s) {
        return s.connection().sender().flight().window().thresholdSegments();
    }

    private static CaState state(final Script s) {
        return s.connection().sender().flight().state();
    }

    @Test
    void shouldBackOffTheRetransmissionTimeout() {
        try (Script s = open(simple())) {
            s.write(1, 100);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 100);
            // The handshake took no time, so the variance term is the minimum.
            for (final int ms : new int[]{200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 102_400, 120_000}) {
                assertThat(s.untilSent(1000 * SECOND)).isBetween(ms * MS, ms * MS + TICK);
                s.expect(ACK, 1, s.peerSeq, 100);
            }
            assertThat(s.count(TcpCounter.TIMEOUTS)).isEqualTo(11);
            assertThat(s.count(TcpCounter.RETRANS_SEGS)).isEqualTo(11);
            s.in(s.ack(101));
            assertThat(s.connection().sender().rtt().backoff()).as("no sample ends it (Karn)").isEqualTo(11);
            assertThat(s.connection().sender().rtt().rtoNs()).isEqualTo(120 * SECOND);
            s.advance(1000 * SECOND);
            s.expectNothing();
        }
    }

    @Test
    void shouldGiveUpAfterTheLastRetry() {
        try (Script s = open(simple().with(TcpSetting.RETRIES, 5))) {
            s.write(1, 100);
            s.advance(100 * SECOND);
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.TIMED_OUT);
            // 200 ms << 0 to 5 make 12.6 s, counted from the first retransmission: six of them. No RST: nobody is there.
            assertThat(s.out).hasSize(7).noneMatch(seg -> seg.has(RST));
        }
    }

    @Test
    void shouldMeasureTheRoundTripTime() {
        try (Script s = open(simple())) {
            s.write(1, 100);
            s.turn();
            s.advance(300 * MS - 1);
            s.out.clear();
            // That was a retransmission: no sample (Karn).
            s.in(s.ack(101));
            assertThat(s.connection().sender().rtt().smoothedNs()).isZero();
            s.write(101, 100);
            s.turn();
            s.advance(80 * MS);
            s.in(s.ack(201));
            assertThat(s.connection().sender().rtt().smoothedNs()).isEqualTo(10 * MS);
        }
    }

    @Test
    void shouldMeasureAfterARetransmissionByTimestamps() {
        try (Script s = new Script(simple().with(TcpSetting.TIMESTAMPS, true))) {
            s.decorate = seg -> seg.timestamps ? seg : seg.timestamps(1, 0);
            s.accept(syn -> syn.mss(MSS));
            s.write(1, 100);
            s.turn();
            s.next();
            s.untilSent(SECOND);
            final Seg again = s.next();
            s.advance(80 * MS);
            s.in(s.ack(101).timestamps(2, again.timestampValue));
            assertThat(s.connection().sender().rtt().smoothedNs()).isBetween(9 * MS, 12 * MS);
        }
    }

    @Test
    void shouldGoBackAfterATimeoutAndSlowStart() {
        try (Script s = open(simple())) {
            s.write(1, 8 * MSS);
            s.turn();
            s.out.clear();
            s.untilSent(SECOND);
            s.expect(ACK, 1, s.peerSeq, MSS);
            s.expectNothing();
            assertThat(threshold(s)).isEqualTo(5);
            s.in(s.ack(1 + MSS));
            s.expect(ACK, 1 + MSS, s.peerSeq, MSS);
            s.expect(ACK, 1 + 2 * MSS, s.peerSeq, MSS);
            s.expectNothing();
            // It turns out that the rest had arrived: nothing of it is sent again.
            s.in(s.ack(1 + 8 * MSS));
            s.expectNothing();
            assertThat(s.flow.unacknowledgedBytes()).isZero();
        }
    }

    @Test
    void shouldSlowStartByWhatIsAcknowledged() {
        try (Script s = open(simple())) {
            s.write(1, 200 * MSS);
            s.turn();
            assertThat(s.out).hasSize(10);
            s.out.clear();
            s.in(s.ack(1 + 10 * MSS));
            assertThat(s.out).hasSize(20);
            s.out.clear();
            s.in(s.ack(1 + 11 * MSS));
            assertThat(s.out).hasSize(2);
        }
    }

    @Test
    void shouldRetransmitAfterThreeDuplicates() {
        try (Script s = open(simple())) {
            s.write(1, 20 * MSS);
            s.turn();
            assertThat(s.out).hasSize(10);
            s.out.clear();
            // Limited transmit: a new segment for each of the first two.
            s.in(s.ack(1));
            s.expect(ACK, 1 + 10 * MSS, s.peerSeq, MSS);
            s.in(s.ack(1));
            s.expect(ACK, 1 + 11 * MSS, s.peerSeq, MSS);
            s.in(s.ack(1));
            s.expect(ACK, 1, s.peerSeq, MSS);
            s.expectNothing();
            assertThat(threshold(s)).isEqualTo(5);
            // PRR: one new segment for each two delivered brings the window from 10 to 5.
            for (int i = 12; i < 14; i++) {
                s.in(s.ack(1));
                s.expectNothing();
                s.in(s.ack(1));
                s.expect(ACK, 1 + i * MSS, s.peerSeq, MSS);
            }
            s.in(s.ack(1 + 12 * MSS));
            assertThat(state(s)).as("held until more is acknowledged").isEqualTo(CaState.RECOVERY);
            s.in(s.ack(1 + 13 * MSS));
            assertThat(state(s)).isEqualTo(CaState.OPEN);
            assertThat(window(s)).isEqualTo(5);
            assertThat(s.count(TcpCounter.RENO_RECOVERY)).isEqualTo(1);
        }
    }

    @Test
    void shouldRetransmitAtEachPartialAck() {
        try (Script s = open(simple())) {
            s.write(1, 10 * MSS);
            s.turn();
            s.out.clear();
            // Segments 0, 3 and 7 are lost.
            for (int i = 0; i < 7; i++) {
                s.in(s.ack(1));
            }
            s.expect(ACK, 1, s.peerSeq, MSS);
            s.expectNothing();
            s.in(s.ack(1 + 3 * MSS));
            s.expect(ACK, 1 + 3 * MSS, s.peerSeq, MSS);
            s.expectNothing();
            s.in(s.ack(1 + 7 * MSS));
            s.expect(ACK, 1 + 7 * MSS, s.peerSeq, MSS);
            s.expectNothing();
            assertThat(state(s)).isEqualTo(CaState.RECOVERY);
            s.in(s.ack(1 + 10 * MSS));
            assertThat(state(s)).as("held until more is acknowledged (RFC 6582, 4.1)").isEqualTo(CaState.RECOVERY);
            s.write(1 + 10 * MSS, MSS);
            s.turn();
            s.expect(ACK, 1 + 10 * MSS, s.peerSeq, MSS);
            s.in(s.ack(1 + 11 * MSS));
            assertThat(state(s)).isEqualTo(CaState.OPEN);
            assertThat(s.count(TcpCounter.TIMEOUTS)).isZero();
            assertThat(s.count(TcpCounter.RETRANS_SEGS)).isEqualTo(3);
        }
    }

    @Test
    void shouldNotTakeEchoesOfATimeoutForLoss() {
        try (Script s = open(simple())) {
            s.write(1, 10 * MSS);
            s.turn();
            s.out.clear();
            s.untilSent(SECOND);
            assertThat(s.count(TcpCounter.TIMEOUTS)).isEqualTo(1);
            for (int i = 0; i < 5; i++) {
                s.in(s.ack(1));
            }
            assertThat(s.count(TcpCounter.FAST_RETRANSMITS)).isZero();
        }
    }

    @Test
    void shouldNotCountOtherThingsAsDuplicates() {
        try (Script s = open(simple())) {
            s.write(1, 10 * MSS);
            s.turn();
            s.out.clear();
            for (int i = 0; i < 5; i++) {
                // With data, and with another window.
                s.in(s.data(10));
                s.in(s.ack(1).window(60_000 + i));
            }
            assertThat(s.count(TcpCounter.FAST_RETRANSMITS)).isZero();
        }
    }

    @Test
    void shouldNotMeasureWhatWasFastRetransmitted() {
        try (Script s = open(simple())) {
            s.write(1, 10 * MSS);
            s.turn();
            s.advance(100 * MS);
            for (int i = 0; i < 3; i++) {
                s.in(s.ack(1));
            }
            s.in(s.ack(1 + 10 * MSS));
            assertThat(s.connection().sender().rtt().smoothedNs()).as("the handshake's").isZero();
        }
    }

    @Test
    void shouldRetransmitTheFinWithTheLastData() {
        try (Script s = open(simple())) {
            s.write(1, 5 * MSS);
            s.flow.shutdownOutput();
            s.turn();
            s.out.clear();
            for (int i = 0; i < 3; i++) {
                s.in(s.ack(1));
            }
            s.expect(ACK, 1, s.peerSeq, MSS);
            s.in(s.ack(1 + 4 * MSS));
            s.expect(FIN | ACK, 1 + 4 * MSS, s.peerSeq, MSS);
            s.in(s.ack(1 + 5 * MSS));
            s.expectNothing();
            s.untilSent(SECOND);
            s.expect(FIN | ACK, 1 + 5 * MSS, s.peerSeq, 0);
            s.in(s.ack(2 + 5 * MSS));
            assertThat(s.flow.state()).isEqualTo(TcpState.FIN_WAIT_2);
        }
    }

    @Test
    void shouldRetransmitALostFin() {
        try (Script s = open(simple())) {
            s.write(1, 100);
            s.flow.shutdownOutput();
            s.turn();
            s.expect(FIN | ACK, 1, s.peerSeq, 100);
            s.untilSent(SECOND);
            s.expect(FIN | ACK, 1, s.peerSeq, 100);
            s.in(s.ack(101));
            // The data arrived but the FIN did not.
            s.untilSent(SECOND);
            s.expect(FIN | ACK, 101, s.peerSeq, 0);
            s.in(s.ack(102));
            assertThat(s.flow.state()).isEqualTo(TcpState.FIN_WAIT_2);
        }
    }

    @Test
    void shouldShrinkTheWindowAfterIdleness() {
        try (Script s = open(simple())) {
            s.write(1, 60 * MSS);
            s.turn();
            for (int acked = 10; acked <= 60; acked += 10) {
                s.in(s.ack(1 + acked * MSS));
            }
            s.out.clear();
            final int grown = window(s);
            assertThat(grown).isGreaterThan(20);
            s.advance(10 * SECOND);
            s.write(1 + 60 * MSS, 60 * MSS);
            s.turn();
            assertThat(s.out).hasSize(10);
        }
    }

    @Test
    void shouldNotGrowTheWindowThatItDoesNotUse() {
        try (Script s = open(simple())) {
            for (int i = 0; i < 50; i++) {
                s.write(1 + i * MSS, MSS);
                s.turn();
                s.in(s.ack(1 + (i + 1) * MSS));
            }
            assertThat(window(s)).isEqualTo(10);
        }
    }
}
