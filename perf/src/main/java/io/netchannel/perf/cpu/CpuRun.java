package io.netchannel.perf.cpu;

import io.netchannel.cpu.cost.CpuCaches;
import io.netchannel.cpu.cost.Operation;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.node.NodeMode;
import io.netchannel.perf.netperf.HostPath;
import io.netchannel.perf.netperf.Measurement;
import io.netchannel.perf.netperf.NetperfTest;
import io.netchannel.perf.netperf.TestCase;
import io.netchannel.perf.netperf.host.PathName;
import io.netchannel.perf.netperf.host.PathSettings;
import io.netchannel.tcpip.tcp.TcpConfig;
import java.lang.foreign.Arena;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Measures this host: the costs of operations, then what the model predicts from them: in rounds, each with the lines before
 * and after it and the path on one thread. A virtual machine's CPUs move: between two threads of one core, two cores of one
 * cluster and two clusters, a line takes 5, 30 or 120 ns.
 *
 * @param quick fewer and shorter rounds
 * @param progress is told what is about to be measured
 */
record CpuRun(boolean quick, Consumer<String> progress) {

    static final List<Integer> BURSTS = List.of(1, 8, 32);

    private static final TestCase ONE_BYTE = new TestCase(NetperfTest.TCP_RR, 1, 1, 1, 0, 0, 1, 0, 1, false);
    private static final PathSettings SETTINGS = new PathSettings(1, 1, 0, TcpConfig.defaults(), false);

    CpuResult execute(final CpuCaches caches) {
        final BitSet allowed = Linux.affinity();
        final int first = allowed.nextSetBit(0);
        final int second = allowed.nextSetBit(first + 1);
        final boolean confined = Duet.canConfine(first);
        final CpuResult result = new CpuResult(allowed, confined);
        final int firstCpu = confined ? first : Duet.ANY_CPU;
        final int secondCpu = confined && second >= 0 ? second : firstCpu;
        try (Arena arena = Arena.ofShared()) {
            Duet.on(firstCpu, () -> {
                oneThread(arena, caches, result.sheet());
                return null;
            });
            kernel(arena, firstCpu, secondCpu, second >= 0, confined, result.sheet());
            if (second >= 0) {
                between(arena, firstCpu, secondCpu, result);
            } else {
                Operation.Group.TRANSFER.operations()
                        .forEach(operation -> result.sheet().leaveOut(operation, "one CPU only"));
            }
        }
        return result;
    }

    private Stopwatch stopwatch() {
        return quick ? Stopwatch.QUICK : Stopwatch.NORMAL;
    }

    private void oneThread(final Arena arena, final CpuCaches caches, final CostSheet sheet) {
        progress.accept("instructions");
        new InstructionCosts(arena).measure(stopwatch(), sheet);
        progress.accept("caches and memory");
        try (MemoryCosts memory = new MemoryCosts(caches, quick)) {
            memory.measure(stopwatch(), sheet);
        }
        progress.accept("system calls");
        new KernelCosts(arena).measureCalls(stopwatch(), sheet);
    }

    private void kernel(final Arena arena, final int first, final int second, final boolean two, final boolean confined,
            final CostSheet sheet) {
        progress.accept("switches and wake-ups");
        final int rounds = quick ? 3 : 9;
        final Duet same = new Duet(first, first, rounds, 0);
        final Duet across = new Duet(first, second, rounds, 0);
        final KernelCosts costs = new KernelCosts(arena);
        final String why = "threads can't be confined to a CPU here";
        if (confined || !two) {
            costs.measureSwitch(same, sheet);
            costs.measureWake(Operation.WAKE_SAME_CPU, same, sheet);
            costs.measurePark(Operation.PARK_SAME_CPU, same, sheet);
        } else {
            List.of(Operation.SWITCH, Operation.WAKE_SAME_CPU, Operation.PARK_SAME_CPU)
                    .forEach(operation -> sheet.leaveOut(operation, why));
        }
        if (two && confined) {
            costs.measureWake(Operation.WAKE_OTHER_CPU, across, sheet);
            costs.measurePark(Operation.PARK_OTHER_CPU, across, sheet);
        } else {
            List.of(Operation.WAKE_OTHER_CPU, Operation.PARK_OTHER_CPU)
                    .forEach(operation -> sheet.leaveOut(operation, two ? why : "one CPU only"));
        }
    }

    private void between(final Arena arena, final int first, final int second, final CpuResult result) {
        final LineCosts lines = new LineCosts(arena);
        final Map<Integer, RingHandOver> rings = new LinkedHashMap<>();
        BURSTS.forEach(burst -> rings.put(burst, new RingHandOver(arena, burst)));
        final Pairing pair = new Pairing(first, second, arena.allocate(256, 128).address());
        progress.accept("warm-up of rings and nodes");
        final Duet warmUp = new Duet(first, second, 3, 500_000_000);
        lines.round(warmUp);
        lines.clear();
        // The longest first: HotSpot compiles loops for the lengths that it has seen.
        List.copyOf(rings.values()).reversed().forEach(ring -> ring.round(warmUp));
        rounds(lines, NodeMode.INLINE, pair, rings, result);
        // By itself: its four threads would find the CPUs taken by loops that are between two rounds.
        rounds(lines, NodeMode.CHANNEL, pair, Map.of(), result);
        lines.report(result.sheet());
    }

    private void rounds(final LineCosts lines, final NodeMode mode, final Pairing pair,
            final Map<Integer, RingHandOver> rings, final CpuResult result) {
        final Stopwatch path = new Stopwatch(5, 1_000_000, 10_000_000);
        final Stopwatch warmUp = new Stopwatch(1, 1_000_000, quick ? 1_000_000_000L : 2_500_000_000L);
        // Shorter, and four loops that begin on two CPUs have not found their rhythm.
        final long transactNs = quick ? 150_000_000L : 400_000_000L;
        final int rounds = quick ? 5 : 11;
        try (SimulatedPath simulated = SimulatedPath.open(mode);
                HostPath nodes = HostPath.open(path(mode), SETTINGS)) {
            warmUp.measure(simulated::transact);
            nodes.run(ONE_BYTE, warmUp.warmUpNs());
            for (int i = 1; i <= rounds; i++) {
                progress.accept(mode.name().toLowerCase(Locale.ROOT) + ", round " + i + " of " + rounds);
                LineFigures before = lines.round(pair.walks());
                for (final Map.Entry<Integer, RingHandOver> ring : rings.entrySet()) {
                    final RingHandOver.Timing timing = ring.getValue().round(pair.handOvers());
                    final LineFigures after = lines.round(pair.walks());
                    result.ring(ring.getKey(),
                            new Round(before, timing.pathNs(), 0, timing.handOverNs(), after, false));
                    before = after;
                }
                final double pathNs = pair.path(() -> path.measure(simulated::transact));
                final double idleTurnNs = pair.path(() -> simulated.idleTurn(path));
                final OtherLoad load = OtherLoad.now(pair.first(), pair.second());
                final Measurement measured = nodes.run(ONE_BYTE, transactNs);
                final boolean disturbed = load.hasDisturbedUntil(OtherLoad.now(pair.first(), pair.second()));
                result.transaction(mode, new Round(before, pathNs, idleTurnNs,
                        (double) measured.elapsedNs() / measured.operations(), lines.round(pair.walks()), disturbed));
            }
        }
    }

    private static PathName path(final NodeMode mode) {
        return mode == NodeMode.INLINE ? PathName.INLINE : PathName.CHANNEL;
    }

    /** Two CPUs, and what is needed to measure a path on one of them while the other is busy. */
    private record Pairing(int first, int second, long word) {

        Duet walks() {
            return new Duet(first, second, 3, 0);
        }

        Duet handOvers() {
            return new Duet(first, second, 25, 0);
        }

        /** On each CPU in its turn: half of a transaction is made on each. */
        double path(final Supplier<Sample> measurement) {
            return (path(first, second, measurement) + path(second, first, measurement)) / 2;
        }

        private double path(final int cpu, final int other, final Supplier<Sample> measurement) {
            try (Companion _ = new Companion(other, word)) {
                return Duet.on(cpu, measurement).medianNs();
            }
        }
    }
}
