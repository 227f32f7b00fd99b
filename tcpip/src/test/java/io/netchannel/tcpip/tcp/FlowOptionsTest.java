package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What applications can set, as far as it concerns opening, closing and watching. */
class FlowOptionsTest {

    @Test
    void shouldResetAtOnceWithoutLinger() {
        try (Script s = new Script(simple()).accept()) {
            s.flow.lingerNs(0);
            s.write(1, 10);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 10);
            s.flow.close();
            s.turn();
            s.expect(RST | ACK, 11, s.peerSeq, 0);
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.ABORTED);
            assertThat(s.count(TcpCounter.ABORT_ON_DATA)).isEqualTo(1);
        }
    }

    @Test
    void shouldResetWhatIsNotAcknowledgedWhenLingerIsOver() {
        for (final boolean acknowledged : new boolean[]{false, true}) {
            try (Script s = new Script(simple()).accept()) {
                s.flow.lingerNs(SECOND);
                s.flow.close();
                s.turn();
                s.expect(FIN | ACK, 1, s.peerSeq, 0);
                if (acknowledged) {
                    s.in(s.ack(2));
                }
                s.advance(SECOND + TICK);
                assertThat(s.count(TcpCounter.ABORT_ON_LINGER)).isEqualTo(acknowledged ? 0 : 1);
                assertThat(s.handler.reason)
                        .isEqualTo(acknowledged ? TcpCloseReason.FINISHED : TcpCloseReason.ABORTED);
            }
        }
    }

    @Test
    void shouldWaitForThePeersFinAsLongAsTheFlowIsSetTo() {
        try (Script s = new Script(simple()).accept()) {
            s.flow.finWait2Ns(5 * SECOND);
            s.flow.close();
            s.turn();
            s.in(s.ack(2));
            assertThat(s.handler.reason).isNull();
            assertThat(s.flow.state()).isEqualTo(TcpState.FIN_WAIT_2);
            s.advance(5 * SECOND + TICK);
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.FINISHED);
            assertThat(s.stack.connections()).isZero();
        }
        try (Script s = new Script(simple()).accept()) {
            s.flow.finWait2Ns(-1);
            s.flow.close();
            s.turn();
            s.expect(FIN | ACK, 1, s.peerSeq, 0);
            s.in(s.ack(2));
            s.expect(RST, 2, 0, 0);
            assertThat(s.count(TcpCounter.ABORT_ON_LINGER)).isEqualTo(1);
        }
    }

    @Test
    void shouldResetDataAfterItsFinOnceInputIsShut() {
        try (Script s = new Script(simple()).accept()) {
            s.flow.shutdownInput();
            s.in(s.data(10));
            assertThat(s.handler.received.size()).isEqualTo(10);
            s.flow.shutdownOutput();
            s.turn();
            s.out.clear();
            s.in(s.data(10));
            s.expect(RST, 1, 0, 0);
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.ABORTED);
        }
    }

    @Test
    void shouldGiveUpOpeningByTheUsersTimeout() {
        try (Script s = new Script(simple())) {
            s.startConnect();
            s.flow.userTimeoutNs(2_500 * MS);
            s.advance(2_400 * MS);
            assertThat(s.handler.reason).isNull();
            s.advance(100 * MS + TICK);
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.TIMED_OUT);
        }
    }

    @Test
    void shouldGiveUpAnIdlePeerByTheUsersTimeout() {
        try (Script s = new Script(simple()).accept()) {
            s.flow.keepAliveTimes(10 * SECOND, SECOND, 9);
            s.flow.userTimeoutNs(13 * SECOND);
            s.flow.keepAlive(true);
            s.advance(12_900 * MS);
            assertThat(s.handler.reason).isNull();
            assertThat(s.count(TcpCounter.KEEPALIVES)).isEqualTo(3);
            s.advance(200 * MS);
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.TIMED_OUT);
            assertThat(s.count(TcpCounter.ABORT_ON_TIMEOUT)).isEqualTo(1);
        }
    }

    @Test
    void shouldCutSegmentsAsSetBeforeAndAfterTheHandshake() {
        try (Script s = new Script(simple())) {
            s.remotePort = 80;
            s.flow = s.stack.connect(0, REMOTE, 80, s.handler);
            s.flow.maxSegmentBytes(1100);
            s.turn();
            final Seg syn = s.next();
            s.isn = syn.sequence;
            s.localPort = syn.sourcePort;
            assertThat(syn.mssOption()).isEqualTo(1100);
            s.in(Seg.of(SYN | ACK, s.peerSeq++, s.isn + 1).mss(1460));
            s.out.clear();
            s.write(1, 1100);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 1100);
            s.flow.maxSegmentBytes(500);
            s.write(1101, 1000);
            s.turn();
            s.expect(ACK, 1101, s.peerSeq, 500);
            s.expect(ACK, 1601, s.peerSeq, 500);
            s.expectNothing();
        }
    }

    @Test
    void shouldKeepLittleUnsent() {
        try (Script s = new Script(simple()).accept()) {
            s.flow.notSentLowWaterBytes(4000);
            s.in(s.ack(1).window(0));
            // A frame that is begun is completed: the largest is half of the peer's window, 22 segments.
            assertThat(s.write(1, 100_000)).isEqualTo(22 * 1460);
            assertThat(s.write(22 * 1460 + 1, 10)).isZero();
            assertThat(s.flow.writableBytes()).isZero();
            s.turn();
            assertThat(s.handler.events).doesNotContain("writable");
            s.in(s.ack(1).window(60_000));
            s.in(s.ack(1 + 10 * 1460).window(60_000));
            s.in(s.ack(1 + 20 * 1460).window(60_000));
            s.turn();
            assertThat(s.handler.events).contains("writable");
        }
    }

    @Test
    void shouldMarkEveryPacketWithItsDifferentiatedServices() {
        try (Script s = new Script(simple())) {
            s.remotePort = 80;
            s.flow = s.stack.connect(0, REMOTE, 80, s.handler);
            s.flow.differentiatedServices(46);
            s.turn();
            s.isn = s.next().sequence;
            s.localPort = s.flow.localPort();
            s.in(Seg.of(SYN | ACK, s.peerSeq++, s.isn + 1));
            s.write(1, 10);
            s.turn();
            s.flow.abort();
            s.turn();
            assertThat(s.host.trafficClasses).hasSize(4).containsOnly(46 << 2);
            assertThatThrownBy(() -> s.flow.differentiatedServices(64)).hasMessage("codePoint=64 is not within 0..63");
        }
    }

    @Test
    void shouldHandTheListenersDifferentiatedServicesDown() {
        try (Script s = new Script(simple())) {
            s.listen();
            s.listener.differentiatedServices(10);
            s.in(Seg.of(SYN, s.peerSeq++, 0));
            s.isn = s.next().sequence;
            s.in(s.ack(1));
            s.handler.flow.close();
            s.turn();
            s.in(Seg.of(FIN | ACK, s.peerSeq, s.isn + 2));
            assertThat(s.host.trafficClasses).hasSize(3).containsOnly(10 << 2);
        }
    }

    @Test
    void shouldResetWithTheTimestampsOfTheFlow() {
        try (Script s = new Script(simple().with(TcpSetting.TIMESTAMPS, true))) {
            s.decorate = seg -> seg.timestamps ? seg : seg.timestamps(1000, 0);
            s.accept();
            s.flow.abort();
            s.turn();
            final Seg reset = s.expect(RST | ACK, 1, s.peerSeq, 0);
            assertThat(reset.timestampEcho).isEqualTo(1000);
        }
    }

    @Test
    void shouldTellWhatItIs() {
        try (Script s = new Script(TcpConfig.defaults())) {
            s.startConnect();
            s.untilSent(2 * SECOND);
            final TcpInfo info = new TcpInfo();
            s.flow.info(info);
            assertThat(info.get(TcpInfo.Field.STATE)).isEqualTo(2);
            assertThat(info.get(TcpInfo.Field.RETRANSMITS)).isEqualTo(1);
            final Seg syn = s.next();
            s.in(Seg.of(SYN | ACK, s.peerSeq++, s.isn + 1).mss(1000).scale(3).option(1, 1, OPTION_SACK_PERMITTED, 2)
                    .timestamps(9, syn.timestampValue));
            s.advance(300 * MS);
            s.flow.info(info);
            assertThat(info.get(TcpInfo.Field.STATE)).isEqualTo(1);
            assertThat(info.get(TcpInfo.Field.OPTIONS)).isEqualTo(
                    TcpInfo.OPTION_TIMESTAMPS | TcpInfo.OPTION_SACK | TcpInfo.OPTION_WINDOW_SCALE);
            assertThat(info.get(TcpInfo.Field.SND_WSCALE)).isEqualTo(3);
            assertThat(info.get(TcpInfo.Field.RCV_WSCALE)).isEqualTo(7);
            assertThat(info.get(TcpInfo.Field.ADVMSS)).isEqualTo(1448);
            assertThat(info.get(TcpInfo.Field.PMTU)).isEqualTo(1500);
            assertThat(info.get(TcpInfo.Field.LAST_ACK_RECV)).isEqualTo(300);
        }
    }
}
