package io.netchannel.perf.netserver;

import io.netchannel.cpu.HostMemory;
import io.netchannel.node.Application;
import io.netchannel.node.LoopContext;
import io.netchannel.perf.loops.TwoNodes;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** A client by hand: sends what it is given, and keeps what it gets. */
final class WireClient implements Application {

    private LoopContext loop;

    /** A connection to the server. */
    static final class Connection implements TcpHandler {

        /** More is counted only. */
        private static final int MOST_KEPT = 4_096;

        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private TcpFlow flow;
        private long receivedBytes;
        boolean connected;
        boolean finished;
        TcpCloseReason closed;

        @Override
        public void onConnected(final TcpFlow connection) {
            connected = true;
        }

        @Override
        public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
            receivedBytes += lengthBytes;
            final byte[] piece = new byte[Math.min(lengthBytes, MOST_KEPT - received.size())];
            HostMemory.INSTANCE.copyToArray(address, piece, 0, piece.length);
            received.write(piece, 0, piece.length);
            return lengthBytes;
        }

        @Override
        public void onPeerFinished(final TcpFlow from) {
            finished = true;
        }

        @Override
        public void onClosed(final TcpFlow from, final TcpCloseReason reason) {
            closed = reason;
        }

        TcpFlow flow() {
            return flow;
        }

        long receivedBytes() {
            return receivedBytes;
        }

        boolean hasMessage() {
            return received.size() >= ControlMessage.BYTES;
        }

        ControlMessage takeMessage() {
            final byte[] all = received.toByteArray();
            final ControlMessage message = new ControlMessage();
            System.arraycopy(all, 0, message.bytes(), 0, ControlMessage.BYTES);
            received.reset();
            final byte[] rest = Arrays.copyOfRange(all, ControlMessage.BYTES, all.length);
            received.write(rest, 0, rest.length);
            return message;
        }
    }

    @Override
    public String name() {
        return "client";
    }

    @Override
    public void start(final LoopContext context) {
        loop = context;
    }

    Connection connect(final TwoNodes nodes, final int port) {
        final Connection connection = new Connection();
        connection.flow = loop.stack().tcp().connect(TwoNodes.SERVER.high(), TwoNodes.SERVER.low(), port, connection);
        nodes.runUntil(() -> connection.connected || connection.closed != null, "connected to port " + port);
        return connection;
    }

    static ControlMessage ask(final TwoNodes nodes, final Connection control, final ControlMessage request) {
        control.flow().write(request.bytes(), 0, ControlMessage.BYTES);
        return answer(nodes, control);
    }

    static ControlMessage answer(final TwoNodes nodes, final Connection control) {
        nodes.runUntil(() -> control.hasMessage() || control.closed != null, "an answer");
        return control.takeMessage();
    }
}
