package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 4987, 3.6. */
class SynCookieTest {

    private static Script always(final TcpConfig config) {
        final Script s = new Script(config.with(TcpSetting.SYN_COOKIES, 2));
        s.listen();
        return s;
    }

    private static Seg fullSyn() {
        return Seg.of(SYN, 100, 0).mss(1450).scale(6).option(1, 1, OPTION_SACK_PERMITTED, 2).timestamps(5000, 0);
    }

    @Test
    void shouldRememberNothingAndOpenByTheAckAlone() {
        try (Script s = always(simple())) {
            s.in(Seg.of(SYN, 100, 0).mss(1460));
            s.isn = s.next().sequence;
            assertThat(s.listener.halfOpen()).isZero();
            assertThat(s.stack.connections()).isZero();
            s.in(Seg.of(ACK, 101, s.isn + 1).data(10));
            assertThat(s.handler.events).containsExactly("connected");
            assertThat(s.handler.received.size()).isEqualTo(10);
            s.flow = s.handler.flow;
            assertThat(s.connection().sender().mssBytes()).isEqualTo(1460);
            assertThat(s.count(TcpCounter.SYN_COOKIES_SENT)).isEqualTo(1);
            assertThat(s.count(TcpCounter.SYN_COOKIES_RECEIVED)).isEqualTo(1);
            assertThat(s.count(TcpCounter.PASSIVE_OPENS)).isEqualTo(1);
            s.out.clear();
            s.write(1, 20);
            s.turn();
            s.expect(ACK, 1, 111, 20);
        }
    }

    @Test
    void shouldKeepOptionsInTheTimestamp() {
        try (Script s = always(TcpConfig.defaults())) {
            final Seg syn = fullSyn();
            syn.flags |= ECE | CWR;
            s.in(syn);
            final Seg synAck = s.next();
            assertThat(synAck.flags).isEqualTo(SYN | ACK | ECE);
            assertThat(synAck.scaleOption()).isEqualTo(7);
            s.in(Seg.of(ACK, 101, synAck.sequence + 1).timestamps(5001, synAck.timestampValue).window(100));
            s.flow = s.handler.flow;
            assertThat(s.connection().handshake().negotiation())
                    .isEqualTo(new Negotiation(1440, 6, true, true, true));
            assertThat(s.connection().sender().windowBytes()).isEqualTo(100 << 6);
            assertThat(s.connection().timestamps().recent()).isEqualTo(5001);
        }
    }

    @Test
    void shouldOfferNothingThatItCouldNotRemember() {
        try (Script s = always(TcpConfig.defaults())) {
            s.in(Seg.of(SYN, 100, 0).mss(1450).scale(6).option(1, 1, OPTION_SACK_PERMITTED, 2));
            final Seg synAck = s.next();
            assertThat(synAck.scaleOption()).isEqualTo(-1);
            assertThat(synAck.options).hasSize(4);
        }
    }

    @Test
    void shouldNeverSendATimestampFromTheFuture() {
        final Negotiation all = new Negotiation(1460, 14, true, true, true);
        for (int clock = 0; clock < 1000; clock++) {
            final int value = SynCookies.timestampValue(clock + 77, 77, all) - 77;
            assertThat(clock - value).isBetween(0, 127);
            assertThat(value & 63).isEqualTo(14 | 1 << 4 | 1 << 5);
        }
    }

    @Test
    void shouldRefuseAnAckThatIsNoCookie() {
        try (Script s = always(simple())) {
            s.in(Seg.of(SYN, 100, 0).mss(1460));
            s.isn = s.next().sequence;
            int opened = 0;
            for (int i = 2; i < 2000; i++) {
                s.in(Seg.of(ACK, 101, s.isn + i * 0x1234567));
                opened += s.handler.events.size();
                assertThat(s.next().flags).isEqualTo(RST);
                if (i % 500 == 0) {
                    s.advance(SECOND);
                }
            }
            assertThat(opened).isZero();
            assertThat(s.count(TcpCounter.SYN_COOKIES_FAILED)).isEqualTo(1998);
        }
    }

    @Test
    void shouldRefuseACookieOfAnotherFlowOrAnotherPeerNumber() {
        try (Script s = always(simple())) {
            s.in(Seg.of(SYN, 100, 0).mss(1460));
            s.isn = s.next().sequence;
            s.in(Seg.of(ACK, 1101, s.isn + 1));
            assertThat(s.next().flags).isEqualTo(RST);
            s.remotePort++;
            s.in(Seg.of(ACK, 101, s.isn + 1));
            assertThat(s.next().flags).isEqualTo(RST);
            assertThat(s.handler.events).isEmpty();
        }
    }

    /** A late ACK of an echo, say, whose flow is gone: ghosts would stay for ever. */
    @Test
    void shouldRefuseTheAckOfAConversationThatMovedAsManyBytesEachWay() {
        try (Script s = always(simple())) {
            s.in(Seg.of(SYN, 100, 0).mss(1460));
            s.isn = s.next().sequence;
            s.in(Seg.of(ACK, 101 + 5000, s.isn + 1 + 5000));
            assertThat(s.next().flags).isEqualTo(RST);
            assertThat(s.handler.events).isEmpty();
        }
    }

    @Test
    void shouldTakeACookieForTwoMinutesAtMost() {
        for (final int seconds : new int[]{59, 121}) {
            try (Script s = always(simple())) {
                s.in(Seg.of(SYN, 100, 0).mss(1460));
                s.isn = s.next().sequence;
                s.advance(seconds * SECOND);
                s.in(Seg.of(ACK, 101, s.isn + 1));
                assertThat(s.handler.events).hasSize(seconds < 60 ? 1 : 0);
            }
        }
    }

    @Test
    void shouldTakeACookieWhoseKeyHasChangedSince() {
        try (Script s = always(simple())) {
            s.nowNs = 64 * 60 * SECOND - SECOND;
            s.in(Seg.of(SYN, 100, 0).mss(1460));
            s.isn = s.next().sequence;
            s.advance(2 * SECOND);
            s.in(Seg.of(ACK, 101, s.isn + 1));
            assertThat(s.handler.events).containsExactly("connected");
        }
    }

    @Test
    void shouldSendCookiesOnlyWhenTheQueueIsFull() {
        try (Script s = new Script(simple())) {
            final TcpListener listener = s.stack.listen(0, 0, PORT, 1, flow -> s.handler);
            s.in(Seg.of(SYN, 100, 0));
            s.next();
            assertThat(s.count(TcpCounter.SYN_COOKIES_SENT)).isZero();
            s.remotePort++;
            s.in(Seg.of(SYN, 100, 0));
            s.isn = s.next().sequence;
            assertThat(s.count(TcpCounter.REQUEST_QUEUE_FULL_COOKIES)).isEqualTo(1);
            assertThat(listener.halfOpen()).isEqualTo(1);
            s.in(Seg.of(ACK, 101, s.isn + 1));
            assertThat(s.handler.events).containsExactly("connected");
        }
    }

    @Test
    void shouldNotTakeCookiesThatWereNeverSent() {
        try (Script s = new Script(simple())) {
            s.listen();
            s.in(Seg.of(ACK, 101, 77));
            s.expect(RST, 77, 0, 0);
            assertThat(s.count(TcpCounter.SYN_COOKIES_FAILED)).isZero();
        }
    }
}
