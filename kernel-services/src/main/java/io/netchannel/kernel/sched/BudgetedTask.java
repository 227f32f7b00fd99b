package io.netchannel.kernel.sched;

import java.util.Objects;

/**
 * A task with a budget of its own.
 *
 * @param budgetNs 0 for none, whatever the loop's is
 */
record BudgetedTask(Runnable principal, long budgetNs) implements Runnable, ActsFor {

    BudgetedTask {
        Objects.requireNonNull(principal, "task");
        Overruns.notNegative("budgetNs", budgetNs);
    }

    @Override
    public void run() {
        principal.run();
    }
}
