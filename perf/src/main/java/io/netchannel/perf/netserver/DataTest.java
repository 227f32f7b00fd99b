package io.netchannel.perf.netserver;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.node.LoopContext;
import io.netchannel.perf.loops.LoopGroup;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A test, governed by the loop of its control connection: opens the data port on each loop, ends by the time, by the count
 * or by the client, and sums up.
 *
 * <p>Threading: on its home loop; {@link #dataEnded}, {@link #unitDone} and the getters on any loop.
 */
final class DataTest {

    /** A client that is lost without a trace ends a test so much later (netserver's PAD_TIME). */
    private static final long PAD_NS = 4_000_000_000L;
    /** With a connection for each transaction nothing says which was the last: none has come for so long. */
    private static final long QUIET_NS = 500_000_000L;
    private static final int PORT_TRIES = 16;
    private static final int EADDRINUSE = 98;
    private static final double NS_PER_SECOND = 1e9;

    private final LoopGroup loops;
    private final LoopContext home;
    private final Netserver server;
    private final ControlSession session;
    private final TestRequest request;
    private final int requestType;
    private final TestLayout layout;
    private final CongestionAlgorithm congestionControl;
    private final TestShare[] shares;
    private final AtomicLong unitsLeft;
    private final AtomicLong connections = new AtomicLong();
    private final Timer end = new EndTimer();
    private int tries;
    private int dataPort;
    private long startNs;
    private long quietSinceNs;
    private long lastConnections;
    private HostCpu cpuAtStart;
    private boolean over;

    DataTest(final Netserver server, final LoopContext home, final ControlSession session, final TestRequest request,
            final int requestType, final TestLayout layout) {
        this.server = server;
        this.loops = server.loops();
        this.home = home;
        this.session = session;
        this.request = request;
        this.requestType = requestType;
        this.layout = layout;
        this.congestionControl = algorithm(request.congestionControl());
        this.unitsLeft = new AtomicLong(request.length() < 0 ? -(long) request.length() : Long.MAX_VALUE);
        this.shares = new TestShare[loops.size()];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = new TestShare(this, loops.loop(i));
        }
    }

    /** One that isn't there is as none, as the client can't be told. */
    private static CongestionAlgorithm algorithm(final String name) {
        try {
            return name.isEmpty() ? null : CongestionAlgorithm.named(name);
        } catch (final IllegalArgumentException e) {
            return null;
        }
    }

    TestRequest request() {
        return request;
    }

    int requestType() {
        return requestType;
    }

    TestLayout layout() {
        return layout;
    }

    CongestionAlgorithm congestionControl() {
        return congestionControl;
    }

    LoopContext home() {
        return home;
    }

    ControlSession session() {
        return session;
    }

    // -- the beginning

    void open() {
        dataPort = request.dataPort() != 0 ? request.dataPort() : server.nextDataPort();
        loops.onEach(loop -> shares[loop.index()].open(dataPort), home, this::opened);
    }

    private void opened(final RuntimeException failure) {
        if (over) {
            closeShares();
        } else if (failure == null) {
            begin();
        } else {
            closeShares();
            if (request.dataPort() == 0 && ++tries < PORT_TRIES) {
                // After the shares have closed, as tasks of a loop run in order.
                open();
            } else {
                over = true;
                session.refused(EADDRINUSE, "data port " + dataPort + ": " + failure.getMessage());
            }
        }
    }

    private void begin() {
        cpuAtStart = request.measuresCpu() ? HostCpu.read() : null;
        startNs = home.nowNs();
        if (request.length() > 0) {
            // A client that reads or answers ends the test itself.
            final boolean padded = request.receives() && !request.connectionPerTransaction();
            home.timers().schedule(end, timeUpNs() + (padded ? PAD_NS : 0));
        }
        session.opened(dataPort);
        if (request.isUdp() && !request.receives()) {
            shares[home.index()].transmitDatagrams();
        }
    }

    private long timeUpNs() {
        return startNs + request.length() * (long) NS_PER_SECOND;
    }

    // -- the end

    /** A transaction with a connection of its own is over. Any loop. */
    void unitDone() {
        connections.incrementAndGet();
        if (unitsLeft.decrementAndGet() == 0) {
            dataEnded();
        }
    }

    /** Transactions or bytes that the client has asked for. */
    long units() {
        return unitsLeft.get();
    }

    /** The client has sent its last, or a connection was lost, or the count is reached. Any loop. */
    void dataEnded() {
        loops.execute(home, () -> finish(home.nowNs()));
    }

    private void finish(final long endNs) {
        if (over) {
            return;
        }
        over = true;
        home.timers().cancel(end);
        final HostCpu.Utilization cpu = HostCpu.between(cpuAtStart, cpuAtStart == null ? null : HostCpu.read());
        loops.onEach(loop -> shares[loop.index()].close(), home,
                _ -> session.ended(results((endNs - startNs) / NS_PER_SECOND, cpu)));
    }

    private TestResults results(final double elapsedSeconds, final HostCpu.Utilization cpu) {
        long receivedBytes = 0;
        long receives = 0;
        long sentBytes = 0;
        long sends = 0;
        long failedSends = 0;
        long transactions = 0;
        long retransmits = 0;
        String used = "";
        for (final TestShare share : shares) {
            receivedBytes += share.receivedBytes;
            receives += share.receives;
            sentBytes += share.sentBytes;
            sends += share.sends;
            failedSends += share.failedSends;
            transactions += share.transactions;
            retransmits += share.retransmits;
            used = share.congestionControl.isEmpty() ? used : share.congestionControl;
        }
        return new TestResults(receivedBytes, receives, sentBytes, sends, failedSends, transactions, retransmits,
                elapsedSeconds, cpu, used);
    }

    /** The control connection is lost: no one wants the results. */
    void abort() {
        if (!over) {
            over = true;
            home.timers().cancel(end);
            closeShares();
        }
    }

    private void closeShares() {
        loops.onEach(loop -> shares[loop.index()].close(), home, _ -> {
        });
    }

    private final class EndTimer extends Timer {

        @Override
        protected void expire(final long nowNs) {
            if (!request.connectionPerTransaction()) {
                // If the client was to end it, it is long gone: at the time that was asked for.
                finish(timeUpNs());
                return;
            }
            final long so = connections.get();
            if (so != lastConnections) {
                lastConnections = so;
                quietSinceNs = nowNs;
            }
            if (quietSinceNs != 0 && nowNs - quietSinceNs >= QUIET_NS
                    || nowNs - timeUpNs() >= PAD_NS) {
                finish(quietSinceNs != 0 ? Math.max(quietSinceNs, startNs) : timeUpNs());
            } else {
                home.timers().schedule(this, nowNs + QUIET_NS / 4);
            }
        }
    }
}
