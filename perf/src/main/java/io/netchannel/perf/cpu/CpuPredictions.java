package io.netchannel.perf.cpu;

import io.netchannel.cpu.cost.CostKind;
import io.netchannel.cpu.cost.CostModel;
import io.netchannel.cpu.cost.CostTables;
import io.netchannel.cpu.cost.CpuCosts;
import io.netchannel.cpu.cost.Prediction;
import io.netchannel.node.NodeMode;
import java.util.ArrayList;
import java.util.List;

/**
 * The model's predictions for this host, beside what was measured, and for the other CPUs.
 *
 * @param host each with its measurement
 * @param others without: nothing was measured there
 */
record CpuPredictions(List<Checked> host, List<Prediction> others) {

    /** How far a prediction may be off. */
    static final double TOLERANCE = 0.3;

    /**
     * A prediction, and the same measured in the same rounds.
     *
     * @param measured between threads
     */
    record Checked(Prediction prediction, Sample measured) {

        double ratio() {
            return prediction.ns() / measured.medianNs();
        }

        boolean isWithinTolerance() {
            return Math.abs(ratio() - 1) <= TOLERANCE;
        }
    }

    static CpuPredictions of(final CpuResult result, final CpuCosts hostCosts, final CostTables tables) {
        final int cpus = result.allowedCpus().cardinality();
        final CpuCosts stand = tables.all().getFirst();
        final List<Checked> host = new ArrayList<>();
        final List<Prediction> others = new ArrayList<>();
        result.rings().forEach((burst, pair) -> host.add(new Checked(
                predict(hostCosts.completedBy(stand), burst, pair, CostKind.MEASURED_HERE),
                pair.measured().sample())));
        result.transactions().forEach((mode, pair) -> host.add(new Checked(
                predict(hostCosts.completedBy(stand), mode, pair, CostKind.MEASURED_HERE, cpus),
                pair.measured().sample())));
        for (final CpuCosts table : tables.all().subList(1, tables.all().size())) {
            final CpuCosts costs = table.completedBy(stand);
            result.rings().forEach((burst, pair) -> others.add(predict(costs, burst, pair, CostKind.UNCALIBRATED)));
            result.transactions()
                    .forEach((mode, pair) -> others.add(predict(costs, mode, pair, CostKind.UNCALIBRATED, cpus)));
        }
        return new CpuPredictions(host, others);
    }

    private static Prediction predict(final CpuCosts costs, final int burst, final CpuResult.Pair pair,
            final CostKind path) {
        return new CostModel(costs).ringHandOver(burst, pair.path().sample().medianNs(), path);
    }

    private static Prediction predict(final CpuCosts costs, final NodeMode mode, final CpuResult.Pair pair,
            final CostKind path, final int cpus) {
        final CostModel model = new CostModel(costs);
        final double pathNs = pair.path().sample().medianNs();
        return mode == NodeMode.INLINE
                ? model.tcpRequestResponseInline(pathNs, path, cpus)
                : model.tcpRequestResponseChannel(pathNs, path, cpus);
    }
}
