package io.netchannel.tcpip.wire;

import io.netchannel.cpu.OrderedMemory;

/**
 * Ethernet II (RFC 894, RFC 2464) with an optional IEEE 802.1Q tag.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+  0
 *  |                     destination MAC address                   |
 *  +                               +-------------------------------+  4
 *  |                               |                               |
 *  +-------------------------------+       source MAC address      +  8
 *  |                                                               |
 *  +-------------------------------+-----+-+-----------------------+ 12
 *  |   EtherType, or 0x8100        | PCP |D|        VLAN id        |
 *  +-------------------------------+-----+-+-----------------------+ 16
 *  |   EtherType of a tagged frame |
 *  +-------------------------------+ 18
 * </pre>
 */
public final class EthernetLayout {

    public static final int DESTINATION_OFFSET = 0;
    public static final int SOURCE_OFFSET = 6;
    public static final int TYPE_OFFSET = 12;
    public static final int TAG_OFFSET = 14;
    public static final int TAGGED_TYPE_OFFSET = 16;
    public static final int HEADER_BYTES = 14;
    public static final int TAG_BYTES = 4;

    public static final int TYPE_IPV4 = 0x0800;
    public static final int TYPE_ARP = 0x0806;
    public static final int TYPE_VLAN = 0x8100;
    public static final int TYPE_IPV6 = 0x86DD;

    public static final int MAX_VLAN_ID = 4094;

    private EthernetLayout() {
    }

    public static long destination(final OrderedMemory memory, final long frame) {
        return NetworkOrder.getMac(memory, frame + DESTINATION_OFFSET);
    }

    public static long source(final OrderedMemory memory, final long frame) {
        return NetworkOrder.getMac(memory, frame + SOURCE_OFFSET);
    }

    public static void destination(final OrderedMemory memory, final long frame, final long mac) {
        NetworkOrder.putMac(memory, frame + DESTINATION_OFFSET, mac);
    }

    /** The field behind the addresses, which may be {@link #TYPE_VLAN}. */
    public static int type(final OrderedMemory memory, final long frame) {
        return NetworkOrder.getShort(memory, frame + TYPE_OFFSET);
    }

    /** VLAN id of a frame whose type is {@link #TYPE_VLAN} and that has at least 18 bytes. */
    public static int vlanId(final OrderedMemory memory, final long frame) {
        return NetworkOrder.getShort(memory, frame + TAG_OFFSET) & 0xFFF;
    }

    public static int taggedType(final OrderedMemory memory, final long frame) {
        return NetworkOrder.getShort(memory, frame + TAGGED_TYPE_OFFSET);
    }

    /** Header bytes of frames on the VLAN, or untagged for a negative id. */
    public static int headerBytes(final int vlanId) {
        return vlanId < 0 ? HEADER_BYTES : HEADER_BYTES + TAG_BYTES;
    }

    /** Writes a header; a negative VLAN id leaves the tag out. @return its length in bytes */
    public static int put(final OrderedMemory memory, final long frame, final long destination, final long source,
            final int vlanId, final int type) {
        NetworkOrder.putLong(memory, frame + DESTINATION_OFFSET, destination << 16 | source >>> 32);
        NetworkOrder.putInt(memory, frame + SOURCE_OFFSET + 2, (int) source);
        if (vlanId < 0) {
            NetworkOrder.putShort(memory, frame + TYPE_OFFSET, type);
            return HEADER_BYTES;
        }
        NetworkOrder.putInt(memory, frame + TYPE_OFFSET, TYPE_VLAN << 16 | vlanId);
        NetworkOrder.putShort(memory, frame + TAGGED_TYPE_OFFSET, type);
        return HEADER_BYTES + TAG_BYTES;
    }
}
