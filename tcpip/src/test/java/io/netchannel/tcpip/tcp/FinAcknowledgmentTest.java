package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The acknowledgment of a FIN waits for the answer, as Linux's does. */
class FinAcknowledgmentTest {

    @Test
    void shouldAcknowledgeAFinWithItsOwn() {
        try (Script s = new Script(simple()).accept()) {
            s.in(s.data(10));
            s.expect(ACK, 1, s.peerSeq, 0);
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 1));
            s.expectNothing();
            s.flow.close();
            s.turn();
            s.expect(FIN | ACK, 1, s.peerSeq, 0);
            s.advance(SECOND / 10);
            s.expectNothing();
        }
    }

    @Test
    void shouldAcknowledgeAFinAfterADelayAndAloneIfNothingFollows() {
        try (Script s = new Script(simple()).accept()) {
            s.in(s.data(10));
            s.expect(ACK, 1, s.peerSeq, 0);
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 1));
            s.advance(38 * SECOND / 1000);
            s.expectNothing();
            s.advance(3 * SECOND / 1000);
            s.expect(ACK, 1, s.peerSeq, 0);
        }
    }

    @Test
    void shouldAcknowledgeAFinAtOnceIfNoDataHasComeBefore() {
        try (Script s = new Script(simple()).accept()) {
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 1));
            s.expect(ACK, 1, s.peerSeq, 0);
        }
    }

    @Test
    void shouldAcknowledgeAFinAtOnceAfterItsOwn() {
        try (Script s = new Script(simple()).accept()) {
            s.in(s.data(10));
            s.expect(ACK, 1, s.peerSeq, 0);
            s.flow.shutdownOutput();
            s.turn();
            s.expect(FIN | ACK, 1, s.peerSeq, 0);
            s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 1));
            s.expect(ACK, 2, s.peerSeq, 0);
        }
    }

    @Test
    void shouldAcknowledgeAFinAtOnceThatFillsAGap() {
        try (Script s = new Script(simple()).accept()) {
            s.in(s.data(10));
            s.expect(ACK, 1, s.peerSeq, 0);
            s.in(Seg.of(FIN | ACK, s.peerSeq + 10, s.isn + 1));
            s.expect(ACK, 1, s.peerSeq, 0);
            s.in(s.data(10));
            s.expect(ACK, 1, ++s.peerSeq, 0);
        }
    }
}
