package io.netchannel.kernel.sched;

import java.util.function.BiConsumer;

/**
 * Runs a loop's stack while the loop's thread is in application code that takes long, without calling any such code.
 *
 * <p>Threading: the helper's, which has the stack to itself from before {@link #begin} until after {@link #end}.
 */
public interface StandIn {

    /** The stack was taken. */
    void begin(long nowNs);

    /**
     * Does a bounded amount of the loop's work.
     *
     * @param failed to be told of a poller that has thrown, and what; as in the loop's own turn, the others go on
     * @return units of work done
     */
    int poll(long nowNs, BiConsumer<Poller, Throwable> failed);

    /** The stack is about to be given back. */
    void end();
}
