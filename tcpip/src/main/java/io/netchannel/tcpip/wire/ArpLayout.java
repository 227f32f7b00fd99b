package io.netchannel.tcpip.wire;

import io.netchannel.cpu.OrderedMemory;

/**
 * ARP for IPv4 over Ethernet (RFC 826).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+  0
 *  |      hardware type (1)        |     protocol type (0x0800)    |
 *  +---------------+---------------+-------------------------------+  4
 *  | hw length (6) | pr length (4) |          operation            |
 *  +---------------+---------------+-------------------------------+  8
 *  |                   sender hardware address                     |
 *  +                               +-------------------------------+ 12
 *  |                               |   sender protocol address     |
 *  +-------------------------------+-------------------------------+ 16
 *  |  ... sender protocol address  |                               |
 *  +-------------------------------+   target hardware address     + 20
 *  |                                                               |
 *  +---------------------------------------------------------------+ 24
 *  |                   target protocol address                     |
 *  +---------------------------------------------------------------+ 28
 * </pre>
 */
public final class ArpLayout {

    public static final int HARDWARE_TYPE_OFFSET = 0;
    public static final int PROTOCOL_TYPE_OFFSET = 2;
    public static final int LENGTHS_OFFSET = 4;
    public static final int OPERATION_OFFSET = 6;
    public static final int SENDER_MAC_OFFSET = 8;
    public static final int SENDER_ADDRESS_OFFSET = 14;
    public static final int TARGET_MAC_OFFSET = 18;
    public static final int TARGET_ADDRESS_OFFSET = 24;
    public static final int BYTES = 28;

    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    private static final int ETHERNET_AND_IPV4 = 1 << 16 | EthernetLayout.TYPE_IPV4;
    private static final int LENGTHS = 6 << 8 | 4;

    private ArpLayout() {
    }

    /**
     * Whether the fixed fields say IPv4 over Ethernet and the operation is one we know; {@link #BYTES} must be there.
     */
    public static boolean isValid(final OrderedMemory memory, final long arp) {
        final int operation = operation(memory, arp);
        return NetworkOrder.getInt(memory, arp + HARDWARE_TYPE_OFFSET) == ETHERNET_AND_IPV4
                && NetworkOrder.getShort(memory, arp + LENGTHS_OFFSET) == LENGTHS
                && (operation == REQUEST || operation == REPLY);
    }

    public static int operation(final OrderedMemory memory, final long arp) {
        return NetworkOrder.getShort(memory, arp + OPERATION_OFFSET);
    }

    public static long senderMac(final OrderedMemory memory, final long arp) {
        return NetworkOrder.getMac(memory, arp + SENDER_MAC_OFFSET);
    }

    public static int senderAddress(final OrderedMemory memory, final long arp) {
        return NetworkOrder.getInt(memory, arp + SENDER_ADDRESS_OFFSET);
    }

    public static long targetMac(final OrderedMemory memory, final long arp) {
        return NetworkOrder.getMac(memory, arp + TARGET_MAC_OFFSET);
    }

    public static int targetAddress(final OrderedMemory memory, final long arp) {
        return NetworkOrder.getInt(memory, arp + TARGET_ADDRESS_OFFSET);
    }

    public static void put(final OrderedMemory memory, final long arp, final int operation, final long senderMac,
            final int senderAddress, final long targetMac, final int targetAddress) {
        NetworkOrder.putInt(memory, arp + HARDWARE_TYPE_OFFSET, ETHERNET_AND_IPV4);
        NetworkOrder.putShort(memory, arp + LENGTHS_OFFSET, LENGTHS);
        NetworkOrder.putShort(memory, arp + OPERATION_OFFSET, operation);
        NetworkOrder.putMac(memory, arp + SENDER_MAC_OFFSET, senderMac);
        NetworkOrder.putInt(memory, arp + SENDER_ADDRESS_OFFSET, senderAddress);
        NetworkOrder.putMac(memory, arp + TARGET_MAC_OFFSET, targetMac);
        NetworkOrder.putInt(memory, arp + TARGET_ADDRESS_OFFSET, targetAddress);
    }
}
