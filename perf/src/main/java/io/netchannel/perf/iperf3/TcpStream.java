package io.netchannel.perf.iperf3;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpInfo;
import io.netchannel.tcpip.tcp.TcpInfo.Field;
import java.util.function.Consumer;

/** A stream over a TCP flow. Threading: on the flow's loop. */
final class TcpStream extends DataStream implements TcpHandler {

    private final Pacer pacer;
    private final Timer pace = new Pace();
    private final TcpInfo info = new TcpInfo();
    private final byte[] cookie;
    private final Consumer<TcpStream> whenConnected;
    private TcpFlow flow;
    private String congestionControl = "";
    private long retransmitsBefore;
    private int position;
    private boolean closed;

    /** Of a server: the flow is there, its cookie read. */
    TcpStream(final LoopContext loop, final TestRun run, final TcpFlow flow) {
        this(loop, run, null, null);
        accept(flow);
    }

    /** Of a client. @param whenConnected called when the cookie is written */
    TcpStream(final LoopContext loop, final TestRun run, final byte[] cookie,
            final Consumer<TcpStream> whenConnected) {
        super(loop, run);
        this.pacer = new Pacer(parameters.bitsPerSecond(), parameters.burst());
        this.cookie = cookie;
        this.whenConnected = whenConnected;
    }

    private void accept(final TcpFlow accepted) {
        flow = accepted;
        acceptedNs = loop.nowNs();
        ends = new Ends(flow.localHigh(), flow.localLow(), flow.localPort(), flow.remoteHigh(), flow.remoteLow(),
                flow.remotePort());
        flow.noDelay(parameters.noDelay());
        if (parameters.maxSegmentBytes() > 0) {
            flow.maxSegmentBytes(parameters.maxSegmentBytes());
        }
        if (parameters.windowBytes() > 0) {
            flow.sendBufferBytes(parameters.windowBytes());
            flow.receiveBufferBytes(parameters.windowBytes());
        }
        if (parameters.algorithm() != null) {
            flow.congestionControl(parameters.algorithm());
        }
        congestionControl = flow.congestionControl();
        if (parameters.trafficClass() > 0) {
            flow.differentiatedServices(parameters.trafficClass() >> 2);
        }
    }

    @Override
    public void onConnected(final TcpFlow connected) {
        accept(connected);
        // An empty send buffer has room for it.
        connected.write(cookie, 0, cookie.length);
        whenConnected.accept(this);
    }

    String congestionControl() {
        return congestionControl;
    }

    @Override
    void begin() {
        running = true;
        if (sends) {
            restart();
            pump();
        }
    }

    @Override
    void restart() {
        bytes = 0;
        pacer.start(loop.nowNs());
        flow.info(info);
        retransmitsBefore = info.get(Field.TOTAL_RETRANS);
    }

    private void pump() {
        while (running && flow.isOpen()) {
            if (position == 0 && (run.quota().isExhausted() || !pacer.permits(bytes, loop.nowNs()))) {
                if (!run.quota().isExhausted()) {
                    loop.timers().schedule(pace, pacer.nextNs(bytes, loop.nowNs()));
                }
                return;
            }
            final int wanted = Math.min(parameters.blockBytes() - position, PAYLOAD_BYTES);
            final int written = flow.write(payload(), wanted);
            bytes += written;
            position += written;
            if (position == parameters.blockBytes()) {
                position = 0;
                run.used(parameters.blockBytes());
            }
            if (written < wanted) {
                return;
            }
        }
    }

    @Override
    public void onWritable(final TcpFlow to) {
        if (sends) {
            pump();
        }
    }

    @Override
    public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
        if (counts()) {
            bytes += lengthBytes;
            run.used(lengthBytes);
        }
        return lengthBytes;
    }

    @Override
    StreamSample sample() {
        if (!running || !flow.isOpen()) {
            return latest;
        }
        flow.info(info);
        return new StreamSample(bytes, sends ? info.get(Field.TOTAL_RETRANS) - retransmitsBefore : 0,
                info.get(Field.SND_CWND) * info.get(Field.SND_MSS), info.get(Field.SND_WND), info.get(Field.RTT),
                info.get(Field.RTTVAR), info.get(Field.PMTU), 0, 0, 0, 0);
    }

    @Override
    void close() {
        loop.timers().cancel(pace);
        closed = true;
        if (flow != null) {
            flow.close();
        }
    }

    @Override
    void abort() {
        loop.timers().cancel(pace);
        closed = true;
        if (flow != null) {
            flow.abort();
        }
    }

    @Override
    public void onPeerFinished(final TcpFlow from) {
        // The test's end is told on the control connection; this only says that no more data comes.
        if (!running || !sends) {
            closed = true;
            flow.close();
        }
    }

    @Override
    public void onClosed(final TcpFlow from, final TcpCloseReason reason) {
        loop.timers().cancel(pace);
        if (!closed && reason != TcpCloseReason.STACK_CLOSED) {
            closed = true;
            if (whenConnected != null && flow == null) {
                whenConnected.accept(null);
            } else if (running) {
                latest = new StreamSample(bytes, latest.retransmits(), 0, 0, 0, 0, 0, 0, 0, 0, 0);
                run.streamLost("a data connection ended: " + reason);
            }
        }
    }

    private final class Pace extends Timer {

        @Override
        protected void expire(final long nowNs) {
            pump();
        }
    }
}
