package io.netchannel.perf.netserver;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.sched.Timer;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpSetting;

/**
 * One client's control connection: requests in, one test at a time, answers out. Holds one message, whatever comes.
 *
 * <p>Threading: on the loop of its flow.
 */
final class ControlSession implements TcpHandler {

    private static final int DEBUG_ON = 1;
    private static final int DEBUG_OFF = 2;
    private static final int DEBUG_OK = 3;
    private static final int CPU_CALIBRATE = 5;
    private static final int PASSPHRASE = 6;
    private static final int DO_SYSINFO = 600;
    private static final int SYSINFO_RESPONSE = 601;
    /** netlib.h has no test with a larger number; what has is no message of netperf. */
    private static final int MAX_TYPE = 1_000;

    /** What netserver says to a test that it doesn't know. */
    private static final int ERRNO_UNKNOWN_TEST = 998;
    private static final String SYSINFO = ",Deprecated,Deprecated,Deprecated,Deprecated";
    /** For a whole message, once its first byte is there. */
    private static final long MESSAGE_TIMEOUT_NS = 20_000_000_000L;

    private final Netserver server;
    private final LoopContext loop;
    private final TcpFlow flow;
    private final ControlMessage message = new ControlMessage();
    private final Timer timeout = new MessageTimeout();
    private int filledBytes;
    private DataTest test;

    ControlSession(final Netserver server, final LoopContext loop, final TcpFlow flow) {
        this.server = server;
        this.loop = loop;
        this.flow = flow;
    }

    @Override
    public void onConnected(final TcpFlow connected) {
        connected.noDelay(true);
        // A client whose host has died holds a place until this finds out.
        connected.keepAlive(true);
    }

    @Override
    public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
        int taken = 0;
        // While a test runs, requests wait, as netserver lets them.
        while (taken < lengthBytes && test == null && flow.isOpen()) {
            final int length = Math.min(ControlMessage.BYTES - filledBytes, lengthBytes - taken);
            HostMemory.INSTANCE.copyToArray(address + taken, message.bytes(), filledBytes, length);
            taken += length;
            filledBytes += length;
            if (filledBytes >= Integer.BYTES && (message.type() < 1 || message.type() > MAX_TYPE)) {
                fail("no message of netperf begins with " + message.type() + "; closed");
            } else if (filledBytes == ControlMessage.BYTES) {
                filledBytes = 0;
                loop.timers().cancel(timeout);
                serve();
            } else {
                loop.timers().schedule(timeout, loop.nowNs() + MESSAGE_TIMEOUT_NS);
            }
        }
        return taken;
    }

    private void serve() {
        final int type = message.type();
        final TestLayout layout = TestLayout.of(type);
        if (layout != null) {
            begin(type, layout);
            return;
        }
        switch (type) {
            case DEBUG_ON, DEBUG_OFF -> answer(message.reset(DEBUG_OK, ControlMessage.ERRNO_NONE));
            case CPU_CALIBRATE -> answer(message.reset(CPU_CALIBRATE, ControlMessage.ERRNO_NONE)
                    .real(0, HostCpu.TICKS_PER_SECOND).word(1, HostCpu.COUNT));
            case DO_SYSINFO -> answer(message.reset(SYSINFO_RESPONSE, ControlMessage.ERRNO_NONE)
                    .text(0, 0, SYSINFO.length() + 1, SYSINFO));
            case PASSPHRASE -> {
                // None is needed; netserver doesn't answer this one.
            }
            default -> {
                server.failed(flow, "test " + type + " is not served here");
                answer(message.reset(type, ERRNO_UNKNOWN_TEST));
            }
        }
    }

    private void begin(final int type, final TestLayout layout) {
        final TestRequest request = layout.request(message);
        final int errno = request.errno();
        if (errno != ControlMessage.ERRNO_NONE) {
            server.failed(flow, "test " + type + " refused, errno " + errno + ": " + request);
            answer(message.reset(type, errno));
            return;
        }
        server.testBegins();
        test = new DataTest(server, loop, this, request, type, layout);
        test.open();
    }

    // -- from the test

    TcpFlow flow() {
        return flow;
    }

    /** The data port is open: the client may come. */
    void opened(final int dataPort) {
        if (test == null) {
            return;
        }
        test.layout().response(message, test.requestType(), test.request(), dataPort, sendBufferBytes(),
                receiveBufferBytes());
        answer(message);
    }

    void refused(final int errno, final String why) {
        if (test == null) {
            return;
        }
        server.failed(flow, why);
        final int type = test.requestType();
        test = null;
        answer(message.reset(type, errno));
        flow.resumeReceive();
    }

    void ended(final TestResults results) {
        if (test == null) {
            return;
        }
        test.layout().results(message, test.requestType(), test.request(), results, sendBufferBytes(),
                receiveBufferBytes());
        test = null;
        answer(message);
        flow.resumeReceive();
    }

    private int sendBufferBytes() {
        final int asked = test.request().sendBufferBytes();
        return asked > 0 ? asked : loop.stack().tcp().config().getInt(TcpSetting.SEND_BUFFER_BYTES);
    }

    private int receiveBufferBytes() {
        final int asked = test.request().receiveBufferBytes();
        return asked > 0 ? asked : loop.stack().tcp().config().getInt(TcpSetting.RECEIVE_BUFFER_BYTES);
    }

    private void answer(final ControlMessage answer) {
        if (flow.isOpen() && flow.write(answer.bytes(), 0, ControlMessage.BYTES) < ControlMessage.BYTES) {
            fail("asks, and doesn't read the answers; closed");
        }
    }

    private void fail(final String what) {
        server.failed(flow, what);
        flow.abort();
    }

    // -- the end

    @Override
    public void onPeerFinished(final TcpFlow from) {
        if (filledBytes > 0) {
            server.failed(flow, "ended within a message, after " + filledBytes + " bytes");
        }
        // netperf waits for this before it ends.
        flow.close();
    }

    @Override
    public void onClosed(final TcpFlow from, final TcpCloseReason reason) {
        loop.timers().cancel(timeout);
        server.sessionEnded();
        if (test != null) {
            if (reason != TcpCloseReason.STACK_CLOSED) {
                server.failed(flow, "left in the middle of a test (" + reason + ")");
            }
            test.abort();
            test = null;
        }
    }

    private final class MessageTimeout extends Timer {

        @Override
        protected void expire(final long nowNs) {
            fail("sent " + filledBytes + " bytes of a message of " + ControlMessage.BYTES + " and no more; closed");
        }
    }
}
