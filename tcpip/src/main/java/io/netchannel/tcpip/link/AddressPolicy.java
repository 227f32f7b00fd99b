package io.netchannel.tcpip.link;

import io.netchannel.tcpip.wire.IpAddress;

/**
 * Scopes, and the default policy table of RFC 6724, 2.1: what both the choice of a source and the order of destinations
 * go by. Stateless.
 */
public final class AddressPolicy {

    public static final int SCOPE_INTERFACE = 1;
    public static final int SCOPE_LINK = 2;
    public static final int SCOPE_SITE = 5;
    public static final int SCOPE_GLOBAL = 14;

    /** Prefixes in order of falling length: the first that holds an address is the longest. */
    private static final Entry[] TABLE = {
        new Entry(0, 1, 128, 50, 0),
        new Entry(0, IpAddress.IPV4_PREFIX, 96, 35, 4),
        new Entry(0, 0, 96, 1, 3),
        new Entry(0x2001_0000_0000_0000L, 0, 32, 5, 5),
        new Entry(0x2002_0000_0000_0000L, 0, 16, 30, 2),
        new Entry(0x3FFE_0000_0000_0000L, 0, 16, 1, 12),
        new Entry(0xFEC0_0000_0000_0000L, 0, 10, 1, 11),
        new Entry(0xFC00_0000_0000_0000L, 0, 7, 3, 13),
        new Entry(0, 0, 0, 40, 1),
    };

    private AddressPolicy() {
    }

    private record Entry(long high, long low, int bits, int precedence, int label) {
    }

    /** The greater is preferred as a destination. */
    public static int precedence(final long high, final long low) {
        return entry(high, low).precedence;
    }

    /** A source goes best with destinations of its own label. */
    public static int label(final long high, final long low) {
        return entry(high, low).label;
    }

    private static Entry entry(final long high, final long low) {
        for (final Entry entry : TABLE) {
            if (commonPrefixBits(high, low, entry.high, entry.low) >= entry.bits) {
                return entry;
            }
        }
        throw new AssertionError("the last entry holds every address");
    }

    /** RFC 6724, 3.1 and 3.2; loopback and 169.254.0.0/16 are link-local, private IPv4 addresses global. */
    public static int scope(final long high, final long low) {
        if (IpAddress.isIpv4(high, low)) {
            return IpAddress.isLoopback(high, low) || isIpv4LinkLocal(high, low) ? SCOPE_LINK : SCOPE_GLOBAL;
        }
        if (IpAddress.isMulticast(high, low)) {
            return (int) (high >>> 48) & 0xF;
        }
        if (IpAddress.isIpv6LinkLocal(high) || IpAddress.isLoopback(high, low)) {
            return SCOPE_LINK;
        }
        return high >>> 54 == 0x3FB ? SCOPE_SITE : SCOPE_GLOBAL;
    }

    /** 169.254.0.0/16 (RFC 3927). */
    public static boolean isIpv4LinkLocal(final long high, final long low) {
        return IpAddress.isIpv4(high, low) && (low & 0xFFFF_0000L) == 0xA9FE_0000L;
    }

    /** Leading bits that both have in common: 0 to 128. */
    public static int commonPrefixBits(final long high, final long low, final long otherHigh, final long otherLow) {
        final int bits = Long.numberOfLeadingZeros(high ^ otherHigh);
        return bits < 64 ? bits : 64 + Long.numberOfLeadingZeros(low ^ otherLow);
    }
}
