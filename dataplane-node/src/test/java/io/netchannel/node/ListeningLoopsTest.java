package io.netchannel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpListener;
import io.netchannel.tcpip.wire.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections stay with the loop that took them, whichever loops begin or cease to listen. */
final class ListeningLoopsTest {

    private static final IpAddress SERVER = IpAddress.parse("10.0.0.2");
    private static final int PORT = 7;
    private static final int LOOPS = 3;
    private static final int CONNECTIONS = 16;
    private static final long TURN_NS = 200_000;
    private static final byte[] WORD = "word".getBytes(StandardCharsets.US_ASCII);

    private final List<Client> clients = new ArrayList<>();
    private final List<TcpListener> listeners = new ArrayList<>();
    private DataplaneNode server;
    private DataplaneNode client;
    private long nowNs;

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldLeaveConnectionsWhereTheyAre(final NodeMode mode) {
        final NodeWire wire = NodeWire.lossless();
        try (DataplaneNode serving = node("server", SERVER + "/24", mode, LOOPS, wire.a());
                DataplaneNode asking = node("client", "10.0.0.1/24", NodeMode.INLINE, 1, wire.b())) {
            server = serving;
            client = asking;
            server.startSimulated(nowNs);
            client.startSimulated(nowNs);
            listen(LOOPS - 1);
            client.loops().getFirst().execute(this::connect);
            talk(1);
            listen(0);
            // In the middle of handshakes.
            client.loops().getFirst().execute(this::connect);
            server.loops().get(1).execute(() -> listenOn(server.loops().get(1)));
            talk(2);
            client.loops().getFirst().execute(this::connect);
            talk(3);
            listeners.forEach(TcpListener::close);
            talk(4);
        }
    }

    private static DataplaneNode node(final String name, final String address, final NodeMode mode, final int loops,
            final NodeLink link) {
        return DataplaneNode.open(NodeConfig.builder(name).address(address).mode(mode).loops(loops)
                .simulationSeed(7).build(), link);
    }

    private void listen(final int loop) {
        server.loops().get(loop).execute(() -> listenOn(server.loops().get(loop)));
        run();
    }

    private void listenOn(final LoopContext loop) {
        listeners.add(loop.stack().tcp().listen(0, 0, PORT, CONNECTIONS, flow -> new Echo()));
    }

    private void connect() {
        for (int i = 0; i < CONNECTIONS; i++) {
            final Client opened = new Client();
            clients.add(opened);
            client.loops().getFirst().stack().tcp().connect(SERVER.high(), SERVER.low(), PORT, opened);
        }
    }

    private void talk(final int time) {
        run();
        client.loops().getFirst().execute(() -> clients.forEach(Client::ask));
        run();
        assertThat(clients).as("time %d", time)
                .allMatch(each -> each.closed == null && each.asked == each.received && each.asked > 0);
    }

    private void run() {
        for (int i = 0; i < 2_000; i++) {
            nowNs += TURN_NS;
            client.turn(nowNs);
            server.turn(nowNs);
        }
    }

    private static final class Echo implements TcpHandler {

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            return flow.write(address, lengthBytes);
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            // With the node.
        }
    }

    private static final class Client implements TcpHandler {

        private TcpFlow flow;
        private TcpCloseReason closed;
        private int received;
        private int asked;

        @Override
        public String toString() {
            return (closed == null ? "open" : closed) + ", asked " + asked + ", received " + received;
        }

        private void ask() {
            asked += flow.write(WORD, 0, WORD.length);
        }

        @Override
        public void onConnected(final TcpFlow opened) {
            flow = opened;
        }

        @Override
        public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
            received += lengthBytes;
            return lengthBytes;
        }

        @Override
        public void onClosed(final TcpFlow of, final TcpCloseReason reason) {
            closed = reason;
        }
    }
}
