package io.netchannel.node.fiber;

import io.netchannel.kernel.sched.Timer;
import java.util.concurrent.locks.LockSupport;

/**
 * Something that a caller waits for, begun and ended on the loop. One at a time: its socket's lock sees to it.
 *
 * <pre>
 *   perform ─▶ begin, on the loop ─┬─▶ end(DONE) at once: a fiber doesn't park
 *                                  └─▶ park … end(outcome), by a callback, the time, a close, an interrupt ─▶ unpark
 * </pre>
 *
 * <p>Threading: {@link #perform} the caller; the rest the loop's. For a fiber they are one; another thread's writes before
 * {@code perform} reach the loop by the loop's queue, and the loop's before {@link #end} come back by the {@link Rendezvous}.
 */
abstract class Operation extends Timer {

    enum Outcome {
        DONE, TIMED_OUT, CLOSED, INTERRUPTED, FAILED
    }

    /** No time limit. */
    static final long FOREVER = 0;

    private static final Outcome[] OUTCOMES = Outcome.values();

    private final SocketLoop loop;
    private final Rendezvous meeting = new Rendezvous();
    private Thread waiter;
    private boolean local;
    // By begin(); the meeting brings it to the caller.
    private RuntimeException thrown;

    Operation(final SocketLoop loop) {
        this.loop = loop;
    }

    /** Does it, or as much of it as can be done now; calls {@link #end} when it is done. What it throws is the caller's. */
    abstract void begin();

    /** It is about to end. */
    void ending() {
    }

    final boolean isUnderWay() {
        return meeting.isUnderWay();
    }

    /** Whether the caller is a fiber on the loop: it can't run while the loop does something else. */
    final boolean isLocal() {
        return local;
    }

    /** @return how it ended; the caller's interrupt status is as it would be without having waited */
    final Outcome perform(final long timeoutNs) {
        loop.fibers().requireNotLoop();
        final int id = meeting.begin();
        local = loop.inLoop();
        final Thread caller = Thread.currentThread();
        if (local) {
            start(id, timeoutNs);
            waiter = caller;
        } else {
            waiter = caller;
            if (!loop.run(() -> start(id, timeoutNs))) {
                waiter = null;
                meeting.end(Outcome.CLOSED.ordinal());
            }
        }
        final Outcome outcome = await(caller, id);
        if (thrown != null) {
            final RuntimeException failure = thrown;
            thrown = null;
            throw failure;
        }
        return outcome;
    }

    private Outcome await(final Thread caller, final int id) {
        boolean interrupted = false;
        while (meeting.isUnderWay()) {
            LockSupport.park(this);
            if (meeting.isUnderWay() && Thread.interrupted()) {
                // Cleared, or the next park would not wait for the loop, which may be writing into the caller's buffer.
                interrupted = true;
                if (!loop.run(() -> interrupt(id))) {
                    // The loop has ended, and won't end this.
                    meeting.end(Outcome.INTERRUPTED.ordinal());
                }
            }
        }
        if (interrupted) {
            caller.interrupt();
        }
        return OUTCOMES[meeting.outcome()];
    }

    private void start(final int id, final long timeoutNs) {
        if (!meeting.isUnderWay(id)) {
            // The last tasks of a loop that ends: the caller has been interrupted, and waits no more.
            return;
        }
        try {
            begin();
        } catch (final RuntimeException failure) {
            if (!isUnderWay()) {
                throw failure;
            }
            // Else the caller, who may be another thread, would wait for an end that nobody brings.
            thrown = failure;
            end(Outcome.FAILED);
        }
        if (isUnderWay() && timeoutNs != FOREVER) {
            loop.timers().schedule(this, loop.nowNs() + timeoutNs);
        }
    }

    /** @param id of the operation that is meant: the next may be under way when a thread's interrupt comes to the loop */
    private void interrupt(final int id) {
        if (meeting.isUnderWay(id)) {
            end(Outcome.INTERRUPTED);
        }
    }

    @Override
    protected final void expire(final long nowNs) {
        end(Outcome.TIMED_OUT);
    }

    /** Does nothing if it isn't under way. */
    final void end(final Outcome how) {
        if (!isUnderWay()) {
            return;
        }
        loop.timers().cancel(this);
        ending();
        final Thread waiting = waiter;
        waiter = null;
        meeting.end(how.ordinal());
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }
}
