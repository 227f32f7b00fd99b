package io.netchannel.perf.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * Rounds of a measurement that takes turns with others.
 *
 * <p>Threading: one thread.
 */
final class Series {

    private final List<Double> ns = new ArrayList<>();

    void add(final double roundNs) {
        ns.add(roundNs);
    }

    void clear() {
        ns.clear();
    }

    Sample sample() {
        return Sample.of(ns.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
