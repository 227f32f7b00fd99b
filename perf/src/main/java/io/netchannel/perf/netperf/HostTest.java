package io.netchannel.perf.netperf;

import io.netchannel.perf.netperf.NetperfTest.Kind;
import io.netchannel.perf.netperf.host.Datagrams;
import io.netchannel.perf.netperf.host.DatagramHandler;
import io.netchannel.perf.netperf.host.FilePayload;
import io.netchannel.perf.netperf.host.FlowHandler;
import io.netchannel.perf.netperf.host.Host;
import io.netchannel.perf.netperf.host.HostPair;
import io.netchannel.perf.netperf.host.Payload;
import io.netchannel.perf.netperf.role.DatagramSender;
import io.netchannel.perf.netperf.role.DatagramSink;
import io.netchannel.perf.netperf.role.Latencies;
import io.netchannel.perf.netperf.role.Meter;
import io.netchannel.perf.netperf.role.Requester;
import io.netchannel.perf.netperf.role.Responder;
import io.netchannel.perf.netperf.role.StreamSender;
import io.netchannel.perf.netperf.role.StreamSink;
import io.netchannel.perf.netperf.role.TestPhase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/**
 * One test on one pair of hosts: connections are opened, run for a while uncounted, are counted between two instants, and
 * finish; then everything that was sent must have come.
 *
 * <p>Threading: the measuring thread's.
 */
final class HostTest implements AutoCloseable {

    private static final long RAMP_NS = 50_000_000L;
    // A test that has not moved for so long never will: it is told so, and doesn't hang.
    private static final long GRACE_NS = 10_000_000_000L;
    private static final long LOOK_NS = 20_000_000L;
    // A histogram, of each thread, takes some 180 KiB with three digits, 3 with one.
    private static final int MANY_CONNECTIONS = 32;
    private static final int VERY_MANY_CONNECTIONS = 1024;

    private final HostPair hosts;
    private final TestCase test;
    private final TestPhase phase;
    private final Payload payload;
    private final FilePayload file;
    private final Latencies latencies;
    private final List<Meter> clients = new ArrayList<>();
    private final List<Meter> servers = new CopyOnWriteArrayList<>();
    private final List<Datagrams> sockets = new ArrayList<>();
    private Host.Listening listening;

    private HostTest(final HostPair hosts, final TestCase test) {
        this.hosts = hosts;
        this.test = test;
        this.phase = new TestPhase(test.connections());
        this.latencies = new Latencies(digits());
        this.payload = new Payload(Math.max(test.messageBytes(), Math.max(test.requestBytes(), test.responseBytes())));
        this.file = test.test() == NetperfTest.TCP_SENDFILE ? FilePayload.temporary(payload) : null;
    }

    static HostTest prepare(final HostPair hosts, final TestCase test) {
        return new HostTest(hosts, test);
    }

    Measurement run(final long durationNs) {
        if (test.test().isUdp()) {
            openSockets();
        } else {
            openConnections();
        }
        try {
            if (!phase.awaitConnected(GRACE_NS)) {
                throw new NetperfException("no connection within " + GRACE_NS / 1_000_000_000L + " s", null);
            }
            watch(RAMP_NS);
            awaitProgress(0);
            final Counts atStart = Counts.of(this);
            final ResourceSample start = ResourceSample.now();
            phase.count();
            watch(durationNs);
            // On a starved machine the interval may have been too short for anything: then it becomes longer.
            awaitProgress(atStart.received(test.test()));
            final Counts atEnd = Counts.of(this);
            final ResourceSample end = ResourceSample.now();
            phase.stop();
            final boolean ended = phase.awaitEnded(test.test().isUdp() ? GRACE_NS / 10 : GRACE_NS);
            checkEnd(ended);
            return measurement(end.since(start), atStart, atEnd);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetperfException("interrupted", e);
        }
    }

    // -- connections

    private int digits() {
        return test.connections() > VERY_MANY_CONNECTIONS ? 1 : test.connections() > MANY_CONNECTIONS ? 2 : 3;
    }

    private Meter clientMeter() {
        final Meter meter = new Meter();
        clients.add(meter);
        return meter;
    }

    private Meter serverMeter() {
        final Meter meter = new Meter();
        // There would be one for each transaction.
        if (test.test() != NetperfTest.TCP_CRR) {
            servers.add(meter);
        }
        return meter;
    }

    private void openConnections() {
        listening = hosts.server().listen(test.connections(), this::serverFlow);
        for (int i = 0; i < test.connections(); i++) {
            hosts.client().connect(hosts.server(), listening.port(), clientFlow());
        }
    }

    private int verifyBytes() {
        return test.verify() ? test.messageBytes() : 0;
    }

    private FlowHandler serverFlow() {
        final Meter meter = serverMeter();
        return switch (test.test()) {
            case TCP_MAERTS -> new StreamSender(phase, meter, payload, test.messageBytes(), null, false);
            case TCP_STREAM, TCP_SENDFILE -> new StreamSink(phase, meter, verifyBytes(), false);
            default -> new Responder(phase, meter, payload, test.requestBytes(), test.responseBytes(),
                    test.test() == NetperfTest.TCP_CRR, test.verify());
        };
    }

    private FlowHandler clientFlow() {
        final Meter meter = clientMeter();
        return switch (test.test()) {
            case TCP_STREAM, TCP_SENDFILE -> new StreamSender(phase, meter, payload, test.messageBytes(), file, true);
            case TCP_MAERTS -> new StreamSink(phase, meter, verifyBytes(), true);
            default -> requester(meter);
        };
    }

    private Requester requester(final Meter meter) {
        final boolean connects = test.test() == NetperfTest.TCP_CRR;
        final Requester requester = new Requester(phase, meter, latencies, payload, test.requestBytes(),
                test.responseBytes(),
                connects ? 0 : test.burst(), connects, test.perSecond(), test.verify());
        if (connects) {
            requester.begin();
        }
        return requester;
    }

    private void openSockets() {
        for (int i = 0; i < test.connections(); i++) {
            final boolean stream = test.test() != NetperfTest.UDP_RR;
            final Meter meter = clientMeter();
            final DatagramHandler near = stream
                    ? new DatagramSender(phase, meter, payload, test.messageBytes())
                    : requester(meter);
            final DatagramHandler far = stream
                    ? new DatagramSink(phase, serverMeter(), test.messageBytes(), test.verify())
                    : new Responder(phase, serverMeter(), payload, test.requestBytes(), test.responseBytes(), false,
                            test.verify());
            final Datagrams client = hosts.client().datagrams(near);
            sockets.add(client);
            final Datagrams server = hosts.server().datagrams(far);
            sockets.add(server);
            client.connect(hosts.server(), server.localPort());
            server.connect(hosts.client(), client.localPort());
            server.start();
            client.start();
        }
    }

    // -- measuring

    /** Waits, and looks now and then whether there is still something to wait for. */
    private void watch(final long durationNs) {
        final long endNs = System.nanoTime() + durationNs;
        long received = 0;
        long movedNs = System.nanoTime();
        for (long left; (left = endNs - System.nanoTime()) > 0;) {
            final long nowReceived = Counts.of(this).received(test.test());
            if (nowReceived != received) {
                received = nowReceived;
                movedNs = System.nanoTime();
            } else if (System.nanoTime() - movedNs > GRACE_NS && test.perSecond() == 0) {
                // A peer that is gone without a word.
                throw stoodStill();
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new NetperfException("interrupted", null);
            }
            LockSupport.parkNanos(Math.min(left, LOOK_NS));
            checkFailure();
        }
    }

    private void awaitProgress(final long beyond) {
        final long untilNs = System.nanoTime() + GRACE_NS;
        while (Counts.of(this).received(test.test()) <= beyond) {
            if (System.nanoTime() > untilNs) {
                throw stoodStill();
            }
            watch(LOOK_NS / 4);
        }
    }

    private static NetperfException stoodStill() {
        return new NetperfException("nothing moved for " + GRACE_NS / 1_000_000_000L + " s", null);
    }

    private void checkFailure() {
        if (phase.failure() != null) {
            throw new NetperfException(phase.failure(), null);
        }
    }

    private void checkEnd(final boolean ended) {
        checkFailure();
        if (!ended && !test.test().isUdp()) {
            throw new NetperfException("a connection did not finish", null);
        }
        if (test.test().isUdp() || test.test() == NetperfTest.TCP_CRR) {
            return;
        }
        // The far side may be a moment behind.
        final long untilNs = System.nanoTime() + GRACE_NS;
        while (sum(clients, Meter::bytes) != sum(servers, Meter::bytes)) {
            if (System.nanoTime() > untilNs) {
                throw new NetperfException("the client counted " + sum(clients, Meter::bytes)
                        + " bytes, the server " + sum(servers, Meter::bytes), null);
            }
            LockSupport.parkNanos(LOOK_NS / 20);
        }
        checkFailure();
    }

    private Measurement measurement(final ResourceUse use, final Counts start, final Counts end) {
        final boolean fromServer = test.test() == NetperfTest.TCP_MAERTS;
        final boolean transactions = test.test().kind() == Kind.TRANSACTIONS;
        final long sentBytes = fromServer ? end.serverBytes - start.serverBytes : end.clientBytes - start.clientBytes;
        final long received = end.received(test.test()) - start.received(test.test());
        final long sent = fromServer
                ? end.serverOperations - start.serverOperations
                : end.clientOperations - start.clientOperations;
        final long operations = transactions
                ? end.clientOperations - start.clientOperations
                : test.test().isUdp() ? end.serverOperations - start.serverOperations : received / test.messageBytes();
        return new Measurement(use, sentBytes, received, sent, operations, latencies.all());
    }

    private static long sum(final List<Meter> meters, final ToLongFunction<Meter> of) {
        long sum = 0;
        for (final Meter meter : meters) {
            sum += of.applyAsLong(meter);
        }
        return sum;
    }

    private record Counts(long clientBytes, long clientOperations, long serverBytes, long serverOperations) {

        /** Bytes that have come where they were to go. */
        long received(final NetperfTest test) {
            return test == NetperfTest.TCP_MAERTS || test.kind() == Kind.TRANSACTIONS ? clientBytes : serverBytes;
        }

        static Counts of(final HostTest test) {
            return new Counts(sum(test.clients, Meter::bytes), sum(test.clients, Meter::operations),
                    sum(test.servers, Meter::bytes), sum(test.servers, Meter::operations));
        }
    }

    @Override
    public void close() {
        phase.stop();
        sockets.forEach(Datagrams::close);
        if (listening != null) {
            listening.close();
        }
        if (file != null) {
            file.close();
        }
    }
}
