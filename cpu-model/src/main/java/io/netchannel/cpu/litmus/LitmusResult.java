package io.netchannel.cpu.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a test's executions end in.
 *
 * @param states      as herd prints them, sorted: {@code 0:X0=0; 1:X0=1;}
 * @param positive    executions that fulfil the formula of the condition
 * @param negative    executions that don't
 * @param hasCutLoop  executions were left out whose loops go on longer
 */
public record LitmusResult(String name, Condition condition, List<String> states, long positive, long negative,
        boolean hasCutLoop) {

    /** In how many executions the formula of the condition holds. */
    public enum Observation {
        NEVER, SOMETIMES, ALWAYS;

        @Override
        public String toString() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }
    }

    public Observation observation() {
        if (positive == 0) {
            return Observation.NEVER;
        }
        return negative == 0 ? Observation.ALWAYS : Observation.SOMETIMES;
    }

    /** Whether the condition is fulfilled: herd's Ok and No. */
    public boolean isOk() {
        return switch (condition.quantifier()) {
            case EXISTS -> positive > 0;
            case NOT_EXISTS -> positive == 0;
            case FORALL -> negative == 0;
        };
    }

    /** herd's summary. @param timeNs that the run took */
    public List<String> summary(final long timeNs) {
        final List<String> lines = new ArrayList<>();
        lines.add("Test " + name + " " + condition.quantifier().verdict());
        lines.add("States " + states.size());
        lines.addAll(states);
        lines.add((hasCutLoop ? "Loop " : "") + (isOk() ? "Ok" : "No"));
        lines.add("Witnesses");
        final boolean isNegated = condition.quantifier() == Condition.Quantifier.NOT_EXISTS;
        lines.add("Positive: " + (isNegated ? negative : positive) + " Negative: " + (isNegated ? positive : negative));
        lines.add("Condition " + condition.text());
        lines.add("Observation " + name + " " + observation() + " " + positive + " " + negative);
        lines.add(String.format(Locale.ROOT, "Time %s %.2f", name, timeNs / 1e9));
        return lines;
    }
}
