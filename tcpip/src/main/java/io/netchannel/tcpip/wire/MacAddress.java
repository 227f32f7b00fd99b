package io.netchannel.tcpip.wire;

/**
 * An IEEE 802 address.
 *
 * <p>The data path passes the bare {@link #value()}; this record is for configuration and display.
 *
 * @param value the six bytes in the low 48 bits, first byte most significant
 */
public record MacAddress(long value) {

    public static final int BYTES = 6;
    public static final long BROADCAST = 0xFFFF_FFFF_FFFFL;

    private static final long GROUP_BIT = 1L << 40;

    public MacAddress {
        if (value >>> 48 != 0) {
            throw new IllegalArgumentException("MAC address 0x" + Long.toHexString(value) + " has more than 48 bits");
        }
    }

    /**
     * @param text six hexadecimal bytes separated by colons or dashes
     * @throws IllegalArgumentException naming the text and the form that is expected
     */
    public static MacAddress parse(final String text) {
        long value = 0;
        boolean good = text.length() == 17;
        for (int i = 0; good && i < 17; i++) {
            final char c = text.charAt(i);
            if (i % 3 == 2) {
                good = c == text.charAt(2) && (c == ':' || c == '-');
            } else {
                final int digit = c < 128 ? Character.digit(c, 16) : -1;
                good = digit >= 0;
                value = value << 4 | digit & 0xF;
            }
        }
        if (!good) {
            throw new IllegalArgumentException(
                    "MAC address \"" + text + "\" is not six hexadecimal bytes; write it like 02:00:00:00:00:01");
        }
        return new MacAddress(value);
    }

    public static boolean isMulticast(final long mac) {
        return (mac & GROUP_BIT) != 0;
    }

    /** Whether the value can be the address of one station: neither a group nor all zero. */
    public static boolean isStation(final long mac) {
        return mac != 0 && !isMulticast(mac);
    }

    /** The group address for an IPv4 multicast address (RFC 1112, 6.4). */
    public static long ofIpv4Multicast(final int address) {
        return 0x0100_5E00_0000L | address & 0x7F_FFFF;
    }

    /** The group address for an IPv6 multicast address (RFC 2464, 7). */
    public static long ofIpv6Multicast(final long addressLow) {
        return 0x3333_0000_0000L | addressLow & 0xFFFF_FFFFL;
    }

    /** Colon-separated, lower case. */
    public static String format(final long mac) {
        final StringBuilder out = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            final int b = (int) (mac >>> shift) & 0xFF;
            out.append(Character.forDigit(b >>> 4, 16)).append(Character.forDigit(b & 0xF, 16));
            if (shift > 0) {
                out.append(':');
            }
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return format(value);
    }
}
