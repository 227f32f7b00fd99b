package io.netchannel.kernel.sched;

/**
 * Counts what took longer than its budget, and tells a handler of it.
 *
 * <p>Threading: the loop's.
 */
final class Overruns {

    private final String loop;
    private final LoopCounters counters;
    private final OverrunHandler handler;
    private final long taskBudgetNs;
    private final long pollBudgetNs;
    private final ReportRate rate = new ReportRate();

    Overruns(final String loop, final LoopCounters counters, final RunLoopBuilder builder) {
        this.loop = loop;
        this.counters = counters;
        this.handler = builder.overrunHandler;
        this.taskBudgetNs = builder.taskBudgetNs;
        this.pollBudgetNs = builder.pollBudgetNs;
    }

    static long notNegative(final String name, final long valueNs) {
        if (valueNs < 0) {
            throw new IllegalArgumentException(name + "=" + valueNs + " < 0");
        }
        return valueNs;
    }

    /** Of a task that has none of its own; 0 for none: its time needn't be taken. */
    long taskBudgetNs() {
        return taskBudgetNs;
    }

    /** The same, of a poller. */
    long pollBudgetNs() {
        return pollBudgetNs;
    }

    /** Of this task: its own, or the loop's. */
    long budgetNs(final Runnable task) {
        return task instanceof final BudgetedTask own ? own.budgetNs() : taskBudgetNs;
    }

    /** @param nowNs when it ended */
    void taskTook(final Object task, final long tookNs, final long budgetNs, final long nowNs) {
        if (tookNs > budgetNs) {
            counters.add(LoopCounter.TASK_OVERRUNS, 1);
            report(task, tookNs, budgetNs, nowNs);
        }
    }

    /** @param nowNs when it ended */
    void pollTook(final Poller poller, final long tookNs, final long budgetNs, final long nowNs) {
        if (tookNs > budgetNs) {
            counters.add(LoopCounter.POLL_OVERRUNS, 1);
            report(poller, tookNs, budgetNs, nowNs);
        }
    }

    private void report(final Object source, final long tookNs, final long budgetNs, final long nowNs) {
        counters.add(LoopCounter.OVERRUN_NS, tookNs - budgetNs);
        final long suppressed = rate.next(nowNs);
        if (suppressed < 0) {
            return;
        }
        try {
            handler.onOverrun(loop, ActsFor.named(source), tookNs, budgetNs, suppressed);
        } catch (final Throwable broken) {
            // As with errors: the next report counts it.
            rate.failed(suppressed);
        }
    }
}
