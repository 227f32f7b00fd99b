package io.netchannel.kernel.fiber;

import io.netchannel.kernel.sched.LoopActivity;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.RunLoop;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.concurrent.Executor;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * What the JDK hands a virtual thread to when it can go on, and the poller that lets it.
 *
 * <pre>
 *   loop's thread, or a fiber on it ──▶ ready ──────────────┬──▶ poll: up to {@value #MAX_PER_TURN} of them go on, until they block
 *   any other thread ──▶ handed ──▶ wake word ──▶ poll ─────┘
 * </pre>
 * A poller and not tasks of the loop: so a fiber runs at its place in the turn, behind the packets that it waits for and before what
 * it writes is sent; and what one fiber does for another costs neither an atomic operation nor a look at the wake word.
 *
 * <p>Between handing over and going to sleep nothing is lost, in the same way as with a loop's tasks: {@code TaskHandOverModelTest}
 * has that queue and that word in every execution that the CPUs allow.
 *
 * <p>Threading: {@link #execute} any thread; the rest the loop's.
 */
final class FiberScheduler implements Executor, Poller {

    /** Bounds how long packets have to wait for fibers that wake each other; half of the applications' slice, so that the rest is other pollers'. */
    static final int MAX_PER_TURN = 32;

    private static final int HANDED_CHUNK = 256;

    private final RunLoop loop;
    // Null if nobody watches.
    private final LoopActivity activity;
    private final MpscUnboundedVarHandleArrayQueue<Runnable> handed = new MpscUnboundedVarHandleArrayQueue<>(
            HANDED_CHUNK);

    // -- of the loop's thread, and of the fibers on it
    private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
    // Whom reports are to name: a continuation doesn't tell whose it is.
    private final IdentityHashMap<Runnable, Thread> fibers = new IdentityHashMap<>();
    private Runnable running;
    // Whose that is, if anybody asks; null until it has begun.
    private Thread fiber;

    FiberScheduler(final RunLoop loop) {
        this.loop = loop;
        this.activity = loop.activity();
    }

    /**
     * Behind the end of the loop nothing goes on, and nobody is told: whoever unlocks something that an abandoned fiber waits for must
     * not fail for it.
     */
    @Override
    public void execute(final Runnable continuation) {
        if (loop.inLoop()) {
            ready.addLast(continuation);
        } else {
            handed.offer(continuation);
            loop.wakeWord().signal();
        }
    }

    @Override
    public int poll(final long nowNs) {
        takeHanded();
        int done = 0;
        while (done < MAX_PER_TURN) {
            final Runnable continuation = ready.pollFirst();
            if (continuation == null) {
                break;
            }
            done++;
            goOn(continuation);
        }
        return done;
    }

    private void takeHanded() {
        for (int i = 0; i < MAX_PER_TURN; i++) {
            // Relaxed: doesn't wait for a producer that has claimed its place and was preempted before it filled it.
            final Runnable continuation = handed.relaxedPoll();
            if (continuation == null) {
                return;
            }
            ready.addLast(continuation);
        }
    }

    private void goOn(final Runnable continuation) {
        running = continuation;
        final long budgetNs = loop.taskBudgetNs();
        final long startNs = budgetNs > 0 ? loop.clock().nowNs() : 0;
        fiber = budgetNs > 0 || activity != null ? fibers.get(continuation) : null;
        if (activity != null) {
            // Not lent: a fiber that waited for the stack would leave the thread that has to take it back.
            activity.enterHeld(fiber);
        }
        try {
            continuation.run();
        } catch (final RuntimeException | Error thrown) {
            // The JVM's own, such as for a loop that is driven by a virtual thread, which can't carry another.
            loop.report(continuation, thrown);
        } finally {
            running = null;
            if (activity != null) {
                activity.leave();
            }
            if (budgetNs > 0) {
                loop.took(fiber == null ? continuation : fiber, startNs, budgetNs);
            }
            fiber = null;
        }
    }

    /** The caller runs for the first time. */
    void begins(final Thread caller) {
        fibers.put(running, caller);
        fiber = caller;
        if (activity != null) {
            activity.leave();
            activity.enterHeld(caller);
        }
    }

    /** The calling fiber has done all. */
    void ends() {
        fibers.remove(running);
    }

    boolean isIdle() {
        return ready.isEmpty() && handed.isEmpty();
    }

    @Override
    public boolean arm() {
        return isIdle();
    }

    @Override
    public long nextDeadlineNs() {
        return isIdle() ? NO_DEADLINE : 0;
    }
}
