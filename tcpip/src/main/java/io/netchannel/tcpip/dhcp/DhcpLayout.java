package io.netchannel.tcpip.dhcp;

/**
 * A DHCP message (RFC 2131, 2), in a byte array.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+---------------+---------------+
 *  0|     op        |    htype      |     hlen      |     hops      |
 *   +---------------+---------------+---------------+---------------+
 *  4|                              xid                              |
 *   +-------------------------------+-------------------------------+
 *  8|            secs               |            flags              |
 *   +-------------------------------+-------------------------------+
 * 12|            ciaddr, yiaddr, siaddr, giaddr, 4 bytes each       |
 *   +---------------------------------------------------------------+
 * 28|            chaddr, 16 bytes                                   |
 * 44|            sname, 64 bytes                                    |
 *108|            file, 128 bytes                                    |
 *236|            magic cookie                                       |
 *240|            options                                            |
 *   +---------------------------------------------------------------+
 * </pre>
 */
final class DhcpLayout {

    static final int OP = 0;
    static final int HTYPE = 1;
    static final int HLEN = 2;
    static final int XID = 4;
    static final int SECS = 8;
    static final int FLAGS = 10;
    static final int CIADDR = 12;
    static final int YIADDR = 16;
    static final int CHADDR = 28;
    static final int SNAME = 44;
    static final int SNAME_BYTES = 64;
    static final int FILE = 108;
    static final int FILE_BYTES = 128;
    static final int COOKIE = 236;
    static final int OPTIONS = 240;

    static final int BOOTREQUEST = 1;
    static final int BOOTREPLY = 2;
    static final int HTYPE_ETHERNET = 1;
    static final int HLEN_ETHERNET = 6;
    static final int MAGIC_COOKIE = 0x6382_5363;
    static final int FLAG_BROADCAST = 0x8000;
    /** BOOTP's, below which some relays drop (RFC 1542, 2.1). */
    static final int MIN_BYTES = 300;

    static final int SERVER_PORT = 67;
    static final int CLIENT_PORT = 68;

    private DhcpLayout() {
    }

    static int getInt(final byte[] bytes, final int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 0xFF) << 16 | (bytes[at + 2] & 0xFF) << 8 | bytes[at + 3] & 0xFF;
    }

    static void putInt(final byte[] bytes, final int at, final int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    static void putShort(final byte[] bytes, final int at, final int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }
}
