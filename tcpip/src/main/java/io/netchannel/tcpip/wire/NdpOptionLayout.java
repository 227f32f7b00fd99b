package io.netchannel.tcpip.wire;

import io.netchannel.cpu.OrderedMemory;

/**
 * Options of router advertisements (RFC 4861, 4.6; RFC 4191, 2.3; RFC 8106, 5) and the nonce (RFC 3971, 5.3.2).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  Prefix information (3), 32 bytes
 *  +---------------+---------------+---------------+-+-+-----------+  0
 *  |     type      | length, 8 B   | prefix length |L|A| reserved  |
 *  +---------------+---------------+---------------+-+-+-----------+  4
 *  |                    valid lifetime seconds                     |
 *  +---------------------------------------------------------------+  8
 *  |                  preferred lifetime seconds                   |
 *  +---------------------------------------------------------------+ 12
 *  |                           reserved                            |
 *  +---------------------------------------------------------------+ 16
 *  |                          prefix (16)                          |
 *  +---------------------------------------------------------------+ 32
 *
 *  MTU (5), 8 bytes                          Nonce (14), 8 bytes or more
 *  +-------------------------------+         +---------------------+  2
 *  |           reserved            |         |  random (6 or more)
 *  +-------------------------------+  4      +----------------------
 *  |              MTU              |
 *  +-------------------------------+  8
 *
 *  Route information (24), 8, 16 or 24 bytes
 *  +---------------+---------------+---------------+-----+---+-----+  0
 *  |     type      | length, 8 B   | prefix length | rsv |prf| rsv |
 *  +---------------+---------------+---------------+-----+---+-----+  4
 *  |                    route lifetime seconds                     |
 *  +---------------------------------------------------------------+  8
 *  |                     prefix (0, 8 or 16)                       |
 *  +---------------------------------------------------------------+
 *
 *  DNS servers (25), 24 bytes or more; search list (31), 16 bytes or more
 *  +---------------+---------------+-------------------------------+  0
 *  |     type      | length, 8 B   |           reserved            |
 *  +---------------+---------------+-------------------------------+  4
 *  |                       lifetime seconds                        |
 *  +---------------------------------------------------------------+  8
 *  |       addresses (16 each)  |  domain names, then zeros        |
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class NdpOptionLayout {

    public static final int LENGTH_OFFSET = 1;
    public static final int PREFIX_LENGTH_OFFSET = 2;
    public static final int FLAGS_OFFSET = 3;
    public static final int LIFETIME_OFFSET = 4;
    public static final int PREFERRED_LIFETIME_OFFSET = 8;
    public static final int PREFIX_OFFSET = 16;
    public static final int ROUTE_PREFIX_OFFSET = 8;
    public static final int MTU_OFFSET = 4;
    public static final int NONCE_OFFSET = 2;
    public static final int DNS_OFFSET = 8;

    public static final int NONCE = 14;
    public static final int ROUTE_INFORMATION = 24;
    public static final int DNS_SERVERS = 25;
    public static final int DNS_SEARCH_LIST = 31;

    public static final int UNIT_BYTES = 8;
    public static final int PREFIX_INFORMATION_BYTES = 32;
    public static final int NONCE_BYTES = 8;
    public static final int FLAG_ON_LINK = 0x80;
    public static final int FLAG_AUTONOMOUS = 0x40;

    /** A lifetime without end, unsigned. */
    public static final long INFINITE_SECONDS = 0xFFFF_FFFFL;

    private NdpOptionLayout() {
    }

    public static int type(final OrderedMemory memory, final long option) {
        return NetworkOrder.getByte(memory, option);
    }

    public static int lengthBytes(final OrderedMemory memory, final long option) {
        return NetworkOrder.getByte(memory, option + LENGTH_OFFSET) * UNIT_BYTES;
    }

    public static int prefixLengthBits(final OrderedMemory memory, final long option) {
        return NetworkOrder.getByte(memory, option + PREFIX_LENGTH_OFFSET);
    }

    public static int flags(final OrderedMemory memory, final long option) {
        return NetworkOrder.getByte(memory, option + FLAGS_OFFSET);
    }

    /** Of a prefix the valid lifetime; of a route, servers and names theirs. Unsigned. */
    public static long lifetimeSeconds(final OrderedMemory memory, final long option) {
        return NetworkOrder.getInt(memory, option + LIFETIME_OFFSET) & 0xFFFF_FFFFL;
    }

    public static long preferredLifetimeSeconds(final OrderedMemory memory, final long option) {
        return NetworkOrder.getInt(memory, option + PREFERRED_LIFETIME_OFFSET) & 0xFFFF_FFFFL;
    }

    public static long mtuBytes(final OrderedMemory memory, final long option) {
        return NetworkOrder.getInt(memory, option + MTU_OFFSET) & 0xFFFF_FFFFL;
    }

    /** The six bytes of the shortest nonce, in the low 48 bits. */
    public static long nonce(final OrderedMemory memory, final long option) {
        return NetworkOrder.getMac(memory, option + NONCE_OFFSET);
    }

    /** Writes a nonce option of {@link #NONCE_BYTES}. */
    public static void putNonce(final OrderedMemory memory, final long option, final long nonce) {
        NetworkOrder.putShort(memory, option, NONCE << 8 | NONCE_BYTES / UNIT_BYTES);
        NetworkOrder.putMac(memory, option + NONCE_OFFSET, nonce);
    }

    /** Whether options that fill {@code lengthBytes} are whole: none of length 0 (RFC 4861, 6.1.2), none cut off. */
    public static boolean isSound(final OrderedMemory memory, final long options, final int lengthBytes) {
        int at = 0;
        while (at + UNIT_BYTES <= lengthBytes) {
            final int optionBytes = lengthBytes(memory, options + at);
            if (optionBytes == 0) {
                return false;
            }
            at += optionBytes;
        }
        return at == lengthBytes;
    }
}
