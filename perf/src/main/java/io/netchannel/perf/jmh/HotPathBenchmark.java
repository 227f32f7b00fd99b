package io.netchannel.perf.jmh;

import io.netchannel.node.Application;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.LoopContext;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeMode;
import io.netchannel.node.NodeWire;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.wire.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The whole hot path on one thread: two nodes on a wire, turn by turn. Each operation passes every stage: TCP out,
 * virtqueue, wire, virtqueue, classify, (in channel mode) ring, TCP in, application, and the acknowledgments back.
 *
 * <p>With the allocation profiler it is the proof that none of them allocates. So much code takes seconds to be compiled.
 */
@Warmup(iterations = 5, time = 1)
public class HotPathBenchmark extends StageBenchmark {

    private static final IpAddress SERVER = IpAddress.parse("10.0.0.2");
    private static final int ECHO_PORT = 7;
    private static final int DISCARD_PORT = 9;
    private static final int STREAM_BYTES = 64 * 1024;
    private static final long TURN_NS = 1_000;

    @Param({"INLINE", "CHANNEL"})
    NodeMode mode;

    private MemorySegment data;
    private DataplaneNode client;
    private DataplaneNode server;
    private final Peer echo = new Peer();
    private final Peer discard = new Peer();
    private long discarded;
    private long nowNs;

    @Setup
    public void connect() {
        data = Arena.ofAuto().allocate(STREAM_BYTES);
        final NodeWire wire = NodeWire.lossless();
        server = DataplaneNode.open(config("server", "10.0.0.2/24"), wire.a());
        client = DataplaneNode.open(config("client", "10.0.0.1/24"), wire.b());
        server.deploy(new Server());
        client.deploy(new Client());
        server.startSimulated(nowNs);
        client.startSimulated(nowNs);
        while (echo.flow == null || discard.flow == null) {
            turn();
        }
    }

    private NodeConfig config(final String name, final String address) {
        return NodeConfig.builder(name).address(address).mode(mode).build();
    }

    private void turn() {
        nowNs += TURN_NS;
        client.turn(nowNs);
        server.turn(nowNs);
    }

    @TearDown
    public void close() {
        client.close();
        server.close();
    }

    /** One byte there and back. */
    @Benchmark
    public long requestResponse() {
        final long before = echo.received;
        echo.flow.write(data.address(), 1);
        while (echo.received == before) {
            turn();
        }
        return echo.received;
    }

    /** 64 KiB one way. */
    @Benchmark
    public long stream() {
        final long target = discarded + STREAM_BYTES;
        int written = 0;
        while (discarded < target) {
            if (written < STREAM_BYTES) {
                written += discard.flow.write(data.address() + written, STREAM_BYTES - written);
            }
            turn();
        }
        return discarded;
    }

    private final class Server implements Application {

        @Override
        public String name() {
            return "server";
        }

        @Override
        public void start(final LoopContext loop) {
            loop.stack().tcp().listen(0, 0, ECHO_PORT, 16, flow -> new Echo());
            loop.stack().tcp().listen(0, 0, DISCARD_PORT, 16, flow -> new Discard());
        }
    }

    private final class Client implements Application {

        @Override
        public String name() {
            return "client";
        }

        @Override
        public void start(final LoopContext loop) {
            loop.stack().tcp().connect(SERVER.high(), SERVER.low(), ECHO_PORT, echo);
            loop.stack().tcp().connect(SERVER.high(), SERVER.low(), DISCARD_PORT, discard);
        }
    }

    private static final class Peer implements TcpHandler {

        private TcpFlow flow;
        private long received;

        @Override
        public void onConnected(final TcpFlow connected) {
            connected.noDelay(true);
            flow = connected;
        }

        @Override
        public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
            received += lengthBytes;
            return lengthBytes;
        }

        @Override
        public void onClosed(final TcpFlow closed, final TcpCloseReason reason) {
            // The benchmark ends.
        }
    }

    private static final class Echo implements TcpHandler {

        @Override
        public void onConnected(final TcpFlow flow) {
            flow.noDelay(true);
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            return flow.write(address, lengthBytes);
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            // The benchmark ends.
        }
    }

    private final class Discard implements TcpHandler {

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            discarded += lengthBytes;
            return lengthBytes;
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            // The benchmark ends.
        }
    }
}
