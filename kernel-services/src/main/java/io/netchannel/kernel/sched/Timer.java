package io.netchannel.kernel.sched;

/**
 * Something that is to happen at a time. The node of a {@link TimerWheel}: to arm one allocates nothing.
 *
 * <p>Threading: that of the wheel.
 */
public abstract class Timer {

    TimerWheel armedIn;
    Timer next;
    Timer previous;
    long tick;
    int slot;

    /** For subclasses. */
    protected Timer() {
    }

    /**
     * Called once the deadline has passed; the timer is no longer armed, and may be scheduled anew.
     *
     * @param nowNs the time that {@link TimerWheel#advance} was called with
     */
    protected abstract void expire(long nowNs);

    /**
     * When it will expire: the deadline asked for, rounded up to the wheel's resolution. {@code NO_DEADLINE} if
     * unarmed.
     */
    public final long deadlineNs() {
        return armedIn == null ? TimerWheel.NO_DEADLINE : armedIn.timeNs(tick);
    }

    public final boolean isArmed() {
        return armedIn != null;
    }
}
