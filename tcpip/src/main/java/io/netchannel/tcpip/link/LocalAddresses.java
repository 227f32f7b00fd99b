package io.netchannel.tcpip.link;

import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.util.List;

/**
 * The addresses that are ours, and what follows from them: who is on the link, and which source address to use.
 *
 * <p>An interface has few, so everything is a walk over arrays.
 *
 * <p>Threading: immutable.
 */
public final class LocalAddresses {

    /** There is no such address. */
    public static final int NONE = -1;

    private final IpPrefix[] prefixes;
    private final long[] high;
    private final long[] low;

    public LocalAddresses(final List<IpPrefix> prefixes) {
        this.prefixes = prefixes.toArray(IpPrefix[]::new);
        this.high = prefixes.stream().mapToLong(prefix -> prefix.address().high()).toArray();
        this.low = prefixes.stream().mapToLong(prefix -> prefix.address().low()).toArray();
    }

    public int count() {
        return high.length;
    }

    public long high(final int index) {
        return high[index];
    }

    public long low(final int index) {
        return low[index];
    }

    public boolean isLocal(final long addressHigh, final long addressLow) {
        for (int i = 0; i < low.length; i++) {
            if (low[i] == addressLow && high[i] == addressHigh) {
                return true;
            }
        }
        return false;
    }

    /** The limited broadcast address, or that of one of our prefixes. */
    public boolean isBroadcast(final long addressHigh, final long addressLow) {
        if (IpAddress.isIpv4Broadcast(addressHigh, addressLow)) {
            return true;
        }
        for (final IpPrefix prefix : prefixes) {
            if (prefix.isIpv4DirectedBroadcast(addressHigh, addressLow)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A multicast group that every host is in: all nodes, all hosts, and the solicited-node groups of our addresses.
     */
    public boolean isJoinedGroup(final long addressHigh, final long addressLow) {
        if (IpAddress.isIpv4(addressHigh, addressLow)) {
            return (int) addressLow == 0xE000_0001;
        }
        if (addressHigh >>> 48 == 0xFF01 || addressHigh == IpAddress.LINK_MULTICAST_HIGH) {
            if (addressLow == 1) {
                return true;
            }
            for (int i = 0; i < low.length; i++) {
                if (!prefixes[i].address().isIpv4() && IpAddress.solicitedNodeLow(low[i]) == addressLow) {
                    return true;
                }
            }
        }
        return false;
    }

    public boolean isOnLink(final long addressHigh, final long addressLow) {
        for (final IpPrefix prefix : prefixes) {
            if (prefix.contains(addressHigh, addressLow)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The address to send from: one whose prefix holds the destination, the longest first; else the first of the
     * family, and for IPv6 of the same scope (RFC 6724, 5, rules 2 and 8).
     *
     * @return an index for {@link #high} and {@link #low}, or {@link #NONE}
     */
    public int sourceFor(final long remoteHigh, final long remoteLow) {
        final boolean ipv4 = IpAddress.isIpv4(remoteHigh, remoteLow);
        final boolean linkScope = !ipv4 && (IpAddress.isIpv6LinkLocal(remoteHigh)
                || IpAddress.isMulticast(remoteHigh, remoteLow) && (remoteHigh >>> 48 & 0xF) <= 2);
        int best = NONE;
        int bestScore = -1;
        for (int i = 0; i < prefixes.length; i++) {
            final IpPrefix prefix = prefixes[i];
            if (prefix.address().isIpv4() != ipv4) {
                continue;
            }
            final boolean sameScope = ipv4 || IpAddress.isIpv6LinkLocal(high[i]) == linkScope;
            final int score = (sameScope ? 256 : 0) + (prefix.contains(remoteHigh, remoteLow)
                    ? 1 + prefix.lengthBits()
                    : 0);
            if (score > bestScore) {
                best = i;
                bestScore = score;
            }
        }
        return best;
    }
}
