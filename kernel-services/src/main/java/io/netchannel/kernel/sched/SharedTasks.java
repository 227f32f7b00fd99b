package io.netchannel.kernel.sched;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;

/**
 * Tasks that any loop of a group may run: what a busy loop hands over is pulled by one that is idle. For work that needs a CPU for
 * long, and nothing that belongs to a loop. A task that blocks or fails is told of as the loop's own are; while it runs, the loop's
 * stack is lent ({@link LoopActivity}).
 *
 * <p>Each loop takes one in a turn. A task that comes while loops sleep wakes one of them, so that there is one awake for each task, as
 * long as there are loops.
 *
 * <p>Against lost wake-ups: whoever hands over publishes the task and then signals one loop after the other, each behind a full
 * fence, until one was asleep. A loop arms its word, passes a full fence and looks at the queue. So either the loop sees the
 * task, or it is signalled; and if none was asleep, all look at the queue before they sleep.
 *
 * <p>Threading: any.
 */
public final class SharedTasks implements Executor {

    private final MpmcVarHandleArrayQueue<Runnable> tasks;
    private final RunLoop[] loops;
    private final long budgetNs;
    private final AtomicInteger open;
    // Whom to ask first, so that not always the same is woken.
    private final AtomicInteger next = new AtomicInteger();
    private final Gate accepting = new Gate();

    /**
     * @param loops not started, or called by their thread
     * @param priority among the loops' other work
     * @param capacity tasks that wait, at most; rounded up to a power of two
     * @param budgetNs that none of them should take longer than, whatever a loop's own may; 0 for none
     */
    public SharedTasks(final List<RunLoop> loops, final Priority priority, final int capacity, final long budgetNs) {
        if (loops.isEmpty()) {
            throw new IllegalArgumentException("loops=0 < MIN=1");
        }
        tasks = new MpmcVarHandleArrayQueue<>(capacity);
        this.loops = loops.toArray(RunLoop[]::new);
        this.budgetNs = Overruns.notNegative("budgetNs", budgetNs);
        open = new AtomicInteger(this.loops.length);
        for (final RunLoop loop : this.loops) {
            // What takes time is the task, which has a budget.
            loop.add(new Puller(loop), priority, 0);
            loop.onClose(() -> left(loop));
        }
    }

    /**
     * Has one of the loops run {@code task}.
     *
     * @throws RejectedExecutionException if all loops are closed, or too many tasks wait; one that was accepted runs
     */
    @Override
    public void execute(final Runnable task) {
        Objects.requireNonNull(task, "task");
        if (!accepting.enter()) {
            throw new RejectedExecutionException("all loops are closed");
        }
        try {
            if (!tasks.offer(task)) {
                throw new RejectedExecutionException("waiting tasks=" + tasks.size() + " >= capacity=" + tasks
                        .capacity());
            }
            wakeOne();
        } finally {
            accepting.leave();
        }
    }

    private void wakeOne() {
        final int first = next.getAndIncrement();
        for (int i = 0; i < loops.length; i++) {
            if (loops[Math.floorMod(first + i, loops.length)].wakeWord().signal()) {
                return;
            }
        }
    }

    /** A loop closes, on its thread. */
    private void left(final RunLoop loop) {
        if (open.decrementAndGet() > 0) {
            // It may have been the one that was woken for a task.
            if (!tasks.isEmpty()) {
                wakeOne();
            }
            return;
        }
        accepting.close();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            loop.runShared(task, budgetNs);
        }
    }

    /** One loop's way to the tasks. */
    private final class Puller implements Poller {

        private final RunLoop loop;

        private Puller(final RunLoop loop) {
            this.loop = loop;
        }

        @Override
        public int poll(final long nowNs) {
            final Runnable task = tasks.relaxedPoll();
            if (task == null) {
                return 0;
            }
            loop.runShared(task, budgetNs);
            return 1;
        }

        @Override
        public boolean arm() {
            return tasks.isEmpty();
        }

        @Override
        public long nextDeadlineNs() {
            return tasks.isEmpty() ? NO_DEADLINE : Long.MIN_VALUE;
        }
    }
}
