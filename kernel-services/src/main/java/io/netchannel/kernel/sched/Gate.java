package io.netchannel.kernel.sched;

import java.util.concurrent.atomic.AtomicInteger;

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

    // Threads inside; CLOSED is added once.
    private final AtomicInteger inside = new AtomicInteger();

    /** @return whether the caller is inside, and has to {@link #leave()} */
    boolean enter() {
        if (inside.incrementAndGet() > 0) {
            return true;
        }
        inside.decrementAndGet();
        return false;
    }

    void leave() {
        inside.decrementAndGet();
    }

    boolean isClosed() {
        return inside.get() < 0;
    }

    /**
     * Closes, and waits until everybody is out.
     *
     * @return false if it was closed before
     */
    boolean close() {
        int present = inside.get();
        while (present >= 0 && !inside.compareAndSet(present, present + CLOSED)) {
            present = inside.get();
        }
        if (present < 0) {
            return false;
        }
        // Those inside are about to leave: they write eight bytes, or append to a queue. One that runs on this CPU must
        // get it.
        while (inside.get() != CLOSED) {
            Thread.yield();
        }
        return true;
    }
}
