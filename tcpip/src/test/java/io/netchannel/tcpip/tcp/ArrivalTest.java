package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** RFC 9293, 3.10.7, state by state, where segments come that nobody would send. */
class ArrivalTest {

    private static Script synReceived() {
        final Script s = new Script(simple());
        s.startConnect();
        s.in(Seg.of(SYN, s.peerSeq++, 0).mss(1000));
        s.expect(SYN | ACK, 0, s.peerSeq, 0);
        return s;
    }

    @Test
    void shouldChallengeInSynReceivedOfASimultaneousOpen() {
        for (final int flags : new int[]{RST, SYN}) {
            try (Script s = synReceived()) {
                s.in(Seg.of(flags, s.peerSeq + 1, 0));
                s.expect(ACK, 1, s.peerSeq, 0);
                assertThat(s.flow.state()).isEqualTo(TcpState.SYN_RECEIVED);
                assertThat(s.count(TcpCounter.CHALLENGE_ACKS)).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldIgnoreAResetOutsideTheWindowInSynReceived() {
        try (Script s = synReceived()) {
            s.in(Seg.of(RST, s.peerSeq - 1, 0));
            s.in(Seg.of(RST, s.peerSeq + 65_536, 0));
            s.expectNothing();
            s.in(Seg.of(RST, s.peerSeq, 0));
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.REFUSED);
        }
    }

    @Test
    void shouldChallengeARepeatedSynOfTheOtherSide() {
        try (Script s = synReceived()) {
            s.in(Seg.of(SYN, s.peerSeq - 1, 0).mss(1000));
            s.expect(ACK, 1, s.peerSeq, 0);
        }
    }

    @Test
    void shouldResetAWrongAckInSynSentAndAskAgainSoon() {
        for (final int wrong : new int[]{0, 2}) {
            try (Script s = new Script(simple())) {
                s.startConnect();
                s.in(Seg.of(SYN | ACK, 100, s.isn + wrong));
                s.expect(RST, wrong, 0, 0);
                assertThat(s.untilSent(SECOND)).isBetween(2 * MS, 2 * MS + TICK);
                s.expect(SYN, 0, 0, 0);
                s.in(Seg.of(SYN | ACK, 100, s.isn + wrong));
                s.expect(RST, wrong, 0, 0);
                assertThat(s.untilSent(10 * SECOND)).as("only once").isGreaterThan(SECOND);
            }
        }
    }

    @Test
    void shouldNotResetAReset() {
        try (Script s = new Script(simple())) {
            s.startConnect();
            s.in(Seg.of(RST | ACK, 0, s.isn + 5));
            s.expectNothing();
            assertThat(s.handler.reason).isNull();
        }
    }

    @Test
    void shouldRefuseASynAckWhoseEchoIsNotOurs() {
        try (Script s = new Script(simple().with(TcpSetting.TIMESTAMPS, true))) {
            final Seg syn = s.startConnect();
            for (final int offset : new int[]{-1, 1}) {
                s.in(Seg.of(SYN | ACK, 100, s.isn + 1).timestamps(7, syn.timestampValue + offset));
                s.expect(RST, 1, 0, 0);
            }
            assertThat(s.count(TcpCounter.PAWS_ACTIVE_REJECTED)).isEqualTo(2);
            s.in(Seg.of(SYN | ACK, s.peerSeq++, s.isn + 1).timestamps(7, syn.timestampValue));
            s.expect(ACK, 1, s.peerSeq, 0);
        }
    }

    @Test
    void shouldTakeAResetNumberedLikeTheFin() {
        try (Script s = new Script(simple()).accept()) {
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 1));
            s.out.clear();
            s.in(Seg.of(RST, s.peerSeq - 2, 0));
            assertThat(s.handler.reason).isNull();
            s.in(Seg.of(RST, s.peerSeq - 1, 0));
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.RESET);
        }
    }

    @Test
    void shouldAnswerALateSegmentOfAClosedConnectionByAReset() {
        try (Script s = new Script(simple()).accept()) {
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 1));
            s.flow.close();
            s.turn();
            s.out.clear();
            s.in(s.ack(2));
            s.expectNothing();
            s.in(s.ack(2));
            s.expect(RST, 2, 0, 0);
        }
    }

    @Test
    void shouldIgnoreWhatComesWithASynAckButItsSyn() {
        try (Script s = new Script(simple())) {
            s.startConnect();
            s.in(Seg.of(SYN | ACK, s.peerSeq++, s.isn + 1).data(10));
            s.expect(ACK, 1, s.peerSeq, 0);
            assertThat(s.handler.received.size()).isZero();
        }
    }

    @Test
    void shouldLimitAnswersToRepeatedSyns() {
        try (Script s = new Script(simple())) {
            s.listen();
            for (int i = 0; i < 10; i++) {
                s.in(Seg.of(SYN, 100, 0));
            }
            assertThat(s.out).as("the first, and one of the repeated").hasSize(2);
            assertThat(s.count(TcpCounter.ACKS_SKIPPED_SYN_RECEIVED)).isEqualTo(8);
        }
    }

    @Test
    void shouldChooseScatteredPortsEachOnce() {
        try (Script s = new Script(simple().with(TcpSetting.FIRST_EPHEMERAL_PORT, 40_000)
                .with(TcpSetting.LAST_EPHEMERAL_PORT, 40_099))) {
            final Set<Integer> ports = new HashSet<>();
            int inOrder = 0;
            int last = 0;
            while (s.stack.connect(0, REMOTE, 80, new RecordingHandler()) instanceof final TcpFlow flow) {
                assertThat(ports.add(flow.localPort())).isTrue();
                inOrder += flow.localPort() == last + 1 ? 1 : 0;
                last = flow.localPort();
            }
            assertThat(ports).hasSize(100);
            assertThat(s.stack.connectFailure()).isEqualTo(TcpConnectFailure.NO_PORT);
            assertThat(inOrder).isLessThan(60);
            assertThat(s.stack.connect(0, REMOTE, 81, s.handler)).as("another peer").isNotNull();
        }
    }
}
