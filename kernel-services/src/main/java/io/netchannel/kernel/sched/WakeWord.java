package io.netchannel.kernel.sched;

import io.netchannel.cpu.OrderedMemory;

/**
 * The word by which a consumer asks to be woken: Van Jacobson's "consumer requests a wake", one per run loop.
 *
 * <p>Consumer: {@link #arm()}, look at every source of work once more, park if all are empty, {@link #disarm()}.
 * Producer: publish, then {@link #signal()} once per burst. Each side stores its word, passes a full fence and then
 * loads the other's; so at least one of them sees the other, and no wake-up is lost.
 *
 * <p>Threading: {@code arm}, {@code disarm}: the consumer; {@code signal}: any thread.
 */
public final class WakeWord {

    /** Bytes to allocate for the word, so that nothing else shares its lines. */
    public static final int SIZE_BYTES = 128;

    private static final int DISARMED = 0;
    private static final int ARMED = 1;

    private final OrderedMemory memory;
    private final long address;
    private final Doorbell doorbell;

    public WakeWord(final OrderedMemory memory, final long address, final Doorbell doorbell) {
        this.memory = memory;
        this.address = address;
        this.doorbell = doorbell;
        memory.putInt(address, DISARMED);
    }

    /** From here on, work that is published rings the bell. The caller must look for work once more before it parks. */
    public void arm() {
        memory.putIntOpaque(address, ARMED);
        // Pairs with the fence in signal(). Without it the caller's last look could be performed before the store, and
        // the producer's look at the word before its publication: both would see nothing, and the consumer would sleep
        // on work. Essay 1.
        memory.fullFence();
    }

    /**
     * The consumer is awake.
     *
     * @return whether somebody signalled since {@link #arm()}, so that the bell is rung, or about to be
     */
    public boolean disarm() {
        final boolean signalled = memory.getIntOpaque(address) == DISARMED;
        memory.putIntOpaque(address, DISARMED);
        return signalled;
    }

    /**
     * Wakes the consumer if it asked for it.
     *
     * @return whether the bell was rung
     */
    public boolean signal() {
        // Pairs with the fence in arm(): the publication before this call must be visible before the word is looked at.
        // Essay 1; of several that signal only one rings: essay 6.
        memory.fullFence();
        if (memory.getIntOpaque(address) == ARMED && memory.compareAndSetInt(address, ARMED, DISARMED)) {
            doorbell.ring();
            return true;
        }
        return false;
    }
}
