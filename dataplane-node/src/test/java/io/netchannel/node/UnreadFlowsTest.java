package io.netchannel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.wire.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Flows that nobody reads, on every loop, leave the device what the others live on. */
final class UnreadFlowsTest {

    private static final IpAddress SERVER = IpAddress.parse("10.0.0.2");
    private static final int UNREAD_PORT = 1;
    private static final int ECHO_PORT = 7;
    private static final int LOOPS = 4;
    private static final int UNREAD_FLOWS = 64;
    private static final int BUFFERS = 512;
    private static final long TURN_NS = 200_000;

    private final MemorySegment message = Arena.ofAuto().allocate(1 << 16);
    private final List<Echoed> echoed = new ArrayList<>();
    private long nowNs;

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldGoOnBesideThem(final NodeMode mode) {
        final NodeWire wire = NodeWire.lossless();
        try (DataplaneNode server = node("server", SERVER + "/24", mode, LOOPS, wire.a());
                DataplaneNode client = node("client", "10.0.0.1/24", NodeMode.INLINE, 1, wire.b())) {
            server.deploy(application(UnreadFlowsTest::serve));
            client.deploy(application(this::fill));
            server.startSimulated(nowNs);
            client.startSimulated(nowNs);
            run(server, client, 20_000);
            client.loops().getFirst().execute(() -> echo(client.loops().getFirst()));
            run(server, client, 20_000);
            assertThat(echoed).hasSize(LOOPS * 2).allMatch(flow -> flow.bytes == message.byteSize());
        }
    }

    private static DataplaneNode node(final String name, final String address, final NodeMode mode, final int loops,
            final NodeLink link) {
        return DataplaneNode.open(NodeConfig.builder(name).address(address).mode(mode).loops(loops)
                .buffersPerLoop(loops == 1 ? 32 * BUFFERS : BUFFERS).simulationSeed(7).build(), link);
    }

    private void run(final DataplaneNode server, final DataplaneNode client, final int turns) {
        for (int i = 0; i < turns; i++) {
            nowNs += TURN_NS;
            client.turn(nowNs);
            server.turn(nowNs);
        }
    }

    private static void serve(final LoopContext loop) {
        loop.stack().tcp().listen(0, 0, UNREAD_PORT, UNREAD_FLOWS, flow -> new Unread());
        loop.stack().tcp().listen(0, 0, ECHO_PORT, LOOPS * 2, flow -> new Echo());
    }

    private void fill(final LoopContext loop) {
        for (int i = 0; i < UNREAD_FLOWS; i++) {
            loop.stack().tcp().connect(SERVER.high(), SERVER.low(), UNREAD_PORT, new Filler());
        }
    }

    private void echo(final LoopContext loop) {
        for (int i = 0; i < LOOPS * 2; i++) {
            final Echoed flow = new Echoed();
            echoed.add(flow);
            loop.stack().tcp().connect(SERVER.high(), SERVER.low(), ECHO_PORT, flow);
        }
    }

    private static Application application(final Consumer<LoopContext> start) {
        return new Application() {

            @Override
            public String name() {
                return "unread";
            }

            @Override
            public void start(final LoopContext loop) {
                start.accept(loop);
            }
        };
    }

    private static class Unread implements TcpHandler {

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            return 0;
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            // With the node.
        }
    }

    /** Sends more than its share of the other side's buffers, and far less than its own side has. */
    private final class Filler extends Unread {

        private int left = 12;

        @Override
        public void onConnected(final TcpFlow flow) {
            onWritable(flow);
        }

        @Override
        public void onWritable(final TcpFlow flow) {
            while (left > 0 && flow.write(message.address(), (int) message.byteSize()) > 0) {
                left--;
            }
        }
    }

    private static final class Echo extends Unread {

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            return flow.write(address, lengthBytes);
        }

        @Override
        public void onWritable(final TcpFlow flow) {
            flow.resumeReceive();
        }
    }

    private final class Echoed extends Unread {

        private long bytes;

        @Override
        public String toString() {
            return bytes + " bytes";
        }

        @Override
        public void onConnected(final TcpFlow flow) {
            flow.write(message.address(), (int) message.byteSize());
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            bytes += lengthBytes;
            return lengthBytes;
        }
    }
}
