package io.netchannel.tcpip.wire;

import io.netchannel.cpu.OrderedMemory;

/**
 * Neighbor Discovery messages (RFC 4861, 4).
 *
 * <pre>
 *  Neighbor Solicitation (135), Advertisement (136)
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------------+  0
 *  |     type      |   code (0)    |           checksum            |
 *  +-+-+-+---------+---------------+-------------------------------+  4
 *  |R|S|O|            reserved (flags: advertisement only)         |
 *  +-+-+-+---------------------------------------------------------+  8
 *  |                    target address (16)                        |
 *  +---------------------------------------------------------------+ 24
 *  |                          options
 *  +----------------------------------------------------------------
 *
 *  Router Solicitation (133)                 options from byte  8
 *  Router Advertisement (134)                options from byte 16
 *  +---------------------------------------------------------------+  4
 *  | cur hop limit |M|O| reserved  |    router lifetime seconds    |
 *  +---------------+---------------+-------------------------------+  8
 *  |                  reachable time milliseconds                  |
 *  +---------------------------------------------------------------+ 12
 *  |                retransmission time milliseconds               |
 *  +---------------------------------------------------------------+ 16
 *
 *  Option: link-layer address (1 source, 2 target)
 *  +---------------+---------------+-------------------------------+  0
 *  |     type      | length, 8 B   |       MAC address (6)         |
 *  +---------------+---------------+-------------------------------+  8
 * </pre>
 */
public final class NdpLayout {

    public static final int FLAGS_OFFSET = 4;
    public static final int TARGET_OFFSET = 8;
    public static final int NEIGHBOR_BYTES = 24;
    public static final int NEIGHBOR_OPTIONS_OFFSET = 24;
    public static final int ROUTER_SOLICITATION_OPTIONS_OFFSET = 8;
    public static final int ROUTER_ADVERTISEMENT_OPTIONS_OFFSET = 16;
    public static final int HOP_LIMIT_OFFSET = 4;
    public static final int ROUTER_LIFETIME_OFFSET = 6;
    public static final int REACHABLE_TIME_OFFSET = 8;
    public static final int RETRANSMISSION_TIME_OFFSET = 12;

    public static final int FLAG_ROUTER = 1 << 31;
    public static final int FLAG_SOLICITED = 1 << 30;
    public static final int FLAG_OVERRIDE = 1 << 29;

    public static final int OPTION_SOURCE_LINK_ADDRESS = 1;
    public static final int OPTION_TARGET_LINK_ADDRESS = 2;
    public static final int OPTION_PREFIX_INFORMATION = 3;
    public static final int OPTION_MTU = 5;
    public static final int LINK_ADDRESS_OPTION_BYTES = 8;

    /** Hop limit of every valid message: it can't have been forwarded (RFC 4861, 7.1). */
    public static final int HOP_LIMIT = 255;

    /** {@link #findLinkAddress}: the options are sound and this one isn't among them. */
    public static final long NO_OPTION = -1;
    /** {@link #findLinkAddress}: an option has length 0 or runs over the end; the message must be discarded. */
    public static final long BAD_OPTIONS = -2;

    private NdpLayout() {
    }

    public static int flags(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getInt(memory, icmp + FLAGS_OFFSET);
    }

    public static long targetHigh(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getLong(memory, icmp + TARGET_OFFSET);
    }

    public static long targetLow(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getLong(memory, icmp + TARGET_OFFSET + 8);
    }

    public static int routerLifetimeSeconds(final OrderedMemory memory, final long icmp) {
        return NetworkOrder.getShort(memory, icmp + ROUTER_LIFETIME_OFFSET);
    }

    /**
     * Walks all options and finds a link-layer address.
     *
     * @param options address of the first option
     * @return the MAC address of the first such option, {@link #NO_OPTION} or {@link #BAD_OPTIONS}
     */
    public static long findLinkAddress(final OrderedMemory memory, final long options, final int lengthBytes,
            final int optionType) {
        long found = NO_OPTION;
        int at = 0;
        while (at < lengthBytes) {
            if (at + 8 > lengthBytes) {
                return BAD_OPTIONS;
            }
            final int optionBytes = NetworkOrder.getByte(memory, options + at + 1) * 8;
            if (optionBytes == 0 || at + optionBytes > lengthBytes) {
                return BAD_OPTIONS;
            }
            if (found == NO_OPTION && NetworkOrder.getByte(memory, options + at) == optionType
                    && optionBytes == LINK_ADDRESS_OPTION_BYTES) {
                found = NetworkOrder.getMac(memory, options + at + 2);
            }
            at += optionBytes;
        }
        return found;
    }

    /** Writes a solicitation or an advertisement, without options, with a checksum of 0. */
    public static void putNeighbor(final OrderedMemory memory, final long icmp, final int type, final int flags,
            final long targetHigh, final long targetLow) {
        Icmpv6Layout.put(memory, icmp, type, 0, flags);
        NetworkOrder.putLong(memory, icmp + TARGET_OFFSET, targetHigh);
        NetworkOrder.putLong(memory, icmp + TARGET_OFFSET + 8, targetLow);
    }

    public static void putRouterSolicitation(final OrderedMemory memory, final long icmp) {
        Icmpv6Layout.put(memory, icmp, Icmpv6Layout.ROUTER_SOLICITATION, 0, 0);
    }

    /** Writes the fixed part of a router advertisement, with a checksum of 0. */
    public static void putRouterAdvertisement(final OrderedMemory memory, final long icmp, final int hopLimit,
            final int lifetimeSeconds, final int reachableTimeMs, final int retransmissionTimeMs) {
        Icmpv6Layout.put(memory, icmp, Icmpv6Layout.ROUTER_ADVERTISEMENT, 0, hopLimit << 24 | lifetimeSeconds);
        NetworkOrder.putInt(memory, icmp + REACHABLE_TIME_OFFSET, reachableTimeMs);
        NetworkOrder.putInt(memory, icmp + RETRANSMISSION_TIME_OFFSET, retransmissionTimeMs);
    }

    /** Writes a link-layer address option of {@link #LINK_ADDRESS_OPTION_BYTES}. */
    public static void putLinkAddress(final OrderedMemory memory, final long option, final int optionType,
            final long mac) {
        NetworkOrder.putShort(memory, option, optionType << 8 | LINK_ADDRESS_OPTION_BYTES / 8);
        NetworkOrder.putMac(memory, option + 2, mac);
    }
}
