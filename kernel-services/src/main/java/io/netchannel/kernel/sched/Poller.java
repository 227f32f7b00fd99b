package io.netchannel.kernel.sched;

/**
 * A source of work that a {@link RunLoop} polls. All methods are called on the loop's thread.
 *
 * <p>Before a loop parks it arms its wake word (with a full fence) and then calls {@link #arm()} on each poller. A
 * poller that sees work then answers false, and the loop does not park. So work that is published after {@code arm()}
 * looked finds the wake word armed: no wake-up can be lost.
 */
public interface Poller {

    /** No deadline. */
    long NO_DEADLINE = Long.MAX_VALUE;

    /**
     * Does a bounded amount of work.
     *
     * @param nowNs the loop's clock, read once for this turn
     * @return units of work done; 0 lets the loop go idle
     */
    int poll(long nowNs);

    /** Asks peers to signal from now on; @return false if there is work already. */
    default boolean arm() {
        return true;
    }

    /** The loop runs again and polls; peers need not signal. */
    default void disarm() {
    }

    /** When {@link #poll} must run even if nothing happens; {@link #NO_DEADLINE} for never. */
    default long nextDeadlineNs() {
        return NO_DEADLINE;
    }

    /**
     * A file descriptor that wakes the parked loop when readable, or -1. Asked for before each park: a poller that
     * can't take what is there to read answers -1, or the loop would not sleep.
     */
    default int wakeFd() {
        return -1;
    }
}
