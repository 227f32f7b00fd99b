package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.sched.LoopActivity;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that end while somebody stands in for the loop: their applications hear all that came before, and then of the end. */
class StandInTest {

    /** Whose the stack is while segments come. */
    private enum Mode {
        /** The loop's alone, for ever. */
        ALONE,
        /** The loop's, which would lend it. */
        LENDS,
        /** Somebody's, who stands in. */
        STOOD_IN
    }

    private static Script script(final Mode mode) {
        return new Script(new TestHost(TestHost.Setup.plain(), simple(), 0, LOCAL, 42,
                mode == Mode.ALONE ? null : new LoopActivity(true)));
    }

    private static Script standIn() {
        final Script s = script(Mode.STOOD_IN).accept();
        s.stack.beginStandIn();
        return s;
    }

    private static void goOn(final Script s) {
        s.stack.endStandIn();
        s.turn();
    }

    /** Two segments of data, which are acknowledged, and a RST. */
    private static void dataAndReset(final Script s) {
        s.in(s.data(10));
        s.expect(ACK, 1, s.peerSeq, 0);
        s.in(s.data(20));
        s.expect(ACK, 1, s.peerSeq, 0);
        reset(s);
    }

    private static void reset(final Script s) {
        s.in(Seg.of(RST, s.peerSeq, 0));
        s.expectNothing();
    }

    private static void expectEnd(final Script s, final int receivedBytes, final TcpCloseReason reason) {
        assertThat(s.handler.events).containsExactly("connected", "closed");
        assertThat(s.handler.received.size()).isEqualTo(receivedBytes);
        assertThat(s.handler.reason).isEqualTo(reason);
        assertThat(s.stack.receiveBudget().heldBuffers()).isZero();
        assertThat(s.host.timers.size()).isZero();
        s.expectNothing();
    }

    @Test
    void shouldDeliverWhatWasAcknowledgedBeforeTheReset() {
        try (Script s = standIn()) {
            dataAndReset(s);
            assertThat(s.flow.isOpen()).isFalse();
            assertThat(s.flow.write(new byte[1], 0, 1)).isZero();
            assertThat(s.stack.connections()).isZero();
            assertThat(s.handler.events).containsExactly("connected");
            goOn(s);
            expectEnd(s, 30, TcpCloseReason.RESET);
            assertThat(s.count(TcpCounter.ESTAB_RESETS)).isEqualTo(1);
        }
    }

    @Test
    void shouldDeliverTheRestToAnApplicationThatWasBlockedByTheBeginning() {
        try (Script s = script(Mode.LENDS).accept()) {
            s.handler.receiving = flow -> {
                s.handler.receiving = again -> {
                };
                s.stack.beginStandIn();
                dataAndReset(s);
                s.stack.endStandIn();
                assertThat(s.handler.reason).isNull();
            };
            s.in(s.data(5));
            expectEnd(s, 35, TcpCloseReason.RESET);
        }
    }

    @Test
    void shouldDeliverNoMoreThanTheApplicationTakes() {
        try (Script s = standIn()) {
            dataAndReset(s);
            s.handler.appetite = 4;
            goOn(s);
            expectEnd(s, 4, TcpCloseReason.RESET);
        }
    }

    @Test
    void shouldDeliverWhatWasAcknowledgedBeforeATimeout() {
        try (Script s = script(Mode.LENDS).accept()) {
            s.flow.userTimeoutNs(SECOND);
            s.write(1, 10);
            s.turn();
            s.stack.beginStandIn();
            s.in(s.data(10));
            s.advance(10 * SECOND);
            s.out.clear();
            goOn(s);
            expectEnd(s, 10, TcpCloseReason.TIMED_OUT);
        }
    }

    /** As the application may at any time. */
    private enum Ending {
        CLOSE(s -> s.flow.close()), ABORT(s -> s.flow.abort()), STACK_CLOSE(s -> s.stack.close());

        private final Consumer<Script> how;

        Ending(final Consumer<Script> how) {
            this.how = how;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndAtOnceWhereTheApplicationWantsNoMore(final Ending ending) {
        try (Script s = standIn()) {
            dataAndReset(s);
            s.stack.endStandIn();
            ending.how.accept(s);
            expectEnd(s, 0, TcpCloseReason.RESET);
            s.turn();
            expectEnd(s, 0, TcpCloseReason.RESET);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOSE", "ABORT"})
    void shouldDeliverNoMoreBehindACloseFromWithinOnReceive(final Ending ending) {
        try (Script s = standIn()) {
            dataAndReset(s);
            s.handler.receiving = flow -> ending.how.accept(s);
            goOn(s);
            expectEnd(s, 10, TcpCloseReason.RESET);
        }
    }

    @Test
    void shouldEndWhenOnReceiveThrows() {
        try (Script s = standIn()) {
            dataAndReset(s);
            s.handler.receiving = flow -> {
                throw new IllegalStateException("broken");
            };
            goOn(s);
            expectEnd(s, 0, TcpCloseReason.RESET);
            assertThat(s.handler.failure).hasMessage("broken");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellOfConnectionDataAndResetThatComeInOneBurst(final Mode mode) {
        try (Script s = script(mode)) {
            s.startConnect();
            if (mode == Mode.STOOD_IN) {
                s.stack.beginStandIn();
            }
            s.inBurst(Seg.of(SYN | ACK, s.peerSeq++, s.isn + 1).mss(1460));
            s.inBurst(s.data(10));
            s.inBurst(Seg.of(RST, s.peerSeq, 0));
            if (mode == Mode.STOOD_IN) {
                goOn(s);
            } else {
                s.turn();
            }
            expectEnd(s, 10, TcpCloseReason.RESET);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetTheApplicationAbortAsItHearsOfTheConnectionOfABurst(final Mode mode) {
        try (Script s = script(mode)) {
            final RecordingHandler aborting = new RecordingHandler() {
                @Override
                public void onConnected(final TcpFlow connected) {
                    super.onConnected(connected);
                    connected.abort();
                }
            };
            s.remotePort = 80;
            s.stack.connect(0, REMOTE, s.remotePort, aborting);
            s.turn();
            final Seg syn = s.next();
            s.localPort = syn.sourcePort;
            s.isn = syn.sequence;
            if (mode == Mode.STOOD_IN) {
                s.stack.beginStandIn();
            }
            s.inBurst(Seg.of(SYN | ACK, s.peerSeq++, s.isn + 1).mss(1460));
            s.inBurst(s.data(10));
            s.inBurst(Seg.of(RST, s.peerSeq, 0));
            s.stack.endStandIn();
            s.turn();
            assertThat(aborting.events).containsExactly("connected", "closed");
            assertThat(aborting.received.size()).isZero();
            assertThat(s.stack.receiveBudget().heldBuffers()).isZero();
        }
    }

    @Test
    void shouldHandOverAConnectionThatWasResetWhileItWaited() {
        try (Script s = script(Mode.LENDS)) {
            s.listen();
            s.stack.beginStandIn();
            s.in(Seg.of(SYN, s.peerSeq++, 0).mss(1460));
            s.isn = s.next().sequence;
            s.in(s.ack(1));
            dataAndReset(s);
            goOn(s);
            expectEnd(s, 30, TcpCloseReason.RESET);
        }
    }

    @Test
    void shouldTellAnAcceptorsHandlerOfAResetThatCameWhileTheAcceptorBlocked() {
        try (Script s = script(Mode.LENDS)) {
            s.stack.listen(0, 0, PORT, 16, flow -> {
                s.stack.beginStandIn();
                dataAndReset(s);
                s.stack.endStandIn();
                return s.handler;
            });
            s.in(Seg.of(SYN, s.peerSeq++, 0).mss(1460));
            s.isn = s.next().sequence;
            s.in(s.ack(1));
            expectEnd(s, 30, TcpCloseReason.RESET);
        }
    }

    @Test
    void shouldEndWhatNobodyAcceptsAsTheLoopIsBack() {
        try (Script s = script(Mode.LENDS)) {
            s.listen();
            s.listener.pauseAccepting();
            s.stack.beginStandIn();
            s.in(Seg.of(SYN, s.peerSeq++, 0).mss(1460));
            s.isn = s.next().sequence;
            s.in(s.ack(1));
            dataAndReset(s);
            goOn(s);
            assertThat(s.stack.receiveBudget().heldBuffers()).isZero();
            s.listener.resumeAccepting();
            assertThat(s.handler.events).isEmpty();
        }
    }

    /** It has heard of no data that it would miss, and reads none. */
    @Test
    void shouldTellOfTheEndOfAFlowThatIsClosedAlready() {
        try (Script s = script(Mode.LENDS).accept()) {
            s.flow.close();
            s.turn();
            s.expect(FIN | ACK, 1, s.peerSeq, 0);
            s.stack.beginStandIn();
            reset(s);
            assertThat(s.handler.reason).isNull();
            goOn(s);
            expectEnd(s, 0, TcpCloseReason.RESET);
        }
    }
}
