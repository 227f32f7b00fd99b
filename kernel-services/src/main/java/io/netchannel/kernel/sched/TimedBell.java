package io.netchannel.kernel.sched;

import io.netchannel.cpu.OrderedMemory;

/**
 * A bell that tells when it was rung, for how long a wake-up takes. Who rings makes a system call, beside which the time costs
 * little.
 *
 * <p>Threading: {@link #ring()} any thread, but only the one that took the wake word; {@link #rungNs()} the loop's.
 */
final class TimedBell implements Doorbell {

    /** Behind the wake word, in its line: whoever rings has just written that. */
    static final int OFFSET_BYTES = Long.BYTES;

    private final OrderedMemory memory;
    private final long address;
    private final NanoClock clock;
    private final Doorbell bell;

    /** @param address of the time, eight bytes */
    TimedBell(final OrderedMemory memory, final long address, final NanoClock clock, final Doorbell bell) {
        this.memory = memory;
        this.address = address;
        this.clock = clock;
        this.bell = bell;
        memory.putLong(address, 0);
    }

    @Override
    public void ring() {
        // Release, and before the bell: pairs with rungNs() behind the wait for the bell, so that whoever was woken by it sees this
        // time or a later one.
        memory.putLongRelease(address, clock.nowNs());
        bell.ring();
    }

    /** When it was rung last. One that comes late may write at any time: the caller sees whether the time fits. */
    long rungNs() {
        return memory.getLongAcquire(address);
    }
}
