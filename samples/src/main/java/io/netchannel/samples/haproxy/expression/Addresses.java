package io.netchannel.samples.haproxy.expression;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Addresses from text and to text as the C library has them; nothing here asks a name server. */
public final class Addresses {

    private static final int GROUPS = 8;

    private Addresses() {
    }

    /** @param bytes 4 or 16; 16 stay an IPv6 address even when they map an IPv4 one */
    public static InetAddress of(final byte[] bytes) {
        try {
            return bytes.length == 4 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("bytes=" + bytes.length, e);
        }
    }

    /** An IPv4 address at the front of {@code text}: what follows the fourth number's digits is ignored. Null if there is none. */
    public static InetAddress leadingV4(final String text) {
        final byte[] bytes = new byte[4];
        int octets = 0;
        int value = -1;
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (Numbers.isDigit(c)) {
                if (value < 0) {
                    if (++octets > 4) {
                        return null;
                    }
                    value = 0;
                }
                value = value * 10 + c - '0';
                if (value > 255) {
                    return null;
                }
                bytes[octets - 1] = (byte) value;
            } else if (c == '.') {
                if (value < 0 || octets == 4) {
                    return null;
                }
                value = -1;
            } else {
                break;
            }
        }
        return octets < 4 ? null : of(bytes);
    }

    /** The whole text in dotted notation, no leading zeros; else null. */
    public static InetAddress v4(final String text) {
        int dots = 0;
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '.') {
                dots++;
                digits = 0;
            } else if (!Numbers.isDigit(c) || digits == 1 && text.charAt(i - 1) == '0' || ++digits > 3) {
                return null;
            }
        }
        return dots == 3 && digits > 0 ? leadingV4(text) : null;
    }

    /** The whole text in the notation of RFC 4291, section 2.2; else null. */
    public static InetAddress v6(final String text) {
        final byte[] bytes = new byte[16];
        int at = 0;
        int filled = 0;
        int gap = -1;
        final int end = text.length();
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        } else if (end < 2 || text.charAt(0) == ':') {
            return null;
        }
        while (at < end) {
            int stop = text.indexOf(':', at);
            stop = stop < 0 ? end : stop;
            final String part = text.substring(at, stop);
            if (part.indexOf('.') >= 0) {
                final InetAddress tail = v4(part);
                if (tail == null || stop != end || filled > 12) {
                    return null;
                }
                System.arraycopy(tail.getAddress(), 0, bytes, filled, 4);
                filled += 4;
                break;
            }
            if (part.isEmpty() || part.length() > 4 || filled > 14) {
                return null;
            }
            int group = 0;
            for (int i = 0; i < part.length(); i++) {
                final int digit = Numbers.hexDigit(part.charAt(i));
                if (digit < 0) {
                    return null;
                }
                group = group << 4 | digit;
            }
            bytes[filled++] = (byte) (group >> 8);
            bytes[filled++] = (byte) group;
            at = stop;
            if (at < end) {
                at++;
                if (at == end) {
                    return null;
                }
                if (text.charAt(at) == ':') {
                    if (gap >= 0) {
                        return null;
                    }
                    gap = filled;
                    at++;
                }
            }
        }
        if (gap >= 0) {
            if (filled == 16) {
                return null;
            }
            System.arraycopy(bytes, gap, bytes, 16 - (filled - gap), filled - gap);
            Arrays.fill(bytes, gap, 16 - (filled - gap), (byte) 0);
            filled = 16;
        }
        return filled == 16 ? of(bytes) : null;
    }

    /** Either family, else null. */
    public static InetAddress any(final String text) {
        final InetAddress v4 = leadingV4(text);
        return v4 != null ? v4 : v6(text);
    }

    /** The IPv4 address that a mapped IPv6 one holds (RFC 4291, 2.5.5.2); null if it is none. */
    public static InetAddress mappedV4(final InetAddress address) {
        final byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return address;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return null;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1 ? of(Arrays.copyOfRange(bytes, 12, 16)) : null;
    }

    public static InetAddress toV6(final InetAddress address) {
        if (address instanceof Inet6Address) {
            return address;
        }
        final byte[] bytes = new byte[16];
        bytes[10] = -1;
        bytes[11] = -1;
        System.arraycopy(address.getAddress(), 0, bytes, 12, 4);
        return of(bytes);
    }

    public static int toInt(final InetAddress v4) {
        final byte[] b = v4.getAddress();
        return (b[0] & 255) << 24 | (b[1] & 255) << 16 | (b[2] & 255) << 8 | b[3] & 255;
    }

    public static InetAddress ofInt(final int v4) {
        return of(new byte[]{(byte) (v4 >> 24), (byte) (v4 >> 16), (byte) (v4 >> 8), (byte) v4});
    }

    public static String text(final InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        return v6Text(address.getAddress());
    }

    private static String v6Text(final byte[] bytes) {
        final int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 255) << 8 | bytes[2 * i + 1] & 255;
        }
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int length = 0;
            while (i + length < GROUPS && groups[i + length] == 0) {
                length++;
            }
            if (length > bestLength) {
                best = i;
                bestLength = length;
            }
            i += length;
        }
        final StringBuilder text = new StringBuilder(40);
        for (int i = 0; i < GROUPS; i++) {
            if (i == best) {
                text.append("::");
                i += bestLength - 1;
                continue;
            }
            if (i > 0 && (best < 0 || i != best + bestLength)) {
                text.append(':');
            }
            // As inet_ntop does for the mapped and the (long obsolete) compatible form.
            if (i == 6 && best == 0 && (bestLength == 6 || bestLength == 5 && groups[5] == 0xffff)) {
                return text.append(text(of(Arrays.copyOfRange(bytes, 12, 16)))).toString();
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /** @return the bytes of a mask of {@code bits} over {@code bytes} bytes */
    public static byte[] mask(final int bits, final int bytes) {
        final byte[] mask = new byte[bytes];
        for (int i = 0; i < bits; i++) {
            mask[i >> 3] |= (byte) (0x80 >> (i & 7));
        }
        return mask;
    }
}
