package io.netchannel.tcpip.dhcp;

import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.MacAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * What a client says of itself.
 *
 * @param mac of the interface
 * @param clientId the client identifier option with its type byte; empty for none, and the server goes by the MAC
 * @param hostName for the server's names; null for none
 * @param earlierAddress of an earlier lease, to be asked for first (INIT-REBOOT); null for none
 * @param maxMessageBytes largest message taken (RFC 2132, 9.10), 576 or more
 * @param broadcastReplies asks servers to broadcast: for links that don't deliver to an address nobody has yet
 * @param conflictDetection of the leased address. {@code FULL} asks the link before it is used (RFC 2131, 2.2; RFC 5227),
 *            some five seconds, and declines one that another station has
 */
public record DhcpConfig(MacAddress mac, byte[] clientId, String hostName, IpAddress earlierAddress,
        int maxMessageBytes, boolean broadcastReplies, ConflictDetection conflictDetection) {

    private static final int MIN_MESSAGE_BYTES = 576;
    private static final int TYPE_ETHERNET = 1;
    private static final int TYPE_RFC4361 = 255;
    private static final int DUID_LINK_LAYER = 3;

    /** @throws IllegalArgumentException naming the value that is wrong */
    public DhcpConfig {
        clientId = clientId.clone();
        Objects.requireNonNull(conflictDetection, "conflictDetection");
        if (clientId.length == 1 || clientId.length > 255) {
            throw new IllegalArgumentException(
                    "clientId of " + clientId.length + " bytes is not within 2..255 (RFC 2132, 9.14)");
        }
        if (hostName != null && !hostName.matches("[A-Za-z0-9._-]{1,253}")) {
            throw new IllegalArgumentException("hostName=\"" + hostName + "\" is not a host name of 1..253 characters");
        }
        if (earlierAddress != null && !earlierAddress.isIpv4()) {
            throw new IllegalArgumentException("earlierAddress=" + earlierAddress + " is not an IPv4 address");
        }
        if (maxMessageBytes < MIN_MESSAGE_BYTES) {
            throw new IllegalArgumentException("maxMessageBytes=" + maxMessageBytes + " < MIN=" + MIN_MESSAGE_BYTES);
        }
    }

    /** By the hardware address, as most clients of Linux do; a leased address is checked. */
    public static DhcpConfig of(final MacAddress mac) {
        return new DhcpConfig(mac, hardwareId(mac), null, null, 1500, false, ConflictDetection.FULL);
    }

    public DhcpConfig withHostName(final String name) {
        return new DhcpConfig(mac, clientId, name, earlierAddress, maxMessageBytes, broadcastReplies,
                conflictDetection);
    }

    public DhcpConfig withClientId(final byte[] id) {
        return new DhcpConfig(mac, id, hostName, earlierAddress, maxMessageBytes, broadcastReplies,
                conflictDetection);
    }

    public DhcpConfig withEarlierAddress(final IpAddress address) {
        return new DhcpConfig(mac, clientId, hostName, address, maxMessageBytes, broadcastReplies,
                conflictDetection);
    }

    public DhcpConfig withBroadcastReplies(final boolean on) {
        return new DhcpConfig(mac, clientId, hostName, earlierAddress, maxMessageBytes, on, conflictDetection);
    }

    public DhcpConfig withConflictDetection(final ConflictDetection detection) {
        return new DhcpConfig(mac, clientId, hostName, earlierAddress, maxMessageBytes, broadcastReplies, detection);
    }

    /** A client identifier of the hardware type and address (RFC 2132, 9.14). */
    public static byte[] hardwareId(final MacAddress mac) {
        final byte[] id = new byte[1 + MacAddress.BYTES];
        id[0] = TYPE_ETHERNET;
        putMac(id, 1, mac);
        return id;
    }

    /** A client identifier of an interface number and a DUID of the link-layer address (RFC 4361, 6.1; RFC 8415, 11.4). */
    public static byte[] duidId(final int interfaceId, final MacAddress mac) {
        final byte[] id = new byte[9 + MacAddress.BYTES];
        id[0] = (byte) TYPE_RFC4361;
        DhcpLayout.putInt(id, 1, interfaceId);
        DhcpLayout.putShort(id, 5, DUID_LINK_LAYER);
        DhcpLayout.putShort(id, 7, DhcpLayout.HTYPE_ETHERNET);
        putMac(id, 9, mac);
        return id;
    }

    private static void putMac(final byte[] bytes, final int at, final MacAddress mac) {
        for (int i = 0; i < MacAddress.BYTES; i++) {
            bytes[at + i] = (byte) (mac.value() >>> 40 - 8 * i);
        }
    }

    @Override
    public byte[] clientId() {
        return clientId.clone();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof final DhcpConfig that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(clientId);
    }

    @Override
    public String toString() {
        return "DhcpConfig[mac=" + mac + ", clientId=" + HexFormat.of().formatHex(clientId) + ", hostName=" + hostName
                + ", earlierAddress=" + earlierAddress + ", maxMessageBytes=" + maxMessageBytes + ", broadcastReplies="
                + broadcastReplies + ", conflictDetection=" + conflictDetection + "]";
    }
}
