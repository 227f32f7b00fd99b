package io.netchannel.kernel.linux;

/**
 * {@code struct ifreq} and {@code struct in6_ifreq}, by which interfaces are configured, netdevice(7).
 *
 * <pre>
 *  ifreq                                        in6_ifreq
 *  +-----------------------------+  0           +-----------------------------+  0
 *  |   name, zero-terminated     |              |       IPv6 address          |
 *  +-----------------------------+ 16           +-----------------------------+ 16
 *  |   by request: a sockaddr,   |              |   prefix length (32)        |
 *  |   flags (16), MTU (32),     |              +-----------------------------+ 20
 *  |   index (32)                |              |   interface index (32)      |
 *  +-----------------------------+ 40           +-----------------------------+ 24
 *
 *  sockaddr of IPv4: family (16) | port (16) | address (32)      of a MAC: hardware type (16) | address (48)
 * </pre>
 */
public final class IfreqLayout {

    /** Bytes of a name with its zero, IFNAMSIZ. */
    public static final int NAME_BYTES = 16;

    public static final int VALUE_OFFSET = 16;
    public static final int SOCKADDR_DATA_OFFSET = 18;
    public static final int SOCKADDR_IPV4_OFFSET = 20;
    public static final int IFREQ_BYTES = 40;

    public static final int IN6_ADDRESS_OFFSET = 0;
    public static final int IN6_PREFIX_OFFSET = 16;
    public static final int IN6_INDEX_OFFSET = 20;
    public static final int IN6_IFREQ_BYTES = 24;

    private IfreqLayout() {
    }
}
