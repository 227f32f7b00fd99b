package io.netchannel.node;

import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpInfo;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** One way, as fast as the path takes it, in virtual time: senders on one node, receivers on the other. */
final class BulkApplication implements Application {

    private static final int PORT = 5001;

    private final IpAddress server;
    private final int connections;
    private final long bytesEach;
    private final List<Flow> flows = new ArrayList<>();
    private long nowNs;

    private BulkApplication(final IpAddress server, final int connections, final long bytesEach) {
        this.server = server;
        this.connections = connections;
        this.bytesEach = bytesEach;
    }

    static BulkApplication receiver() {
        return new BulkApplication(null, 0, 0);
    }

    static BulkApplication sender(final IpAddress server, final int connections, final long bytesEach) {
        return new BulkApplication(server, connections, bytesEach);
    }

    @Override
    public String name() {
        return server == null ? "bulk-receiver" : "bulk-sender";
    }

    @Override
    public void start(final LoopContext loop) {
        if (server == null) {
            loop.stack().tcp().listen(0, 0, PORT, 64, flow -> add());
            return;
        }
        for (int i = 0; i < connections; i++) {
            loop.stack().tcp().connect(server.high(), server.low(), PORT, add());
        }
    }

    private Flow add() {
        final Flow flow = new Flow();
        flows.add(flow);
        return flow;
    }

    void now(final long ns) {
        nowNs = ns;
    }

    List<Flow> flows() {
        return flows;
    }

    boolean finished(final int count) {
        return flows.size() == count && flows.stream().allMatch(flow -> flow.finished);
    }

    /** One end of a connection. */
    final class Flow implements TcpHandler {

        long bytes;
        long longestGapNs;
        long lastNs;
        long maxRtoNs;
        long retransmitted;
        boolean finished;
        private TcpFlow tcp;
        private final TcpInfo info = new TcpInfo();

        @Override
        public void onConnected(final TcpFlow flow) {
            tcp = flow;
            lastNs = nowNs;
            if (server != null) {
                send();
            }
        }

        @Override
        public void onWritable(final TcpFlow flow) {
            send();
        }

        private void send() {
            while (bytes < bytesEach) {
                final int room = (int) Math.min(tcp.contiguousWritableBytes(), bytesEach - bytes);
                if (room == 0) {
                    return;
                }
                tcp.commitWrite(room);
                bytes += room;
            }
            tcp.shutdownOutput();
        }

        /** Remembers the longest retransmission timeout. */
        void observe() {
            if (tcp != null && tcp.isOpen()) {
                tcp.info(info);
                maxRtoNs = Math.max(maxRtoNs, info.get(TcpInfo.Field.RTO) * 1_000);
                retransmitted = info.get(TcpInfo.Field.TOTAL_RETRANS);
            }
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            bytes += lengthBytes;
            longestGapNs = Math.max(longestGapNs, nowNs - lastNs);
            lastNs = nowNs;
            return lengthBytes;
        }

        @Override
        public void onPeerFinished(final TcpFlow flow) {
            finished = true;
            if (server == null) {
                flow.close();
            }
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            if (reason != TcpCloseReason.FINISHED) {
                throw new IllegalStateException(name() + " closed with " + reason + " after " + bytes + " bytes");
            }
        }
    }
}
