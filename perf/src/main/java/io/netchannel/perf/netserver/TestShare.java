package io.netchannel.perf.netserver;

import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpInfo;
import io.netchannel.tcpip.tcp.TcpListener;
import io.netchannel.tcpip.udp.UdpSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A test on one loop: its listener or socket there, its flows, and what they count.
 *
 * <p>Threading: confined to its loop; the counts are read by the home loop after {@link #close}.
 */
final class TestShare {

    private static final int BACKLOG = 128;
    /** Written from again and again, whatever the size of a message. */
    private static final int PAYLOAD_BYTES = 65_536;

    private final DataTest test;
    private final LoopContext loop;
    // Allocated when there is something to send; kept alive by its flows' handlers, which refer to this.
    private MemorySegment payload;
    private TcpListener listener;
    private UdpSocket socket;
    private DatagramSource source;
    private DataFlow flows;
    private final TcpInfo info = new TcpInfo();
    private boolean open;

    long receivedBytes;
    long receives;
    long sentBytes;
    long sends;
    long failedSends;
    long transactions;
    long retransmits;
    String congestionControl = "";

    TestShare(final DataTest test, final LoopContext loop) {
        this.test = test;
        this.loop = loop;
    }

    DataTest test() {
        return test;
    }

    LoopContext loop() {
        return loop;
    }

    boolean isOpen() {
        return open;
    }

    long payload() {
        if (payload == null) {
            payload = Arena.ofAuto().allocate(PAYLOAD_BYTES, Long.BYTES);
        }
        return payload.address();
    }

    /** Writes of one message at most so many bytes, from {@link #payload}. */
    static int piece(final long leftBytes) {
        return (int) Math.min(leftBytes, PAYLOAD_BYTES);
    }

    /** @throws RuntimeException if the port is taken */
    void open(final int port) {
        open = true;
        if (test.request().isUdp()) {
            socket = loop.stack().udp().bind(0, 0, port, new Datagrams(this));
            socket.coalescing(true);
            if (test.request().trafficClass() > 0) {
                socket.trafficClass(test.request().trafficClass());
            }
        } else {
            listener = loop.stack().tcp().listen(0, 0, port, BACKLOG, flow -> new DataFlow(this));
        }
    }

    void transmitDatagrams() {
        final TcpFlow control = test.session().flow();
        source = new DatagramSource(this, socket, control.remoteHigh(), control.remoteLow());
        source.start();
    }

    void added(final DataFlow flow) {
        flow.next = flows;
        if (flows != null) {
            flows.previous = flow;
        }
        flows = flow;
    }

    void removed(final DataFlow flow) {
        if (flow.previous != null) {
            flow.previous.next = flow.next;
        } else if (flows == flow) {
            flows = flow.next;
        }
        if (flow.next != null) {
            flow.next.previous = flow.previous;
        }
        flow.next = null;
        flow.previous = null;
    }

    /** Adds what the flow tells of itself; once, while it is open. */
    void account(final TcpFlow flow) {
        flow.info(info);
        retransmits += info.get(TcpInfo.Field.TOTAL_RETRANS);
        congestionControl = flow.congestionControl();
    }

    /** Ends the data connections, with what was written sent. */
    void close() {
        open = false;
        if (listener != null) {
            listener.close();
            listener = null;
        }
        if (source != null) {
            source.end();
            source = null;
        }
        if (socket != null) {
            socket.close();
            socket = null;
        }
        for (DataFlow flow = flows; flow != null; flow = flows) {
            removed(flow);
            flow.end();
        }
    }
}
