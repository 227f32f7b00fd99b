package io.netchannel.samples.interop;

import io.netchannel.tcpip.capture.CaptureFilter;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.virtio.device.ImpairmentConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Goodput over bad paths: Linux to Linux, ours to Linux, Linux to ours, through the same impairment from the same
 * seeds, with the same congestion control, in interleaved rounds. What a receiver's application has read some seconds
 * after it connected. No test of anything: it is run by hand, as root.
 *
 * <p>Which frames a seed loses depends on all frames before, so one round says nothing where loss decides: there many
 * rounds do, some of them side by side, since they leave the CPUs idle. Each pair of ends has one run that doesn't count
 * first, in which our code is compiled: the kernel's always is.
 *
 * <p>{@code mvn -pl samples -am verify -Dit.test=GoodputComparison -Dfailsafe.failIfNoSpecifiedTests=false
 * -Dsurefire.failIfNoSpecifiedTests=false -Dtest=none}; with {@code -Dgoodput.algorithms=cubic,reno},
 * {@code -Dgoodput.lossPercent=0,1}, {@code -Dgoodput.delayMs=1,10} (one way), {@code -Dgoodput.rounds=5},
 * {@code -Dgoodput.parallel=1} (rounds at a time), {@code -Dgoodput.ends=LINUX_TO_LINUX,OURS_TO_LINUX},
 * {@code -Dgoodput.seconds=4}, {@code -Dgoodput.rateMbit=200}, {@code -Dgoodput.seed=1} (of the first round) for other
 * than the defaults; {@code -Dgoodput.each=true} prints each round, {@code -Dgoodput.capture=DIRECTORY} keeps what each
 * sender has seen as pcap.
 */
final class GoodputComparison {

    private static final int SOURCE_PORT = 5003;
    private static final int CHARGEN_PORT = 19;
    private static final int FRAME_BYTES = 1514;
    // What a path has beside its buffer: a burst or two, where the product of rate and delay is next to nothing.
    private static final int LEAST_BUFFER_FRAMES = 32;
    private static final int SNAP_BYTES = 110;
    // For the sinks' processes to start in.
    private static final long START_MILLIS = 1_000;

    private static final long RATE = Long.getLong("goodput.rateMbit", 200) * 1_000_000;
    private static final long SECONDS = Long.getLong("goodput.seconds", 4);
    private static final int FIRST_SEED = Integer.getInteger("goodput.seed", 1);
    private static final int ROUNDS = Integer.getInteger("goodput.rounds", 3);
    private static final int PARALLEL = Integer.getInteger("goodput.parallel", 1);

    private static final String CAPTURE = System.getProperty("goodput.capture");

    private enum Ends {
        LINUX_TO_LINUX, OURS_TO_LINUX, LINUX_TO_OURS
    }

    private record Cell(String algorithm, double lossPercent, double delayMs) {
    }

    private static final List<Ends> ENDS = list("goodput.ends", "LINUX_TO_LINUX,OURS_TO_LINUX,LINUX_TO_OURS").stream()
            .map(Ends::valueOf).toList();

    private static List<String> list(final String name, final String values) {
        return Arrays.asList(System.getProperty(name, values).split(","));
    }

    @Test
    void shouldBeComparedWithLinux() throws Exception {
        Requirements.rootAndTap();
        System.out.printf(
                "%d Mbit/s, a buffer of one BDP, %d s, %d rounds, %d at a time; Mbit/s of payload: median (quartiles)"
                        + "%n%n",
                RATE / 1_000_000, SECONDS, ROUNDS, PARALLEL);
        System.out.println("| control | delay ms | loss % | "
                + String.join(" | ", ENDS.stream().map(Ends::name).toList()) + " |");
        System.out.println("|---|---|---" + "|---".repeat(ENDS.size()) + "|");
        final Cell warmUp = new Cell("cubic", 0.1, 1);
        for (final Ends ends : ENDS) {
            together(warmUp, ends, FIRST_SEED, 1);
        }
        for (final String algorithm : list("goodput.algorithms", "cubic,reno")) {
            for (final String delay : list("goodput.delayMs", "1,10,40")) {
                for (final String loss : list("goodput.lossPercent", "0,0.1,1,3")) {
                    compare(new Cell(algorithm, Double.parseDouble(loss), Double.parseDouble(delay)));
                }
            }
        }
    }

    private static void compare(final Cell cell) throws Exception {
        final Map<Ends, List<Double>> results = new EnumMap<>(Ends.class);
        for (int round = 0; round < ROUNDS; round += PARALLEL) {
            for (final Ends ends : ENDS) {
                results.computeIfAbsent(ends, _ -> new ArrayList<>())
                        .addAll(together(cell, ends, FIRST_SEED + round, Math.min(PARALLEL, ROUNDS - round)));
            }
        }
        System.out.printf(Locale.ROOT, "| %s | %s | %s | %s |%n", cell.algorithm, cell.delayMs, cell.lossPercent,
                String.join(" | ", results.values().stream().map(GoodputComparison::text).toList()));
    }

    private static List<Double> together(final Cell cell, final Ends ends, final int firstSeed, final int count)
            throws Exception {
        final CyclicBarrier ready = new CyclicBarrier(count);
        final List<Future<Long>> runs = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(count)) {
            for (int i = 0; i < count; i++) {
                final ImpairmentConfig path = path(firstSeed + i, cell.lossPercent / 100, (long) (cell.delayMs * 1e6));
                runs.add(executor.submit(() -> new Measurement(cell.algorithm, path, ready).of(ends)));
            }
        }
        final List<Double> mbits = new ArrayList<>();
        for (final Future<Long> run : runs) {
            mbits.add(run.get() * 8 / 1e6 / SECONDS);
        }
        return mbits;
    }

    private static String text(final List<Double> values) {
        final double[] sorted = values.stream().mapToDouble(value -> value).sorted().toArray();
        final String each = Boolean.getBoolean("goodput.each") ? " of " + values : "";
        return String.format(Locale.ROOT, "%.1f (%.1f to %.1f)%s", quantile(sorted, 0.5), quantile(sorted, 0.25),
                quantile(sorted, 0.75), each);
    }

    private static double quantile(final double[] sorted, final double share) {
        final double position = (sorted.length - 1) * share;
        final int below = (int) position;
        final int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
    }

    private static ImpairmentConfig path(final long seed, final double loss, final long delayNs) {
        final int underWay = frames(RATE * delayNs / 8e9);
        final int buffer = Math.max(LEAST_BUFFER_FRAMES, frames(RATE * 2 * delayNs / 8e9));
        return ImpairmentConfig.none(seed).withLoss(loss).withDelay(delayNs, 0).withRate(RATE)
                .withQueueFrames(underWay + buffer);
    }

    private static int frames(final double bytes) {
        return (int) (bytes / FRAME_BYTES);
    }

    /** One run. @param ready where the runs that go on at the same time wait for each other, when all is set up */
    private record Measurement(String algorithm, ImpairmentConfig path, CyclicBarrier ready) {

        long of(final Ends ends) throws Exception {
            final TcpConfig tcp = TcpConfig.defaults().withCongestionControl(CongestionAlgorithm.named(algorithm));
            try (NetworkNamespace host = new NetworkNamespace()) {
                return switch (ends) {
                    case LINUX_TO_LINUX -> linuxToLinux(host);
                    case OURS_TO_LINUX -> oursToLinux(tcp, host);
                    case LINUX_TO_OURS -> linuxToOurs(tcp, host);
                };
            }
        }

        private long linuxToLinux(final NetworkNamespace host) throws Exception {
            try (NetworkNamespace server = new NetworkNamespace();
                    LinuxPair pair = LinuxPair.start(server, host, path)) {
                congestionControl(server, pair.leftTap());
                if (CAPTURE != null) {
                    capture(server, pair.leftTap());
                }
                final Command source = source(server);
                try {
                    return sink(host, SOURCE_PORT);
                } finally {
                    end(source);
                }
            }
        }

        // Ends with the namespace's last interface.
        private void capture(final NetworkNamespace sender, final String tap) {
            final Path file = Path.of(CAPTURE, algorithm + "-linux-" + path.seed() + ".pcap");
            sender.start("", "tcpdump", "-i", tap, "-U", "-Z", "root", "-s", Integer.toString(SNAP_BYTES), "-w",
                    file.toString());
            while (!Files.exists(file)) {
                Thread.yield();
            }
        }

        private long oursToLinux(final TcpConfig tcp, final NetworkNamespace host) throws Exception {
            try (ImpairedTapNode node = ImpairedTapNode.startQuiet(host, path, b -> b.tcp(tcp), _ -> {
            })) {
                if (CAPTURE != null) {
                    node.node().capture(CaptureFilter.ALL, SNAP_BYTES,
                            Files.newOutputStream(Path.of(CAPTURE, algorithm + "-ours-" + path.seed() + ".pcap")),
                            () -> System.err.println("capture failed"));
                }
                return sink(host, CHARGEN_PORT);
            }
        }

        private long linuxToOurs(final TcpConfig tcp, final NetworkNamespace host) throws Exception {
            final Command source = source(host);
            final SinkApplication sink = new SinkApplication(IpAddress.parse(ImpairedTapNode.HOST), SOURCE_PORT,
                    SECONDS * 1_000_000_000);
            ready.await();
            // Loss and queue are those of the data's direction, from the host to the node.
            try (ImpairedTapNode _ = ImpairedTapNode.startQuiet(host, path.withSeed(~path.seed()), b -> b.tcp(tcp),
                    tap -> congestionControl(host, tap), sink)) {
                return sink.received().get();
            } finally {
                end(source);
            }
        }

        /** By route, since a namespace's own sysctl takes only what is allowed to everybody. */
        private void congestionControl(final NetworkNamespace namespace, final String tap) {
            namespace.run("ip", "route", "replace", "10.8.0.0/24", "dev", tap, "congctl", algorithm).expectSuccess();
        }

        private long sink(final NetworkNamespace namespace, final int port) throws Exception {
            ready.await();
            return Long.parseLong(namespace.start("", KernelClient.commandLine("sink", ImpairedTapNode.NODE,
                    Integer.toString(port), Long.toString(SECONDS),
                    Long.toString(System.currentTimeMillis() + START_MILLIS))).await(60).expectSuccess().out().strip());
        }
    }

    private static Command source(final NetworkNamespace namespace) {
        final Command source = namespace.start("",
                KernelClient.commandLine("source", "0.0.0.0", Integer.toString(SOURCE_PORT)));
        source.awaitOutput("listening");
        return source;
    }

    private static void end(final Command source) {
        source.process().destroyForcibly();
        source.await(30);
    }
}
