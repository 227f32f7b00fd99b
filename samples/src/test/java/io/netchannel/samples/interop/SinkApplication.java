package io.netchannel.samples.interop;

import io.netchannel.node.Application;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.concurrent.CompletableFuture;

/** Connects, and counts what comes within a time from then: what {@link KernelClient}'s "sink" does. */
final class SinkApplication implements Application {

    private final IpAddress server;
    private final int port;
    private final long durationNs;
    private final CompletableFuture<Long> received = new CompletableFuture<>();

    SinkApplication(final IpAddress server, final int port, final long durationNs) {
        this.server = server;
        this.port = port;
        this.durationNs = durationNs;
    }

    @Override
    public String name() {
        return "sink";
    }

    /** Bytes. */
    CompletableFuture<Long> received() {
        return received;
    }

    @Override
    public void start(final LoopContext loop) {
        if (loop.index() == 0) {
            loop.stack().tcp().connect(server.high(), server.low(), port, new Sink());
        }
    }

    private final class Sink implements TcpHandler {

        private long endNs;
        private long bytes;

        @Override
        public void onConnected(final TcpFlow flow) {
            endNs = System.nanoTime() + durationNs;
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            if (System.nanoTime() - endNs < 0) {
                bytes += lengthBytes;
            } else {
                received.complete(bytes);
            }
            return lengthBytes;
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            received.completeExceptionally(new AssertionError("ended early: " + reason));
        }
    }
}
