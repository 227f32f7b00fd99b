package io.netchannel.cpu.explore;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What a thread of a {@link Program} is given.
 *
 * <p>Threading: confined to the thread that explores.
 */
public interface ModelledThread {

    /** The memory that all threads share; the same object for all. */
    ModelledMemory memory();

    /**
     * Makes an object with state of its own as if in the set-up, before the thread's first access: what the maker loads is
     * what the set-up left, and what it stores must leave that as it is. For tables and queues that clear their memory.
     */
    <T> T prepare(Supplier<T> maker);

    /**
     * Tries until it holds: a spin, or a park. A thread that would try for ever while no other thread has anything left
     * to do is a deadlock, and so is found a wake-up that is lost.
     *
     * <p>A try may have effects, as {@code offer()} has. Tries that fail are explored up to {@link Bounds#failedTries},
     * those that store something up to {@link Bounds#storingTries}.
     */
    void await(BooleanSupplier tried);

    /** Part of the final state. */
    void result(String name, long value);

    /** @throws AssertionError if it doesn't hold, which ends the exploration with a {@link Violation} */
    default void assertThat(final boolean holds, final String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** @throws AssertionError if they differ, which ends the exploration with a {@link Violation} */
    default void assertEquals(final long expected, final long actual, final String what) {
        if (expected != actual) {
            throw new AssertionError(what + ": " + actual + " instead of " + expected);
        }
    }
}
