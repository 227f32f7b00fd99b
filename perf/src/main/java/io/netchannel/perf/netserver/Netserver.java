package io.netchannel.perf.netserver;

import io.netchannel.node.Application;
import io.netchannel.node.LoopContext;
import io.netchannel.perf.loops.LoopGroup;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * netperf's server on every loop of a node. A control connection is served by the loop of its flow; a test's data
 * connections by theirs.
 *
 * <p>Threading: immutable but for what loops share by atomic counters; a session belongs to its loop.
 */
public final class Netserver implements Application {

    /** netperf's own. */
    public static final int DEFAULT_PORT = 12865;

    /** Addresses on which clients are served. */
    public enum Family {
        ANY, IPV4, IPV6
    }

    private static final int BACKLOG = 64;
    /** Control connections at a time, of each loop: what a session holds is small, and so is this. */
    private static final int MAX_SESSIONS = 256;
    // Away from the ports that our own connects choose, so that no test meets one of them.
    private static final int FIRST_DATA_PORT = 20_000;
    private static final int DATA_PORTS = 10_000;

    private final int port;
    private final Family family;
    private final Consumer<String> log;
    private final LoopGroup loops = new LoopGroup();
    private final AtomicInteger nextDataPort = new AtomicInteger();
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicLong tests = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    /** @param log is given one line for each client that fails; called on the loops */
    public Netserver(final int port, final Family family, final Consumer<String> log) {
        if (port < 1 || port > 0xFFFF) {
            throw new IllegalArgumentException("port=" + port + " is not within 1.." + 0xFFFF);
        }
        this.port = port;
        this.family = family;
        this.log = log;
    }

    @Override
    public String name() {
        return "netserver";
    }

    @Override
    public void start(final LoopContext loop) {
        loops.join(loop);
        loop.stack().tcp().listen(0, family == Family.IPV4 ? IpAddress.IPV4_PREFIX : 0, port, BACKLOG,
                flow -> accept(loop, flow));
    }

    /** Refuses who is of the wrong family, too many, or early. */
    private TcpHandler accept(final LoopContext loop, final TcpFlow flow) {
        if (family == Family.IPV6 && IpAddress.isIpv4(flow.remoteHigh(), flow.remoteLow()) || !loops.isComplete()
                || sessions.get() >= MAX_SESSIONS * loop.loopCount()) {
            return null;
        }
        sessions.incrementAndGet();
        return new ControlSession(this, loop, flow);
    }

    @Override
    public void stop(final LoopContext loop) {
        loops.stop();
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of("Netserver.Tests", tests.get(), "Netserver.Failures", failures.get());
    }

    LoopGroup loops() {
        return loops;
    }

    void sessionEnded() {
        sessions.decrementAndGet();
    }

    void testBegins() {
        tests.incrementAndGet();
    }

    void failed(final TcpFlow control, final String what) {
        failures.incrementAndGet();
        log.accept("netserver: " + IpAddress.format(control.remoteHigh(), control.remoteLow()) + " port "
                + control.remotePort() + ": " + what);
    }

    int nextDataPort() {
        return FIRST_DATA_PORT + Math.floorMod(nextDataPort.getAndIncrement(), DATA_PORTS);
    }
}
