package io.netchannel.samples.interop;

import io.netchannel.node.Application;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Greets, closes its own side at once, and still takes all that comes. */
final class HalfCloseApplication implements Application {

    static final int PORT = 4000;
    static final String GREETING = "this side has finished\n";

    private final CompletableFuture<Long> received = new CompletableFuture<>();

    CompletableFuture<Long> received() {
        return received;
    }

    @Override
    public String name() {
        return "half-close";
    }

    @Override
    public void start(final LoopContext loop) {
        loop.stack().tcp().listen(0, 0, PORT, 16, flow -> new Handler());
    }

    private final class Handler implements TcpHandler {

        private long bytes;

        @Override
        public void onConnected(final TcpFlow flow) {
            final byte[] greeting = GREETING.getBytes(StandardCharsets.US_ASCII);
            flow.write(greeting, 0, greeting.length);
            flow.shutdownOutput();
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            bytes += lengthBytes;
            return lengthBytes;
        }

        @Override
        public void onPeerFinished(final TcpFlow flow) {
            received.complete(bytes);
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            received.completeExceptionally(new AssertionError("closed: " + reason));
        }
    }
}
