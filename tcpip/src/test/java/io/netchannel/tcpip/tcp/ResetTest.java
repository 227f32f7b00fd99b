package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Closes that lose data of the peer's, which a RST tells it; behind what was written to it before. */
class ResetTest {

    @Test
    void shouldResetWhenClosedWithUnreadData() {
        try (Script s = new Script(simple()).accept()) {
            s.handler.appetite = 4;
            s.in(s.data(10));
            s.flow.close();
            s.turn();
            s.expect(RST | ACK, 1, s.peerSeq, 0);
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.ABORTED);
            assertThat(s.count(TcpCounter.ABORT_ON_CLOSE)).isEqualTo(1);
        }
    }

    @Test
    void shouldSendWhatWasWrittenBeforeTheResetOfACloseWithUnreadData() {
        try (Script s = new Script(simple()).accept()) {
            s.handler.appetite = 4;
            s.in(s.data(10));
            s.write(1, 5);
            s.flow.close();
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 5);
            s.expect(RST | ACK, 6, s.peerSeq, 0);
        }
    }

    /** An answer to the first part of a request, and a close, while the second part is in the same batch. */
    @Test
    void shouldSendWhatWasWrittenBeforeTheResetForDataThatComesAfterClose() {
        try (Script s = new Script(simple()).accept()) {
            s.write(1, 5);
            s.flow.close();
            s.in(s.data(10));
            s.expect(FIN | ACK, 1, s.peerSeq - 10, 5);
            s.expect(RST, 1, 0, 0);
            assertThat(s.count(TcpCounter.ABORT_ON_DATA)).isEqualTo(1);
        }
    }

    @Test
    void shouldResetWhenDataComesAfterClose() {
        try (Script s = new Script(simple()).accept()) {
            s.flow.close();
            s.turn();
            s.expect(FIN | ACK, 1, s.peerSeq, 0);
            s.in(s.data(10));
            s.expect(RST, 1, 0, 0);
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.ABORTED);
            assertThat(s.handler.received.size()).isZero();
            assertThat(s.count(TcpCounter.ABORT_ON_DATA)).isEqualTo(1);
        }
    }

    @Test
    void shouldCloseFromWithinAResumedOnReceive() {
        for (final boolean consumes : new boolean[]{true, false}) {
            try (Script s = new Script(simple())) {
                final RecordingHandler closing = new RecordingHandler() {
                    private boolean resumed;

                    @Override
                    public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
                        if (!resumed) {
                            resumed = true;
                            return 0;
                        }
                        from.write(new byte[20], 0, 20);
                        from.close();
                        return consumes ? lengthBytes : 1;
                    }
                };
                s.stack.listen(0, 0, 9, 1, flow -> closing);
                s.localPort = 9;
                s.in(Seg.of(SYN, s.peerSeq++, 0));
                s.isn = s.next().sequence;
                s.in(s.data(10));
                s.out.clear();
                closing.flow.resumeReceive();
                s.turn();
                if (consumes) {
                    s.expect(FIN | ACK, 1, s.peerSeq, 20);
                    assertThat(closing.reason).isNull();
                } else {
                    s.expect(ACK, 1, s.peerSeq, 20);
                    s.expect(RST | ACK, 21, s.peerSeq, 0);
                    assertThat(closing.reason).isEqualTo(TcpCloseReason.ABORTED);
                }
                s.expectNothing();
            }
        }
    }

    /** The answer is what the peer learns from, and it is the last that it hears: it must not be lost to a link that is full for a moment. */
    @Test
    void shouldSendWhatWasWrittenBeforeTheResetWhenTheLinkIsFull() {
        try (Script s = new Script(simple()).accept()) {
            s.write(1, 5);
            s.flow.close();
            s.host.space = 0;
            s.in(s.data(10));
            s.in(s.data(10));
            s.expectNothing();
            assertThat(s.handler.reason).isNull();
            s.host.space = 2;
            s.turn();
            s.expect(FIN | ACK, 1, s.peerSeq - 20, 5);
            s.expect(RST | ACK, 7, s.peerSeq - 20, 0);
            s.expectNothing();
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.ABORTED);
            assertThat(s.count(TcpCounter.ABORT_ON_DATA)).isEqualTo(1);
            assertThat(s.stack.connections()).isZero();
        }
    }

    @Test
    void shouldSendWhatWasWrittenBeforeTheResetWhenThePoolIsEmpty() {
        try (Script s = new Script(TestHost.Setup.plain().withBuffers(16, 2048), simple()).accept()) {
            s.write(1, 5);
            s.flow.close();
            final int[] taken = new int[s.host.pool.available()];
            for (int i = 1; i < taken.length; i++) {
                taken[i] = s.host.pool.allocate();
            }
            // The last is for what comes in.
            s.inBurst(s.data(10));
            taken[0] = s.host.pool.allocate();
            s.turn();
            s.expectNothing();
            for (final int index : taken) {
                s.host.pool.release(index);
            }
            s.advance(SECOND);
            s.expect(FIN | ACK, 1, s.peerSeq - 10, 5);
            s.expect(RST | ACK, 7, s.peerSeq - 10, 0);
            s.expectNothing();
        }
    }

    @Test
    void shouldSendWhatWasWrittenBeforeTheResetOfACloseWithUnreadDataWhenTheLinkIsFull() {
        try (Script s = new Script(simple()).accept()) {
            s.handler.appetite = 4;
            s.in(s.data(10));
            s.write(1, 5);
            s.host.space = 0;
            s.flow.close();
            assertThat(s.write(6, 5)).as("after the close").isZero();
            s.turn();
            s.in(s.data(10));
            s.expectNothing();
            assertThat(s.handler.received.size()).isEqualTo(4);
            s.host.space = 3;
            s.turn();
            s.expect(ACK, 1, s.peerSeq - 10, 5);
            s.expect(RST | ACK, 6, s.peerSeq - 10, 0);
            s.expectNothing();
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.ABORTED);
            assertThat(s.count(TcpCounter.ABORT_ON_CLOSE)).isEqualTo(1);
            assertThat(s.count(TcpCounter.ABORT_ON_DATA)).isZero();
        }
    }

    /** More than a turn's share: it goes in the turns that follow. */
    @Test
    void shouldSendAllThatTheWindowsLetBeforeTheReset() {
        try (Script s = new Script(simple().with(TcpSetting.INITIAL_WINDOW_SEGMENTS, 44)).accept()) {
            s.write(1, 40 * 1460);
            s.flow.close();
            s.in(s.data(10));
            for (int i = 0; i < 39; i++) {
                s.expect(ACK, 1 + i * 1460, s.peerSeq - 10, 1460);
            }
            s.expect(FIN | ACK, 1 + 39 * 1460, s.peerSeq - 10, 1460);
            s.expect(RST | ACK, 2 + 40 * 1460, s.peerSeq - 10, 0);
            s.expectNothing();
        }
    }

    @Test
    void shouldNotWaitForAWindowBeforeTheReset() {
        try (Script s = new Script(simple()).accept()) {
            s.in(s.data(1));
            s.in(s.ack(1).window(0));
            s.out.clear();
            s.write(1, 5);
            s.flow.close();
            s.in(s.data(10).window(0));
            s.expect(RST, 1, 0, 0);
            s.expectNothing();
        }
    }
}
