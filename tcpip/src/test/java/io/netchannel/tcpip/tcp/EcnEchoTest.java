package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The receiver's part in explicit congestion notification. */
class EcnEchoTest {

    private static Script accept(final boolean exact) {
        final Script s = new Script(simple()).accept();
        s.connection().receiver().enableEcn(exact);
        s.host.ecn = TcpSegment.ECN_ECT0;
        s.handler.appetite = 0;
        return s;
    }

    /** RFC 3168, 6.1.3. */
    @Test
    void shouldEchoAMarkUntilThePeerHasReduced() {
        try (Script s = accept(false)) {
            s.in(s.data(1000));
            s.expectNothing();
            s.host.ecn = TcpSegment.ECN_CE;
            s.in(s.data(1000));
            s.expect(ACK | ECE, 1, s.peerSeq, 0);
            s.host.ecn = TcpSegment.ECN_ECT0;
            s.in(s.data(1000));
            s.expect(ACK | ECE, 1, s.peerSeq, 0);
            s.in(Seg.of(ACK | CWR, s.peerSeq, s.isn + 1));
            s.inBurst(s.data(1000));
            s.write(1, 10);
            s.turn();
            s.expect(ACK | ECE, 1, s.peerSeq, 10);
            final Seg reduced = s.data(1000);
            reduced.flags |= CWR;
            s.in(reduced);
            s.expect(ACK, 11, s.peerSeq, 0);
        }
    }

    /** RFC 8257, 3.2: what came before the change is acknowledged with the state before. */
    @Test
    void shouldEchoExactlyWhatWasMarked() {
        try (Script s = accept(true)) {
            s.in(s.data(1000));
            s.expectNothing();
            final int plain = s.peerSeq;
            s.host.ecn = TcpSegment.ECN_CE;
            s.in(s.data(1000));
            s.expect(ACK, 1, plain, 0);
            s.expect(ACK | ECE, 1, s.peerSeq, 0);
            s.in(s.data(500));
            s.expectNothing();
            final int marked = s.peerSeq;
            s.host.ecn = TcpSegment.ECN_ECT0;
            s.in(s.data(1000));
            s.expect(ACK | ECE, 1, marked, 0);
            s.expect(ACK, 1, s.peerSeq, 0);
            s.expectNothing();
        }
    }

    @Test
    void shouldEchoExactlyWithinABurst() {
        try (Script s = accept(true)) {
            final int[] ends = new int[4];
            for (int i = 0; i < 4; i++) {
                s.host.ecn = i % 2 == 0 ? TcpSegment.ECN_ECT0 : TcpSegment.ECN_CE;
                s.inBurst(s.data(1000));
                ends[i] = s.peerSeq;
            }
            s.turn();
            for (int i = 0; i < 4; i++) {
                s.expect(i % 2 == 0 ? ACK : ACK | ECE, 1, ends[i], 0);
            }
            s.expectNothing();
        }
    }

    @Test
    void shouldNotEchoWithoutAgreement() {
        try (Script s = new Script(simple()).accept()) {
            s.host.ecn = TcpSegment.ECN_CE;
            s.in(s.data(1460));
            s.in(s.data(1460));
            s.expect(ACK, 1, s.peerSeq, 0);
        }
    }
}
