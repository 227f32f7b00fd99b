package io.netchannel.samples.haproxy.load;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.node.Application;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;

/**
 * A server on flows that answers each request, whatever it asks for, by the same response. Requests have no body.
 *
 * <p>Threading: a node's one loop; {@link #close} after that.
 */
final class FlowBackend implements Application, AutoCloseable {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;
    private static final int BACKLOG = 4096;
    private static final int HEAD_END = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

    private final int port;
    private final Arena arena = Arena.ofShared();
    private final long response;
    private final int responseBytes;

    /** @param node with one loop; not started */
    FlowBackend(final DataplaneNode node, final int port, final int bodyBytes) {
        this.port = port;
        final byte[] text = ("HTTP/1.1 200 OK\r\ncontent-length: " + bodyBytes
                + "\r\ncontent-type: text/plain\r\n\r\n" + "x".repeat(bodyBytes)).getBytes(StandardCharsets.US_ASCII);
        responseBytes = text.length;
        response = arena.allocate(responseBytes).address();
        MEMORY.copyFromArray(text, 0, response, responseBytes);
        node.deploy(this);
    }

    @Override
    public String name() {
        return "backend";
    }

    @Override
    public void start(final LoopContext loop) {
        loop.stack().tcp().listen(0, 0, port, BACKLOG, _ -> new Flow());
    }

    @Override
    public void close() {
        arena.close();
    }

    private final class Flow implements TcpHandler {

        /** The last four bytes that came. */
        private int last;
        private int owed;
        private int sentBytes;

        @Override
        public void onConnected(final TcpFlow flow) {
            flow.noDelay(true);
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            for (int i = 0; i < lengthBytes; i++) {
                last = last << Byte.SIZE | MEMORY.getByte(address + i) & 0xFF;
                if (last == HEAD_END) {
                    owed++;
                }
            }
            onWritable(flow);
            return lengthBytes;
        }

        @Override
        public void onWritable(final TcpFlow flow) {
            while (owed > 0) {
                sentBytes += flow.write(response + sentBytes, responseBytes - sentBytes);
                if (sentBytes < responseBytes) {
                    return;
                }
                sentBytes = 0;
                owed--;
            }
        }

        @Override
        public void onPeerFinished(final TcpFlow flow) {
            flow.close();
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            // Nothing is kept for it.
        }
    }
}
