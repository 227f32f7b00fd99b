package io.netchannel.cpu.cost;

import java.util.List;

/**
 * A cost that was put together from others.
 *
 * @param what is predicted, with its unit of work
 * @param cpu for which
 */
public record Prediction(String what, String cpu, List<Term> terms) {

    public Prediction {
        terms = List.copyOf(terms);
    }

    /**
     * One part of the sum.
     *
     * @param what in words
     * @param count how often it occurs on the critical path
     * @param ns each
     * @param kind of the figure
     */
    public record Term(String what, double count, double ns, CostKind kind) {

        static Term of(final String why, final double count, final Cost cost) {
            return new Term(cost.operation().title() + ": " + why, count, cost.ns(), cost.kind());
        }

        public double totalNs() {
            return count * ns;
        }
    }

    public double ns() {
        return terms.stream().mapToDouble(Term::totalNs).sum();
    }

    /** The part that rests on figures which nobody has measured on that CPU, 0..1. */
    public double uncalibratedShare() {
        final double total = ns();
        return total == 0
                ? 0
                : terms.stream().filter(term -> term.kind() == CostKind.UNCALIBRATED).mapToDouble(Term::totalNs).sum()
                        / total;
    }
}
