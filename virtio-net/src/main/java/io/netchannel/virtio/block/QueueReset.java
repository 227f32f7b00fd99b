package io.netchannel.virtio.block;

import io.netchannel.cpu.OrderedMemory;

/**
 * The register by which a driver has a device give up one queue (VirtIO 1.3, 2.6.1), and by which it learns that nobody
 * touches the queue's memory any more.
 *
 * <pre>
 *               request                stopped
 *   SERVED ───────────────▶ WANTED ───────────────▶ STOPPED
 *     └───────────── stopped: the server closed ───────▲
 * </pre>
 * There is no way back but a reset of the device.
 *
 * <p>Threading: {@link #request}, {@link #isStopped}: the driver's loop; {@link #isRequested}, {@link #stopped}: the
 * server's.
 */
final class QueueReset {

    static final int SIZE_BYTES = 128;

    private static final int SERVED = 0;
    private static final int WANTED = 1;
    private static final int STOPPED = 2;

    private final OrderedMemory memory;
    private final long address;

    QueueReset(final OrderedMemory memory, final long address) {
        this.memory = memory;
        this.address = address;
    }

    /** When the device is reset: the queue may be set up anew. */
    void clear() {
        memory.putIntRelease(address, SERVED);
    }

    /** The caller must ring the server's bell. @return whether it was news */
    boolean request() {
        return memory.getIntOpaque(address) == SERVED && memory.compareAndSetInt(address, SERVED, WANTED);
    }

    boolean isRequested() {
        // Orders nothing: the server stops whatever the driver has written, and before a sleep the wake word has a fence.
        return memory.getIntOpaque(address) == WANTED;
    }

    /** The last that the server does with the queue. */
    void stopped() {
        // Pairs with the acquire in isStopped(). Without it what was written into a buffer could follow the driver's word
        // that it is free, and land in what it holds next. Essay 3.
        memory.putIntRelease(address, STOPPED);
    }

    /** @return whether all buffers that were in the queue are the driver's again */
    boolean isStopped() {
        // Pairs with the release in stopped(). Essay 3.
        return memory.getIntAcquire(address) == STOPPED;
    }
}
