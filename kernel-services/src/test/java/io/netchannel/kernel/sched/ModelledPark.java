package io.netchannel.kernel.sched;

import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.ModelledThread;
import java.util.function.BooleanSupplier;

/** What a run loop does around its sleep, in the order of {@code Idling.park()}, with a modelled word for the eventfd. */
final class ModelledPark {

    private final WakeWord wake;
    private final long bell;

    /** @param bell the word that {@link #ring} adds to */
    ModelledPark(final WakeWord wake, final long bell) {
        this.wake = wake;
        this.bell = bell;
    }

    /** As a write to an eventfd: the kernel takes its lock for each write and each read. */
    static void ring(final ModelledMemory memory, final long bell) {
        memory.getAndAddLong(bell, 1);
    }

    /** @param empty the last look for work; @return whether it slept */
    boolean park(final ModelledThread t, final BooleanSupplier empty) {
        wake.arm();
        final boolean sleeps = empty.getAsBoolean();
        if (sleeps) {
            t.await(() -> t.memory().getLongAcquire(bell) != 0);
        }
        if (wake.disarm() || sleeps) {
            t.memory().getAndSet(bell, Long.BYTES, 0);
        }
        return sleeps;
    }
}
