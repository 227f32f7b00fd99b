package io.netchannel.virtio.net;

/**
 * A command on the control queue (VirtIO 1.3, 5.1.6.5, struct virtio_net_ctrl).
 *
 * <pre>
 *   0               1               2                                 n
 *  +---------------+---------------+---------------------------------+---------------+
 *  |     class     |    command    |     command-specific data       |      ack      |
 *  +---------------+---------------+---------------------------------+---------------+
 *  |<-------------------- device-readable -------------------------->|<- writable -->|
 * </pre>
 */
public final class ControlLayout {

    public static final int CLASS_OFFSET = 0;
    public static final int COMMAND_OFFSET = 1;
    public static final int DATA_OFFSET = 2;

    public static final int ACK_OK = 0;
    public static final int ACK_ERROR = 1;

    /** Receive modes; data: one byte, 0 or 1 (5.1.6.5.1). */
    public static final int CLASS_RX = 0;
    public static final int RX_PROMISCUOUS = 0;
    public static final int RX_ALL_MULTICAST = 1;

    /** MAC address filtering (5.1.6.5.2). */
    public static final int CLASS_MAC = 1;
    /** Data: two tables, each a 32-bit count and so many addresses of 6 bytes: unicast, then multicast. */
    public static final int MAC_TABLE_SET = 0;
    /** Data: 6 bytes. */
    public static final int MAC_ADDRESS_SET = 1;

    /** Multiqueue (5.1.6.5.5). */
    public static final int CLASS_MQ = 4;
    /** Data: 16-bit number of queue pairs. */
    public static final int MQ_PAIRS_SET = 0;
    public static final int MQ_PAIRS_MIN = 1;
    public static final int MQ_PAIRS_MAX = 0x8000;

    /** Longest command that is served. */
    public static final int MAX_BYTES = 512;

    private ControlLayout() {
    }
}
