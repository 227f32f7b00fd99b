package io.netchannel.node;

import java.util.Map;

/**
 * A program on a node. It is started once on each loop, on that loop's thread, and keeps one state for each: loops share
 * nothing. A listener that it opens on each loop receives the flows whose hash belongs to that loop.
 */
public interface Application {

    /** Name for messages and counters. */
    String name();

    /**
     * Opens listeners and flows on this loop. What it throws comes out of {@link DataplaneNode#start}; the node must then be
     * closed, which calls {@link #stop} here too.
     */
    void start(LoopContext loop);

    /** What it counts, by names like {@code Group.Name}, for the node's counters. Any thread. */
    default Map<String, Long> counters() {
        return Map.of();
    }

    /** Stops what {@link #start} began; the node then aborts the flows that are left. */
    default void stop(final LoopContext loop) {
        // An application without state has nothing to stop.
    }
}
