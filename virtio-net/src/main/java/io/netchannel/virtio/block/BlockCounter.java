package io.netchannel.virtio.block;

/** What a {@link BlockServer} counts. */
public enum BlockCounter {
    REQUESTS,
    /** Less than a header to read, or no byte for the status: the latter get none. */
    REFUSED_BAD_CHAIN,
    /** Data that are not whole sectors, or that the type of the request has no use for. */
    REFUSED_BAD_LENGTH,
    /** Beyond the capacity. */
    REFUSED_OUT_OF_RANGE,
    /** A type, or a flag of a range, that is unknown or was not negotiated. */
    REFUSED_UNSUPPORTED,
    /** A change of a read-only device. */
    REFUSED_READ_ONLY,
    /** The device below refused or failed it. */
    FAILED,
    /** Parts of requests that the device below did in more than one go. */
    SHORT_TRANSFERS, INTERRUPTS, SUPPRESSED_INTERRUPTS,
    /** The driver broke the ring's rules: the queue stands still until the device is reset. */
    VIOLATIONS
}
