package io.netchannel.virtio.driver;

/** What a driver counts for each queue pair. */
public enum DriverCounter {
    RECEIVED_FRAMES, RECEIVED_BYTES,
    /** Frames in more than one buffer. */
    RECEIVED_SPREAD_FRAMES,
    /** Less than the two headers in the first buffer. */
    RECEIVE_DROPPED_SHORT,
    /** Longer than any frame. */
    RECEIVE_DROPPED_TOO_LONG,
    /** num_buffers of 0, or more than a packet has slices. */
    RECEIVE_DROPPED_BAD_BUFFER_COUNT,
    /** num_buffers promised more buffers than the device had used. */
    RECEIVE_DROPPED_MISSING_BUFFER,
    /** A merged buffer of no bytes. */
    RECEIVE_DROPPED_EMPTY_BUFFER,
    /** See {@link io.netchannel.virtio.net.HeaderFault}. */
    RECEIVE_DROPPED_BAD_HEADER,
    /** Refills that stopped because the pool had no buffers to spare. */
    RECEIVE_POOL_EXHAUSTED, TRANSMITTED_FRAMES, TRANSMITTED_BYTES,
    /** Frames refused because the queue was full; the caller keeps them. */
    TRANSMIT_FULL,
    /** Super-frames cut, and checksums completed, here, because the device doesn't. */
    TRANSMIT_FINISHED_FRAMES,
    /** No room before the frame for the header, or more slices than the link takes. */
    TRANSMIT_DROPPED_BAD_PACKET,
    /** What the device doesn't do could not be done here either: no buffers, or no such super-frame. */
    TRANSMIT_DROPPED_UNFINISHED,
    /** The device broke the transmit queue, or is reset. */
    TRANSMIT_DROPPED_QUEUE_DOWN,
    /** Notifications of the device, for both queues. */
    KICKS,
    /** Bursts that the device did not want to be notified of. */
    SUPPRESSED_KICKS,
    /** Queues on which the device broke the rules; they stand still until the device is reset. */
    VIOLATIONS
}
