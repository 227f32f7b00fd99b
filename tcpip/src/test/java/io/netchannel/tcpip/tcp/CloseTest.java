package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CloseTest {

    @Test
    void shouldCloseActively() {
        try (Script s = new Script(simple()).accept()) {
            s.flow.close();
            s.turn();
            s.expect(FIN | ACK, 1, s.peerSeq, 0);
            assertThat(s.flow.state()).isEqualTo(TcpState.FIN_WAIT_1);
            s.in(s.ack(2));
            assertThat(s.handler.reason).as("nobody waits for the peer's FIN").isEqualTo(TcpCloseReason.FINISHED);
            assertThat(s.stack.timeWaiting()).isEqualTo(1);
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 2));
            s.expect(ACK, 2, s.peerSeq, 0);
            assertThat(s.stack.timeWaiting()).isEqualTo(1);
            s.advance(60 * SECOND + TICK);
            assertThat(s.stack.timeWaiting()).isZero();
        }
    }

    @Test
    void shouldClosePassively() {
        try (Script s = new Script(simple()).accept()) {
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 1));
            s.expect(ACK, 1, s.peerSeq, 0);
            assertThat(s.handler.events).containsExactly("connected", "finished");
            assertThat(s.flow.state()).isEqualTo(TcpState.CLOSE_WAIT);
            s.write(1, 5);
            s.flow.close();
            s.turn();
            s.expect(FIN | ACK, 1, s.peerSeq, 5);
            assertThat(s.flow.state()).isEqualTo(TcpState.LAST_ACK);
            s.in(s.ack(7));
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.FINISHED);
            assertThat(s.stack.timeWaiting()).isZero();
            assertThat(s.stack.connections()).isZero();
        }
    }

    @Test
    void shouldCloseSimultaneously() {
        try (Script s = new Script(simple()).accept()) {
            s.flow.close();
            s.turn();
            s.expect(FIN | ACK, 1, s.peerSeq, 0);
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 1));
            assertThat(s.flow.state()).isEqualTo(TcpState.CLOSING);
            s.expect(ACK, 2, s.peerSeq, 0);
            s.in(s.ack(2));
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.FINISHED);
            assertThat(s.stack.timeWaiting()).isEqualTo(1);
        }
    }

    @Test
    void shouldGoOnReceivingAfterItHasFinished() {
        try (Script s = new Script(simple()).accept()) {
            s.flow.shutdownOutput();
            s.turn();
            s.expect(FIN | ACK, 1, s.peerSeq, 0);
            s.in(s.ack(2));
            assertThat(s.write(1, 10)).isZero();
            s.advance(300 * SECOND);
            assertThat(s.flow.state()).as("no bound for a half-closed flow").isEqualTo(TcpState.FIN_WAIT_2);
            s.in(s.ack(2).data(100));
            assertThat(s.handler.received.size()).isEqualTo(100);
        }
    }

    @Test
    void shouldGoOnSendingAfterThePeerHasFinished() {
        try (Script s = new Script(simple()).accept()) {
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 1).data(10));
            s.peerSeq += 10;
            assertThat(s.handler.received.size()).isEqualTo(10);
            s.write(1, 3000);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 1460);
            s.expect(ACK, 1461, s.peerSeq, 1460);
            s.expect(ACK, 2921, s.peerSeq, 80);
        }
    }

    @Test
    void shouldSendWhatWasWrittenBeforeTheFin() {
        try (Script s = new Script(simple()).accept()) {
            s.write(1, 2000);
            s.flow.close();
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 1460);
            s.expect(FIN | ACK, 1461, s.peerSeq, 540);
        }
    }

    @Test
    void shouldCloseFromWithinOnReceive() {
        for (final boolean consumes : new boolean[]{true, false}) {
            try (Script s = new Script(simple())) {
                final RecordingHandler closing = new RecordingHandler() {
                    @Override
                    public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
                        from.close();
                        return consumes ? lengthBytes : 0;
                    }
                };
                s.stack.listen(0, 0, 9, 1, flow -> closing);
                s.localPort = 9;
                s.in(Seg.of(SYN, s.peerSeq++, 0));
                s.isn = s.next().sequence;
                s.in(s.data(10));
                if (consumes) {
                    s.expect(FIN | ACK, 1, s.peerSeq, 0);
                } else {
                    s.expect(RST | ACK, 1, s.peerSeq - 10, 0);
                    assertThat(closing.reason).isEqualTo(TcpCloseReason.ABORTED);
                }
            }
        }
    }

    @Test
    void shouldAbortFromWithinOnReceive() {
        try (Script s = new Script(simple())) {
            final RecordingHandler aborting = new RecordingHandler() {
                @Override
                public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
                    from.abort();
                    return 1;
                }
            };
            s.stack.listen(0, 0, 9, 1, flow -> aborting);
            s.localPort = 9;
            s.in(Seg.of(SYN, s.peerSeq++, 0));
            s.isn = s.next().sequence;
            s.in(s.data(10));
            s.expect(RST | ACK, 1, s.peerSeq - 10, 0);
            assertThat(aborting.events).containsExactly("connected", "closed");
        }
    }

    @Test
    void shouldAbortAHandlerThatThrowsAndTellIt() {
        try (Script s = new Script(simple())) {
            final RecordingHandler throwing = new RecordingHandler() {
                @Override
                public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
                    throw new IllegalStateException("mine");
                }
            };
            s.stack.listen(0, 0, 9, 1, flow -> throwing);
            s.localPort = 9;
            s.in(Seg.of(SYN, s.peerSeq++, 0));
            s.isn = s.next().sequence;
            s.in(s.data(10));
            s.expect(RST | ACK, 1, s.peerSeq - 10, 0);
            assertThat(throwing.failure).hasMessage("mine");
            assertThat(throwing.reason).isEqualTo(TcpCloseReason.HANDLER_FAILED);
        }
    }

    @Test
    void shouldEndAndLeakNothingWhenOnFailureThrowsToo() {
        try (Script s = new Script(simple())) {
            final RecordingHandler throwing = new RecordingHandler() {
                @Override
                public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
                    throw new IllegalStateException("mine");
                }

                @Override
                public void onFailure(final TcpFlow from, final RuntimeException thrown) {
                    throw thrown;
                }
            };
            s.stack.listen(0, 0, 9, 1, flow -> throwing);
            s.localPort = 9;
            s.in(Seg.of(SYN, s.peerSeq++, 0));
            s.isn = s.next().sequence;
            assertThatThrownBy(() -> s.in(s.data(10))).hasMessage("mine");
            assertThat(throwing.reason).isEqualTo(TcpCloseReason.HANDLER_FAILED);
            assertThat(s.stack.connections()).isZero();
        }
    }

    @Test
    void shouldAbortAHandlerThatConsumesMoreThanThereIs() {
        try (Script s = new Script(simple())) {
            final RecordingHandler greedy = new RecordingHandler() {
                @Override
                public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
                    return lengthBytes + 1;
                }
            };
            s.stack.listen(0, 0, 9, 1, flow -> greedy);
            s.localPort = 9;
            s.in(Seg.of(SYN, s.peerSeq++, 0));
            s.isn = s.next().sequence;
            s.in(s.data(10));
            assertThat(greedy.failure).hasMessageContaining("consumed=11");
        }
    }

    @Test
    void shouldKeepUnreadDataAfterTheConnectionHasEnded() {
        try (Script s = new Script(simple()).accept()) {
            s.flow.shutdownOutput();
            s.turn();
            s.expect(FIN | ACK, 1, s.peerSeq, 0);
            s.handler.appetite = 4;
            s.in(Seg.of(FIN | ACK, s.peerSeq, s.isn + 2).data(10));
            s.peerSeq += 11;
            s.expect(ACK, 2, s.peerSeq, 0);
            assertThat(s.stack.timeWaiting()).isEqualTo(1);
            assertThat(s.handler.reason).isNull();
            s.handler.appetite = Integer.MAX_VALUE;
            s.flow.resumeReceive();
            s.turn();
            assertThat(s.handler.received.size()).isEqualTo(10);
            assertThat(s.handler.events).containsExactly("connected", "finished", "closed");
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.FINISHED);
        }
    }

    @Test
    void shouldTellOfThePeersEndOnlyWhenAllIsConsumed() {
        try (Script s = new Script(simple()).accept()) {
            s.handler.appetite = 0;
            s.in(Seg.of(FIN | ACK, s.peerSeq, s.isn + 1).data(10));
            assertThat(s.handler.events).containsExactly("connected");
            s.handler.appetite = Integer.MAX_VALUE;
            s.flow.resumeReceive();
            s.turn();
            assertThat(s.handler.events).containsExactly("connected", "finished");
        }
    }

    @Test
    void shouldWaitForAFinThatCameTooEarly() {
        try (Script s = new Script(simple()).accept()) {
            s.in(Seg.of(FIN | ACK, s.peerSeq + 10, s.isn + 1).data(10));
            assertThat(s.flow.state()).isEqualTo(TcpState.ESTABLISHED);
            s.expect(ACK, 1, s.peerSeq, 0);
            s.in(s.data(10));
            s.expect(ACK, 1, s.peerSeq + 11, 0);
            assertThat(s.handler.events).containsExactly("connected", "finished");
        }
    }

    @Test
    void shouldBoundFinWait2OnceClosed() {
        try (Script s = new Script(simple()).accept()) {
            s.flow.close();
            s.turn();
            s.in(s.ack(2));
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.FINISHED);
            assertThat(s.stack.connections()).isZero();
            s.advance(59 * SECOND);
            assertThat(s.stack.timeWaiting()).isEqualTo(1);
            s.advance(SECOND + TICK);
            assertThat(s.stack.timeWaiting()).isZero();
        }
    }

    @Test
    void shouldAnswerARepeatedFinInTimeWaitAndStartItAnew() {
        try (Script s = new Script(simple())) {
            toTimeWait(s);
            s.advance(50 * SECOND);
            s.in(Seg.of(FIN | ACK, s.peerSeq - 1, s.isn + 2));
            s.expect(ACK, 2, s.peerSeq, 0);
            s.advance(50 * SECOND);
            assertThat(s.stack.timeWaiting()).isEqualTo(1);
            s.advance(10 * SECOND + TICK);
            assertThat(s.stack.timeWaiting()).isZero();
        }
    }

    @Test
    void shouldDropAFinWithoutAckInTimeWait() {
        try (Script s = new Script(simple())) {
            toTimeWait(s);
            s.in(Seg.of(FIN, s.peerSeq, 0));
            s.in(Seg.of(FIN, s.peerSeq + 100_000, 0));
            s.expectNothing();
            assertThat(s.count(TcpCounter.IN_UNEXPECTED_FLAGS)).isEqualTo(2);
        }
    }

    @Test
    void shouldLeaveTimeWaitByAnExactResetUnlessRfc1337IsSet() {
        for (int set = 0; set <= 1; set++) {
            try (Script s = new Script(simple().with(TcpSetting.RFC1337, set))) {
                toTimeWait(s);
                s.in(Seg.of(RST, s.peerSeq + 1, 0));
                s.in(Seg.of(RST, s.peerSeq - 1, 0));
                assertThat(s.stack.timeWaiting()).isEqualTo(1);
                s.in(Seg.of(RST, s.peerSeq, 0));
                assertThat(s.stack.timeWaiting()).isEqualTo(set);
                s.expectNothing();
            }
        }
    }

    @Test
    void shouldAcceptANewConnectionInTimeWait() {
        try (Script s = new Script(simple())) {
            toTimeWait(s);
            final int lastSequence = s.isn + 2;
            // Not beyond what came before: answered, not accepted.
            s.in(Seg.of(SYN, s.peerSeq - 100, 0));
            s.expect(ACK, 2, s.peerSeq, 0);
            s.in(Seg.of(SYN, s.peerSeq + 1, 0));
            final Seg synAck = s.next();
            assertThat(TcpHeader.flagsText(synAck.flags)).isEqualTo("SA");
            assertThat(SeqNum.greaterThan(synAck.sequence, lastSequence + 65_535)).isTrue();
            assertThat(s.stack.timeWaiting()).isZero();
            assertThat(s.count(TcpCounter.TIME_WAIT_RECYCLED)).isEqualTo(1);
        }
    }

    @Test
    void shouldAcceptALowerNumberInTimeWaitIfTheTimestampIsNewer() {
        try (Script s = new Script(simple().with(TcpSetting.TIMESTAMPS, true))) {
            s.decorate = seg -> seg.timestamps ? seg : seg.timestamps(1000, 0);
            toTimeWait(s);
            s.in(Seg.of(SYN, s.peerSeq - 1000, 0).timestamps(999, 0));
            assertThat(TcpHeader.flagsText(s.next().flags)).isEqualTo("A");
            s.advance(SECOND);
            s.in(Seg.of(SYN, s.peerSeq - 1000, 0).timestamps(1001, 0));
            assertThat(TcpHeader.flagsText(s.next().flags)).isEqualTo("SA");
        }
    }

    @Test
    void shouldBoundTimeWaits() {
        try (Script s = new Script(simple().with(TcpSetting.MAX_TIME_WAITS, 0))) {
            toTimeWait(s);
            assertThat(s.stack.timeWaiting()).isZero();
            assertThat(s.count(TcpCounter.TIME_WAIT_OVERFLOW)).isEqualTo(1);
            assertThat(s.host.flows.size()).isZero();
        }
    }

    @Test
    void shouldGiveUpAnOrphanWhosePeerIsSilent() {
        try (Script s = new Script(simple().with(TcpSetting.ORPHAN_RETRIES, 3)).accept()) {
            s.write(1, 10);
            s.flow.close();
            s.advance(60 * SECOND);
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.TIMED_OUT);
            assertThat(s.stack.connections()).isZero();
        }
    }

    @Test
    void shouldGiveUpAnOrphanWhosePeerKeepsItsWindowShut() {
        try (Script s = new Script(simple().with(TcpSetting.ORPHAN_RETRIES, 3)).accept()) {
            s.in(s.ack(1).window(0));
            s.write(1, 10);
            s.flow.close();
            for (int i = 0; i < 100 && s.handler.reason == null; i++) {
                s.untilSent(1000 * SECOND);
                s.out.clear();
                s.in(s.ack(1).window(0));
            }
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.TIMED_OUT);
        }
    }

    @Test
    void shouldAcceptNothingAfterItsEnd() {
        try (Script s = new Script(simple()).accept()) {
            s.flow.abort();
            s.turn();
            s.expect(RST | ACK, 1, s.peerSeq, 0);
            assertThat(s.write(1, 10)).isZero();
            assertThat(s.flow.writableBytes()).isZero();
            assertThat(s.flow.contiguousWritableBytes()).isZero();
            s.flow.commitWrite(5);
            s.flow.shutdownOutput();
            s.flow.resumeReceive();
            s.flow.keepAlive(true);
            s.flow.close();
            s.flow.abort();
            s.turn();
            s.expectNothing();
            assertThat(s.handler.events).containsExactly("connected", "closed");
            assertThat(s.flow.state()).isEqualTo(TcpState.CLOSED);
        }
    }

    private static void toTimeWait(final Script s) {
        s.accept();
        s.flow.close();
        s.turn();
        s.expect(FIN | ACK, 1, s.peerSeq, 0);
        s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 2));
        s.expect(ACK, 2, s.peerSeq, 0);
    }
}
