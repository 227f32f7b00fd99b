package io.netchannel.channels;

/**
 * Where a stack sends frames: a transmit queue of the driver, or the channel that leads to one.
 *
 * <p>Threading: one thread, the stack's.
 */
public interface TxPort {

    /** Frames that {@link #transmit} will take now. */
    int space();

    /**
     * Queues a frame: a head buffer with all headers, and slices for the payload. What the device must do (checksum,
     * GSO) is in the head's metadata.
     *
     * <p>When it is sent, or dropped for good, {@code releasePacket} is called on the pool of the stack's thread.
     *
     * @return true if the port has taken over the packet; false if it is full and the caller still owns it
     */
    boolean transmit(long packet);

    /** Publishes what was queued since the last call and notifies the other side if it asked for it. */
    void flush();

    /** What may be left to the device. */
    LinkCapabilities capabilities();
}
