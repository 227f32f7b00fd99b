package io.netchannel.node;

/**
 * A program on a node. It is started once on each loop, on that loop's thread, and keeps one state for each: loops share
 * nothing. A listener that it opens on each loop receives the flows whose hash belongs to that loop.
 */
public interface Application {

    /** Name for messages and counters. */
    String name();

    /**
     * Opens listeners and flows on this loop. An exception ends the start of the node, which then closes.
     */
    void start(LoopContext loop);

    /** Stops what {@link #start} began; the node then aborts the flows that are left. */
    default void stop(final LoopContext loop) {
        // An application without state has nothing to stop.
    }
}
