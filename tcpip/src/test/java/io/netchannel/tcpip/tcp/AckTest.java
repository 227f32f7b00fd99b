package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the receiver acknowledges. */
class AckTest {

    @Test
    void shouldDelayTheAckOfOneSegment() {
        try (Script s = new Script(simple()).accept()) {
            s.in(s.data(1000));
            s.expectNothing();
            assertThat(s.untilSent(SECOND)).isBetween(40 * MS, 40 * MS + TICK);
            s.expect(ACK, 1, s.peerSeq, 0);
            assertThat(s.count(TcpCounter.DELAYED_ACKS)).isEqualTo(1);
            s.advance(SECOND);
            s.expectNothing();
        }
    }

    @Test
    void shouldAcknowledgeEverySecondFullSegment() {
        try (Script s = new Script(simple()).accept()) {
            for (int i = 0; i < 10; i++) {
                s.in(s.data(1460));
                s.expectNothing();
                s.in(s.data(1460));
                s.expect(ACK, 1, s.peerSeq, 0);
            }
        }
    }

    @Test
    void shouldAcknowledgeABurstOnce() {
        try (Script s = new Script(simple()).accept()) {
            for (int i = 0; i < 10; i++) {
                s.inBurst(s.data(1460));
            }
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 0);
            s.expectNothing();
        }
    }

    @Test
    void shouldAcknowledgeASuperFrameAtOnce() {
        try (Script s = new Script(simple()).accept()) {
            final Seg merged = s.data(20_000);
            merged.gsoSize = 1460;
            s.in(merged);
            s.expect(ACK, 1, s.peerSeq, 0);
            assertThat(s.handler.received.size()).isEqualTo(20_000);
        }
    }

    @Test
    void shouldNotDelayTheFirstAcks() {
        try (Script s = new Script(simple().with(TcpSetting.QUICK_ACKS, 3)).accept()) {
            for (int i = 0; i < 3; i++) {
                s.in(s.data(100));
                s.expect(ACK, 1, s.peerSeq, 0);
            }
            s.in(s.data(100));
            s.expectNothing();
        }
    }

    @Test
    void shouldAcknowledgeAtOnceAsLongAsItsWindowIsSmall() {
        // 16 at most, and no more than fill the window two by two: 65535 / (2 * 1460) = 22.
        try (Script s = new Script(simple().with(TcpSetting.QUICK_ACKS, 16)).accept()) {
            s.handler.appetite = 0;
            for (int i = 0; i < 16; i++) {
                s.in(s.data(1460));
                s.expect(ACK, 1, s.peerSeq, 0);
            }
            s.in(s.data(1460));
            s.expectNothing();
        }
    }

    @Test
    void shouldAcknowledgeTheEndOfAMessageWhenItIsRead() {
        try (Script s = new Script(simple()).accept()) {
            s.in(s.data(1460));
            s.expectNothing();
            final Seg end = s.data(1460);
            end.flags |= PSH;
            s.advance(SECOND);
            s.out.clear();
            s.in(end);
            s.expect(ACK, 1, s.peerSeq, 0);
            s.handler.appetite = 0;
            s.in(s.data(100));
            s.expectNothing();
            s.handler.appetite = 100;
            s.flow.resumeReceive();
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 0);
        }
    }

    private static Seg message(final Script s) {
        final Seg seg = s.ack(51).data(100);
        seg.flags |= PSH;
        s.peerSeq += 100;
        return seg;
    }

    @Test
    void shouldWaitForAnAnswerInADialogue() {
        try (Script s = new Script(simple()).accept()) {
            s.inBurst(s.data(100));
            s.write(1, 50);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 50);
            s.in(message(s));
            s.expectNothing();
            assertThat(s.untilSent(SECOND)).isBetween(20 * MS, 40 * MS + TICK);
            s.expect(ACK, 51, s.peerSeq, 0);
            // No answer came: the next is acknowledged when it is read.
            s.in(message(s));
            s.expect(ACK, 51, s.peerSeq, 0);
            s.flow.quickAck(false);
            s.in(message(s));
            s.expectNothing();
            s.flow.quickAck(true);
            s.turn();
            s.expect(ACK, 51, s.peerSeq, 0);
        }
    }

    /** The delay is 40 ms at first; it doubles when it was in vain, up to 200 ms, and shrinks when segments come fast. */
    @Test
    void shouldAdaptTheDelay() {
        try (Script s = new Script(simple()).accept()) {
            s.handler.appetite = 0;
            final long[] delaysMs = {40, 80, 160, 200, 200};
            for (final long delayMs : delaysMs) {
                s.in(s.data(600));
                assertThat(s.untilSent(SECOND)).isBetween(delayMs * MS, (delayMs + 1) * MS);
                s.out.clear();
            }
        }
    }

    @Test
    void shouldLearnTheSegmentSizeOfThePeer() {
        try (Script s = new Script(simple()).accept()) {
            final TcpInfo info = new TcpInfo();
            s.in(s.data(1000));
            s.flow.info(info);
            assertThat(info.get(TcpInfo.Field.RCV_MSS)).isEqualTo(1000);
            s.in(s.data(700));
            s.flow.info(info);
            assertThat(info.get(TcpInfo.Field.RCV_MSS)).as("one may be the last of a message").isEqualTo(1000);
            s.in(s.data(700));
            s.flow.info(info);
            assertThat(info.get(TcpInfo.Field.RCV_MSS)).isEqualTo(700);
        }
    }

    @Test
    void shouldTellWhatItHasReceived() {
        try (Script s = new Script(simple()).accept()) {
            final TcpInfo info = new TcpInfo();
            s.handler.appetite = 400;
            s.in(s.data(1000));
            s.data(1000);
            s.in(s.data(1000));
            s.advance(SECOND);
            s.flow.info(info);
            assertThat(info.get(TcpInfo.Field.BYTES_RECEIVED)).isEqualTo(1000);
            assertThat(info.get(TcpInfo.Field.DATA_SEGS_IN)).isEqualTo(2);
            assertThat(info.get(TcpInfo.Field.RCV_OOOPACK)).isEqualTo(1);
            assertThat(info.get(TcpInfo.Field.LAST_DATA_RECV)).isEqualTo(1000);
            assertThat(s.flow.unreadBytes()).isEqualTo(600);
            s.out.clear();
        }
    }

    @Test
    void shouldLetDataCarryTheAck() {
        try (Script s = new Script(simple()).accept()) {
            s.inBurst(s.data(100));
            s.write(1, 50);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 50);
            s.advance(100 * MS);
            s.expectNothing();
        }
    }

    @Test
    void shouldSendADuplicateAckForEachSegmentOutOfOrder() {
        try (Script s = new Script(simple()).accept()) {
            final int expected = s.peerSeq;
            s.data(100);
            for (int i = 0; i < 4; i++) {
                s.inBurst(s.data(100));
            }
            s.turn();
            for (int i = 0; i < 4; i++) {
                s.expect(ACK, 1, expected, 0);
            }
            s.expectNothing();
            s.in(Seg.of(ACK, expected, s.isn + 1).data(100));
            s.expect(ACK, 1, s.peerSeq, 0);
            assertThat(s.handler.received.size()).isEqualTo(500);
        }
    }

    @Test
    void shouldSendThreeDuplicateAcksForASuperFrameOutOfOrder() {
        try (Script s = new Script(simple()).accept()) {
            final int expected = s.peerSeq;
            s.data(1460);
            final Seg merged = s.data(14_600);
            merged.gsoSize = 1460;
            s.in(merged);
            for (int i = 0; i < 3; i++) {
                s.expect(ACK, 1, expected, 0);
            }
            s.expectNothing();
        }
    }

    @Test
    void shouldAcknowledgeDuplicatesAtOnce() {
        try (Script s = new Script(simple()).accept()) {
            final int first = s.peerSeq;
            s.in(s.data(1000));
            s.in(Seg.of(ACK, first, s.isn + 1).data(1000));
            s.expect(ACK, 1, s.peerSeq, 0);
            // Half of it new.
            s.in(Seg.of(ACK, first + 500, s.isn + 1).data(1000));
            s.expect(ACK, 1, s.peerSeq + 500, 0);
            assertThat(s.handler.received.size()).isEqualTo(1500);
        }
    }

    @Test
    void shouldNotAnswerAcks() {
        try (Script s = new Script(TcpConfig.defaults()).accept(syn -> syn.mss(1460).scale(14))) {
            for (int i = 0; i < 20; i++) {
                s.in(s.ack(1));
            }
            s.advance(10 * SECOND);
            s.expectNothing();
        }
    }

    @Test
    void shouldDeliverWhatIsRightWhateverTheOrder() {
        try (Script s = new Script(simple()).accept()) {
            final int first = s.peerSeq;
            final int[] order = {5, 2, 9, 0, 3, 1, 8, 4, 7, 6};
            for (final int i : order) {
                s.in(Seg.of(ACK, first + i * 700, s.isn + 1).data(700));
            }
            final byte[] bytes = s.handler.received.toByteArray();
            assertThat(bytes).hasSize(7000);
            for (int i = 0; i < bytes.length; i++) {
                assertThat(bytes[i]).isEqualTo(Seg.pattern(first + i));
            }
        }
    }
}
