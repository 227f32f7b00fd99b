package io.netchannel.perf.netperf;

import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/**
 * Writes messages as fast as the send buffer takes them, each copied in once, as a kernel's send would.
 *
 * <p>Threading: on the client's loop; the futures are for the measuring thread.
 */
final class StreamClient extends NetperfServer.PeerHandler {

    private final MemorySegment message;
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<TcpCloseReason> closed = new CompletableFuture<>();
    private int position;

    StreamClient(final int messageBytes) {
        message = Arena.ofAuto().allocate(messageBytes, Long.BYTES);
    }

    CompletableFuture<Void> connected() {
        return connected;
    }

    CompletableFuture<TcpCloseReason> closed() {
        return closed;
    }

    @Override
    public void onConnected(final TcpFlow flow) {
        connected.complete(null);
        fill(flow);
    }

    @Override
    public void onWritable(final TcpFlow flow) {
        fill(flow);
    }

    private void fill(final TcpFlow flow) {
        while (true) {
            final int wanted = (int) message.byteSize() - position;
            final int written = flow.write(message.address() + position, wanted);
            if (written < wanted) {
                position += written;
                return;
            }
            position = 0;
        }
    }

    @Override
    public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
        return lengthBytes;
    }

    @Override
    public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
        connected.completeExceptionally(new NetperfException("the connection ended: " + reason, null));
        closed.complete(reason);
    }
}
