package io.netchannel.perf.netperf;

import io.netchannel.perf.netperf.host.Host;
import io.netchannel.perf.netperf.host.HostPair;
import io.netchannel.perf.netperf.host.PathSettings;
import io.netchannel.perf.netperf.host.Payload;
import io.netchannel.perf.netperf.role.IdleRequester;
import io.netchannel.perf.netperf.role.IdleResponder;
import io.netchannel.tcpip.tcp.TcpSetting;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Connections that have each exchanged a byte and are left alone from then on, over all rounds of a path.
 *
 * <p>Threading: the measuring thread's.
 */
final class IdleConnections implements AutoCloseable {

    // Of some 28,000 that a host has towards one port of another; the fewer are taken, the sooner one is found.
    private static final int CONNECTIONS_PER_PORT = 12_000;
    // Handshakes under way at a time: less than a listener's backlog.
    private static final int AT_A_TIME = 256;
    private static final long GRACE_SECONDS = 20;
    // Past delayed acknowledgments and what else goes on behind a transaction.
    private static final long SETTLE_NS = 1_500_000_000L;

    private final int count;
    private final List<Host.Listening> listening = new ArrayList<>();
    private final IdleRequester requester;
    private final IdleResponder responder;
    private IdleMemory memory;

    private IdleConnections(final int count) {
        final Payload payload = new Payload(1);
        this.count = count;
        this.requester = new IdleRequester(payload, AT_A_TIME);
        this.responder = new IdleResponder(payload);
    }

    /** @throws NetperfException if one of them fails */
    static IdleConnections open(final HostPair hosts, final PathSettings settings) {
        final int count = settings.idle();
        final IdleConnections idle = new IdleConnections(count);
        try {
            final long before = usedHeapBytes();
            idle.connect(hosts);
            // Until ours have come to rest.
            settle(settings.tcp().get(TcpSetting.REST_NS) + SETTLE_NS);
            final long heapBytes = usedHeapBytes() - before;
            final long tables = hosts.client().connectionTableBytes() + hosts.server().connectionTableBytes();
            idle.memory = new IdleMemory(heapBytes / (2.0 * count), tables / (2.0 * count));
            return idle;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetperfException("interrupted", e);
        }
    }

    private void connect(final HostPair hosts) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            if (i % CONNECTIONS_PER_PORT == 0) {
                listening.add(hosts.server().listen(Math.min(CONNECTIONS_PER_PORT, count - i), () -> responder));
            }
            awaitTurn();
            hosts.client().connect(hosts.server(), listening.getLast().port(), requester);
        }
        for (int i = 0; i < AT_A_TIME; i++) {
            awaitTurn();
        }
    }

    private void awaitTurn() throws InterruptedException {
        if (!requester.turns().tryAcquire(GRACE_SECONDS, TimeUnit.SECONDS)) {
            throw new NetperfException("no answer within " + GRACE_SECONDS + " s", null);
        }
        check();
    }

    private static void settle(final long durationNs) throws InterruptedException {
        final long endNs = System.nanoTime() + durationNs;
        for (long left; (left = endNs - System.nanoTime()) > 0;) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(left);
        }
    }

    private static long usedHeapBytes() {
        final MemoryMXBean bean = ManagementFactory.getMemoryMXBean();
        // What the first finds unreachable may free more when it is finalized.
        bean.gc();
        bean.gc();
        return bean.getHeapMemoryUsage().getUsed();
    }

    int count() {
        return count;
    }

    IdleMemory memory() {
        return memory;
    }

    /** @throws NetperfException if one of them has ended */
    void check() {
        final String reason = requester.failure() == null ? responder.failure() : requester.failure();
        if (reason != null) {
            throw new NetperfException("an idle connection ended: " + reason, null);
        }
    }

    /** Nobody connects any more; the connections themselves go with their hosts. */
    @Override
    public void close() {
        listening.forEach(Host.Listening::close);
    }
}
