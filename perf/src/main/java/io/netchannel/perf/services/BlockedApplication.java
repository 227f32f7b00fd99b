package io.netchannel.perf.services;

import io.netchannel.kernel.sched.SystemNanoClock;
import io.netchannel.kernel.sched.WatchdogConfig;
import io.netchannel.node.Application;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.LoopContext;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeMode;
import io.netchannel.node.NodeWire;
import io.netchannel.perf.services.ComparisonResult.Figure;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.wire.IpAddress;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An application that blocks its loop in a callback, as one does that asks a slow disk: how long its peer waits for the acknowledgment of the
 * bytes that it blocks on, and how often the peer times out, with the node's watchdog and without.
 */
final class BlockedApplication implements ServiceComparison {

    private static final IpAddress SERVER = IpAddress.parse("10.7.0.2");
    private static final int PORT = 7;
    /** Without its reports, which are not what is measured. */
    private static final WatchdogConfig WATCHDOG = new WatchdogConfig(60_000_000_000L,
            WatchdogConfig.DEFAULT.takeOverNs());
    private static final int MESSAGE_BYTES = 4_000;
    private static final long BLOCKED_MS = 500;
    private static final double TARGET_MS = 20;
    private static final int WARM_UP_MESSAGES = 200;
    private static final long TIMEOUT_SECONDS = 20;
    private static final double NS_PER_MS = 1e6;

    private record Outcome(double acknowledgedMs, double timeouts, double retransmissions) {
    }

    @Override
    public String name() {
        return "blocked-application";
    }

    @Override
    public String description() {
        return "time to the peer's ACK while the application blocks its loop for " + BLOCKED_MS
                + " ms, with the watchdog and without";
    }

    @Override
    public String target() {
        return "within 20 ms, no RTO (the ratio is without to with)";
    }

    @Override
    public String unavailability() {
        return null;
    }

    @Override
    public ComparisonResult run(final int rounds, final PrintWriter progress) throws InterruptedException {
        round(NodeMode.INLINE, WATCHDOG);
        final double[][] inline = new double[3][rounds];
        final double[][] channel = new double[3][rounds];
        final double[][] without = new double[3][rounds];
        for (int i = 0; i < rounds; i++) {
            store(round(NodeMode.INLINE, WATCHDOG), inline, i);
            store(round(NodeMode.CHANNEL, WATCHDOG), channel, i);
            store(round(NodeMode.INLINE, WatchdogConfig.OFF), without, i);
            progress.printf(Locale.ROOT, "  round %d: %.2f ms inline, %.2f ms channel, %.2f ms without%n", i + 1,
                    inline[0][i],
                    channel[0][i], without[0][i]);
        }
        final Figure withIt = new Figure("ACK, watchdog, inline", "ms", inline[0]);
        final Figure withItChannel = new Figure("ACK, watchdog, channel", "ms", channel[0]);
        final Figure withoutIt = new Figure("ACK, no watchdog, inline", "ms", without[0]);
        final Figure timeouts = new Figure("peer's timeouts, watchdog, inline", "RTOs", inline[1]);
        final Figure timeoutsChannel = new Figure("peer's timeouts, watchdog, channel", "RTOs", channel[1]);
        return new ComparisonResult(List.of(withIt, withItChannel, withoutIt, timeouts, timeoutsChannel,
                new Figure("peer's timeouts, no watchdog, inline", "RTOs", without[1]),
                new Figure("peer's retransmissions, watchdog, inline", "segments", inline[2]),
                new Figure("peer's retransmissions, no watchdog, inline", "segments", without[2])),
                withoutIt.median() / withIt.median(),
                Math.max(withIt.highest(), withItChannel.highest()) <= TARGET_MS && timeouts.highest() == 0
                        && timeoutsChannel.highest() == 0);
    }

    private static void store(final Outcome outcome, final double[][] into, final int round) {
        into[0][round] = outcome.acknowledgedMs();
        into[1][round] = outcome.timeouts();
        into[2][round] = outcome.retransmissions();
    }

    private static Outcome round(final NodeMode mode, final WatchdogConfig watchdog) throws InterruptedException {
        final NodeWire wire = NodeWire.lossless();
        final Asker asker = new Asker();
        try (Arena arena = Arena.ofShared();
                DataplaneNode server = DataplaneNode
                        .open(NodeConfig.builder("server").address(SERVER + "/24").mode(mode)
                                .watchdog(watchdog).build(), wire.a());
                DataplaneNode client = DataplaneNode.open(NodeConfig.builder("client").address("10.7.0.1/24").build(),
                        wire.b())) {
            asker.message = arena.allocate(MESSAGE_BYTES);
            server.deploy(new Blocker());
            client.deploy(asker);
            server.start();
            client.start();
            final double waitedMs = asker.acknowledged.get(TIMEOUT_SECONDS, TimeUnit.SECONDS) / NS_PER_MS;
            return new Outcome(waitedMs, client.counters().get("TcpExt.TCPTimeouts"), client.counters().get(
                    "Tcp.RetransSegs"));
        } catch (final ExecutionException | TimeoutException failed) {
            throw new IllegalStateException("no acknowledgment within " + TIMEOUT_SECONDS + " s", failed);
        }
    }

    /** Echoes what comes, but blocks its loop on the last message. */
    private static final class Blocker implements Application, TcpHandler {

        private int messages;
        private long bytes;

        @Override
        public String name() {
            return "blocker";
        }

        @Override
        public void start(final LoopContext loop) {
            loop.stack().tcp().listen(0, 0, PORT, 1, flow -> this);
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            bytes += lengthBytes;
            if (bytes / MESSAGE_BYTES > messages) {
                messages = (int) (bytes / MESSAGE_BYTES);
                if (messages > WARM_UP_MESSAGES) {
                    block();
                }
                flow.write(address, 1);
            }
            return lengthBytes;
        }

        /** As in a call that waits for an answer from elsewhere. */
        private static void block() {
            try {
                new CountDownLatch(1).await(BLOCKED_MS, TimeUnit.MILLISECONDS);
            } catch (final InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            // With the node.
        }
    }

    /** Sends a message, waits for its answer, and so on; after the last looks until it is acknowledged. */
    private static final class Asker implements Application, TcpHandler {

        private final CompletableFuture<Long> acknowledged = new CompletableFuture<>();
        private MemorySegment message;
        private TcpFlow last;
        private int answers;
        private long sentNs;

        @Override
        public String name() {
            return "asker";
        }

        @Override
        public void start(final LoopContext loop) {
            loop.stack().tcp().connect(SERVER.high(), SERVER.low(), PORT, this);
            loop.addPoller(nowNs -> {
                if (last == null || acknowledged.isDone()) {
                    return 0;
                }
                if (last.unacknowledgedBytes() == 0) {
                    acknowledged.complete(SystemNanoClock.INSTANCE.nowNs() - sentNs);
                }
                return 1;
            });
        }

        @Override
        public void onConnected(final TcpFlow flow) {
            flow.write(message.address(), MESSAGE_BYTES);
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            answers += lengthBytes;
            if (answers <= WARM_UP_MESSAGES) {
                sentNs = SystemNanoClock.INSTANCE.nowNs();
                flow.write(message.address(), MESSAGE_BYTES);
                if (answers == WARM_UP_MESSAGES) {
                    last = flow;
                }
            }
            return lengthBytes;
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            acknowledged.completeExceptionally(new IllegalStateException("closed: " + reason));
        }
    }
}
