package io.netchannel.perf.conventional;

import java.util.concurrent.locks.LockSupport;

/**
 * A wait queue of one: an application thread that sleeps in a system call, and whoever has what it waits for.
 *
 * <p>Threading: {@link #prepare}, {@link #wake}: under the lock of the socket; {@link #sleep} after it was let go.
 */
final class Sleeper {

    private Thread thread;
    private volatile boolean woken;

    /** From here on a {@link #wake} ends the sleep. */
    void prepare() {
        thread = Thread.currentThread();
        woken = false;
    }

    void sleep() {
        while (!woken) {
            LockSupport.park(this);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }

    void wake() {
        if (thread != null && !woken) {
            woken = true;
            LockSupport.unpark(thread);
        }
    }
}
