package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ListenerTest {

    private static int syn(final Script s, final int port) {
        s.remotePort = port;
        s.in(Seg.of(SYN, 100, 0).mss(1460));
        return s.out.isEmpty() ? 0 : s.next().sequence;
    }

    @Test
    void shouldDropSynsWhenThereAreTooManyHandshakes() {
        try (Script s = new Script(simple().with(TcpSetting.SYN_COOKIES, 0))) {
            final TcpListener listener = s.stack.listen(0, 0, PORT, 2, flow -> s.handler);
            final int first = syn(s, 1000);
            assertThat(syn(s, 1001)).isNotZero();
            assertThat(syn(s, 1002)).isZero();
            assertThat(listener.halfOpen()).isEqualTo(2);
            assertThat(s.count(TcpCounter.REQUEST_QUEUE_FULL)).isEqualTo(1);
            assertThat(s.count(TcpCounter.LISTEN_DROPS)).isEqualTo(1);
            s.remotePort = 1000;
            s.in(Seg.of(ACK, 101, first + 1));
            assertThat(s.handler.events).containsExactly("connected");
            assertThat(syn(s, 1002)).isNotZero();
        }
    }

    @Test
    void shouldBoundHandshakesAsSet() {
        try (Script s = new Script(simple().with(TcpSetting.SYN_COOKIES, 0).with(TcpSetting.SYN_QUEUE_SEGMENTS, 3))) {
            s.stack.listen(0, 0, PORT, 1, flow -> s.handler);
            for (int port = 1000; port < 1003; port++) {
                assertThat(syn(s, port)).isNotZero();
            }
            assertThat(syn(s, 1003)).isZero();
        }
    }

    @Test
    void shouldLetConnectionsWaitWhilePausedAsManyAsTheBacklogAndOne() {
        try (Script s = new Script(simple())) {
            final TcpListener listener = s.stack.listen(0, 0, PORT, 2, flow -> s.handler);
            listener.pauseAccepting();
            for (int port = 1000; port < 1003; port++) {
                final int sequence = syn(s, port);
                s.in(Seg.of(ACK, 101, sequence + 1).data(10));
            }
            assertThat(listener.waiting()).isEqualTo(3);
            assertThat(syn(s, 1003)).as("no room for another").isZero();
            assertThat(s.count(TcpCounter.LISTEN_OVERFLOWS)).isEqualTo(1);
            assertThat(s.count(TcpCounter.LISTEN_DROPS)).isEqualTo(1);
            listener.resumeAccepting();
            s.turn();
            assertThat(s.handler.events).containsExactly("connected", "connected", "connected");
            assertThat(s.handler.received.size()).isEqualTo(30);
        }
    }

    @Test
    void shouldResetWhatFindsTheQueueFullIfSetTo() {
        for (int abort = 0; abort <= 1; abort++) {
            try (Script s = new Script(simple().with(TcpSetting.ABORT_ON_OVERFLOW, abort))) {
                final TcpListener listener = s.stack.listen(0, 0, PORT, 1, flow -> s.handler);
                final int late = syn(s, 999);
                listener.pauseAccepting();
                s.in(Seg.of(ACK, 101, syn(s, 1000) + 1));
                s.in(Seg.of(ACK, 101, syn(s, 1001) + 1));
                s.remotePort = 999;
                s.in(Seg.of(ACK, 101, late + 1));
                assertThat(s.count(TcpCounter.LISTEN_OVERFLOWS)).isEqualTo(1);
                assertThat(listener.halfOpen()).isEqualTo(1 - abort);
                assertThat(s.out).hasSize(abort);
                if (abort == 0) {
                    listener.resumeAccepting();
                    assertThat(s.untilSent(2 * SECOND)).as("SYN,ACK again").isGreaterThan(500 * MS);
                    s.in(Seg.of(ACK, 101, late + 1));
                    assertThat(listener.halfOpen()).isZero();
                }
            }
        }
    }

    @Test
    void shouldWaitForDataBeforeItAccepts() {
        try (Script s = new Script(simple())) {
            final TcpListener listener = s.stack.listen(0, 0, PORT, 4, flow -> s.handler);
            listener.deferAcceptNs(2 * SECOND);
            final int first = syn(s, 1000);
            s.in(Seg.of(ACK, 101, first + 1));
            assertThat(s.handler.events).isEmpty();
            assertThat(s.count(TcpCounter.DEFER_ACCEPT_DROPS)).isEqualTo(1);
            s.in(Seg.of(ACK, 101, first + 1).data(10));
            assertThat(s.handler.events).containsExactly("connected");
            s.advance(50 * MS);
            s.out.clear();
            final int second = syn(s, 1001);
            s.in(Seg.of(ACK, 101, second + 1));
            assertThat(s.untilSent(10 * SECOND)).as("asked at the end of the time").isBetween(3 * SECOND,
                    3 * SECOND + 4 * TICK);
            assertThat(s.next().has(SYN)).isTrue();
            s.in(Seg.of(ACK, 101, second + 1));
            assertThat(s.handler.events).containsExactly("connected", "connected");
        }
    }

    @Test
    void shouldTakeAnotherBacklog() {
        try (Script s = new Script(simple().with(TcpSetting.SYN_COOKIES, 0))) {
            final TcpListener listener = s.stack.listen(0, 0, PORT, 1, flow -> s.handler);
            assertThat(syn(s, 1000)).isNotZero();
            assertThat(syn(s, 1001)).isZero();
            listener.backlog(2);
            assertThat(listener.backlog()).isEqualTo(2);
            assertThat(syn(s, 1001)).isNotZero();
            assertThatThrownBy(() -> listener.backlog(0)).hasMessage("backlog=0 < MIN=1");
        }
    }

    @Test
    void shouldDropWhatAListenerCannotUse() {
        try (Script s = new Script(simple())) {
            s.listen();
            s.in(Seg.of(FIN, 5, 0).data(3));
            s.in(Seg.of(SYN | FIN, 5, 0));
            s.in(Seg.of(0, 5, 0).data(3));
            s.in(Seg.of(RST | ACK, 5, 5));
            s.expectNothing();
            s.in(Seg.of(SYN | ACK, 5, 77));
            s.expect(RST, 77, 0, 0);
            assertThat(s.count(TcpCounter.IN_UNEXPECTED_FLAGS)).isEqualTo(3);
        }
    }

    @Test
    void shouldHoldAHandshakeBackUntilThereIsRoom() {
        try (Script s = new Script(simple())) {
            final TcpListener listener = s.stack.listen(0, 0, PORT, 1, flow -> s.handler);
            final int first = syn(s, 1000);
            listener.pauseAccepting();
            s.in(Seg.of(ACK, 101, first + 1));
            assertThat(listener.waiting()).isEqualTo(1);
            listener.resumeAccepting();
            final int second = syn(s, 1001);
            listener.pauseAccepting();
            assertThat(second).isNotZero();
            s.in(Seg.of(ACK, 101, second + 1));
            assertThat(listener.waiting()).isEqualTo(1);
        }
    }

    @Test
    void shouldForgetWaitingConnectionsThatThePeerResets() {
        try (Script s = new Script(simple())) {
            final TcpListener listener = s.stack.listen(0, 0, PORT, 1, flow -> s.handler);
            listener.pauseAccepting();
            s.in(Seg.of(ACK, 101, syn(s, 1000) + 1).data(10));
            s.in(Seg.of(RST, 111, 0));
            s.in(Seg.of(ACK, 101, syn(s, 1001) + 1));
            s.in(Seg.of(ACK, 101, syn(s, 1002) + 1));
            assertThat(listener.waiting()).isEqualTo(2);
            listener.resumeAccepting();
            assertThat(s.handler.events).containsExactly("connected", "connected");
        }
    }

    @Test
    void shouldResetWhatTheAcceptorRefuses() {
        try (Script s = new Script(simple())) {
            s.stack.listen(0, 0, PORT, 1, flow -> null);
            s.isn = syn(s, 1000);
            s.in(Seg.of(ACK, 101, s.isn + 1).data(10));
            s.expect(RST | ACK, 1, 101, 0);
            assertThat(s.stack.connections()).isZero();
        }
    }

    @Test
    void shouldResetHandshakesAndWaitingConnectionsWhenItCloses() {
        try (Script s = new Script(simple())) {
            final TcpListener listener = s.stack.listen(0, 0, PORT, 4, flow -> s.handler);
            syn(s, 1000);
            final int second = syn(s, 1001);
            listener.pauseAccepting();
            s.in(Seg.of(ACK, 101, second + 1));
            listener.close();
            listener.close();
            s.turn();
            assertThat(s.next().has(RST)).isTrue();
            assertThat(s.next().has(RST)).isTrue();
            s.expectNothing();
            assertThat(s.stack.connections()).isZero();
            syn(s, 1002);
            assertThat(s.count(TcpCounter.NO_PORTS)).isEqualTo(1);
        }
    }

    @Test
    void shouldPreferTheMoreSpecificListener() {
        try (Script s = new Script(simple())) {
            final RecordingHandler specific = new RecordingHandler();
            s.stack.listen(0, 0, PORT, 4, flow -> s.handler);
            s.stack.listen(0, LOCAL, PORT, 4, flow -> specific);
            s.stack.listen(0, 0xFFFF_0000_0000L, PORT, 4, flow -> s.handler);
            s.in(Seg.of(ACK, 101, syn(s, 1000) + 1));
            assertThat(specific.events).containsExactly("connected");
            assertThatThrownBy(() -> s.stack.listen(0, LOCAL, PORT, 4, flow -> null))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldBoundConnections() {
        try (Script s = new Script(simple().with(TcpSetting.MAX_CONNECTIONS, 2))) {
            s.stack.listen(0, 0, PORT, 4, flow -> s.handler);
            assertThat(syn(s, 1000)).isNotZero();
            assertThat(syn(s, 1001)).isNotZero();
            assertThat(syn(s, 1002)).isZero();
            assertThat(s.stack.connect(0, REMOTE, 80, s.handler)).isNull();
            assertThat(s.stack.connectFailure()).isEqualTo(TcpConnectFailure.TOO_MANY_CONNECTIONS);
            assertThat(s.count(TcpCounter.CONNECTION_LIMIT)).isEqualTo(2);
        }
    }

    @Test
    void shouldConnectFromPortsThatLeadBackToItsLoop() {
        for (int loop = 0; loop < 4; loop++) {
            try (Script s = new Script(TestHost.Setup.plain().withLoop(4, loop),
                    simple().with(TcpSetting.FIRST_EPHEMERAL_PORT, 40_000).with(TcpSetting.LAST_EPHEMERAL_PORT,
                            40_199))) {
                int flows = 0;
                while (s.stack.connect(0, REMOTE, 80, s.handler) instanceof final TcpFlow flow) {
                    assertThat(flow.localPort()).isBetween(40_000, 40_199);
                    assertThat(s.stack.flows().isOurs(0, LOCAL, flow.localPort(), 0, REMOTE, 80)).isTrue();
                    flows++;
                }
                assertThat(s.stack.connectFailure()).isEqualTo(TcpConnectFailure.NO_PORT);
                assertThat(flows).as("about a quarter").isBetween(20, 90);
                while (s.stack.connections() > 0) {
                    ((TcpConnection) s.stack.flows().at(firstUsed(s))).flow().abort();
                }
            }
        }
    }

    private static int firstUsed(final Script s) {
        int slot = 0;
        while (s.stack.flows().at(slot) == null) {
            slot++;
        }
        return slot;
    }

    @Test
    void shouldSayWhyItCanNotConnect() {
        try (Script s = new Script(simple())) {
            s.host.noRoute = true;
            assertThat(s.stack.connect(0, REMOTE, 80, s.handler)).isNull();
            assertThat(s.stack.connectFailure()).isEqualTo(TcpConnectFailure.NO_ROUTE);
            s.host.noRoute = false;
            assertThat(s.stack.connect(0, 0, 5000, 0, REMOTE, 80, s.handler)).isNotNull();
            assertThat(s.stack.connect(0, 0, 5000, 0, REMOTE, 80, s.handler)).isNull();
            assertThat(s.stack.connectFailure()).isEqualTo(TcpConnectFailure.ADDRESS_IN_USE);
            s.stack.close();
            assertThat(s.stack.connect(0, REMOTE, 80, s.handler)).isNull();
            assertThat(s.stack.connectFailure()).isEqualTo(TcpConnectFailure.STACK_CLOSED);
        }
    }

    @Test
    void shouldNotBelieveAFlowIdOfAnotherFlow() {
        try (Script s = new Script(simple()).accept()) {
            s.host.hints = false;
            s.in(s.data(10));
            assertThat(s.handler.received.size()).as("without a hint").isEqualTo(10);
            final FlowMap flows = s.stack.flows();
            final TcpSegment segment = new TcpSegment(s.host.packets);
            assertThat(flows.find(segment, s.connection().flowId())).as("hint of another four-tuple").isNull();
        }
    }
}
