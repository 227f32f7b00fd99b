package io.netchannel.tcpip.wire;

/**
 * An address of an interface and the length of its on-link prefix.
 *
 * @param address host bits kept
 * @param lengthBits 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record IpPrefix(IpAddress address, int lengthBits) {

    public IpPrefix {
        final int max = address.isIpv4() ? 32 : 128;
        if (lengthBits < 0 || lengthBits > max) {
            throw new IllegalArgumentException(
                    "prefix length /" + lengthBits + " of " + address + " is not within 0.." + max);
        }
    }

    /**
     * @param text like {@code 10.7.0.2/24} or {@code fd00::2/64}
     * @throws IllegalArgumentException naming the text and what to write instead
     */
    public static IpPrefix parse(final String text) {
        final int slash = text.indexOf('/');
        if (slash < 0) {
            final IpAddress address = IpAddress.parse(text);
            throw new IllegalArgumentException("address \"" + text + "\" has no prefix; write " + text
                    + (address.isIpv4() ? "/24" : "/64"));
        }
        final IpAddress address = IpAddress.parse(text.substring(0, slash));
        final String bits = text.substring(slash + 1);
        if (!bits.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("prefix length \"" + bits + "\" in \"" + text
                    + "\" is not a number; write " + address + (address.isIpv4() ? "/24" : "/64"));
        }
        return new IpPrefix(address, Integer.parseInt(bits));
    }

    /** Whether an address of either family lies in the prefix. */
    public boolean contains(final long high, final long low) {
        if (address.isIpv4() != IpAddress.isIpv4(high, low)) {
            return false;
        }
        final int bits = address.isIpv4() ? 96 + lengthBits : lengthBits;
        return ((high ^ address.high()) & maskHigh(bits)) == 0 && ((low ^ address.low()) & maskLow(bits)) == 0;
    }

    /** The directed broadcast address; meaningful up to /30 (RFC 3021 has none for /31). */
    public boolean isIpv4DirectedBroadcast(final long high, final long low) {
        final long hostMask = lengthBits == 0 ? 0xFFFF_FFFFL : 0xFFFF_FFFFL >>> lengthBits;
        return address.isIpv4() && lengthBits <= 30 && contains(high, low) && (low & hostMask) == hostMask;
    }

    private static long maskHigh(final int bits) {
        return bits >= 64 ? -1L : bits == 0 ? 0 : -1L << 64 - bits;
    }

    private static long maskLow(final int bits) {
        return bits <= 64 ? 0 : -1L << 128 - bits;
    }

    @Override
    public String toString() {
        return address + "/" + lengthBits;
    }
}
