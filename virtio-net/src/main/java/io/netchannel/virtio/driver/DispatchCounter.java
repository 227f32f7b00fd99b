package io.netchannel.virtio.driver;

/** What a dispatcher counts, beside the verdicts, which the classifier counts. */
public enum DispatchCounter {
    /** Packets handed to a loop's sink, copies included. */
    DELIVERED,
    /** Copies made for further loops. */
    COPIED,
    /** Copies that were not made because the pool was short of buffers; those loops have missed the packet. */
    COPY_DROPPED_NO_BUFFER,
    /** Packets that the classifier dropped; it has the reasons. */
    DROPPED
}
