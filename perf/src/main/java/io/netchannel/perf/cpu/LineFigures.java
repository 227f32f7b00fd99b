package io.netchannel.perf.cpu;

import io.netchannel.cpu.cost.Cost;
import io.netchannel.cpu.cost.CostKind;
import io.netchannel.cpu.cost.Operation;
import java.util.List;

/**
 * What lines cost between the two CPUs at one moment.
 *
 * @param transferNs {@link Operation#LINE_TRANSFER}
 * @param claimNs {@link Operation#LINE_CLAIM}
 * @param inRowNs {@link Operation#LINE_IN_ROW}
 */
record LineFigures(double transferNs, double claimNs, double inRowNs) {

    /** More is another neighbour, less is noise: two threads of a core, a cluster, two clusters are four to six times apart. */
    private static final double MOVED = 1.5;

    /** Whether the CPUs have other places than they had. In a row lines are too fast for a shared machine to tell. */
    boolean hasMovedUntil(final LineFigures later) {
        return differ(transferNs, later.transferNs) || differ(claimNs, later.claimNs);
    }

    private static boolean differ(final double oneNs, final double otherNs) {
        return Math.max(oneNs, otherNs) > MOVED * Math.min(oneNs, otherNs);
    }

    /** Between this moment and a later one. */
    LineFigures until(final LineFigures later) {
        return new LineFigures((transferNs + later.transferNs) / 2, (claimNs + later.claimNs) / 2,
                (inRowNs + later.inRowNs) / 2);
    }

    List<Cost> costs(final String source) {
        return List.of(new Cost(Operation.LINE_TRANSFER, transferNs, CostKind.MEASURED_HERE, source),
                new Cost(Operation.LINE_CLAIM, claimNs, CostKind.MEASURED_HERE, source),
                new Cost(Operation.LINE_IN_ROW, inRowNs, CostKind.MEASURED_HERE, source));
    }
}
