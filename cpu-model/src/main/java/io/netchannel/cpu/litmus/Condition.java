package io.netchannel.cpu.litmus;

import java.util.List;

/** What a test asks of its final states. */
public record Condition(Quantifier quantifier, Formula formula, String text) {

    /** exists, ~exists, forall. */
    public enum Quantifier {
        EXISTS("Allowed", "exists"), NOT_EXISTS("Forbidden", "~exists"), FORALL("Required", "forall");

        private final String verdict;
        private final String keyword;

        Quantifier(final String verdict, final String keyword) {
            this.verdict = verdict;
            this.keyword = keyword;
        }

        /** herd's word for the question: "Test NAME Allowed". */
        public String verdict() {
            return verdict;
        }

        public String keyword() {
            return keyword;
        }
    }

    /** A formula over the places of a final state. */
    public sealed interface Formula {

        boolean holds(long[] state);

        /** The same formula when place i of the states is place newIndex[i]. */
        Formula moved(int[] newIndex);

        record Constant(boolean value) implements Formula {

            @Override
            public boolean holds(final long[] state) {
                return value;
            }

            @Override
            public Formula moved(final int[] newIndex) {
                return this;
            }
        }

        /** @param place index into the observed places of the test */
        record Equals(int place, long value, long mask) implements Formula {

            @Override
            public boolean holds(final long[] state) {
                return ((state[place] ^ value) & mask) == 0;
            }

            @Override
            public Formula moved(final int[] newIndex) {
                return new Equals(newIndex[place], value, mask);
            }
        }

        /** Two places hold the same. */
        record Same(int place, int other) implements Formula {

            @Override
            public boolean holds(final long[] state) {
                return state[place] == state[other];
            }

            @Override
            public Formula moved(final int[] newIndex) {
                return new Same(newIndex[place], newIndex[other]);
            }
        }

        record And(List<Formula> all) implements Formula {

            @Override
            public boolean holds(final long[] state) {
                return all.stream().allMatch(formula -> formula.holds(state));
            }

            @Override
            public Formula moved(final int[] newIndex) {
                return new And(all.stream().map(formula -> formula.moved(newIndex)).toList());
            }
        }

        record Or(List<Formula> any) implements Formula {

            @Override
            public boolean holds(final long[] state) {
                return any.stream().anyMatch(formula -> formula.holds(state));
            }

            @Override
            public Formula moved(final int[] newIndex) {
                return new Or(any.stream().map(formula -> formula.moved(newIndex)).toList());
            }
        }

        record Not(Formula negated) implements Formula {

            @Override
            public boolean holds(final long[] state) {
                return !negated.holds(state);
            }

            @Override
            public Formula moved(final int[] newIndex) {
                return new Not(negated.moved(newIndex));
            }
        }
    }
}
