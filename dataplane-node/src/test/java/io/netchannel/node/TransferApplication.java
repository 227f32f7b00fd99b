package io.netchannel.node;

import io.netchannel.cpu.HostMemory;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Sends a pattern over a connection and checks the pattern that the other side sends: both ends of a transfer.
 */
final class TransferApplication implements Application {

    static final int PORT = 5001;

    private final IpAddress server;
    private final int connections;
    private final int bytesEachWay;
    // Read by the test's thread as well.
    private final List<Transfer> transfers = new CopyOnWriteArrayList<>();

    private TransferApplication(final IpAddress server, final int connections, final int bytesEachWay) {
        this.server = server;
        this.connections = connections;
        this.bytesEachWay = bytesEachWay;
    }

    static TransferApplication server(final int bytesEachWay) {
        return new TransferApplication(null, 0, bytesEachWay);
    }

    static TransferApplication client(final IpAddress server, final int connections, final int bytesEachWay) {
        return new TransferApplication(server, connections, bytesEachWay);
    }

    @Override
    public String name() {
        return server == null ? "transfer-server" : "transfer-client";
    }

    @Override
    public void start(final LoopContext loop) {
        if (server == null) {
            loop.stack().tcp().listen(0, 0, PORT, 64, flow -> newTransfer());
            return;
        }
        for (int i = 0; i < connections; i++) {
            loop.stack().tcp().connect(server.high(), server.low(), PORT, newTransfer());
        }
    }

    private Transfer newTransfer() {
        final Transfer transfer = new Transfer();
        transfers.add(transfer);
        return transfer;
    }

    int finished() {
        return (int) transfers.stream().filter(t -> t.reason != null).count();
    }

    /** What went wrong, or null. */
    String fault() {
        for (final Transfer transfer : transfers) {
            if (transfer.fault != null) {
                return name() + ": " + transfer.fault;
            }
            if (transfer.reason != null && (transfer.received != bytesEachWay || !transfer.peerFinished)) {
                return name() + ": closed with " + transfer.reason + " after " + transfer.received + " of "
                        + bytesEachWay
                        + " bytes received and " + transfer.sent + " sent";
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return name() + transfers;
    }

    private static byte pattern(final int position) {
        return (byte) (position * 31 + (position >>> 8) * 7 + (position >>> 16));
    }

    private final class Transfer implements TcpHandler {

        private int sent;
        private int received;
        private boolean peerFinished;
        private volatile String fault;
        // Last, so that whoever sees it sees the rest.
        private volatile TcpCloseReason reason;

        @Override
        public void onConnected(final TcpFlow flow) {
            send(flow);
        }

        @Override
        public void onWritable(final TcpFlow flow) {
            send(flow);
        }

        private void send(final TcpFlow flow) {
            while (sent < bytesEachWay) {
                final int room = Math.min(flow.contiguousWritableBytes(), bytesEachWay - sent);
                if (room == 0) {
                    return;
                }
                final long address = flow.writeAddress();
                for (int i = 0; i < room; i++) {
                    HostMemory.INSTANCE.putByte(address + i, pattern(sent + i));
                }
                flow.commitWrite(room);
                sent += room;
            }
            flow.shutdownOutput();
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            for (int i = 0; i < lengthBytes; i++) {
                if (HostMemory.INSTANCE.getByte(address + i) != pattern(received + i) && fault == null) {
                    fault = "byte " + (received + i) + " is wrong";
                }
            }
            received += lengthBytes;
            return lengthBytes;
        }

        @Override
        public void onPeerFinished(final TcpFlow flow) {
            peerFinished = true;
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason why) {
            if (reason != null) {
                fault = "closed twice";
            }
            reason = why;
        }

        @Override
        public String toString() {
            return "[sent " + sent + " received " + received + " " + reason + "]";
        }
    }
}
