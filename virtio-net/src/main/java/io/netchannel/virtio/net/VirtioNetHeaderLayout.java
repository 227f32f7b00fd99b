package io.netchannel.virtio.net;

/**
 * Header before every frame (VirtIO 1.3, 5.1.6, struct virtio_net_hdr). Little-endian. Offsets count from the first
 * byte of the frame.
 *
 * <pre>
 *   0               1               2               3
 *   0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *  +---------------+---------------+-------------------------------+  0
 *  |     flags     |    gso_type   |            hdr_len            |
 *  +---------------+---------------+-------------------------------+  4
 *  |            gso_size           |           csum_start          |
 *  +-------------------------------+-------------------------------+  8
 *  |          csum_offset          |          num_buffers          |
 *  +-------------------------------+-------------------------------+ 12
 * </pre>
 */
public final class VirtioNetHeaderLayout {

    public static final int FLAGS_OFFSET = 0;
    public static final int GSO_TYPE_OFFSET = 1;
    public static final int HDR_LEN_OFFSET = 2;
    public static final int GSO_SIZE_OFFSET = 4;
    public static final int CSUM_START_OFFSET = 6;
    public static final int CSUM_OFFSET_OFFSET = 8;
    public static final int NUM_BUFFERS_OFFSET = 10;

    /** With VERSION_1 num_buffers is always there (5.1.6.1). */
    public static final int LENGTH_BYTES = 12;

    /** The checksum at csum_start + csum_offset is still to be filled in. */
    public static final int FLAG_NEEDS_CSUM = 1;
    /** The device has checked the transport checksum. */
    public static final int FLAG_DATA_VALID = 1 << 1;

    public static final int GSO_NONE = 0;
    public static final int GSO_TCPV4 = 1;
    public static final int GSO_TCPV6 = 4;
    /** UDP datagrams of equal size, but for the last; over IPv4 and IPv6 alike. */
    public static final int GSO_UDP_L4 = 5;
    /** Or-ed into gso_type, not into flags: the TCP header's CWR may be set. */
    public static final int GSO_ECN = 0x80;

    /** Largest network packet that IPv4 and IPv6 without jumbograms can name. */
    public static final int MAX_NETWORK_BYTES = 65_535;
    /** Ethernet header with one VLAN tag. */
    public static final int MAX_LINK_HEADER_BYTES = 18;
    /** Largest frame that a header may precede. */
    public static final int MAX_FRAME_BYTES = MAX_NETWORK_BYTES + MAX_LINK_HEADER_BYTES;

    private VirtioNetHeaderLayout() {
    }
}
