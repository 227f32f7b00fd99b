package io.netchannel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.sched.Poller;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.virtio.device.ImpairmentConfig;
import io.netchannel.virtio.device.WireConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goodput of one flow over paths of all kinds, in virtual time, beside what the path can carry: a table that is checked
 * in, so that a change to it is seen and judged.
 *
 * <p>To write it anew: {@code mvn -pl dataplane-node -am test -Dtest=GoodputGridTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dnetchannel.grid.update=true}
 */
final class GoodputGridTest {

    private static final Path TABLE = Path.of("src/test/resources/goodput-grid.tsv");
    private static final String[] CONGESTION = {"cubic", "reno", "dctcp"};
    private static final long[] RATES = {10_000_000L, 1_000_000_000L, 40_000_000_000L};
    private static final long[] DELAYS_NS = {50_000, 1_000_000, 20_000_000, 100_000_000};
    private static final double[] LOSSES = {0, 0.001, 0.01, 0.03, 0.10};
    private static final long MB = 1_000_000;
    private static final int MTU_BYTES = 1500;
    // Ethernet header, IPv4 and TCP with timestamps.
    private static final double PAYLOAD_SHARE = 1448.0 / 1514;
    private static final long TURN_NS = 1_000;

    @Test
    void shouldUseThePathAsTheTableSays() throws IOException {
        final List<String> lines = new ArrayList<>();
        lines.add("# goodput in Mbit/s of one flow, by GoodputGridTest; delay is one way; limit: the rate's share of"
                + " payload, or send buffer by RTT");
        lines.add("congestion\trate\tdelay_ms\tloss_pct\tlimit\tgoodput\tlongest_gap_ms\tretransmitted");
        for (final String congestion : CONGESTION) {
            for (final long rate : RATES) {
                for (final long delayNs : DELAYS_NS) {
                    for (final double loss : LOSSES) {
                        lines.add(cell(congestion, rate, delayNs, loss));
                    }
                }
            }
        }
        if (Boolean.getBoolean("netchannel.grid.update")) {
            Files.write(TABLE, lines);
        }
        assertThat(String.join("\n", lines)).as("write it anew with -Dnetchannel.grid.update=true, and judge the diff")
                .isEqualTo(String.join("\n", Files.readAllLines(TABLE)));
    }

    private static long bytesFor(final long rate) {
        return rate == RATES[0] ? 4 * MB : rate == RATES[1] ? 16 * MB : 32 * MB;
    }

    private static String cell(final String congestion, final long rate, final long delayNs, final double loss) {
        final String name = String.format(Locale.ROOT, "%s\t%s\t%s\t%s", congestion, rate, delayNs / 1e6, loss * 100);
        final long bytes = bytesFor(rate);
        try (Run run = new Run(congestion, rate, delayNs, loss, 1, bytes)) {
            final long endNs = run.untilFinished(name);
            final BulkApplication.Flow sender = run.sender.flows().getFirst();
            final BulkApplication.Flow receiver = run.receiver.flows().getFirst();
            final long rttNs = 2 * delayNs;
            final long queueNs = (long) (run.queueFrames * 1514 * 8e9 / rate);
            assertThat(receiver.longestGapNs).as("%s: stalled for longer than the timeout of %d ms explains", name,
                    sender.maxRtoNs / 1_000_000).isLessThanOrEqualTo(sender.maxRtoNs + rttNs + queueNs + 1_000_000);
            final double limit = Math.min(rate * PAYLOAD_SHARE,
                    TcpSetting.SEND_BUFFER_MAX_BYTES.defaultValue() * 8e9 / rttNs);
            return String.format(Locale.ROOT, "%s\t%.2f\t%.2f\t%.1f\t%d", name, limit / 1e6, bytes * 8e3 / endNs,
                    receiver.longestGapNs / 1e6, sender.retransmitted);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cubic", "reno", "dctcp"})
    void shouldShareThePathFairly(final String congestion) {
        try (Run run = new Run(congestion, 100_000_000, 5_000_000, 0, 2, 60 * MB)) {
            run.until(2_000_000_000L);
            final long[] begin = run.received();
            run.until(8_000_000_000L);
            final long[] end = run.received();
            final double x = end[0] - begin[0];
            final double y = end[1] - begin[1];
            // Jain's index: 1 for equal shares, 0.5 for one that has all.
            assertThat((x + y) * (x + y) / (2 * (x * x + y * y))).as("%s: %.0f and %.0f bytes", congestion, x, y)
                    .isGreaterThan(0.9);
            assertThat((x + y) * 8 / 6).as("%s: together", congestion).isGreaterThan(0.85e8 * PAYLOAD_SHARE);
        }
    }

    /** Two nodes and the path between them. */
    private static final class Run implements AutoCloseable {

        final BulkApplication sender;
        final BulkApplication receiver = BulkApplication.receiver();
        final int queueFrames;
        private final DataplaneNode a;
        private final DataplaneNode b;
        private final int flows;
        private long nowNs;

        Run(final String congestion, final long rate, final long delayNs, final double loss, final int flows,
                final long bytesEach) {
            this.flows = flows;
            // What is on the way both ways, and again as much that waits.
            queueFrames = Math.clamp((long) (2 * delayNs * (double) rate / 8e9 / 1514 * 2), 128, 1 << 13);
            ImpairmentConfig there = ImpairmentConfig.none(1).withLoss(loss).withDelay(delayNs, 0).withRate(rate)
                    .withQueueFrames(queueFrames);
            final CongestionAlgorithm algorithm = CongestionAlgorithm.named(congestion);
            if (algorithm.requiresEcn()) {
                // A router for DCTCP marks early: at a sixth of a round trip and of what Ethernet needs at least.
                there = there.withEcnMark(Math.max(2 * delayNs / 6, (long) (20 * 1514 * 8e9 / rate)));
            }
            final ImpairmentConfig back = ImpairmentConfig.none(2).withDelay(delayNs, 0).withQueueFrames(1 << 13);
            final NodeWire wire = new NodeWire(new WireConfig(WireConfig.WAIT, there, back), MTU_BYTES);
            a = DataplaneNode.open(node("a", "10.0.0.1/24", algorithm, 3), wire.a());
            b = DataplaneNode.open(node("b", "10.0.0.2/24", algorithm, 4), wire.b());
            sender = BulkApplication.sender(IpAddress.parse("10.0.0.2"), flows, bytesEach);
            a.deploy(sender);
            b.deploy(receiver);
            b.startSimulated(0);
            a.startSimulated(0);
        }

        private static NodeConfig node(final String name, final String address, final CongestionAlgorithm algorithm,
                final long seed) {
            return NodeConfig.builder(name).address(address).buffersPerLoop(16_384).bufferBytes(4096)
                    .tcp(TcpConfig.defaults().withCongestionControl(algorithm)).simulationSeed(seed).build();
        }

        long untilFinished(final String name) {
            final long limitNs = 3_600_000_000_000L;
            while (!receiver.finished(flows)) {
                turn(limitNs);
                assertThat(nowNs).as("%s: stalled", name).isLessThan(limitNs);
            }
            return nowNs;
        }

        void until(final long ns) {
            while (nowNs < ns) {
                turn(ns);
            }
        }

        private void turn(final long limitNs) {
            sender.now(nowNs);
            receiver.now(nowNs);
            final int work = a.turn(nowNs) + b.turn(nowNs);
            for (int i = 0; i < sender.flows().size(); i++) {
                sender.flows().get(i).observe();
            }
            final long next = Math.min(a.nextDeadlineNs(), b.nextDeadlineNs());
            nowNs = work > 0
                    ? nowNs + TURN_NS
                    : next == Poller.NO_DEADLINE ? limitNs : Math.min(limitNs, Math.max(next, nowNs + TURN_NS));
        }

        long[] received() {
            return receiver.flows().stream().mapToLong(flow -> flow.bytes).toArray();
        }

        @Override
        public void close() {
            a.close();
            b.close();
        }
    }
}
