package io.netchannel.perf.cpu;

/**
 * A hand-over between threads, and all that its prediction needs, measured within a moment.
 *
 * @param before the lines before it
 * @param pathNs the same work on one thread
 * @param idleTurnNs of a loop that finds no work; 0 where there is no loop
 * @param measuredNs between threads
 * @param after the lines after it
 * @param disturbed whether others used the CPUs meanwhile, and it is longer than their time slices
 */
record Round(LineFigures before, double pathNs, double idleTurnNs, double measuredNs, LineFigures after,
        boolean disturbed) {

    /** Then nobody knows what a line cost in between. */
    boolean hasMoved() {
        return before.hasMovedUntil(after);
    }

    LineFigures lines() {
        return before.until(after);
    }
}
