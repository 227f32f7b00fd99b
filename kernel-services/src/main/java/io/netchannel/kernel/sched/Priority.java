package io.netchannel.kernel.sched;

/**
 * Who goes first in a loop's turn, and what bounds the wait of the others.
 *
 * <pre>
 *   DATAPLANE    all of it, in each turn              waits for a slice of applications, a unit of background work, and whatever
 *                                                     one task or poller takes beyond that
 *   APPLICATION  a slice of each turn, at least       waits for one pass of the dataplane, and for those before it
 *                one task and one poller's work
 *   BACKGROUND   one unit in each turn in which the   waits no longer than its bound for each unit before it, however busy the
 *                others found nothing, or when due    others are
 * </pre>
 * Nothing is interrupted: whoever goes on for long keeps all others waiting, and {@link RunLoopBuilder#taskBudgetNs} tells who
 * that was.
 */
public enum Priority {
    /** Devices, links, protocols: what peers wait for. */
    DATAPLANE,
    /** What the dataplane is there for. The default. */
    APPLICATION,
    /** Housekeeping: what may wait as long as others have work, within {@link RunLoopBuilder#backgroundWaitNs}. */
    BACKGROUND
}
