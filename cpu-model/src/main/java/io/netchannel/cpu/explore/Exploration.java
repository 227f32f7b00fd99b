package io.netchannel.cpu.explore;

import java.util.List;
import java.util.Set;

/**
 * What an exploration came to.
 *
 * @param states the final states, each the results in the order of their names: {@code "r0=1 r1=0"}
 * @param executions ends of the program that were met, up to the order of accesses that commute
 * @param memories sequences of stores that were tried
 * @param boundsReached what lies beyond the bounds and was met; empty if the exploration is complete within them
 * @param violation what is wrong, or null; the exploration stopped there
 */
public record Exploration(String program, MemoryModel model, Bounds bounds, Set<String> states, long executions,
        long memories, long timeNs, List<String> boundsReached, Violation violation) {

    /**
     * @throws AssertionError with the trace if a violation was found, or with the bound if one was reached that leaves
     *             part unexplored
     */
    public Exploration assertHolds() {
        if (violation != null) {
            throw new AssertionError(violation.toString(), violation.cause());
        }
        if (!boundsReached.isEmpty()) {
            throw new AssertionError(this + " is incomplete: " + boundsReached);
        }
        return this;
    }

    /**
     * @param what part of the violation's first line
     * @throws AssertionError if no such violation was found
     */
    public Violation finds(final String what) {
        if (violation == null || !violation.what().contains(what)) {
            throw new AssertionError(
                    this + " doesn't find \"" + what + "\" but " + (violation == null ? "nothing" : violation));
        }
        return violation;
    }

    @Override
    public String toString() {
        return program + " on " + model + ": " + states.size() + " states, " + executions + " executions, " + memories
                + " memories, " + timeNs / 1_000_000 + " ms, " + bounds
                + (boundsReached.isEmpty() ? "" : ", bounds reached: " + boundsReached)
                + (violation == null ? "" : ", violation: " + violation.what());
    }
}
