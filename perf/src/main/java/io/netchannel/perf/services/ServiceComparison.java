package io.netchannel.perf.services;

import java.io.IOException;
import java.io.PrintWriter;

/** One row of {@code ./netchannel services}. */
interface ServiceComparison {

    /** As the command line names it: a lower-case word or two, joined by a hyphen. */
    String name();

    /** What against what, in a few words. */
    String description();

    /** What it is held to, as text: {@code at least 20x}. */
    String target();

    /** Why this machine can't run it and what to do about it; null if it can. */
    String unavailability();

    /**
     * Measures both sides in turn, {@code rounds} times behind a warm-up that isn't counted.
     *
     * @param progress a line for each round
     */
    ComparisonResult run(int rounds, PrintWriter progress) throws IOException, InterruptedException;
}
