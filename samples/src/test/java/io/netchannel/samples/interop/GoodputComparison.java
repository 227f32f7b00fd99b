package io.netchannel.samples.interop;

import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.virtio.device.ImpairmentConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Goodput over bad paths: Linux to Linux, ours to Linux, Linux to ours, through the same impairment from the same seeds,
 * with the same congestion control, in interleaved rounds. What a receiver's application has read some seconds after it
 * connected; medians. No test of anything: it is run by hand, as root.
 *
 * <p>{@code mvn -pl samples -am verify -Dit.test=GoodputComparison -Dfailsafe.failIfNoSpecifiedTests=false
 * -Dsurefire.failIfNoSpecifiedTests=false -Dtest=none}; with {@code -Dgoodput.algorithms=cubic,reno},
 * {@code -Dgoodput.lossPercent=0,1}, {@code -Dgoodput.delayMs=1,10} (one way), {@code -Dgoodput.rounds=5},
 * {@code -Dgoodput.seconds=4}, {@code -Dgoodput.rateMbit=200}, {@code -Dgoodput.seed=1} (of the first round) for others than the defaults.
 */
final class GoodputComparison {

    private static final int SOURCE_PORT = 5003;
    private static final int CHARGEN_PORT = 19;
    private static final int FRAME_BYTES = 1514;
    // What a path has beside its buffer: a burst or two, where the product of rate and delay is next to nothing.
    private static final int LEAST_BUFFER_FRAMES = 32;

    private static final long RATE = Long.getLong("goodput.rateMbit", 200) * 1_000_000;
    private static final long SECONDS = Long.getLong("goodput.seconds", 4);
    private static final int FIRST_SEED = Integer.getInteger("goodput.seed", 1);
    private static final int ROUNDS = Integer.getInteger("goodput.rounds", 3);

    private enum Ends {
        LINUX_TO_LINUX, OURS_TO_LINUX, LINUX_TO_OURS
    }

    private static List<String> list(final String name, final String values) {
        return Arrays.asList(System.getProperty(name, values).split(","));
    }

    @Test
    void shouldBeComparedWithLinux() throws Exception {
        Requirements.rootAndTap();
        System.out.printf("%d Mbit/s, a buffer of one BDP, %d s, medians of %d, Mbit/s of payload%n%n",
                RATE / 1_000_000,
                SECONDS, ROUNDS);
        System.out.println("| control | loss % | delay ms | Linux → Linux | ours → Linux | Linux → ours | each |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (final String algorithm : list("goodput.algorithms", "cubic,reno")) {
            for (final String delay : list("goodput.delayMs", "1,10,40")) {
                for (final String loss : list("goodput.lossPercent", "0,0.1,1,3")) {
                    compare(algorithm, Double.parseDouble(loss), Double.parseDouble(delay));
                }
            }
        }
    }

    private static void compare(final String algorithm, final double lossPercent, final double delayMs)
            throws Exception {
        final Map<Ends, List<Double>> results = new EnumMap<>(Ends.class);
        for (int round = 0; round < ROUNDS; round++) {
            for (final Ends ends : Ends.values()) {
                final long bytes = measure(ends, algorithm,
                        path(FIRST_SEED + round, lossPercent / 100, (long) (delayMs * 1e6)));
                results.computeIfAbsent(ends, _ -> new ArrayList<>()).add(bytes * 8 / 1e6 / SECONDS);
            }
        }
        System.out.printf(Locale.ROOT, "| %s | %s | %s | %.1f | %.1f | %.1f | %s |%n", algorithm, lossPercent, delayMs,
                median(results.get(Ends.LINUX_TO_LINUX)), median(results.get(Ends.OURS_TO_LINUX)),
                median(results.get(Ends.LINUX_TO_OURS)),
                String.join(" / ", results.values().stream().map(GoodputComparison::text).toList()));
    }

    private static String text(final List<Double> values) {
        return String.join(" ", values.stream().map(v -> String.format(Locale.ROOT, "%.1f", v)).toList());
    }

    private static double median(final List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
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

    private static long measure(final Ends ends, final String algorithm, final ImpairmentConfig path)
            throws Exception {
        final TcpConfig tcp = TcpConfig.defaults().withCongestionControl(
                "reno".equals(algorithm) ? CongestionAlgorithm.NEW_RENO : CongestionAlgorithm.CUBIC);
        try (NetworkNamespace host = new NetworkNamespace()) {
            return switch (ends) {
                case LINUX_TO_LINUX -> linuxToLinux(algorithm, path, host);
                case OURS_TO_LINUX -> {
                    try (ImpairedTapNode _ = ImpairedTapNode.start(host, path, b -> b.tcp(tcp))) {
                        yield sink(host, CHARGEN_PORT);
                    }
                }
                case LINUX_TO_OURS -> linuxToOurs(algorithm, tcp, path.withSeed(~path.seed()), host);
            };
        }
    }

    private static long linuxToLinux(final String algorithm, final ImpairmentConfig path, final NetworkNamespace host) {
        try (NetworkNamespace server = new NetworkNamespace();
                LinuxPair pair = LinuxPair.start(server, host, path)) {
            congestionControl(server, pair.leftTap(), algorithm);
            final Command source = source(server);
            try {
                return sink(host, SOURCE_PORT);
            } finally {
                end(source);
            }
        }
    }

    private static long linuxToOurs(final String algorithm, final TcpConfig tcp, final ImpairmentConfig path,
            final NetworkNamespace host) throws Exception {
        final Command source = source(host);
        final SinkApplication sink = new SinkApplication(IpAddress.parse(ImpairedTapNode.HOST), SOURCE_PORT,
                SECONDS * 1_000_000_000);
        try (ImpairedTapNode _ = ImpairedTapNode.start(host, path, b -> b.tcp(tcp),
                tap -> congestionControl(host, tap, algorithm), sink)) {
            return sink.received().get();
        } finally {
            end(source);
        }
    }

    /** By route, since a namespace's own sysctl takes only what is allowed to everybody. */
    private static void congestionControl(final NetworkNamespace namespace, final String tap, final String algorithm) {
        namespace.run("ip", "route", "replace", "10.8.0.0/24", "dev", tap, "congctl", algorithm).expectSuccess();
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

    private static long sink(final NetworkNamespace namespace, final int port) {
        return Long.parseLong(namespace.start("", KernelClient.commandLine("sink", ImpairedTapNode.NODE,
                Integer.toString(port), Long.toString(SECONDS))).await(60).expectSuccess().out().strip());
    }
}
