package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Windows that close and open, at either side. */
class WindowTest {

    // -- ours

    @Test
    void shouldCloseTheWindowWhenTheApplicationDoesNotConsume() {
        try (Script s = new Script(simple().with(TcpSetting.RECEIVE_BUFFER_BYTES, 8192)).accept()) {
            s.handler.appetite = 0;
            int window = 8192;
            while (window > 0) {
                s.in(s.data(Math.min(1024, window)));
                if (!s.out.isEmpty()) {
                    final Seg ack = s.next();
                    assertThat(ack.acknowledgment + ack.window).as("the edge never moves back")
                            .isEqualTo(PEER_ISN + 1 + 8192);
                    window = ack.window;
                } else {
                    s.untilSent(SECOND);
                    window = s.next().window;
                }
            }
            assertThat(s.count(TcpCounter.TO_ZERO_WINDOW)).isEqualTo(1);
            // What comes now is not taken, but answered.
            s.in(s.ack(1).data(1));
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).window).isZero();
            s.handler.appetite = 1000;
            s.flow.resumeReceive();
            s.turn();
            s.expectNothing();
            s.handler.appetite = 1100;
            s.flow.resumeReceive();
            s.turn();
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).window).as("more than a sixteenth, in segments").isEqualTo(2048);
            s.handler.appetite = Integer.MAX_VALUE;
            s.flow.resumeReceive();
            s.turn();
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).window).isEqualTo(8192);
            assertThat(s.handler.received.size()).isEqualTo(8192);
        }
    }

    @Test
    void shouldHandOverAtOnceWhatWaitsForAReaderThatComes() {
        try (Script s = new Script(simple().with(TcpSetting.RECEIVE_BUFFER_BYTES, 8192)).accept()) {
            s.handler.appetite = 0;
            s.in(s.data(1460));
            s.in(s.data(1000));
            s.out.clear();
            s.handler.appetite = 1500;
            s.flow.receiveNow();
            assertThat(s.handler.received.size()).isEqualTo(1500);
            assertThat(s.flow.unreadBytes()).isEqualTo(960);
            // It has stopped again, and goes on by either call.
            s.in(s.data(10));
            s.handler.appetite = Integer.MAX_VALUE;
            assertThat(s.handler.received.size()).isEqualTo(1500);
            s.flow.receiveNow();
            assertThat(s.handler.received.size()).isEqualTo(2470);
            s.in(s.data(10));
            assertThat(s.handler.received.size()).isEqualTo(2480);
            s.flow.abort();
            s.flow.receiveNow();
            assertThat(s.handler.received.size()).isEqualTo(2480);
        }
    }

    @Test
    void shouldRefuseToHandOverWithinAHandOver() {
        try (Script s = new Script(simple()).accept()) {
            s.handler.appetite = 0;
            s.in(s.data(1460));
            s.out.clear();
            s.handler.appetite = Integer.MAX_VALUE;
            s.handler.receiving = TcpFlow::receiveNow;
            s.flow.receiveNow();
            assertThat(s.handler.failure).isInstanceOf(IllegalStateException.class).hasMessageContaining("onReceive");
            assertThat(s.handler.received.size()).isZero();
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.HANDLER_FAILED);
        }
    }

    @Test
    void shouldAnswerWindowProbes() {
        try (Script s = new Script(simple().with(TcpSetting.RECEIVE_BUFFER_BYTES, 4096)).accept()) {
            s.handler.appetite = 0;
            s.in(s.data(1460));
            s.in(s.data(1460));
            s.in(s.data(1176));
            s.out.clear();
            for (int i = 0; i < 5; i++) {
                s.advance(500 * MS);
                s.out.clear();
                s.in(Seg.of(ACK, s.peerSeq - 1, s.isn + 1));
                assertThat(s.expect(ACK, 1, s.peerSeq, 0).window).isZero();
            }
        }
    }

    @Test
    void shouldTakeAcknowledgmentsWhileItsWindowIsShut() {
        try (Script s = new Script(simple().with(TcpSetting.RECEIVE_BUFFER_BYTES, 4096)).accept()) {
            s.handler.appetite = 0;
            s.in(s.data(1460));
            s.in(s.data(1460));
            s.in(s.data(1176));
            s.out.clear();
            s.write(1, 100);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 100);
            s.in(s.ack(101));
            assertThat(s.flow.unacknowledgedBytes()).isZero();
            // A peer whose segments lie beyond the window that it has filled.
            s.write(101, 100);
            s.turn();
            s.out.clear();
            s.in(Seg.of(ACK, s.peerSeq, s.isn + 201).data(10));
            assertThat(s.flow.unacknowledgedBytes()).isZero();
        }
    }

    @Test
    void shouldCopySmallSegmentsTogetherWhenTheyWait() {
        try (Script s = new Script(simple()).accept()) {
            s.handler.appetite = 0;
            for (int i = 0; i < 5000; i++) {
                s.in(s.data(1));
            }
            assertThat(s.host.pool.capacity() - s.host.pool.available()).isLessThan(10);
            assertThat(s.count(TcpCounter.RECEIVE_COALESCED)).isEqualTo(4999);
            s.handler.appetite = Integer.MAX_VALUE;
            s.flow.resumeReceive();
            s.turn();
            final byte[] bytes = s.handler.received.toByteArray();
            assertThat(bytes).hasSize(5000);
            for (int i = 0; i < bytes.length; i++) {
                assertThat(bytes[i]).isEqualTo(Seg.pattern(PEER_ISN + 1 + i));
            }
        }
    }

    @Test
    void shouldShutTheWindowWhenBuffersRunOutAndOpenItAgain() {
        try (Script s = new Script(simple().with(TcpSetting.MAX_RECEIVE_BUFFERS, 4)).accept()) {
            s.handler.appetite = 0;
            for (int i = 0; i < 4; i++) {
                s.in(s.data(1460));
            }
            s.out.clear();
            s.in(s.ack(1).data(1460));
            final Seg starved = s.next();
            assertThat(starved.window).isZero();
            assertThat(starved.acknowledgment).isEqualTo(s.peerSeq);
            assertThat(s.count(TcpCounter.RECEIVE_QUEUE_DROPS)).isEqualTo(1);
            s.handler.appetite = Integer.MAX_VALUE;
            s.flow.resumeReceive();
            s.turn();
            assertThat(s.next().window).isEqualTo(65_535);
            s.in(s.data(1460));
            assertThat(s.handler.received.size()).isEqualTo(5 * 1460);
        }
    }

    @Test
    void shouldOpenTheWindowWhenAnotherFlowHasGivenTheBuffersBack() {
        try (Script s = new Script(simple().with(TcpSetting.MAX_RECEIVE_BUFFERS, 4)).accept()) {
            s.handler.appetite = 0;
            for (int i = 0; i < 4; i++) {
                s.in(s.data(1460));
            }
            s.out.clear();
            final RecordingHandler other = new RecordingHandler();
            other.appetite = 0;
            s.stack.listen(0, 0, 9, 1, flow -> other);
            s.localPort = 9;
            s.in(Seg.of(SYN, 100, 0).mss(1460));
            final int sequence = s.next().sequence;
            s.in(Seg.of(ACK, 101, sequence + 1).data(1460));
            assertThat(s.next().window).isZero();
            s.handler.appetite = Integer.MAX_VALUE;
            s.flow.resumeReceive();
            s.turn();
            s.out.clear();
            // Nothing happens on the starved flow itself: it must look again by itself.
            assertThat(s.untilSent(SECOND)).isLessThanOrEqualTo(10 * MS + TICK);
            final Seg update = s.next();
            assertThat(update.sourcePort).isEqualTo(9);
            assertThat(update.window).isEqualTo(65_535);
        }
    }

    @Test
    void shouldOpenTheWindowOfAFlowThatConsumesWhileAnotherHoldsTheBuffers() {
        try (Script s = new Script(simple().with(TcpSetting.MAX_RECEIVE_BUFFERS, 4)).accept()) {
            s.handler.appetite = 0;
            for (int i = 0; i < 4; i++) {
                s.in(s.data(1460));
            }
            s.out.clear();
            final RecordingHandler other = new RecordingHandler();
            other.appetite = 0;
            s.stack.listen(0, 0, 9, 1, flow -> other);
            s.localPort = 9;
            s.in(Seg.of(SYN, 100, 0).mss(1460));
            final int sequence = s.next().sequence;
            s.in(Seg.of(ACK, 101, sequence + 1).data(1460));
            assertThat(s.next().window).isZero();
            other.appetite = Integer.MAX_VALUE;
            other.flow.resumeReceive();
            s.turn();
            assertThat(s.next().window).isEqualTo(65_535);
            s.in(Seg.of(ACK, 101, sequence + 1).data(1460));
            assertThat(other.received.size()).isEqualTo(1460);
        }
    }

    @Test
    void shouldNotOpenTheWindowByALittle() {
        try (Script s = new Script(simple().with(TcpSetting.RECEIVE_BUFFER_BYTES, 4096)).accept()) {
            s.handler.appetite = 0;
            s.in(s.data(1460));
            s.in(s.data(1460));
            s.in(s.data(1176));
            s.handler.appetite = 100;
            s.flow.resumeReceive();
            s.turn();
            s.out.clear();
            s.in(Seg.of(ACK, s.peerSeq - 1, s.isn + 1));
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).window).isZero();
            s.advance(SECOND);
            s.handler.appetite = 1360;
            s.flow.resumeReceive();
            s.turn();
            s.out.clear();
            s.in(Seg.of(ACK, s.peerSeq - 1, s.isn + 1));
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).window).isEqualTo(1460);
        }
    }

    // -- the peer's

    // Only a newer segment may draw the window back.
    private static void shrink(final Script s, final int bytes) {
        s.in(s.data(1));
        s.in(s.data(1).window(bytes));
        s.advance(SECOND);
        s.out.clear();
    }

    @Test
    void shouldProbeAZeroWindowWithBackoff() {
        try (Script s = new Script(simple().with(TcpSetting.MIN_RTO_NS, 200 * MS)).accept()) {
            s.in(s.ack(1).window(0));
            s.write(1, 100);
            s.turn();
            s.expectNothing();
            long interval = s.connection().sender().rtt().rtoNs();
            for (int i = 0; i < 20; i++) {
                assertThat(s.untilSent(1000 * SECOND)).isBetween(interval, interval + TICK);
                s.expect(ACK, 0, s.peerSeq, 0);
                s.in(s.ack(1).window(0));
                s.expectNothing();
                interval = Math.min(interval * 2, 120 * SECOND);
            }
            assertThat(s.handler.reason).as("an answering peer may be shut for ever").isNull();
            assertThat(s.count(TcpCounter.WINDOW_PROBES)).isEqualTo(20);
            s.in(s.ack(1).window(1000));
            s.expect(ACK, 1, s.peerSeq, 100);
        }
    }

    @Test
    void shouldGiveUpProbingASilentPeer() {
        try (Script s = new Script(simple().with(TcpSetting.RETRIES, 4)).accept()) {
            s.in(s.ack(1).window(0));
            s.write(1, 100);
            s.advance(100 * SECOND);
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.TIMED_OUT);
        }
    }

    @Test
    void shouldNotFillASillyWindowButAfterATimeout() {
        try (Script s = new Script(simple()).accept()) {
            shrink(s, 500);
            s.write(1, 1460);
            s.turn();
            s.expectNothing();
            final long interval = s.connection().sender().rtt().rtoNs();
            assertThat(s.untilSent(10 * SECOND)).isBetween(interval, interval + TICK);
            s.expect(ACK, 1, s.peerSeq, 500);
        }
    }

    @Test
    void shouldHalveASmallWindow() {
        try (Script s = new Script(simple())) {
            s.listen();
            s.in(Seg.of(SYN, s.peerSeq++, 0).mss(1460).window(1000));
            s.isn = s.next().sequence;
            s.in(s.ack(1).window(1000));
            s.flow = s.handler.flow;
            s.write(1, 3000);
            s.turn();
            // Half of it in each segment.
            s.expect(ACK, 1, s.peerSeq, 500);
            s.expect(ACK, 501, s.peerSeq, 500);
            s.in(s.ack(1001).window(400));
            s.expectNothing();
            s.in(s.ack(1001).window(500));
            s.expect(ACK, 1001, s.peerSeq, 500);
        }
    }

    @Test
    void shouldSendAFinIntoAnOpenWindowOnly() {
        try (Script s = new Script(simple()).accept()) {
            shrink(s, 100);
            s.write(1, 100);
            s.flow.shutdownOutput();
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 100);
            s.in(s.ack(101).window(0));
            s.expectNothing();
            s.untilSent(10 * SECOND);
            s.expect(ACK, 100, s.peerSeq, 0);
            s.in(s.ack(101).window(1));
            s.expect(FIN | ACK, 101, s.peerSeq, 0);
        }
    }

    @Test
    void shouldRetransmitIntoAWindowThatHasShut() {
        try (Script s = new Script(simple()).accept()) {
            s.write(1, 2920);
            s.turn();
            s.out.clear();
            s.in(s.ack(1).window(0));
            for (int i = 0; i < 5; i++) {
                s.untilSent(100 * SECOND);
                s.expect(ACK, 1, s.peerSeq, 1460);
                s.in(s.ack(1).window(0));
            }
            s.expectNothing();
            s.in(s.ack(1461).window(65_535));
            s.expect(ACK, 1461, s.peerSeq, 1460);
        }
    }

    @Test
    void shouldRespectTheWindow() {
        try (Script s = new Script(simple()).accept()) {
            shrink(s, 4000);
            s.write(1, 10_000);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 1460);
            s.expect(ACK, 1461, s.peerSeq, 1460);
            s.expectNothing();
            s.in(s.ack(1461).window(4000));
            // Smaller, by a segment that is no newer: it doesn't count.
            s.in(s.ack(1461).window(100));
            assertThat(s.connection().sender().windowBytes()).isEqualTo(4000);
            s.expect(ACK, 2921, s.peerSeq, 1460);
            s.expectNothing();
        }
    }

    @Test
    void shouldIgnoreAWindowOfAnOlderSegment() {
        try (Script s = new Script(simple()).accept()) {
            final int before = s.peerSeq;
            s.in(s.data(10));
            s.in(s.data(10).window(5000));
            s.in(Seg.of(ACK, before, s.isn + 1).window(1));
            assertThat(s.connection().sender().windowBytes()).isEqualTo(5000);
        }
    }
}
