package io.netchannel.virtio.queue;

/** What the other side of a virtqueue did against VirtIO 1.3, each counted under its own name. */
public enum QueueViolation {
    /** A descriptor index, used id or buffer id outside the queue, or not in flight. */
    BAD_INDEX,
    /** More entries available or used than the queue holds. */
    BAD_RING_ADVANCE,
    /** A chain longer than the queue: a loop, or a lie. */
    CHAIN_TOO_LONG,
    /** A buffer, or part of one, outside the address space. */
    BAD_ADDRESS,
    /** A buffer of no bytes. */
    ZERO_LENGTH,
    /** A chain of 2^31 bytes or more; VirtIO allows 2^32, but lengths here are positive ints. */
    LENGTH_OVERFLOW,
    /** A device-readable buffer after a device-writable one. */
    READABLE_AFTER_WRITABLE,
    /** An indirect descriptor where none was negotiated, with NEXT, in a split queue's table, or in a packed chain. */
    BAD_INDIRECT,
    /** An indirect table whose length is not a multiple of 16, zero, or longer than any chain may be. */
    BAD_INDIRECT_LENGTH,
    /** Flags that no descriptor of this kind may have. */
    BAD_FLAGS,
    /** More bytes reported as written than the chain's writable buffers hold. */
    BAD_USED_LENGTH
}
