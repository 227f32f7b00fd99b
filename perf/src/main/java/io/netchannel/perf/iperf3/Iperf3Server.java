package io.netchannel.perf.iperf3;

import io.netchannel.node.Application;
import io.netchannel.node.LoopContext;
import io.netchannel.perf.loops.LoopGroup;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * iperf3's server on every loop of a node: one test at a time, as iperf3 has it; who comes meanwhile is refused. The loop of
 * the control connection governs the test; streams belong to the loops of their flows.
 *
 * <p>Threading: what loops share is atomic; a session belongs to its loop.
 */
public final class Iperf3Server implements Application {

    /** iperf3's own. */
    public static final int DEFAULT_PORT = 5201;

    private static final int BACKLOG = 256;
    /** Connections that have not said yet who they are, of all loops. */
    private static final int MAX_UNKNOWN = 1_024;

    private final int port;
    private final AddressFamily family;
    private final ReportOptions options;
    private final Runnable afterTest;
    private final LoopGroup loops = new LoopGroup();
    private final AtomicReference<ServerSession> session = new AtomicReference<>();
    private final AtomicInteger unknown = new AtomicInteger();
    private final AtomicLong tests = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /** @param afterTest called on a loop when a test is over, whichever way */
    public Iperf3Server(final int port, final AddressFamily family, final ReportOptions options,
            final Runnable afterTest) {
        AddressFamily.checkPort(port);
        this.port = port;
        this.family = family;
        this.options = options;
        this.afterTest = afterTest;
    }

    @Override
    public String name() {
        return "iperf3";
    }

    @Override
    public void start(final LoopContext loop) {
        final boolean last = loops.join(loop);
        loop.stack().tcp().listen(0, family == AddressFamily.IPV4 ? IpAddress.IPV4_PREFIX : 0, port, BACKLOG,
                flow -> accept(loop, flow));
        if (last) {
            announce();
        }
    }

    private void announce() {
        if (!options.json()) {
            final String rule = "-----------------------------------------------------------";
            options.out()
                    .accept(rule + "\nServer listening on " + port + " (test #" + (tests.get() + 1) + ")\n" + rule);
        }
    }

    private TcpHandler accept(final LoopContext loop, final TcpFlow flow) {
        if (!loops.isComplete() || unknown.get() >= MAX_UNKNOWN || family == AddressFamily.IPV6
                && IpAddress.isIpv4(flow.remoteHigh(), flow.remoteLow())) {
            return null;
        }
        unknown.incrementAndGet();
        return new IncomingConnection(this, loop, flow);
    }

    @Override
    public void stop(final LoopContext loop) {
        loops.stop();
        final ServerSession current = session.get();
        if (current != null && current.home() == loop) {
            current.terminate();
        }
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of("Iperf3.Tests", tests.get(), "Iperf3.Refused", refused.get());
    }

    int port() {
        return port;
    }

    LoopGroup loops() {
        return loops;
    }

    ReportOptions options() {
        return options;
    }

    ServerSession session() {
        return session.get();
    }

    /** @return false if there is a test already */
    boolean claim(final ServerSession claimant) {
        return session.compareAndSet(null, claimant);
    }

    void ended(final ServerSession over) {
        if (session.compareAndSet(over, null)) {
            tests.incrementAndGet();
            announce();
            afterTest.run();
        }
    }

    /** A connection has said who it is, or is gone. */
    void known() {
        unknown.decrementAndGet();
    }

    void refuse() {
        refused.incrementAndGet();
    }

    /** A peer that spoke no iperf3: a line, and the server goes on. */
    void stranger(final TcpFlow flow, final String what) {
        refused.incrementAndGet();
        options.err().accept("iperf3: " + IpAddress.format(flow.remoteHigh(), flow.remoteLow()) + " port "
                + flow.remotePort() + ": " + what);
    }
}
