package io.netchannel.perf.services;

import java.util.Arrays;
import java.util.List;

/**
 * What came out.
 *
 * @param ratio of the medians of what the target is about
 * @param reached whether that is the target or better
 */
record ComparisonResult(List<Figure> figures, double ratio, boolean reached) {

    /** One side: the rounds' values in their order. */
    record Figure(String what, String unit, double... values) {

        double median() {
            final double[] sorted = values.clone();
            Arrays.sort(sorted);
            final int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }

        double lowest() {
            return Arrays.stream(values).min().orElseThrow();
        }

        double highest() {
            return Arrays.stream(values).max().orElseThrow();
        }
    }
}
