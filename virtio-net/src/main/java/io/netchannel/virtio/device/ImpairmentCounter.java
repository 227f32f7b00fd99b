package io.netchannel.virtio.device;

/** What became of the frames on an impaired link, super-frames counted by segment. */
public enum ImpairmentCounter {
    OFFERED, LOST, DUPLICATED, CORRUPTED, REORDERED,
    /** Congestion experienced, set in packets that are capable of ECN. */
    ECN_MARKED,
    /** More frames on the link than it holds. */
    QUEUE_FULL, DELIVERED,
    /** Arrived, but the receiver was not running, filtered it, or has no buffers for its length. */
    REFUSED
}
