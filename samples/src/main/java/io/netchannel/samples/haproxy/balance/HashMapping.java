package io.netchannel.samples.haproxy.balance;

import java.util.ArrayList;
import java.util.List;

/** {@code hash-type map-based} and {@code static-rr}: a table in which each server stands as often as its weight says. */
final class HashMapping<S extends Candidate> {

    private List<S> table = List.of();
    private int next;

    /** Spreads the servers so that those of large weights aren't in a row; the first is always the first declared. */
    void rebuild(final List<S> all, final List<S> inUse) {
        final int divisor = Weights.greatestCommonDivisor(all);
        final int[] weights = new int[inUse.size()];
        int total = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (inUse.get(i).weight() + divisor - 1) / divisor;
            total += weights[i];
        }
        final List<S> places = new ArrayList<>(total);
        final int[] scores = new int[weights.length];
        for (int place = 0; place < total; place++) {
            int best = -1;
            int bestScore = 0;
            for (int i = 0; i < weights.length; i++) {
                scores[i] += weights[i];
                // In whole turns, rounded towards zero as C divides.
                final int turns = (scores[i] + total) / total;
                if (best < 0 || turns > bestScore) {
                    bestScore = turns;
                    best = i;
                }
            }
            places.add(inUse.get(best));
            scores[best] -= total;
        }
        table = places;
    }

    S choose(final int hash) {
        return table.isEmpty() ? null : table.get(Integer.remainderUnsigned(hash, table.size()));
    }

    /** The next in turn that isn't saturated; {@code avoid} only if there is no other. */
    S chooseNext(final S avoid) {
        S avoided = null;
        for (int i = 0; i < table.size(); i++) {
            if (next >= table.size()) {
                next = 0;
            }
            final S server = table.get(next++);
            if (!server.isSaturated()) {
                if (server != avoid) {
                    return server;
                }
                avoided = server;
            }
        }
        return avoided;
    }
}
