package io.netchannel.virtio.queue;

/** Flags of descriptors in both kinds of queue and in indirect tables (VirtIO 1.3, 2.7.5 and 2.8.6). */
public final class DescriptorFlags {

    /** The chain goes on. */
    public static final int NEXT = 1;
    /** Device-writable; without it, device-readable. In a used descriptor of a packed queue: the length counts. */
    public static final int WRITE = 1 << 1;
    /** The buffer is a table of descriptors. */
    public static final int INDIRECT = 1 << 2;
    /** Packed queues only: the driver's wrap counter when the descriptor was made available. */
    public static final int AVAIL = 1 << 7;
    /** Packed queues only: the inverse of it then; the device's wrap counter once used. */
    public static final int USED = 1 << 15;

    private DescriptorFlags() {
    }
}
