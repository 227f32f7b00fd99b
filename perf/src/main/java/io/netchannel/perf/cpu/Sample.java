package io.netchannel.perf.cpu;

import java.util.Arrays;

/**
 * What rounds of one measurement came to, per unit of work.
 *
 * @param medianNs of the rounds
 * @param lowestNs of the rounds
 * @param highestNs of the rounds
 * @param rounds how many
 */
record Sample(double medianNs, double lowestNs, double highestNs, int rounds) {

    /** @param ns one value for each round, at least one; sorted here */
    static Sample of(final double[] ns) {
        Arrays.sort(ns);
        final int middle = ns.length / 2;
        final double median = ns.length % 2 == 1 ? ns[middle] : (ns[middle - 1] + ns[middle]) / 2;
        return new Sample(median, ns[0], ns[ns.length - 1], ns.length);
    }

    /** Each of {@code units} parts of this, behind {@code baseNs} that belong to something else; never below 0. */
    Sample partOf(final double baseNs, final double units) {
        return new Sample(part(medianNs, baseNs, units), part(lowestNs, baseNs, units),
                part(highestNs, baseNs, units), rounds);
    }

    private static double part(final double ns, final double baseNs, final double units) {
        return Math.max(0, (ns - baseNs) / units);
    }
}
