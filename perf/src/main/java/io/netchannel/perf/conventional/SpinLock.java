package io.netchannel.perf.conventional;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A kernel's spin lock. A kernel does not take the CPU from who holds one; a scheduler of user space may: so whoever waits
 * yields after a while, and the holder can go on.
 *
 * <p>Threading: any. Not reentrant; unlocked by the thread that has locked it.
 */
final class SpinLock {

    private static final int SPINS = 100;

    private final AtomicBoolean locked = new AtomicBoolean();

    void lock() {
        for (int spins = 0; !tryLock(); spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    boolean tryLock() {
        // A look first: to try a CAS in vain would take the line from who holds the lock.
        return !locked.getPlain() && locked.compareAndSet(false, true);
    }

    void unlock() {
        // Pairs with the CAS: what was written under the lock is seen by the next who holds it.
        locked.setRelease(false);
    }
}
