package io.netchannel.kernel.sched;

/**
 * Runs a loop's tasks, so that its watchdog knows of them, and what one throws goes to the loop's error handler.
 *
 * <p>Threading: the loop's.
 */
final class TaskRunner {

    private final LoopCounters counters;
    private final ErrorReports errors;
    private final LoopActivity activity;

    TaskRunner(final LoopParts parts) {
        this.counters = parts.counters();
        this.errors = parts.errors();
        this.activity = parts.activity();
    }

    void run(final Runnable task, final long nowNs) {
        if (activity != null) {
            activity.enterHeld(task);
        }
        runEntered(task, nowNs);
    }

    /** One that belongs to no loop: the stack may be lent meanwhile. */
    void runShared(final Runnable task, final long nowNs) {
        if (activity != null) {
            activity.enter(task);
        }
        counters.add(LoopCounter.TASKS, 1);
        runEntered(task, nowNs);
    }

    private void runEntered(final Runnable task, final long nowNs) {
        try {
            task.run();
        } catch (final Throwable thrown) {
            counters.add(LoopCounter.TASK_ERRORS, 1);
            errors.report(task, thrown, nowNs);
        } finally {
            if (activity != null) {
                activity.leave();
            }
        }
    }
}
