package io.netchannel.kernel.memory;

/**
 * Metadata of a packet: one record for each buffer, used while the buffer is the <em>head</em> of a packet.
 *
 * <pre>
 *   0               1               2               3
 *   0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *  +---------------------------------------------------------------+  0
 *  |                        reference count                        |
 *  +-------------------------------+---------------+---------------+  4
 *  |             flags             |  slice count  |   protocol    |
 *  +-------------------------------+---------------+---------------+  8
 *  |       checksum start          |       checksum offset         |
 *  +-------------------------------+---------------+---------------+ 12
 *  |           GSO size            |   GSO type    |   reserved    |
 *  +-------------------------------+---------------+---------------+ 16
 *  |       header length           |      network offset (L3)      |
 *  +-------------------------------+-------------------------------+ 20
 *  |    transport offset (L4)      |        payload offset         |
 *  +-------------------------------+-------------------------------+ 24
 *  |                            flow id                            |
 *  +---------------------------------------------------------------+ 28
 *  |                           flow hash                           |
 *  +---------------------------------------------------------------+ 32
 *  |                  total length, all slices                     |
 *  +---------------------------------------------------------------+ 36
 *  |       network length (L3)     |         VLAN tag (TCI)        |
 *  +-------------------------------+-------------------------------+ 40
 *  |                            reserved                           |
 *  +---------------------------------------------------------------+ 64
 *  |       slices 0 .. {@value #MAX_SLICES}-1, a PacketHandle each          |
 *  +---------------------------------------------------------------+ {@value #RECORD_BYTES}
 * </pre>
 * Offsets count from the first byte of the frame (the head handle's offset), so they stay true when the buffer's
 * headroom is used. The first line holds all that a packet in one buffer needs.
 */
public final class PacketLayout {

    public static final int REFERENCE_COUNT_OFFSET = 0;
    public static final int FLAGS_OFFSET = 4;
    public static final int SLICE_COUNT_OFFSET = 6;
    public static final int PROTOCOL_OFFSET = 7;
    public static final int CHECKSUM_START_OFFSET = 8;
    public static final int CHECKSUM_OFFSET_OFFSET = 10;
    public static final int GSO_SIZE_OFFSET = 12;
    public static final int GSO_TYPE_OFFSET = 14;
    public static final int HEADER_LENGTH_OFFSET = 16;
    public static final int NETWORK_OFFSET_OFFSET = 18;
    public static final int TRANSPORT_OFFSET_OFFSET = 20;
    public static final int PAYLOAD_OFFSET_OFFSET = 22;
    public static final int FLOW_ID_OFFSET = 24;
    public static final int FLOW_HASH_OFFSET = 28;
    public static final int TOTAL_LENGTH_OFFSET = 32;
    public static final int NETWORK_LENGTH_OFFSET = 36;
    public static final int VLAN_TAG_OFFSET = 38;
    public static final int SLICES_OFFSET = 64;

    /** Enough for a 64 KiB super-frame in 4 KiB buffers behind its head. */
    public static final int MAX_SLICES = 16;

    public static final int RECORD_BYTES = SLICES_OFFSET + MAX_SLICES * Long.BYTES;

    /** The transport checksum is still to be filled in; start and offset say where (VirtIO NEEDS_CSUM). */
    public static final int FLAG_NEEDS_CHECKSUM = 1;
    /** The device vouches for the transport checksum (VirtIO DATA_VALID). */
    public static final int FLAG_CHECKSUM_VALID = 1 << 1;
    /** The IPv4 or IPv6 header was validated by the classifier and the offsets are set. */
    public static final int FLAG_CLASSIFIED = 1 << 2;
    /** The VLAN tag field is set. */
    public static final int FLAG_VLAN = 1 << 3;
    /** GSO with ECN (VirtIO GSO_ECN). */
    public static final int FLAG_GSO_ECN = 1 << 4;

    public static final int GSO_NONE = 0;
    public static final int GSO_TCPV4 = 1;
    public static final int GSO_UDP_L4 = 5;
    public static final int GSO_TCPV6 = 4;

    private PacketLayout() {
    }
}
