package io.netchannel.perf.netperf;

import io.netchannel.node.Application;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The serving side of every test on a node.
 *
 * <p>Threading: the handlers run on the node's loop; {@link #receivedBytes} is read by the measuring thread.
 */
final class NetperfServer implements Application {

    static final int STREAM_PORT = 12866;
    static final int REQUEST_PORT = 12867;

    private static final int BACKLOG = 16;

    private final Workload workload;
    private final AtomicLong receivedBytes = new AtomicLong();
    private final MemorySegment responseMemory;

    NetperfServer(final Workload workload) {
        this.workload = workload;
        this.responseMemory = Arena.ofAuto().allocate(workload.responseBytes());
    }

    @Override
    public String name() {
        return "netserver";
    }

    @Override
    public void start(final LoopContext loop) {
        loop.stack().tcp().listen(0, 0, STREAM_PORT, BACKLOG, flow -> new Sink());
        loop.stack().tcp().listen(0, 0, REQUEST_PORT, BACKLOG, flow -> new Responder());
        loop.stack().udp().bind(0, 0, REQUEST_PORT,
                (socket, remoteHigh, remoteLow, remotePort, address, lengthBytes) -> socket.send(remoteHigh, remoteLow,
                        remotePort, responseMemory.address(), workload.responseBytes()));
    }

    /** Of all streams so far. */
    long receivedBytes() {
        return receivedBytes.getAcquire();
    }

    /** Counts a stream's bytes, in place: nothing is copied out. */
    private final class Sink extends PeerHandler {

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            receivedBytes.setRelease(receivedBytes.getPlain() + lengthBytes);
            return lengthBytes;
        }
    }

    /** Answers each complete request. */
    private final class Responder extends PeerHandler {

        private int pendingBytes;

        @Override
        public void onConnected(final TcpFlow flow) {
            flow.noDelay(true);
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            pendingBytes += lengthBytes;
            while (pendingBytes >= workload.requestBytes()) {
                pendingBytes -= workload.requestBytes();
                // One transaction is outstanding at a time, so the send buffer always has room for its response.
                flow.write(responseMemory.address(), workload.responseBytes());
            }
            return lengthBytes;
        }
    }

    /** Closes when the peer does. */
    abstract static class PeerHandler implements TcpHandler {

        @Override
        public void onPeerFinished(final TcpFlow flow) {
            flow.close();
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            // Nothing is kept for a flow.
        }
    }
}
