package io.netchannel.tcpip.dhcp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes a client's messages. */
final class DhcpRequestWriter {

    private static final byte[] PARAMETERS = {DhcpOption.SUBNET_MASK,
        // RFC 3442: classless routes before routers.
        DhcpOption.CLASSLESS_ROUTES, DhcpOption.ROUTER, DhcpOption.DOMAIN_NAME_SERVER, DhcpOption.HOST_NAME,
        DhcpOption.DOMAIN_NAME, DhcpOption.INTERFACE_MTU, DhcpOption.BROADCAST_ADDRESS, DhcpOption.DOMAIN_SEARCH,
        DhcpOption.LEASE_TIME, DhcpOption.SERVER_ID, DhcpOption.RENEWAL_TIME, DhcpOption.REBINDING_TIME};
    private static final int MAX_OPTION_BYTES = 255;

    private final DhcpConfig config;
    private final byte[] clientId;
    private byte[] message = new byte[DhcpLayout.MIN_BYTES * 4];
    private int at;

    DhcpRequestWriter(final DhcpConfig config) {
        this.config = config;
        this.clientId = config.clientId();
    }

    /** @param ownAddress ciaddr: what we have and answer ARP for; else 0 */
    DhcpRequestWriter begin(final int type, final int xid, final int seconds, final int ownAddress) {
        message = new byte[DhcpLayout.MIN_BYTES * 4];
        message[DhcpLayout.OP] = DhcpLayout.BOOTREQUEST;
        message[DhcpLayout.HTYPE] = DhcpLayout.HTYPE_ETHERNET;
        message[DhcpLayout.HLEN] = DhcpLayout.HLEN_ETHERNET;
        DhcpLayout.putInt(message, DhcpLayout.XID, xid);
        DhcpLayout.putShort(message, DhcpLayout.SECS, seconds);
        if (config.broadcastReplies() && ownAddress == 0) {
            DhcpLayout.putShort(message, DhcpLayout.FLAGS, DhcpLayout.FLAG_BROADCAST);
        }
        DhcpLayout.putInt(message, DhcpLayout.CIADDR, ownAddress);
        for (int i = 0; i < DhcpLayout.HLEN_ETHERNET; i++) {
            message[DhcpLayout.CHADDR + i] = (byte) (config.mac().value() >>> 40 - 8 * i);
        }
        DhcpLayout.putInt(message, DhcpLayout.COOKIE, DhcpLayout.MAGIC_COOKIE);
        at = DhcpLayout.OPTIONS;
        option(DhcpOption.MESSAGE_TYPE, new byte[]{(byte) type});
        if (clientId.length > 0) {
            option(DhcpOption.CLIENT_ID, clientId);
        }
        return this;
    }

    /** Does nothing with the value 0. */
    DhcpRequestWriter address(final int code, final int address) {
        if (address != 0) {
            final byte[] value = new byte[Integer.BYTES];
            DhcpLayout.putInt(value, 0, address);
            option(code, value);
        }
        return this;
    }

    /** What DISCOVER and REQUEST say, and RELEASE and DECLINE must not (RFC 2131, table 5). */
    DhcpRequestWriter wishes() {
        if (config.hostName() != null) {
            option(DhcpOption.HOST_NAME, config.hostName().getBytes(StandardCharsets.US_ASCII));
        }
        option(DhcpOption.MAX_MESSAGE_SIZE,
                new byte[]{(byte) (config.maxMessageBytes() >>> 8), (byte) config.maxMessageBytes()});
        option(DhcpOption.PARAMETER_LIST, PARAMETERS);
        return this;
    }

    private void option(final int code, final byte[] value) {
        if (value.length > MAX_OPTION_BYTES) {
            throw new IllegalArgumentException("option " + code + " of " + value.length + " bytes > MAX="
                    + MAX_OPTION_BYTES);
        }
        message[at++] = (byte) code;
        message[at++] = (byte) value.length;
        System.arraycopy(value, 0, message, at, value.length);
        at += value.length;
    }

    byte[] end() {
        message[at++] = (byte) DhcpOption.END;
        return Arrays.copyOf(message, Math.max(at, DhcpLayout.MIN_BYTES));
    }
}
