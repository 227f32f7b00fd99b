package io.netchannel.virtio.net;

/** Why the header before a frame is not believed (VirtIO 1.3, 5.1.6.2.1 and 5.1.6.4.1). */
public enum HeaderFault {
    /** NEEDS_CSUM that the receiver has not agreed to. */
    CHECKSUM_NOT_NEGOTIATED,
    /** Checksum outside the frame, or inside the link header. */
    CHECKSUM_RANGE,
    /** No such gso_type. */
    GSO_TYPE,
    /** A super-frame that the receiver has not agreed to. */
    GSO_NOT_NEGOTIATED,
    /** GSO_ECN that the receiver has not agreed to. */
    ECN_NOT_NEGOTIATED,
    /** A super-frame of segments of no bytes. */
    GSO_SIZE
}
