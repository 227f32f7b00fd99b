package io.netchannel.kernel.sched;

/**
 * Is told of exceptions that pollers and tasks threw; the loop goes on. Called on the loop's thread, at a bounded rate.
 */
@FunctionalInterface
public interface LoopErrorHandler {

    /**
     * @param loop name of the loop
     * @param source the {@link Poller} or the task
     * @param thrown what it threw
     * @param suppressed errors of the loop since the last call, which were only counted
     */
    void onError(String loop, Object source, Throwable thrown, long suppressed);
}
