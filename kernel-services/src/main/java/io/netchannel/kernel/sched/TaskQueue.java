package io.netchannel.kernel.sched;

import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * The tasks of one priority, in the order of arrival; what one throws doesn't reach the next.
 *
 * <p>Threading: {@link #offer}, {@link #isEmpty} any thread; the rest the loop's.
 */
final class TaskQueue {

    /** A slice without an end. */
    static final long UNBOUNDED_NS = Long.MAX_VALUE;

    private static final int CHUNK = 256;

    private final NanoClock clock;
    private final LoopCounters counters;
    private final LoopTimes times;
    private final Overruns overruns;
    private final TaskRunner runner;
    private final MpscUnboundedVarHandleArrayQueue<Runnable> tasks = new MpscUnboundedVarHandleArrayQueue<>(CHUNK);
    // Null: nobody asks how long these tasks wait.
    private final QueueProbe probe;
    private boolean probeArrived;
    private long arrivedNs;
    private boolean cut;

    TaskQueue(final LoopParts parts, final TaskRunner runner, final boolean probed) {
        this.clock = parts.clock();
        this.counters = parts.counters();
        this.times = parts.times();
        this.overruns = parts.overruns();
        this.runner = runner;
        this.probe = probed ? new QueueProbe() : null;
    }

    void offer(final Runnable task) {
        if (probe != null && probe.claim()) {
            probe.stamp(clock.nowNs());
            tasks.offer(probe);
        }
        tasks.offer(task);
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    int size() {
        return tasks.size();
    }

    /** Whether the last {@link #run} has ended before the queue. */
    boolean isCut() {
        return cut;
    }

    /**
     * Runs tasks, at least one if there is any, until {@code max} are done or the slice is over.
     *
     * @param nowNs the turn's time
     * @param sliceNs counts from the first task; {@link #UNBOUNDED_NS} for no end
     * @param timed whether time passes within the turn, so that slice and budget mean something
     * @return how many were done
     */
    int run(final long nowNs, final int max, final long sliceNs, final boolean timed) {
        cut = false;
        freeProbe(nowNs);
        Runnable task = max > 0 ? next(nowNs, timed) : null;
        if (task == null) {
            return 0;
        }
        final boolean sliced = timed && sliceNs != UNBOUNDED_NS;
        final long startNs = sliced ? clock.nowNs() : 0;
        // Between two tasks: what the clock says, if somebody has looked.
        long betweenNs = startNs;
        boolean looked = sliced;
        int done = 0;
        while (task != null) {
            final long budgetNs = timed ? overruns.budgetNs(task) : 0;
            if (budgetNs > 0 && !looked) {
                betweenNs = clock.nowNs();
            }
            runner.run(task, nowNs);
            done++;
            looked = budgetNs > 0;
            if (looked) {
                final long afterNs = clock.nowNs();
                overruns.taskTook(task, afterNs - betweenNs, budgetNs, afterNs);
                betweenNs = afterNs;
            }
            cut = done >= max;
            // A task by itself needs no clock: it is done.
            if (!cut && sliced && !tasks.isEmpty()) {
                betweenNs = looked ? betweenNs : clock.nowNs();
                looked = true;
                cut = betweenNs - startNs >= sliceNs;
            }
            task = cut ? null : next(nowNs, timed);
        }
        cut = cut && !tasks.isEmpty();
        counters.add(LoopCounter.TASKS, done);
        return done;
    }

    private Runnable next(final long nowNs, final boolean timed) {
        // Relaxed: doesn't wait for a producer that has claimed its place and was preempted before it filled it.
        final Runnable task = tasks.relaxedPoll();
        if (task != probe || task == null) {
            return task;
        }
        arrivedNs = nowNs;
        probeArrived = true;
        if (timed) {
            times.record(LoopTime.RUN_QUEUE_DELAY, clock.nowNs() - probe.sentNs());
        }
        // There is one, so what follows is a task.
        return tasks.relaxedPoll();
    }

    private void freeProbe(final long nowNs) {
        if (probeArrived && nowNs - arrivedNs >= QueueProbe.INTERVAL_NS) {
            probeArrived = false;
            probe.free();
        }
    }
}
