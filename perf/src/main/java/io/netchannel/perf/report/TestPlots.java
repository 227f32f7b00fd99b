package io.netchannel.perf.report;

import io.netchannel.perf.netperf.NetperfResult;
import io.netchannel.perf.netperf.NetperfTest;
import io.netchannel.perf.netperf.NetperfTest.Kind;
import io.netchannel.perf.netperf.TestCase;
import io.netchannel.perf.report.Plot.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.HdrHistogram.Histogram;

/** The plots of one test: how fast, at what cost, how late; by whatever the run has varied. */
final class TestPlots {

    private static final double[] PERCENTILES = {0, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 99.999};

    private final NetperfTest test;
    private final List<NetperfResult> results;
    private final List<String> allPaths;

    /** @param allPaths of the run, for their colours */
    TestPlots(final NetperfTest test, final List<NetperfResult> all, final List<String> allPaths) {
        this.test = test;
        this.results = all.stream().filter(r -> r.test().test() == test && !r.isEmpty()).toList();
        this.allPaths = allPaths;
    }

    String html() {
        if (results.isEmpty()) {
            return "";
        }
        final StringBuilder html = new StringBuilder();
        boolean varied = by(html, "message size", "bytes", TestCase::messageBytes);
        varied |= by(html, "connections", "connections", TestCase::connections);
        varied |= by(html, "idle", "idle connections besides", TestCase::idle);
        varied |= by(html, "loops", "loops a side", TestCase::loops);
        final List<NetperfResult> first = like(results.getFirst().test());
        final List<String> paths = first.stream().map(NetperfResult::path).toList();
        if (!varied) {
            html.append(Plot.bars(test + ": rate", rateTitle(), paths, Map.of("median", values(first, this::rate))));
        }
        final Map<String, List<Double>> cpu = new LinkedHashMap<>();
        cpu.put("client", values(first, NetperfResult::clientCpuMicros));
        cpu.put("server", values(first, NetperfResult::serverCpuMicros));
        cpu.put("process", values(first, NetperfResult::cpuMicros));
        html.append(Plot.bars(test + ": CPU, " + first.getFirst().test().title(), first.getFirst().demandUnit(), paths,
                cpu));
        if (test.kind() == Kind.TRANSACTIONS) {
            html.append(latencies(first));
        }
        return html.toString();
    }

    private String rateTitle() {
        return test.kind() == Kind.STREAM ? "Gbit/s" : test.kind() == Kind.PACKETS ? "million/s" : "thousand/s";
    }

    private double rate(final NetperfResult result) {
        return switch (test.kind()) {
            case STREAM -> result.rate();
            case TRANSACTIONS -> result.rate() / 1e3;
            case PACKETS -> Plot.inMillions(result.rate());
        };
    }

    /** Rate and CPU by one dimension, if the run has varied it; in the others what came first. */
    private boolean by(final StringBuilder html, final String name, final String unit,
            final ToIntFunction<TestCase> dimension) {
        if (new TreeSet<>(results.stream().map(r -> dimension.applyAsInt(r.test())).toList()).size() < 2) {
            return false;
        }
        final TestCase first = results.getFirst().test();
        final List<NetperfResult> line = results.stream().filter(r -> othersAlike(r.test(), first, dimension)).toList();
        html.append(Plot.lines(test + ": rate by " + name, unit, rateTitle(),
                points(line, dimension, this::rate), allPaths));
        html.append(Plot.lines(test + ": CPU by " + name, unit, line.getFirst().demandUnit() + ", whole process",
                points(line, dimension, NetperfResult::cpuMicros), allPaths));
        return true;
    }

    private static boolean othersAlike(final TestCase a, final TestCase b, final ToIntFunction<TestCase> dimension) {
        final List<ToIntFunction<TestCase>> all = List.of(TestCase::messageBytes, TestCase::connections,
                TestCase::idle, TestCase::loops);
        int different = 0;
        for (final ToIntFunction<TestCase> each : all) {
            different += each.applyAsInt(a) == each.applyAsInt(b) ? 0 : 1;
        }
        return different == 0 || different == 1 && dimension.applyAsInt(a) != dimension.applyAsInt(b);
    }

    private static Map<String, List<Point>> points(final List<NetperfResult> line,
            final ToIntFunction<TestCase> dimension, final ToDoubleFunction<NetperfResult> value) {
        final Map<String, List<Point>> points = new LinkedHashMap<>();
        for (final NetperfResult result : line) {
            points.computeIfAbsent(result.path(), path -> new ArrayList<>())
                    .add(new Point(dimension.applyAsInt(result.test()), value.applyAsDouble(result)));
        }
        points.values().forEach(list -> list.sort((a, b) -> Double.compare(a.x(), b.x())));
        return points;
    }

    private List<NetperfResult> like(final TestCase first) {
        return results.stream().filter(r -> r.test().equals(first)).toList();
    }

    private static List<Double> values(final List<NetperfResult> of, final ToDoubleFunction<NetperfResult> value) {
        return of.stream().map(value::applyAsDouble).toList();
    }

    private String latencies(final List<NetperfResult> first) {
        final Map<String, List<Point>> points = new LinkedHashMap<>();
        for (final NetperfResult result : first) {
            final Histogram histogram = result.latencies();
            final List<Point> line = new ArrayList<>();
            for (final double percentile : PERCENTILES) {
                final double oneIn = 100 / (100 - percentile);
                // Beyond what was seen there is only the maximum.
                if (oneIn <= histogram.getTotalCount()) {
                    line.add(new Point(oneIn, histogram.getValueAtPercentile(percentile) / 1e3));
                }
            }
            points.put(result.path(), line);
        }
        return Plot.lines(test + ": latency", "one transaction in … is slower (2: p50, 100: p99, 1,000: p99.9)",
                "µs", points, allPaths);
    }
}
