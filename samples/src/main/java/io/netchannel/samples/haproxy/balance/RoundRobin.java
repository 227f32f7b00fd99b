package io.netchannel.samples.haproxy.balance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code roundrobin}: by turns, in the proportion of weights that may change at any time. */
final class RoundRobin<S extends Candidate> {

    private final Map<S, int[]> scores = new HashMap<>();

    /** Saturated servers lose their turn; {@code avoid} is only taken if there is no other. */
    S choose(final List<S> inUse, final S avoid) {
        S best = null;
        int[] bestScore = null;
        int total = 0;
        for (int i = 0; i < inUse.size(); i++) {
            final S server = inUse.get(i);
            if (server == avoid || server.isSaturated()) {
                continue;
            }
            final int weight = Weights.effective(server);
            final int[] score = scores.computeIfAbsent(server, _ -> new int[1]);
            score[0] += weight;
            total += weight;
            if (best == null || score[0] > bestScore[0]) {
                best = server;
                bestScore = score;
            }
        }
        if (best == null) {
            return Weights.lastResort(inUse, avoid);
        }
        bestScore[0] -= total;
        return best;
    }

    void forget() {
        scores.clear();
    }
}
