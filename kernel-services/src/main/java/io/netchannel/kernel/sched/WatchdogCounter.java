package io.netchannel.kernel.sched;

/** What a {@link LoopWatchdog} counts. */
public enum WatchdogCounter {
    /** Looks at all loops. */
    LOOKS,
    /** Times that a loop was in one call-back, task or turn for longer than the limit. */
    BLOCKED,
    /** The longest of them so far, as it was seen. */
    LONGEST_BLOCKED_NS,
    /** Times that a stack was taken over. */
    TAKE_OVERS,
    /** Time for which stacks were run by the helper. */
    STAND_IN_NS,
    /** Units of work that it has done for them. */
    STAND_IN_WORK,
    /** Exceptions thrown by what stands in, or by the loop's pollers that it polls. */
    STAND_IN_ERRORS
}
