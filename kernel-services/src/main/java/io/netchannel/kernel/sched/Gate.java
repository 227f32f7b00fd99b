package io.netchannel.kernel.sched;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Lets many threads use a thing that one of them will take away: once {@link #close()} has returned nobody is inside,
 * and nobody gets in.
 *
 * <p>For what happens rarely: a wake-up, a task. Each passage is two atomic additions to one word.
 *
 * <p>Threading: any thread; none may close while it is inside.
 */
final class Gate {

    private static final int CLOSED = Integer.MIN_VALUE;

    private static final VarHandle INSIDE;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(Gate.class, "inside", int.class);
        } catch (final ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    // Threads inside; CLOSED is added once. A handle and not an AtomicInteger, so that the explorer can run this class.
    private volatile int inside;

    /** @return whether the caller is inside, and has to {@link #leave()} */
    boolean enter() {
        if ((int) INSIDE.getAndAdd(this, 1) >= 0) {
            return true;
        }
        INSIDE.getAndAdd(this, -1);
        return false;
    }

    void leave() {
        // Pairs with the last load of close(): what was done inside is done before the thing is taken away.
        INSIDE.getAndAdd(this, -1);
    }

    boolean isClosed() {
        return inside < 0;
    }

    /**
     * Closes, and waits until everybody is out.
     *
     * @return false if it was closed before
     */
    boolean close() {
        int present = inside;
        while (present >= 0 && !INSIDE.compareAndSet(this, present, present + CLOSED)) {
            present = inside;
        }
        if (present < 0) {
            return false;
        }
        // Those inside are about to leave: they write eight bytes, or append to a queue. One that runs on this CPU must
        // get it.
        while (inside != CLOSED) {
            Thread.yield();
        }
        return true;
    }
}
