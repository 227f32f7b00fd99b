package io.netchannel.kernel.sched;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A task that measures how long tasks wait: there is one for a queue, and whoever finds it free sends it ahead of his own task.
 * That needs no object for each task, and no clock for most.
 *
 * <pre>
 *   free ─ claim(), stamp(), into the queue ─▶ under way ─ taken out of it ─▶ arrived ─ free(), some time later ─▶ free
 *          any thread                                       the loop
 * </pre>
 *
 * <p>Threading: as drawn.
 */
final class QueueProbe implements Runnable {

    /** Between samples: so that a busy queue isn't paid for by two places and a clock for each task. */
    static final long INTERVAL_NS = 50_000;

    private static final int FREE = 0;
    private static final int CLAIMED = 1;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(QueueProbe.class, "state", int.class);
        } catch (final ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private volatile int state = FREE;
    // Of the one who has claimed it, then of the loop: the queue hands it over.
    private long sentNs;

    /** @return whether it is the caller's, who must put it into the queue */
    boolean claim() {
        // Looked at first: a compareAndSet that fails takes the line away from others all the same. One that succeeds pairs with
        // free(): the loop has read the time before, and the claimer overwrites it.
        return (int) STATE.getOpaque(this) == FREE && STATE.compareAndSet(this, FREE, CLAIMED);
    }

    void stamp(final long nowNs) {
        sentNs = nowNs;
    }

    long sentNs() {
        return sentNs;
    }

    /** May be claimed again. */
    void free() {
        // Pairs with claim().
        STATE.setRelease(this, FREE);
    }

    @Override
    public void run() {
        throw new AssertionError("the queue takes it for a task");
    }
}
