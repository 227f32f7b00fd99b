package io.netchannel.kernel.sched;

/**
 * Is told of tasks and pollers that took longer than their budget. Called on the loop's thread, when they have ended, at a bounded
 * rate.
 */
@FunctionalInterface
public interface OverrunHandler {

    /**
     * @param loop name of the loop
     * @param source the {@link Poller}, the task, or the fiber's thread
     * @param tookNs more than {@code budgetNs}, which is its own or the loop's
     * @param suppressed overruns of the loop since the last call, which were only counted
     */
    void onOverrun(String loop, Object source, long tookNs, long budgetNs, long suppressed);
}
