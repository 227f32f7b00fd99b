package io.netchannel.kernel.sched;

import java.util.concurrent.RejectedExecutionException;

/**
 * What a loop does in a turn, and in which order: see {@link Priority}.
 *
 * <pre>
 *   DATAPLANE     tasks, up to {@value RunLoop#MAX_TASKS_PER_TURN}   │ each poller
 *   APPLICATION   tasks, a slice     │ pollers: each, or what a slice allows, from where the last turn ended
 *   DATAPLANE     pollers that send what applications have written
 *   BACKGROUND    a task, or one poller's work: if none of the above had any, or it is due
 * </pre>
 *
 * <p>Threading: {@link #offer}, {@link #hasTasks} any thread; the rest the loop's.
 */
final class Turn {

    private final LoopCounters counters;
    private final int applicationWork;
    private final long applicationSliceNs;
    private final long backgroundWaitNs;
    private final TaskRunner runner;
    private final TaskQueue[] tasks;
    private final TaskQueue dataplaneTasks;
    private final TaskQueue applicationTasks;
    private final TaskQueue backgroundTasks;
    private final Pollers dataplane;
    private final Pollers application;
    private final Pollers transmit;
    private final Pollers background;
    // When background work was last done, or looked for in vain.
    private long backgroundNs;
    private boolean backgroundTaskFirst = true;

    Turn(final LoopParts parts, final int applicationWork, final long applicationSliceNs,
            final long backgroundWaitNs) {
        this.counters = parts.counters();
        this.applicationWork = applicationWork;
        this.applicationSliceNs = applicationSliceNs;
        this.backgroundWaitNs = backgroundWaitNs;
        runner = new TaskRunner(parts);
        dataplaneTasks = new TaskQueue(parts, runner, false);
        applicationTasks = new TaskQueue(parts, runner, true);
        backgroundTasks = new TaskQueue(parts, runner, false);
        tasks = new TaskQueue[]{dataplaneTasks, applicationTasks, backgroundTasks};
        dataplane = new Pollers(parts);
        application = new Pollers(parts);
        transmit = new Pollers(parts);
        background = new Pollers(parts);
    }

    // -- what there is to do

    void offer(final Runnable task, final Priority priority) {
        tasks[priority.ordinal()].offer(task);
    }

    boolean hasTasks() {
        return !applicationTasks.isEmpty() || !dataplaneTasks.isEmpty() || !backgroundTasks.isEmpty();
    }

    void add(final Poller poller, final Priority priority, final long budgetNs) {
        (switch (priority) {
            case DATAPLANE -> dataplane;
            case APPLICATION -> application;
            case BACKGROUND -> background;
        }).add(poller, budgetNs);
    }

    void addTransmit(final Poller poller, final long budgetNs) {
        transmit.add(poller, budgetNs);
    }

    void remove(final Poller poller) {
        dataplane.remove(poller);
        application.remove(poller);
        transmit.remove(poller);
        background.remove(poller);
    }

    void clear() {
        dataplane.clear();
        application.clear();
        transmit.clear();
        background.clear();
    }

    // -- the turn

    /**
     * @param timed whether the loop's clock goes on within the turn; else a slice ends by its work alone, and nothing has a budget
     * @return units of work done
     */
    int run(final long nowNs, final boolean timed) {
        int work = dataplaneTasks.run(nowNs, RunLoop.MAX_TASKS_PER_TURN, TaskQueue.UNBOUNDED_NS, timed)
                + dataplane.poll(nowNs, Pollers.ALL, timed);
        work += applications(nowNs, timed);
        work += transmit.poll(nowNs, Pollers.ALL, timed);
        return work + background(nowNs, work > 0, timed);
    }

    private int applications(final long nowNs, final boolean timed) {
        final int done = applicationTasks.run(nowNs, applicationWork, applicationSliceNs, timed);
        // Tasks that have used the slice up leave pollers a unit of work: whichever comes first in more than its share waits.
        final int polled = application.poll(nowNs, applicationTasks.isCut() ? 1 : applicationWork, timed);
        if (applicationTasks.isCut() || application.isCut()) {
            counters.add(LoopCounter.APPLICATION_CUTS, 1);
        }
        return done + polled;
    }

    private int background(final long nowNs, final boolean busy, final boolean timed) {
        // Not looked for: what came since the last look waits no longer than this either.
        if (busy && nowNs - backgroundNs < backgroundWaitNs) {
            return 0;
        }
        backgroundNs = nowNs;
        int work = backgroundTaskFirst ? backgroundTask(nowNs, timed) : background.poll(nowNs, 1, timed);
        if (work > 0) {
            backgroundTaskFirst = !backgroundTaskFirst;
        } else {
            work = backgroundTaskFirst ? background.poll(nowNs, 1, timed) : backgroundTask(nowNs, timed);
        }
        if (work > 0) {
            counters.add(LoopCounter.BACKGROUND_WORK, work);
            counters.add(LoopCounter.BACKGROUND_DUE, busy ? work : 0);
        }
        return work;
    }

    private int backgroundTask(final long nowNs, final boolean timed) {
        return backgroundTasks.run(nowNs, 1, TaskQueue.UNBOUNDED_NS, timed);
    }

    // -- sleep

    /** @return whether all pollers may be left to sleep; whatever it is, {@link #disarm()} follows */
    boolean arm() {
        return dataplane.arm() && application.arm() && transmit.arm() && background.arm();
    }

    void disarm() {
        dataplane.disarm();
        application.disarm();
        transmit.disarm();
        background.disarm();
    }

    /** As {@link Pollers#collect}, of all. */
    long collect(final Descriptors descriptors) {
        return Math.min(Math.min(dataplane.collect(descriptors), application.collect(descriptors)),
                Math.min(transmit.collect(descriptors), background.collect(descriptors)));
    }

    /** As {@link Pollers#nextDeadlineNs}, of all. */
    long nextDeadlineNs() {
        return Math.min(Math.min(dataplane.nextDeadlineNs(), application.nextDeadlineNs()),
                Math.min(transmit.nextDeadlineNs(), background.nextDeadlineNs()));
    }

    // -- the end

    /** Runs the tasks that there are now, the dataplane's first. */
    void runWaiting(final long nowNs) {
        for (final TaskQueue queue : tasks) {
            queue.run(nowNs, queue.size(), TaskQueue.UNBOUNDED_NS, false);
        }
    }

    /** Runs all tasks, once no more can come but by {@link RejectedExecutionException}. */
    void runAll(final long nowNs) {
        for (final TaskQueue queue : tasks) {
            queue.run(nowNs, Integer.MAX_VALUE, TaskQueue.UNBOUNDED_NS, false);
        }
    }

    /** One that is in no queue. */
    void runNow(final Runnable task, final long nowNs) {
        runner.run(task, nowNs);
    }

    // -- of another's queue

    /** One of those that loops share, from within a poller. */
    void runShared(final Runnable task, final long nowNs) {
        runner.runShared(task, nowNs);
    }
}
