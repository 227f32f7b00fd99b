package io.netchannel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.sched.Poller;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that end as soon as they are open, within the time of one stay in TIME-WAIT. */
final class ShortConnectionsTest {

    private static final IpAddress SERVER = IpAddress.parse("10.0.0.2");
    private static final int PORT = 5001;
    private static final int AT_ONCE = 32;
    /** More than a flow table holds, fewer than there are ports. */
    private static final int CONNECTIONS = 20_000;
    private static final long TIME_WAIT_NS = 60_000_000_000L;

    private static NodeConfig config(final int host) {
        return NodeConfig.builder("n" + host).address("10.0.0." + host + "/24").buffersPerLoop(1024)
                .simulationSeed(host).build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGoOnWhenTimeWaitsWouldFillTheFlowTable(final boolean clientFinishesFirst) {
        final NodeWire wire = NodeWire.lossless();
        final Caller client = new Caller(SERVER, clientFinishesFirst);
        final Caller server = new Caller(null, !clientFinishesFirst);
        try (DataplaneNode a = DataplaneNode.open(config(1), wire.a());
                DataplaneNode b = DataplaneNode.open(config(2), wire.b())) {
            a.deploy(client);
            b.deploy(server);
            b.startSimulated(0);
            a.startSimulated(0);
            long nowNs = 0;
            while (client.ended < CONNECTIONS || server.ended < CONNECTIONS) {
                final int work = a.turn(nowNs) + b.turn(nowNs);
                final long next = Math.min(a.nextDeadlineNs(), b.nextDeadlineNs());
                assertThat(work > 0 || next != Poller.NO_DEADLINE).as("%s %s", client, server).isTrue();
                nowNs = work > 0 ? nowNs + 1_000 : Math.max(next, nowNs + 1_000);
                assertThat(nowNs).as("%s %s", client, server).isLessThan(TIME_WAIT_NS);
            }
            assertThat(client.refused).isZero();
            assertThat(client.failed + server.failed).isZero();
            final DataplaneNode waiting = clientFinishesFirst ? a : b;
            final int most = config(1).flowsPerLoop() / 2;
            assertThat(waiting.loops().getFirst().stack().tcp().timeWaiting()).isEqualTo(most);
            final Map<String, Long> counters = waiting.counters();
            // The others have left no state behind, or their successor took it over.
            assertThat(counters.get("TcpExt.TCPTimeWaitOverflow") + counters.get("TcpExt.TWRecycled"))
                    .isEqualTo(CONNECTIONS - most);
            assertThat(counters.get("Tcp.RetransSegs")).isZero();
        }
    }

    /** One side of all of them. */
    private static final class Caller implements Application, TcpHandler {

        private final IpAddress server;
        private final boolean finishesFirst;
        private LoopContext loop;
        private int begun;
        private int refused;
        private int failed;
        private int ended;

        private Caller(final IpAddress server, final boolean finishesFirst) {
            this.server = server;
            this.finishesFirst = finishesFirst;
        }

        @Override
        public String name() {
            return server == null ? "server" : "client";
        }

        @Override
        public void start(final LoopContext context) {
            loop = context;
            if (server == null) {
                loop.stack().tcp().listen(0, 0, PORT, AT_ONCE, flow -> this);
                return;
            }
            for (int i = 0; i < AT_ONCE; i++) {
                connect();
            }
        }

        private void connect() {
            begun++;
            if (loop.stack().tcp().connect(server.high(), server.low(), PORT, this) == null) {
                refused++;
            }
        }

        @Override
        public void onConnected(final TcpFlow flow) {
            if (finishesFirst) {
                flow.shutdownOutput();
            }
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            return lengthBytes;
        }

        @Override
        public void onPeerFinished(final TcpFlow flow) {
            flow.close();
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            ended++;
            failed += reason == TcpCloseReason.FINISHED ? 0 : 1;
            if (server != null && begun < CONNECTIONS) {
                connect();
            }
        }

        @Override
        public String toString() {
            return name() + " begun=" + begun + " refused=" + refused + " failed=" + failed + " ended=" + ended;
        }
    }
}
