package io.netchannel.kernel.sched;

/** What a {@link RunLoop} counts. */
public enum LoopCounter {
    /** Turns: all of the dataplane's pollers were polled, and of the others as many as {@link Priority} says. */
    TURNS,
    /** Turns in which there was work. */
    WORK_TURNS,
    /** Units of work, tasks included. */
    WORK,
    /** Tasks that ran, shared ones too. */
    TASKS,
    /** Turns that ended in {@code sched_yield}. */
    YIELDS,
    /** Times that the loop went to sleep; while it sleeps, one more than the sum of its wakes. */
    PARKS,
    /** Times that it was about to, but found work, or a deadline that had passed. */
    PARKS_REFUSED,
    /** Parks that ended because somebody rang the bell. */
    WAKES_BY_BELL,
    /** Parks that ended because a poller's descriptor became ready. */
    WAKES_BY_DESCRIPTOR,
    /** Parks that ended at a deadline. */
    WAKES_BY_DEADLINE,
    /** Parks that ended because the JVM was sent a signal, or the call failed. */
    WAKES_BY_SIGNAL,
    /** Parks after which the first turn found no work. */
    SPURIOUS_WAKES,
    /** Times that a poller's descriptor was in error. */
    DESCRIPTOR_ERRORS,
    /** Exceptions thrown by pollers. */
    POLLER_ERRORS,
    /** Exceptions thrown by tasks, shared ones too, by on-close tasks, and what was {@link RunLoop#report}ed, such as by fibers. */
    TASK_ERRORS,
    /** Time from the start of a turn with work to that of the next. */
    BUSY_NS,
    /** The same, of turns without work. */
    IDLE_NS,
    /** Time spent asleep; not part of the others. */
    PARKED_NS,
    /** Turns whose slice for applications has ended before their work; the next goes on with it. */
    APPLICATION_CUTS,
    /** Units of background work. */
    BACKGROUND_WORK,
    /** Of these, those that were due although others had work. */
    BACKGROUND_DUE,
    /** Tasks that took longer than their budget. */
    TASK_OVERRUNS,
    /** The same, of calls of pollers. */
    POLL_OVERRUNS,
    /** By how much, all together. */
    OVERRUN_NS
}
