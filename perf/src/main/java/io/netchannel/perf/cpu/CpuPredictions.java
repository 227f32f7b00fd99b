package io.netchannel.perf.cpu;

import io.netchannel.cpu.cost.CostKind;
import io.netchannel.cpu.cost.CostModel;
import io.netchannel.cpu.cost.CostTables;
import io.netchannel.cpu.cost.IdleTurns;
import io.netchannel.cpu.cost.CpuCosts;
import io.netchannel.cpu.cost.Prediction;
import io.netchannel.kernel.sched.IdleStrategy;
import io.netchannel.node.NodeMode;
import java.util.ArrayList;
import java.util.List;

/**
 * The model's predictions for this host, beside what was measured, and for the other CPUs.
 *
 * @param host each with its measurements
 * @param others without: nothing was measured there
 */
record CpuPredictions(List<CheckedPrediction> host, List<Prediction> others) {

    static CpuPredictions of(final CpuResult result, final CpuCosts hostCosts, final CostTables tables) {
        final int cpus = result.allowedCpus().cardinality();
        final CpuCosts stand = tables.all().getFirst();
        final List<CheckedPrediction> host = new ArrayList<>();
        final List<Prediction> others = new ArrayList<>();
        result.rings().forEach((burst, rounds) -> host.add(CheckedPrediction.of(rounds,
                round -> ring(in(round, hostCosts, stand), burst, round.pathNs(), CostKind.MEASURED_HERE))));
        result.transactions().forEach((mode, rounds) -> host.add(CheckedPrediction.of(rounds,
                round -> transaction(in(round, hostCosts, stand), mode, round.pathNs(), idle(round.idleTurnNs()),
                        CostKind.MEASURED_HERE, cpus))));
        for (final CpuCosts table : tables.all().subList(1, tables.all().size())) {
            final CpuCosts costs = table.completedBy(stand);
            result.rings().forEach(
                    (burst, rounds) -> others.add(ring(costs, burst, pathNs(rounds), CostKind.UNCALIBRATED)));
            result.transactions().forEach((mode, rounds) -> others
                    .add(transaction(costs, mode, pathNs(rounds), idleTurns(rounds), CostKind.UNCALIBRATED, cpus)));
        }
        return new CpuPredictions(host, others);
    }

    /** This host's costs while the round lasted. */
    private static CpuCosts in(final Round round, final CpuCosts hostCosts, final CpuCosts stand) {
        return hostCosts.with(round.lines().costs("this round")).completedBy(stand);
    }

    private static double pathNs(final List<Round> rounds) {
        return Sample.of(rounds.stream().mapToDouble(Round::pathNs).toArray()).medianNs();
    }

    private static IdleTurns idleTurns(final List<Round> rounds) {
        return idle(Sample.of(rounds.stream().mapToDouble(Round::idleTurnNs).toArray()).medianNs());
    }

    private static IdleTurns idle(final double turnNs) {
        return new IdleTurns(turnNs, IdleStrategy.ADAPTIVE.maxSpinTurns(),
                IdleStrategy.SHARED_SPIN_TURNS);
    }

    private static Prediction ring(final CpuCosts costs, final int burst, final double pathNs, final CostKind path) {
        return new CostModel(costs).ringHandOver(burst, RingHandOver.CAPACITY, pathNs, path);
    }

    private static Prediction transaction(final CpuCosts costs, final NodeMode mode, final double pathNs,
            final IdleTurns idle, final CostKind path, final int cpus) {
        final CostModel model = new CostModel(costs);
        return mode == NodeMode.INLINE
                ? model.tcpRequestResponseInline(pathNs, path, idle, cpus)
                : model.tcpRequestResponseChannel(pathNs, path, idle, cpus);
    }
}
