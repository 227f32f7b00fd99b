package io.netchannel.channels.flow;

/** Addresses that no packet on a link may have (RFC 1122, 3.2.1.3; RFC 4291, 2.5 and 2.7; RFC 6890). */
final class AddressRules {

    private static final int V4_BROADCAST = -1;

    private AddressRules() {
    }

    static boolean isBadIpv4(final int source, final int destination, final int protocol) {
        final boolean bad = isLoopback(source) || isLoopback(destination) || isGroup(source) || destination == 0;
        // RFC 9293, 3.9.2.3: a connection is between two hosts; answers to anything else would go to many, or to none.
        return bad || protocol == FlowKey.TCP && (isGroup(destination) || source == 0);
    }

    static boolean isBadIpv6(final FlowKey key, final int protocol) {
        return isBadIpv6(key.remoteHigh(), key.remoteLow()) || isBadIpv6(key.localHigh(), key.localLow())
                || isIpv6Group(key.remoteHigh()) || (key.localHigh() | key.localLow()) == 0
                || protocol == FlowKey.TCP
                        && (isIpv6Group(key.localHigh()) || (key.remoteHigh() | key.remoteLow()) == 0);
    }

    // An IPv4-mapped address in an IPv6 packet would be taken for the IPv4 flow of that address.
    private static boolean isBadIpv6(final long high, final long low) {
        return high == 0 && (low == 1 || low >>> 32 == 0xFFFF);
    }

    private static boolean isIpv6Group(final long high) {
        return high >>> 56 == 0xFF;
    }

    private static boolean isLoopback(final int address) {
        return address >>> 24 == 127;
    }

    private static boolean isGroup(final int address) {
        return address >>> 28 == 0xE || address == V4_BROADCAST;
    }
}
