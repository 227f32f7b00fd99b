package io.netchannel.perf.cpu;

import io.netchannel.cpu.cost.Prediction;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A prediction for this host, made and compared anew in each round: a round's own lines and path, with what was measured
 * between them. Rounds in which the CPUs moved, or others used them, are not compared.
 *
 * @param what is predicted
 * @param steady the comparisons, by ratio
 * @param movedRounds how many were left out, because the CPUs moved
 * @param disturbedRounds how many of the others were left out, because others used the CPUs
 */
record CheckedPrediction(String what, List<Comparison> steady, int movedRounds, int disturbedRounds) {

    /** How far a prediction may be off. */
    static final double TOLERANCE = 0.3;

    /** One round. */
    record Comparison(Prediction prediction, double measuredNs) {

        double ratio() {
            return prediction.ns() / measuredNs;
        }
    }

    /** @param rounds at least one */
    static CheckedPrediction of(final List<Round> rounds, final Function<Round, Prediction> model) {
        final List<Comparison> steady = rounds.stream().filter(round -> !round.hasMoved() && !round.disturbed())
                .map(round -> new Comparison(model.apply(round), round.measuredNs()))
                .sorted(Comparator.comparingDouble(Comparison::ratio)).toList();
        final int moved = (int) rounds.stream().filter(Round::hasMoved).count();
        return new CheckedPrediction(model.apply(rounds.getFirst()).what(), steady, moved,
                rounds.size() - steady.size() - moved);
    }

    /** The round that counts; none if all were left out. */
    Optional<Comparison> median() {
        return steady.isEmpty() ? Optional.empty() : Optional.of(steady.get(steady.size() / 2));
    }

    boolean isWithinTolerance() {
        return median().filter(comparison -> Math.abs(comparison.ratio() - 1) <= TOLERANCE).isPresent();
    }

    int rounds() {
        return steady.size() + movedRounds + disturbedRounds;
    }
}
