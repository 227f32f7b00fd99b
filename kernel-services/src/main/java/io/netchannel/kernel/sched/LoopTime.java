package io.netchannel.kernel.sched;

/** What a {@link RunLoop} measures the lengths of, see {@link LoopTimes}. */
public enum LoopTime {
    /**
     * From {@link RunLoop#execute} until the loop gets to the task. A sample: no more than one task is under way with the time on it,
     * and one in {@value QueueProbe#INTERVAL_NS} ns; none in turns of virtual time ({@link RunLoop#runOnce(long)}).
     */
    RUN_QUEUE_DELAY,
    /** From the signal that ends a sleep until the loop's first turn. Each one that a bell has ended. */
    WAKE_UP,
    /** From the start of a turn with work to that of the next. Each one: what anybody waits for who comes in the middle of it. */
    BUSY_TURN,
    /** Asleep. Each park. */
    PARK
}
