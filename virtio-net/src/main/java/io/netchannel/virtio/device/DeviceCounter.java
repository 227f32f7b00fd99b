package io.netchannel.virtio.device;

/**
 * What a device counts for each queue. Frames and bytes at the queue that they came from or went to; drops at the
 * transmit queue that the frame came from, unless it came from elsewhere.
 */
public enum DeviceCounter {
    FRAMES, BYTES,
    /** Interrupts that the driver asked for and got. */
    INTERRUPTS,
    /** Bursts that the driver did not want to be interrupted for. */
    SUPPRESSED_INTERRUPTS,
    /** Polls that ended early because the receiver had no buffers. */
    STALLS,
    /** Super-frames that were cut into segments here, because the receiver takes none. */
    SEGMENTED_FRAMES,
    /** Partial checksums that were completed here. */
    COMPLETED_CHECKSUMS,
    /** The receiver had no buffers for too long. */
    DROPPED_NO_BUFFER,
    /** Longer than the link, or than the receiver's buffers. */
    DROPPED_TOO_LONG,
    /** Shorter than the two headers, or a chain that makes no frame. */
    DROPPED_BAD_CHAIN,
    /** See {@link io.netchannel.virtio.net.HeaderFault}. */
    DROPPED_BAD_HEADER,
    /** A super-frame that is not what its header says. */
    DROPPED_BAD_GSO,
    /** The link is down, or the receiver not running. */
    DROPPED_LINK_DOWN,
    /** Not for the receiver's address and modes. */
    DROPPED_FILTERED,
    /** The host's interface is down, or refused the frame. */
    DROPPED_BY_HOST
}
