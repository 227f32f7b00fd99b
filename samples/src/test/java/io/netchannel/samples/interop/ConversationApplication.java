package io.netchannel.samples.interop;

import io.netchannel.cpu.HostMemory;
import io.netchannel.node.Application;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;

/** One end of a {@link Conversation} on a node. */
final class ConversationApplication implements Application {

    static final int PORT = 5002;
    private static final long KEEP_ALIVE_NS = 1_000_000_000;
    private static final int KEEP_ALIVE_PROBES = 10;

    private final List<Conversation.Step> steps;
    private final IpAddress server;
    private final CompletableFuture<String> outcome = new CompletableFuture<>();

    /** @param server to connect to, or null to listen */
    ConversationApplication(final List<Conversation.Step> steps, final IpAddress server) {
        this.steps = steps;
        this.server = server;
    }

    @Override
    public String name() {
        return "conversation";
    }

    /** Bytes, their checksum, and how it ended; the same text as {@link KernelClient} prints. */
    CompletableFuture<String> outcome() {
        return outcome;
    }

    @Override
    public void start(final LoopContext loop) {
        if (server == null) {
            loop.stack().tcp().listen(0, 0, PORT, 8, flow -> new End());
        } else if (loop.index() == 0) {
            loop.stack().tcp().connect(server.high(), server.low(), PORT, new End());
        }
    }

    private final class End implements TcpHandler {

        private final CRC32 crc = new CRC32();
        private final byte[] piece = new byte[65_536];
        private int received;
        private int sent;
        private int step;
        private int sentOfStep;
        private boolean peerFinished;

        @Override
        public void onConnected(final TcpFlow flow) {
            // A RST is sent once: the end that a lost one was for finds out by itself.
            flow.keepAliveTimes(KEEP_ALIVE_NS, KEEP_ALIVE_NS, KEEP_ALIVE_PROBES);
            flow.keepAlive(true);
            advance(flow);
        }

        @Override
        public void onWritable(final TcpFlow flow) {
            advance(flow);
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            final int length = Math.min(lengthBytes, piece.length);
            HostMemory.INSTANCE.copyToArray(address, piece, 0, length);
            crc.update(piece, 0, length);
            received += length;
            advance(flow);
            if (length < lengthBytes && flow.isOpen()) {
                flow.resumeReceive();
            }
            return length;
        }

        @Override
        public void onPeerFinished(final TcpFlow flow) {
            peerFinished = true;
            advance(flow);
        }

        private void advance(final TcpFlow flow) {
            while (step < steps.size() && received >= steps.get(step).afterReceived()) {
                final Conversation.Step now = steps.get(step);
                switch (now.action()) {
                    case SEND -> {
                        if (!send(flow, now.bytes())) {
                            return;
                        }
                    }
                    case SHUTDOWN -> flow.shutdownOutput();
                    case ABORT -> {
                        step++;
                        flow.abort();
                        return;
                    }
                }
                sentOfStep = 0;
                step++;
            }
            if (step == steps.size() && peerFinished) {
                flow.close();
            }
        }

        private boolean send(final TcpFlow flow, final int bytes) {
            while (sentOfStep < bytes) {
                final int want = Math.min(piece.length, bytes - sentOfStep);
                for (int i = 0; i < want; i++) {
                    piece[i] = Conversation.pattern(sent + i);
                }
                final int taken = flow.write(piece, 0, want);
                sent += taken;
                sentOfStep += taken;
                if (taken < want) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            outcome.complete(received + " " + Long.toHexString(crc.getValue()) + " " + switch (reason) {
                case FINISHED -> "finished";
                case RESET -> "reset";
                case ABORTED -> "aborted";
                default -> reason.toString();
            });
        }

        @Override
        public void onFailure(final TcpFlow flow, final RuntimeException failure) {
            outcome.completeExceptionally(failure);
        }
    }
}
