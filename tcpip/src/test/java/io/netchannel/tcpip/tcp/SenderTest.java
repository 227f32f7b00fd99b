package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.tcp.TcpInfo.Field;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import io.netchannel.tcpip.tcp.recovery.CaState;
import io.netchannel.tcpip.tcp.recovery.Flight;
import org.junit.jupiter.api.Test;

/** What the sender does besides recovery: marks, pacing, corking, timeouts, the path's MTU. The segment size is 1000. */
class SenderTest {

    private static final int MSS = 1000;
    private static final long RTT = 100 * MS;

    private static Script open(final TcpConfig config) {
        final Script s = new Script(config);
        s.listen();
        s.in(Seg.of(SYN, s.peerSeq, 0).mss(MSS));
        s.peerSeq++;
        s.isn = s.next().sequence;
        s.advance(RTT);
        s.in(s.ack(1));
        s.flow = s.handler.flow;
        s.expectNothing();
        return s;
    }

    private static Flight flight(final Script s) {
        return s.connection().sender().flight();
    }

    private static long info(final Script s, final Field field) {
        final TcpInfo info = new TcpInfo();
        s.flow.info(info);
        return info.get(field);
    }

    @Test
    void shouldReduceTheWindowOncePerWindowWhenMarksAreEchoed() {
        try (Script s = open(simple())) {
            s.connection().sender().enableEcn();
            s.write(1, 4 * MSS);
            s.turn();
            s.out.clear();
            s.advance(RTT);
            final Seg echo = s.ack(1 + MSS);
            echo.flags |= ECE;
            s.in(echo);
            assertThat(flight(s).state()).isEqualTo(CaState.CWR);
            // Three in flight, below ssthresh 7: PRR lets go what was delivered, and one more since nothing is lost.
            assertThat(flight(s).window().segments()).isEqualTo(5);
            final Seg again = s.ack(1 + 2 * MSS);
            again.flags |= ECE;
            s.in(again);
            assertThat(flight(s).window().thresholdSegments()).isEqualTo(7);
            s.write(1 + 4 * MSS, 2 * MSS);
            s.turn();
            assertThat(s.next().has(CWR)).as("the first new segment says so").isTrue();
            assertThat(s.next().has(CWR)).isFalse();
            s.in(s.ack(1 + 4 * MSS));
            assertThat(flight(s).state()).as("until the peer has seen CWR").isEqualTo(CaState.CWR);
            s.in(s.ack(1 + 6 * MSS));
            assertThat(flight(s).state()).isEqualTo(CaState.OPEN);
            assertThat(flight(s).window().segments()).isEqualTo(7);
            assertThat(info(s, Field.DELIVERED_CE)).isEqualTo(2);
        }
    }

    @Test
    void shouldHoldSmallSegmentsBackWhileCorkedForATimeoutAtMost() {
        try (Script s = open(simple())) {
            s.flow.noDelay(true);
            s.flow.cork(true);
            s.write(1, 40);
            s.turn();
            s.expectNothing();
            // 100 of round trip and 200 of variance.
            assertThat(s.untilSent(SECOND)).isBetween(300 * MS, 300 * MS + TICK);
            s.expect(ACK, 1, s.peerSeq, 40);
            s.in(s.ack(41));
            s.write(41, MSS + 10);
            s.turn();
            s.expect(ACK, 41, s.peerSeq, MSS);
            s.expectNothing();
            s.flow.cork(false);
            s.turn();
            s.expect(ACK, 1041, s.peerSeq, 10);
        }
    }

    @Test
    void shouldGiveUpAtTheUserTimeout() {
        try (Script s = open(simple())) {
            s.flow.userTimeoutNs(3 * SECOND);
            s.write(1, 100);
            final long start = s.nowNs;
            s.advance(2900 * MS);
            assertThat(s.handler.reason).isNull();
            s.advance(SECOND);
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.TIMED_OUT);
            // 0.3 s until the first retransmission, from which it counts.
            assertThat(s.nowNs - start).isLessThan(4 * SECOND);
        }
    }

    @Test
    void shouldCountTheUserTimeoutWhileTheWindowIsShut() {
        try (Script s = open(simple())) {
            s.flow.userTimeoutNs(3 * SECOND);
            s.in(s.ack(1).window(0));
            s.write(1, 100);
            for (int i = 0; i < 10 && s.handler.reason == null; i++) {
                s.advance(400 * MS);
                s.out.clear();
                s.in(s.ack(1).window(0));
            }
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.TIMED_OUT);
        }
    }

    @Test
    void shouldSpreadSegmentsWhenPacing() {
        try (Script s = open(simple().with(TcpSetting.PACING, true))) {
            s.write(1, 40 * MSS);
            s.turn();
            // Linux doesn't pace the first ten.
            assertThat(s.out).hasSize(10);
            s.out.clear();
            s.advance(RTT);
            s.in(s.ack(1 + 10 * MSS));
            s.out.clear();
            // Window 20, round trip 100 ms, 200 %: 400,000 bytes a second, a segment each 2.5 ms.
            assertThat(info(s, Field.PACING_RATE)).isEqualTo(400_000);
            // The first is credited half of that for the pause before.
            assertThat(s.untilSent(SECOND)).isBetween(MS, 2 * MS);
            s.out.clear();
            assertThat(s.untilSent(SECOND)).isBetween(2 * MS, 3 * MS);
        }
    }

    @Test
    void shouldNotPassTheLimitOfTheRate() {
        try (Script s = open(simple())) {
            s.flow.maxPacingRate(100_000);
            s.write(1, 40 * MSS);
            s.turn();
            s.out.clear();
            s.advance(RTT);
            s.in(s.ack(1 + 10 * MSS));
            s.out.clear();
            assertThat(info(s, Field.PACING_RATE)).isEqualTo(100_000);
            assertThat(s.untilSent(SECOND)).isBetween(4 * MS, 11 * MS);
            s.out.clear();
            assertThat(s.untilSent(SECOND)).isBetween(9 * MS, 11 * MS);
        }
    }

    @Test
    void shouldChangeCongestionControlInMidFlow() {
        try (Script s = open(simple())) {
            s.write(1, 10 * MSS);
            s.turn();
            s.flow.congestionControl(CongestionAlgorithm.NEW_RENO);
            for (int i = 0; i < 3; i++) {
                s.in(s.ack(1));
            }
            assertThat(flight(s).window().thresholdSegments()).as("a half, not seven tenths").isEqualTo(5);
        }
    }

    @Test
    void shouldUndoByTimestampsWhenTheOriginalWasLate() {
        try (Script s = new Script(simple().with(TcpSetting.TIMESTAMPS, true))) {
            s.decorate = seg -> seg.timestamps ? seg : seg.timestamps(1, 0);
            s.accept(syn -> syn.mss(MSS));
            s.write(1, 4 * MSS);
            s.turn();
            final int stamp = s.next().timestampValue;
            s.out.clear();
            s.untilSent(SECOND);
            assertThat(flight(s).state()).isEqualTo(CaState.LOSS);
            assertThat(flight(s).window().segments()).isEqualTo(1);
            // Echoes what was sent before the timeout (Eifel).
            s.in(s.ack(1 + 2 * MSS).timestamps(2, stamp));
            assertThat(s.count(TcpCounter.LOSS_UNDO)).isEqualTo(1);
            assertThat(flight(s).window().segments()).isGreaterThanOrEqualTo(10);
        }
    }

    @Test
    void shouldProbeThePathsMtu() {
        try (Script s = new Script(simple().with(TcpSetting.MTU_PROBING, 2).with(TcpSetting.MTU_PROBE_BASE_BYTES, 512)
                .with(TcpSetting.INITIAL_WINDOW_SEGMENTS, 11)).accept(syn -> syn.mss(1460))) {
            assertThat(s.connection().sender().mssBytes()).isEqualTo(512);
            s.write(1, 6000);
            s.turn();
            // Between 512 and 1460: (552 + 1500) / 2 less headers.
            s.expect(ACK, 1, s.peerSeq, 986);
            s.expect(ACK, 987, s.peerSeq, 512);
            s.out.clear();
            s.in(s.ack(987));
            assertThat(s.count(TcpCounter.MTU_PROBE_SUCCESS)).isEqualTo(1);
            assertThat(s.connection().sender().mssBytes()).isEqualTo(986);
        }
    }

    @Test
    void shouldKeepTheWindowWhenOnlyTheProbeOfTheMtuIsLost() {
        try (Script s = new Script(simple().with(TcpSetting.MTU_PROBING, 2).with(TcpSetting.MTU_PROBE_BASE_BYTES, 512)
                .with(TcpSetting.INITIAL_WINDOW_SEGMENTS, 11)).accept(syn -> syn.mss(1460))) {
            s.write(1, 6000);
            s.turn();
            s.out.clear();
            s.in(s.ack(1));
            s.in(s.ack(1));
            s.out.clear();
            s.in(s.ack(1));
            assertThat(s.count(TcpCounter.MTU_PROBE_FAIL)).isEqualTo(1);
            assertThat(flight(s).window().segments()).isEqualTo(11);
            assertThat(flight(s).window().thresholdSegments()).isGreaterThan(11);
            s.expect(ACK, 1, s.peerSeq, 512);
            s.expect(ACK, 513, s.peerSeq, 474);
        }
    }

    @Test
    void shouldCutSmallerSegmentsWhereLargeOnesVanish() {
        try (Script s = new Script(simple().with(TcpSetting.MTU_PROBING, 1)).accept(syn -> syn.mss(1460))) {
            s.write(1, 1460);
            s.turn();
            // Three retries' time, 3 s after the first: probing begins, then segments shrink.
            s.advance(10 * SECOND);
            assertThat(s.connection().sender().mssBytes()).isEqualTo(1024);
            assertThat(s.out.peekLast().payload.length).isEqualTo(1024);
            s.advance(20 * SECOND);
            assertThat(s.connection().sender().mssBytes()).isLessThanOrEqualTo(512);
        }
    }

    @Test
    void shouldGrowTheSendBufferWithTheWindow() {
        try (Script s = open(simple().with(TcpSetting.BUFFER_AUTOTUNING, true).with(TcpSetting.SEND_BUFFER_BYTES, 8192)
                .with(TcpSetting.SEND_BUFFER_MAX_BYTES, 16_384))) {
            s.write(1, 40_000);
            s.turn();
            s.in(s.ack(1 + 4 * MSS));
            assertThat(s.connection().sender().buffer().limitBytes()).as("it is the window that is full")
                    .isEqualTo(8192);
            s.in(s.ack(1 + 10 * MSS));
            s.in(s.ack(1 + 22 * MSS));
            assertThat(s.connection().sender().buffer().limitBytes()).isEqualTo(16_384);
        }
    }

    @Test
    void shouldTellWhatHeldItBack() {
        try (Script s = open(simple())) {
            s.in(s.ack(1).window(0));
            s.write(1, MSS);
            s.turn();
            s.advance(200 * MS);
            s.in(s.ack(1).window(2000));
            assertThat(info(s, Field.RWND_LIMITED)).isEqualTo(200_000);
            s.advance(30 * MS);
            s.in(s.ack(1 + MSS));
            assertThat(info(s, Field.BUSY_TIME)).isEqualTo(230_000);
            s.advance(SECOND);
            assertThat(info(s, Field.BUSY_TIME)).isEqualTo(230_000);
        }
    }
}
