package io.netchannel.kernel.storage.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts who uses a thing that is taken away when nobody does any more. The maker has the first reference.
 *
 * <p>Threading: any thread.
 */
final class References {

    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(References.class, "count", int.class);
        } catch (final ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    // A handle and not an AtomicInteger, so that the explorer can run this class.
    private volatile int count = 1;

    /** @return false if it is gone */
    boolean tryRetain() {
        int present = count;
        while (present > 0) {
            if (COUNT.compareAndSet(this, present, present + 1)) {
                return true;
            }
            present = count;
        }
        return false;
    }

    /** @return whether that was the last: the caller takes the thing away */
    boolean release() {
        // Atomic, with volatile order: what each user has loaded, it loaded before the last one takes the thing away.
        return (int) COUNT.getAndAdd(this, -1) == 1;
    }
}
