package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.tcp.TcpInfo.Field;
import io.netchannel.tcpip.tcp.recovery.CaState;
import io.netchannel.tcpip.tcp.recovery.Flight;
import org.junit.jupiter.api.Test;

/**
 * Recovery with SACK, as traces whose numbers are Linux's: the segment size is 1000, the round trip 100 ms, congestion
 * control CUBIC, so that a loss takes the window from 10 to 7.
 */
class SackTest {

    private static final int MSS = 1000;
    private static final long RTT = 100 * MS;

    private static TcpConfig sack() {
        return simple().with(TcpSetting.SACK, true);
    }

    private static Script open(final TcpConfig config) {
        final Script s = new Script(config);
        s.listen();
        s.in(Seg.of(SYN, s.peerSeq, 0).mss(MSS).sackPermitted());
        s.peerSeq++;
        s.isn = s.next().sequence;
        s.advance(RTT);
        s.in(s.ack(1));
        s.flow = s.handler.flow;
        s.expectNothing();
        return s;
    }

    private static Script sent(final TcpConfig config, final int segments) {
        final Script s = open(config);
        s.write(1, segments * MSS);
        s.turn();
        assertThat(s.out).hasSize(Math.min(segments, 10));
        s.out.clear();
        return s;
    }

    private static Flight flight(final Script s) {
        return s.connection().sender().flight();
    }

    private static int window(final Script s) {
        return flight(s).window().segments();
    }

    private static void expectData(final Script s, final int segment) {
        s.expect(ACK, 1 + segment * MSS, s.peerSeq, MSS);
    }

    private static int at(final int segment) {
        return 1 + segment * MSS;
    }

    // RFC 6675, 5: RecoveryPoint is the end of what was sent when the loss was found, by earlier acknowledgments too.
    @Test
    void shouldSendWhatMayGoBeforeALossIsFound() {
        try (Script s = sent(sack(), 40)) {
            s.inBurst(s.ack(at(5)));
            s.inBurst(s.sack(at(5), at(6), at(10)));
            s.turn();
            for (int i = 10; i < 20; i++) {
                expectData(s, i);
            }
            expectData(s, 5);
            s.out.clear();
            s.in(s.sack(at(18), at(19), at(20)));
            assertThat(s.count(TcpCounter.SACK_RECOVERY)).isEqualTo(1);
            assertThat(window(s)).as("one congestion event, not two").isGreaterThanOrEqualTo(9);
        }
    }

    @Test
    void shouldRecoverOneLossAndSpreadTheReduction() {
        try (Script s = sent(sack(), 10)) {
            s.advance(110 * MS);
            s.in(s.sack(1, at(1), at(2)));
            s.advance(10 * MS);
            s.in(s.sack(1, at(1), at(3)));
            s.expectNothing();
            s.advance(10 * MS);
            s.in(s.sack(1, at(1), at(4)));
            expectData(s, 0);
            s.expectNothing();
            assertThat(flight(s).state()).isEqualTo(CaState.RECOVERY);
            assertThat(window(s)).isEqualTo(7);
            assertThat(flight(s).window().thresholdSegments()).isEqualTo(7);
            s.write(at(10), 7 * MSS);
            for (int i = 4; i < 10; i++) {
                s.advance(10 * MS);
                s.in(s.sack(1, at(1), at(i + 1)));
                expectData(s, 6 + i);
                s.expectNothing();
            }
            s.advance(20 * MS);
            s.in(s.ack(at(10)));
            expectData(s, 16);
            assertThat(flight(s).state()).isEqualTo(CaState.OPEN);
            assertThat(window(s)).isEqualTo(7);
            assertThat(s.count(TcpCounter.SACK_RECOVERY)).isEqualTo(1);
            assertThat(s.count(TcpCounter.FAST_RETRANSMITS)).isEqualTo(1);
        }
    }

    @Test
    void shouldWaitOutTheReorderingWindow() {
        try (Script s = sent(sack(), 4)) {
            s.advance(RTT);
            s.in(s.sack(1, at(3), at(4)));
            s.expectNothing();
            assertThat(flight(s).state()).isEqualTo(CaState.DISORDER);
            // A quarter of the least round-trip time, and 2 ms of a timer's.
            assertThat(s.untilSent(SECOND)).isBetween(27 * MS, 27 * MS + TICK);
            expectData(s, 0);
            assertThat(flight(s).lostOut()).isEqualTo(3);
            assertThat(flight(s).state()).isEqualTo(CaState.RECOVERY);
        }
    }

    @Test
    void shouldFindLossByCountWithoutRack() {
        try (Script s = sent(sack().with(TcpSetting.RACK, false), 10)) {
            s.advance(RTT);
            s.in(s.sack(1, at(2), at(4)));
            s.expectNothing();
            s.in(s.sack(1, at(2), at(5)));
            expectData(s, 0);
            assertThat(flight(s).lostOut()).isEqualTo(2);
        }
    }

    @Test
    void shouldLearnHowFarThePathReorders() {
        try (Script s = sent(sack(), 10)) {
            s.advance(RTT);
            s.in(s.sack(1, at(2), at(3)));
            s.in(s.sack(1, at(2), at(3), at(6), at(7)));
            s.in(s.sack(1, at(2), at(3), at(6), at(7), at(8), at(9)));
            expectData(s, 0);
            assertThat(flight(s).lostOut()).isEqualTo(6);
            s.advance(7 * MS);
            s.in(s.sack(1, at(2), at(4), at(6), at(7), at(8), at(9)));
            expectData(s, 1);
            assertThat(flight(s).lostOut()).isEqualTo(5);
            assertThat(flight(s).reordering().segments()).as("from 8 to 3").isEqualTo(6);
            assertThat(s.count(TcpCounter.SACK_REORDER)).isEqualTo(1);
            s.in(s.ack(at(10)));
            assertThat(flight(s).packetsOut()).isZero();
            assertThat(flight(s).sackedOut()).isZero();
            assertThat(flight(s).lostOut()).isZero();
            assertThat(flight(s).retransmittedOut()).isZero();
        }
    }

    @Test
    void shouldProbeTheTail() {
        try (Script s = sent(sack(), 2)) {
            // Two round trips and 2 ms: the last segment again.
            assertThat(s.untilSent(SECOND)).isBetween(202 * MS, 202 * MS + TICK);
            expectData(s, 1);
            assertThat(s.count(TcpCounter.LOSS_PROBES)).isEqualTo(1);
            // The timeout counts from the probe: srtt + rttvar, here 100 + 200.
            assertThat(s.untilSent(SECOND)).isBetween(300 * MS, 300 * MS + TICK);
            expectData(s, 0);
            assertThat(s.count(TcpCounter.TIMEOUTS)).isEqualTo(1);
        }
    }

    @Test
    void shouldReduceTheWindowWhenTheProbeRepairedALoss() {
        try (Script s = sent(sack(), 2)) {
            s.untilSent(SECOND);
            expectData(s, 1);
            s.in(s.ack(at(2)));
            assertThat(s.count(TcpCounter.LOSS_PROBE_RECOVERY)).as("not told yet").isZero();
            s.write(at(2), MSS);
            s.turn();
            s.out.clear();
            s.advance(RTT);
            s.in(s.ack(at(3)));
            assertThat(s.count(TcpCounter.LOSS_PROBE_RECOVERY)).isEqualTo(1);
            assertThat(window(s)).isEqualTo(7);
        }
    }

    @Test
    void shouldNotReduceTheWindowWhenBothCopiesArrived() {
        try (Script s = sent(sack(), 2)) {
            s.untilSent(SECOND);
            s.out.clear();
            s.in(s.ack(at(2)));
            s.in(s.sack(at(2), at(1), at(2)));
            s.write(at(2), MSS);
            s.turn();
            s.in(s.ack(at(3)));
            assertThat(s.count(TcpCounter.LOSS_PROBE_RECOVERY)).isZero();
            assertThat(s.count(TcpCounter.DSACK_RECEIVED)).isEqualTo(1);
            assertThat(window(s)).isEqualTo(10);
        }
    }

    @Test
    void shouldProbeWithNewDataFirst() {
        try (Script s = sent(sack(), 12)) {
            assertThat(s.untilSent(SECOND)).isBetween(202 * MS, 202 * MS + TICK);
            expectData(s, 10);
            s.expectNothing();
        }
    }

    @Test
    void shouldUndoWhenDsackReportsAllRetransmissions() {
        try (Script s = sent(sack(), 10)) {
            s.advance(RTT);
            s.in(s.sack(1, at(1), at(4)));
            expectData(s, 0);
            assertThat(flight(s).window().thresholdSegments()).isEqualTo(7);
            s.advance(RTT);
            s.in(s.sack(at(10), 1, at(1)));
            assertThat(s.count(TcpCounter.DSACK_RECEIVED)).isEqualTo(1);
            assertThat(s.count(TcpCounter.FULL_UNDO) + s.count(TcpCounter.DSACK_UNDO)).isEqualTo(1);
            assertThat(window(s)).isGreaterThanOrEqualTo(10);
            assertThat(flight(s).state()).isEqualTo(CaState.OPEN);
        }
    }

    @Test
    void shouldUndoATimeoutThatForwardRtoDisproves() {
        try (Script s = sent(sack(), 10)) {
            // A probe of the tail first, which has nothing new to send.
            s.untilSent(SECOND);
            s.out.clear();
            s.untilSent(SECOND);
            expectData(s, 0);
            assertThat(flight(s).state()).isEqualTo(CaState.LOSS);
            assertThat(window(s)).isEqualTo(1);
            s.write(at(10), 5 * MSS);
            s.turn();
            // Step 2b: not what is lost, but what is new.
            s.in(s.ack(at(1)));
            expectData(s, 10);
            // Step 3b: what was never sent again arrives.
            s.in(s.ack(at(2)));
            assertThat(s.count(TcpCounter.SPURIOUS_RTOS)).isEqualTo(1);
            assertThat(flight(s).state()).isEqualTo(CaState.OPEN);
            assertThat(flight(s).lostOut()).isZero();
            assertThat(window(s)).isGreaterThanOrEqualTo(10);
        }
    }

    @Test
    void shouldSendAgainAfterATimeoutWhatIsNotSacked() {
        try (Script s = sent(sack().with(TcpSetting.FRTO, false).with(TcpSetting.TAIL_LOSS_PROBE, false), 6)) {
            s.advance(RTT);
            s.in(s.sack(1, at(2), at(3)));
            s.advance(20 * MS);
            s.out.clear();
            s.untilSent(SECOND);
            s.out.clear();
            s.untilSent(SECOND);
            s.out.clear();
            s.in(s.sack(at(2), at(2), at(3)));
            s.in(s.ack(at(6)));
            assertThat(flight(s).packetsOut()).isZero();
            assertThat(flight(s).lostOut()).isZero();
            assertThat(flight(s).retransmittedOut()).isZero();
            assertThat(flight(s).sackedOut()).isZero();
        }
    }

    @Test
    void shouldForgetWhatThePeerHasDropped() {
        try (Script s = sent(sack().with(TcpSetting.TAIL_LOSS_PROBE, false), 4)) {
            s.advance(RTT);
            s.in(s.sack(1, at(1), at(2)));
            // Acknowledges what is before it, and not what it had reported.
            s.in(s.ack(at(1)));
            s.out.clear();
            s.untilSent(SECOND);
            assertThat(s.count(TcpCounter.SACK_RENEGING)).isEqualTo(1);
            expectData(s, 1);
            assertThat(flight(s).sackedOut()).isZero();
        }
    }

    @Test
    void shouldNotBelieveBlocksOfWhatWasNeverSent() {
        try (Script s = sent(sack(), 4)) {
            s.in(s.sack(1, at(2), at(5)));
            s.in(s.sack(1, at(3), at(2)));
            s.in(s.sack(1, at(3), at(3)));
            s.in(s.sack(1, 1, at(2)));
            assertThat(flight(s).sackedOut()).isZero();
            assertThat(s.count(TcpCounter.SACK_DISCARD)).isEqualTo(4);
            s.in(s.sack(1, 0, 1));
            assertThat(s.count(TcpCounter.DSACK_IGNORED_DUBIOUS)).as("nothing was sent twice").isEqualTo(1);
        }
    }

    @Test
    void shouldSplitSuperFramesAtSegments() {
        final Script s = new Script(TestHost.Setup.offloading(), sack());
        try (s) {
            s.accept(syn -> syn.mss(MSS).sackPermitted());
            s.write(1, 10 * MSS);
            s.turn();
            assertThat(s.out).hasSize(2);
            s.out.clear();
            // From the middle of a segment to the middle of another: two whole ones are covered.
            s.in(s.sack(1, at(1) + 1, at(4) + 500));
            assertThat(flight(s).sackedOut()).isEqualTo(2);
            assertThat(flight(s).packetsOut()).isEqualTo(10);
            s.in(s.sack(1, at(1), at(10)));
            assertThat(flight(s).sackedOut()).isEqualTo(9);
            assertThat(flight(s).segments().size()).as("sacked neighbours are one").isEqualTo(2);
            s.in(s.ack(at(10)));
            assertThat(flight(s).packetsOut()).isZero();
        }
    }

    @Test
    void shouldTellWhatLinuxTells() {
        try (Script s = sent(sack(), 10)) {
            s.advance(110 * MS);
            s.in(s.sack(1, at(1), at(4)));
            final TcpInfo info = new TcpInfo();
            s.flow.info(info);
            assertThat(info.get(Field.CA_STATE)).isEqualTo(TcpInfo.CA_RECOVERY);
            assertThat(info.get(Field.SND_CWND)).isEqualTo(7);
            assertThat(info.get(Field.SND_SSTHRESH)).isEqualTo(7);
            assertThat(info.get(Field.UNACKED)).isEqualTo(10);
            assertThat(info.get(Field.SACKED)).isEqualTo(3);
            assertThat(info.get(Field.LOST)).isEqualTo(1);
            assertThat(info.get(Field.RETRANS)).isEqualTo(1);
            assertThat(info.get(Field.TOTAL_RETRANS)).isEqualTo(1);
            assertThat(info.get(Field.BYTES_SENT)).isEqualTo(11_000);
            assertThat(info.get(Field.BYTES_RETRANS)).isEqualTo(1_000);
            assertThat(info.get(Field.DELIVERED)).as("with the SYN").isEqualTo(4);
            assertThat(info.get(Field.RTT)).isEqualTo(101_250);
            assertThat(info.get(Field.MIN_RTT)).isEqualTo(100_000);
            assertThat(info.get(Field.BUSY_TIME)).isEqualTo(110_000);
            assertThat(info.get(Field.OPTIONS) & TcpInfo.OPTION_SACK).isEqualTo(TcpInfo.OPTION_SACK);
        }
    }
}
