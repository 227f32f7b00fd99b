package io.netchannel.virtio.net;

/**
 * Device configuration space (VirtIO 1.3, 5.1.4, struct virtio_net_config), as far as the features in
 * {@link VirtioFeature} reach. Little-endian, but for the address, which is a string of bytes.
 *
 * <pre>
 *   0                 6         8                      10        12
 *  +-----------------+---------+----------------------+---------+
 *  |      mac        | status  | max_virtqueue_pairs  |   mtu   |
 *  +-----------------+---------+----------------------+---------+
 * </pre>
 */
public final class NetConfigLayout {

    public static final int MAC_OFFSET = 0;
    public static final int MAC_BYTES = 6;
    public static final int STATUS_OFFSET = 6;
    public static final int MAX_QUEUE_PAIRS_OFFSET = 8;
    public static final int MTU_OFFSET = 10;
    public static final int LENGTH_BYTES = 12;

    public static final int STATUS_LINK_UP = 1;
    public static final int MIN_MTU_BYTES = 68;
    public static final int MAX_MTU_BYTES = 65_535;

    private NetConfigLayout() {
    }
}
