package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What segments do to a flow that is nearly forgotten. */
class TimeWaitTest {

    private static Script finWait2(final TcpConfig config) {
        final Script s = new Script(config).accept();
        s.flow.close();
        s.turn();
        s.expect(FIN | ACK, 1, s.peerSeq, 0);
        s.in(s.ack(2));
        s.expectNothing();
        return s;
    }

    private static Script timeWait(final TcpConfig config) {
        final Script s = finWait2(config);
        s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 2));
        s.expect(ACK, 2, s.peerSeq, 0);
        return s;
    }

    @Test
    void shouldResetDataThatNobodyReads() {
        try (Script s = finWait2(simple())) {
            s.in(Seg.of(ACK, s.peerSeq, s.isn + 2).data(10));
            s.expect(RST, 2, 0, 0);
            assertThat(s.stack.timeWaiting()).isZero();
            assertThat(s.count(TcpCounter.ABORT_ON_DATA)).isEqualTo(1);
        }
    }

    @Test
    void shouldFollowRfc5961InFinWait2() {
        try (Script s = finWait2(simple().with(TcpSetting.INVALID_REPLY_INTERVAL_NS, 0))) {
            s.in(Seg.of(RST, s.peerSeq - 1, 0));
            s.expectNothing();
            s.in(Seg.of(RST, s.peerSeq + 1, 0));
            s.expect(ACK, 2, s.peerSeq, 0);
            s.in(Seg.of(SYN, s.peerSeq + 1, 0));
            s.expect(ACK, 2, s.peerSeq, 0);
            assertThat(s.count(TcpCounter.CHALLENGE_ACKS)).isEqualTo(2);
            s.in(Seg.of(RST, s.peerSeq, 0));
            s.expectNothing();
            assertThat(s.stack.timeWaiting()).isZero();
            assertThat(s.count(TcpCounter.TIME_WAIT_KILLED)).isEqualTo(1);
        }
    }

    @Test
    void shouldStayFullTimeInTimeWaitAfterALateFin() {
        try (Script s = finWait2(simple())) {
            s.advance(50 * SECOND);
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 2));
            s.expect(ACK, 2, s.peerSeq, 0);
            s.advance(59 * SECOND);
            assertThat(s.stack.timeWaiting()).isEqualTo(1);
            s.advance(SECOND + TICK);
            assertThat(s.stack.timeWaiting()).isZero();
            assertThat(s.count(TcpCounter.TIME_WAITED)).isEqualTo(1);
        }
    }

    @Test
    void shouldLimitAnswersToAcknowledgments() {
        try (Script s = timeWait(simple())) {
            for (int i = 0; i < 10; i++) {
                s.in(Seg.of(ACK, s.peerSeq + 5, s.isn + 2));
            }
            assertThat(s.out).hasSize(1);
            assertThat(s.count(TcpCounter.ACKS_SKIPPED_TIME_WAIT)).isEqualTo(9);
        }
    }

    @Test
    void shouldNotTakeANewSynIfSetSo() {
        try (Script s = timeWait(simple().with(TcpSetting.TIME_WAIT_REUSE, 0))) {
            s.in(Seg.of(SYN, s.peerSeq + 100, 0));
            s.expect(ACK, 2, s.peerSeq, 0);
            assertThat(s.stack.timeWaiting()).isEqualTo(1);
        }
    }

    @Test
    void shouldConnectFromAPortInTimeWaitWithTimestampsAfterASecond() {
        try (Script s = new Script(simple().with(TcpSetting.TIMESTAMPS, true))) {
            s.decorate = seg -> seg.timestamps ? seg : seg.timestamps(1000, 0);
            s.startConnect();
            s.in(Seg.of(SYN | ACK, s.peerSeq++, s.isn + 1));
            s.flow.close();
            s.turn();
            s.out.clear();
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 2));
            s.out.clear();
            assertThat(s.stack.timeWaiting()).isEqualTo(1);
            assertThat(again(s)).isNull();
            assertThat(s.stack.connectFailure()).isEqualTo(TcpConnectFailure.ADDRESS_IN_USE);
            s.advance(SECOND);
            assertThat(again(s)).isNotNull();
            s.turn();
            assertThat(SeqNum.greaterThan(s.next().sequence, s.isn + 2 + 65_535)).isTrue();
            assertThat(s.stack.timeWaiting()).isZero();
            assertThat(s.count(TcpCounter.TIME_WAIT_RECYCLED)).isEqualTo(1);
        }
    }

    private static TcpFlow again(final Script s) {
        return s.stack.connect(0, LOCAL, s.localPort, 0, REMOTE, 80, s.handler);
    }

    @Test
    void shouldNotConnectFromAPortInTimeWaitWithoutTimestamps() {
        try (Script s = new Script(simple()).connect()) {
            s.flow.close();
            s.turn();
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 2));
            s.advance(10 * SECOND);
            assertThat(s.stack.timeWaiting()).isEqualTo(1);
            assertThat(again(s)).isNull();
        }
    }

    @Test
    void shouldNotAcknowledgeTwiceWhenItComesFromClosing() {
        try (Script s = new Script(simple()).accept()) {
            s.flow.close();
            s.turn();
            s.expect(FIN | ACK, 1, s.peerSeq, 0);
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 1));
            s.expect(ACK, 2, s.peerSeq, 0);
            s.in(s.ack(2));
            s.expectNothing();
            assertThat(s.stack.timeWaiting()).isEqualTo(1);
        }
    }
}
