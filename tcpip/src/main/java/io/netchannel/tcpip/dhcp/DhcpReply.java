package io.netchannel.tcpip.dhcp;

import static io.netchannel.tcpip.dhcp.DhcpLayout.getInt;

import java.util.Arrays;

/**
 * What a server sent, with its options put together: an option that comes more than once, or that is continued in the
 * file and sname fields, is one long option (RFC 3396).
 */
final class DhcpReply {

    private static final int OVERLOAD_FILE = 1;
    private static final int OVERLOAD_SNAME = 2;

    private final byte[] message;
    private final byte[][] options = new byte[256][];

    private DhcpReply(final byte[] message) {
        this.message = message;
    }

    /** @return null if it is not a well-formed reply */
    static DhcpReply parse(final byte[] message) {
        if (message.length < DhcpLayout.OPTIONS || message[DhcpLayout.OP] != DhcpLayout.BOOTREPLY
                || message[DhcpLayout.HTYPE] != DhcpLayout.HTYPE_ETHERNET
                || message[DhcpLayout.HLEN] != DhcpLayout.HLEN_ETHERNET
                || getInt(message, DhcpLayout.COOKIE) != DhcpLayout.MAGIC_COOKIE) {
            return null;
        }
        final DhcpReply reply = new DhcpReply(message);
        return reply.readOptions() ? reply : null;
    }

    private boolean readOptions() {
        if (!read(DhcpLayout.OPTIONS, message.length)) {
            return false;
        }
        final byte[] overload = options[DhcpOption.OVERLOAD];
        if (overload == null) {
            return true;
        }
        if (overload.length != 1 || overload[0] < OVERLOAD_FILE || overload[0] > (OVERLOAD_FILE | OVERLOAD_SNAME)) {
            return false;
        }
        // RFC 3396, 5: in this order, whatever the bits.
        return ((overload[0] & OVERLOAD_FILE) == 0 || read(DhcpLayout.FILE, DhcpLayout.FILE + DhcpLayout.FILE_BYTES))
                && ((overload[0] & OVERLOAD_SNAME) == 0
                        || read(DhcpLayout.SNAME, DhcpLayout.SNAME + DhcpLayout.SNAME_BYTES));
    }

    /** A list without an end option is taken as it is: relays cut messages to their last byte. */
    private boolean read(final int from, final int to) {
        int at = from;
        while (at < to) {
            final int code = message[at++] & 0xFF;
            if (code == DhcpOption.END) {
                return true;
            }
            if (code == DhcpOption.PAD) {
                continue;
            }
            if (at >= to || at + 1 + (message[at] & 0xFF) > to) {
                return false;
            }
            final int lengthBytes = message[at++] & 0xFF;
            append(code, at, lengthBytes);
            at += lengthBytes;
        }
        return true;
    }

    private void append(final int code, final int from, final int lengthBytes) {
        final byte[] before = options[code];
        final int beforeBytes = before == null ? 0 : before.length;
        final byte[] all = before == null ? new byte[lengthBytes] : Arrays.copyOf(before, beforeBytes + lengthBytes);
        System.arraycopy(message, from, all, beforeBytes, lengthBytes);
        options[code] = all;
    }

    int xid() {
        return getInt(message, DhcpLayout.XID);
    }

    int yourAddress() {
        return getInt(message, DhcpLayout.YIADDR);
    }

    boolean isFor(final long mac) {
        for (int i = 0; i < DhcpLayout.HLEN_ETHERNET; i++) {
            if (message[DhcpLayout.CHADDR + i] != (byte) (mac >>> 40 - 8 * i)) {
                return false;
            }
        }
        return true;
    }

    /** One of {@link DhcpOption}'s; 0 if it has none. */
    int type() {
        final byte[] type = options[DhcpOption.MESSAGE_TYPE];
        return type == null || type.length != 1 ? 0 : type[0] & 0xFF;
    }

    /** The option's bytes, or null. */
    byte[] option(final int code) {
        return options[code];
    }

    /** Whether the option is absent or has exactly this length. */
    boolean isAbsentOr(final int code, final int lengthBytes) {
        return options[code] == null || options[code].length == lengthBytes;
    }

    /** An address or a time in seconds; 0 if it is absent or of another length. */
    int intOption(final int code) {
        final byte[] value = options[code];
        return value == null || value.length != Integer.BYTES ? 0 : getInt(value, 0);
    }
}
