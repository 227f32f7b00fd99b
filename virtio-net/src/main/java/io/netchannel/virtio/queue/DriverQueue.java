package io.netchannel.virtio.queue;

/**
 * The driver's side of one virtqueue, split or packed (VirtIO 1.3, 2.7 and 2.8).
 *
 * <p>Use: {@link #add} chains, {@link #publish} them, notify the device if {@link #needsNotification}; take what the
 * device has used with {@link #takeUsed}.
 *
 * <p>Threading: one thread. The device's side of the same memory may run on another, and is not trusted: whatever it
 * writes is checked, and after a violation the queue is broken until it is set up anew.
 */
public sealed interface DriverQueue permits SplitDriverQueue, PackedDriverQueue {

    /** Nothing used. */
    long NONE = -1L;

    int size();

    /** Longest chain that {@link #add} takes: that of the configuration, but no longer than the queue (2.7.5.3.1). */
    int maxChain();

    /** Descriptors that {@link #add} can still take; with INDIRECT a chain of several takes one. */
    int freeDescriptors();

    /**
     * Adds a chain; the device does not see it before {@link #publish}.
     *
     * @param cookie non-negative; comes back from {@link #takeUsed}
     * @return false if there are not enough descriptors, or the queue is broken or reclaimed
     * @throws IllegalArgumentException if the chain is empty, longer than {@link #maxChain}, or has a buffer of no
     * bytes,
     *             or the cookie is negative
     */
    boolean add(DescriptorChain chain, long cookie);

    /** Adds a chain of one device-writable buffer; see {@link #add}. */
    boolean addWritable(long address, int lengthBytes, long cookie);

    /** Makes all added chains available to the device. */
    void publish();

    /**
     * After {@link #publish}: whether the device wants to be told of what was published since this was last asked.
     * Contains the full fence that this needs. May be true without need: an event once passed
     * is met again after 2^16 chains in a split queue, two laps in a packed one.
     */
    boolean needsNotification();

    boolean hasUsed();

    /**
     * @return the cookie of a chain that the device has finished with, or {@link #NONE}; also when the queue is broken
     */
    long takeUsed();

    /** Bytes that the device wrote into the chain last taken; never more than its writable bytes. */
    int usedBytes();

    /**
     * Asks for an interrupt at the next used chain; the caller must look at {@link #hasUsed} afterwards. With EVENT_IDX
     * this asks for one interrupt, without it for all until {@link #disableInterrupts}. Interrupts are enabled at
     * first.
     */
    void enableInterrupts();

    void disableInterrupts();

    /**
     * Takes back a chain that the device still holds, at reset, when the device no longer touches the queue: published
     * or not, used or not. The queue takes and gives no more chains then; a new one can be constructed in its place.
     *
     * @return its cookie, or {@link #NONE} when there are no more
     */
    long reclaim();

    /** What the device did wrong first, or null. */
    QueueViolation violation();
}
