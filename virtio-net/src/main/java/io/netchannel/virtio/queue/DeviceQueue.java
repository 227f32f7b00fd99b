package io.netchannel.virtio.queue;

/**
 * The device's side of one virtqueue, split or packed (VirtIO 1.3, 2.7 and 2.8).
 *
 * <p>Use: {@link #next} until {@link #EMPTY}; {@link #complete} each chain, in any order; {@link #publish}; interrupt
 * the driver if {@link #needsInterrupt}.
 *
 * <p>Every descriptor is copied into locals once, then checked: index, length, address, direction, loops, nesting. A
 * violation breaks the queue: the device stops serving it until the driver resets the device.
 *
 * <p>Threading: one thread.
 */
public sealed interface DeviceQueue permits SplitDeviceQueue, PackedDeviceQueue {

    /** No chain available. */
    int EMPTY = -1;
    /** The driver broke the rules; see {@link #violation}. */
    int BROKEN = -2;

    int size();

    /** Whether {@link #next} has something to say: a chain, or a violation; false when broken. */
    boolean hasAvailable();

    /**
     * Takes the next available chain.
     *
     * @param chain filled with validated host addresses; left empty unless there is an id
     * @return an id for {@link #complete}, {@link #EMPTY} or {@link #BROKEN}
     * @throws IllegalArgumentException if the chain's capacity is less than the queue's longest chain
     */
    int next(DescriptorChain chain);

    /**
     * Puts the last {@code count} chains from {@link #next}, none completed, back: they will be taken again, and read
     * again.
     */
    void putBack(int count);

    /**
     * Adds a chain to the used ring; the driver does not see it before {@link #publish}, nor ever on a broken queue.
     *
     * @throws IllegalStateException if it is not in flight
     */
    void complete(int id, int writtenBytes);

    /** Makes all completed chains visible to the driver, all at once. */
    void publish();

    /**
     * After {@link #publish}: whether the driver wants an interrupt for what was published since this was last asked.
     * Contains the full fence that this needs. May be true without need: an event once passed
     * is met again after 2^16 chains in a split queue, two laps in a packed one.
     */
    boolean needsInterrupt();

    /**
     * Asks for a notification at the next available chain; the caller must look at {@link #hasAvailable} afterwards.
     * With EVENT_IDX this asks for one, without it for all until {@link #disableNotifications}. Enabled at first.
     */
    void enableNotifications();

    void disableNotifications();

    /** What the driver did wrong first, or null. */
    QueueViolation violation();
}
