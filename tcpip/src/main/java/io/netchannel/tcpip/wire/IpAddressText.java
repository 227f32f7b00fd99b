package io.netchannel.tcpip.wire;

/** Text forms of addresses. Strict: what RFC 6943, 3.1.1 warns about (octal, short forms) is refused. */
final class IpAddressText {

    private IpAddressText() {
    }

    static IpAddress parse(final String text) {
        final IpAddress address = text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text);
        if (address == null) {
            throw new IllegalArgumentException("\"" + text
                    + "\" is not an IP address; write it like 10.7.0.2 or fd00::2 (names are not looked up)");
        }
        return address;
    }

    private static IpAddress parseIpv4(final String text) {
        final long bits = quad(text, 0);
        return bits < 0 ? null : IpAddress.ofIpv4((int) bits);
    }

    /** @return 32 bits, or -1 */
    private static long quad(final String text, final int from) {
        long bits = 0;
        int at = from;
        for (int part = 0; part < 4; part++) {
            if (part > 0 && (at >= text.length() || text.charAt(at++) != '.')) {
                return -1;
            }
            final int start = at;
            int value = 0;
            while (at < text.length() && at - start < 4 && isDigit(text.charAt(at))) {
                value = value * 10 + text.charAt(at++) - '0';
            }
            final boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
            if (at == start || value > 255 || leadingZero) {
                return -1;
            }
            bits = bits << 8 | value;
        }
        return at == text.length() ? bits : -1;
    }

    private static boolean isDigit(final char c) {
        return c >= '0' && c <= '9';
    }

    /** RFC 4291, 2.2: groups of hexadecimal digits, one "::", and a dotted quad instead of the last two groups. */
    private static IpAddress parseIpv6(final String text) {
        final int[] groups = new int[8];
        int count = 0;
        int gap = -1;
        int at = 0;
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        }
        while (at < text.length()) {
            if (count == 8) {
                return null;
            }
            int end = at;
            while (end < text.length() && text.charAt(end) != ':') {
                end++;
            }
            if (text.indexOf('.', at) >= 0 && end == text.length()) {
                final long bits = count <= 6 ? quad(text, at) : -1;
                if (bits < 0) {
                    return null;
                }
                groups[count++] = (int) (bits >>> 16);
                groups[count++] = (int) bits & 0xFFFF;
                break;
            }
            final int group = hex(text, at, end);
            if (group < 0) {
                return null;
            }
            groups[count++] = group;
            at = end;
            if (at < text.length()) {
                at++;
                if (at == text.length()) {
                    return null;
                }
                if (text.charAt(at) == ':') {
                    if (gap >= 0) {
                        return null;
                    }
                    gap = count;
                    at++;
                }
            }
        }
        if (gap < 0 ? count != 8 : count > 7) {
            return null;
        }
        return fromGroups(groups, count, gap);
    }

    private static IpAddress fromGroups(final int[] groups, final int count, final int gap) {
        final long[] halves = new long[2];
        for (int i = 0; i < count; i++) {
            final int position = gap >= 0 && i >= gap ? i + 8 - count : i;
            halves[position >>> 2] |= (long) groups[i] << (3 - (position & 3)) * 16;
        }
        return new IpAddress(halves[0], halves[1]);
    }

    private static int hex(final String text, final int from, final int to) {
        if (to == from || to - from > 4) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            final int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    static String format(final long high, final long low) {
        final StringBuilder out = new StringBuilder(39);
        if (IpAddress.isIpv4(high, low)) {
            for (int shift = 24; shift >= 0; shift -= 8) {
                out.append(low >>> shift & 0xFF);
                if (shift > 0) {
                    out.append('.');
                }
            }
            return out.toString();
        }
        // RFC 5952, 4.2: "::" replaces the longest run of two or more zero groups, the first of equals.
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < 8; i++) {
            int n = 0;
            while (i + n < 8 && group(high, low, i + n) == 0) {
                n++;
            }
            if (n > runLength) {
                runStart = i;
                runLength = n;
            }
            i += n;
        }
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                out.append("::");
                i += runLength - 1;
            } else {
                if (i > 0 && out.charAt(out.length() - 1) != ':') {
                    out.append(':');
                }
                out.append(Integer.toHexString(group(high, low, i)));
            }
        }
        return out.toString();
    }

    private static int group(final long high, final long low, final int i) {
        return (int) ((i < 4 ? high : low) >>> (3 - (i & 3)) * 16) & 0xFFFF;
    }
}
