package io.netchannel.tcpip.wire;

/**
 * An IPv4 or IPv6 address as two longs.
 *
 * <p>IPv4 addresses are IPv4-mapped (RFC 4291, 2.5.5.2): high 0, low {@code 0x0000FFFF_aabbccdd}; so the stack has one
 * kind of address. The data path passes the two longs; the record is for configuration and display.
 *
 * @param high the first eight bytes, first byte most significant
 * @param low the last eight bytes
 */
public record IpAddress(long high, long low) {

    /** Low long of the IPv4 address 0.0.0.0. */
    public static final long IPV4_PREFIX = 0x0000_FFFF_0000_0000L;

    /** The unspecified IPv6 address; as a local address: any, of either family. */
    public static final IpAddress ANY = new IpAddress(0, 0);

    /** High long of every link-local address this stack forms (RFC 4291, 2.5.6). */
    public static final long LINK_LOCAL_HIGH = 0xFE80_0000_0000_0000L;

    /** High long of link-scope multicast addresses, ff02::/16 with zeros. */
    public static final long LINK_MULTICAST_HIGH = 0xFF02_0000_0000_0000L;

    /** @param address the four bytes, first byte most significant */
    public static IpAddress ofIpv4(final int address) {
        return new IpAddress(0, lowOfIpv4(address));
    }

    /**
     * @param text dotted quad, or RFC 4291, 2.2 text; never looked up as a name
     * @throws IllegalArgumentException naming the text
     */
    public static IpAddress parse(final String text) {
        return IpAddressText.parse(text);
    }

    public boolean isIpv4() {
        return isIpv4(high, low);
    }

    /** The four bytes of an IPv4 address. */
    public int ipv4() {
        return (int) low;
    }

    /** The sixteen bytes, or for an IPv4 address the four. */
    public byte[] toBytes() {
        final int length = isIpv4() ? 4 : 16;
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            final int fromEnd = length - 1 - i;
            bytes[i] = (byte) ((fromEnd >= 8 ? high : low) >>> (fromEnd & 7) * 8);
        }
        return bytes;
    }

    /** Dotted quad, or RFC 5952. */
    @Override
    public String toString() {
        return format(high, low);
    }

    public static String format(final long high, final long low) {
        return IpAddressText.format(high, low);
    }

    public static long lowOfIpv4(final int address) {
        return IPV4_PREFIX | address & 0xFFFF_FFFFL;
    }

    public static boolean isIpv4(final long high, final long low) {
        return high == 0 && low >>> 32 == 0xFFFF;
    }

    /** 0.0.0.0 or ::. */
    public static boolean isUnspecified(final long high, final long low) {
        return high == 0 && (low == 0 || low == IPV4_PREFIX);
    }

    /** 224.0.0.0/4 (RFC 1112, 4) or ff00::/8 (RFC 4291, 2.7). */
    public static boolean isMulticast(final long high, final long low) {
        return isIpv4(high, low) ? (low & 0xF000_0000L) == 0xE000_0000L : high >>> 56 == 0xFF;
    }

    /** 127.0.0.0/8 (RFC 1122, 3.2.1.3 (g)) or ::1. */
    public static boolean isLoopback(final long high, final long low) {
        return isIpv4(high, low) ? (low & 0xFF00_0000L) == 0x7F00_0000L : high == 0 && low == 1;
    }

    public static boolean isIpv4Broadcast(final long high, final long low) {
        return high == 0 && low == (IPV4_PREFIX | 0xFFFF_FFFFL);
    }

    /** fe80::/10. */
    public static boolean isIpv6LinkLocal(final long high) {
        return high >>> 54 == 0x3FA;
    }

    /** 240.0.0.0/4 without the limited broadcast address: reserved, never a host's (RFC 1112, 4). */
    public static boolean isIpv4Reserved(final long high, final long low) {
        return isIpv4(high, low) && (low & 0xF000_0000L) == 0xF000_0000L && !isIpv4Broadcast(high, low);
    }

    /** Low long of the solicited-node multicast address ff02::1:ffXX:XXXX (RFC 4291, 2.7.1). */
    public static long solicitedNodeLow(final long low) {
        return 0x0000_0001_FF00_0000L | low & 0xFF_FFFFL;
    }
}
