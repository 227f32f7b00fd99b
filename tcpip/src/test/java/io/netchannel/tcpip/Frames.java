package io.netchannel.tcpip;

import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.MacAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Builds frames byte by byte, independently of the code under test: a second opinion on every offset and checksum. */
public final class Frames {

    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ICMPV6 = 58;

    private Frames() {
    }

    public static byte[] ethernet(final String destination, final String source, final int type, final byte[] payload) {
        return concat(mac(destination), mac(source), shorts(type), payload);
    }

    public static byte[] tagged(final String destination, final String source, final int tag, final int type,
            final byte[] payload) {
        return concat(mac(destination), mac(source), shorts(0x8100, tag, type), payload);
    }

    public static byte[] arp(final int operation, final String senderMac, final String senderIp, final String targetMac,
            final String targetIp) {
        return concat(shorts(1, 0x0800, 0x0604, operation), mac(senderMac), ip(senderIp), mac(targetMac), ip(targetIp));
    }

    public static byte[] ipv4(final String source, final String destination, final int protocol, final byte[] payload) {
        return ipv4(source, destination, protocol, 0, payload);
    }

    public static byte[] ipv4(final String source, final String destination, final int protocol,
            final int fragmentField, final byte[] payload) {
        final byte[] header = concat(shorts(0x4500, 20 + payload.length, 77, fragmentField, 64 << 8 | protocol, 0),
                ip(source), ip(destination));
        putShort(header, 10, ~sum(header, 0) & 0xFFFF);
        return concat(header, payload);
    }

    public static byte[] ipv6(final String source, final String destination, final int nextHeader, final int hopLimit,
            final byte[] payload) {
        return concat(shorts(0x6000, 0, payload.length, nextHeader << 8 | hopLimit), ip(source), ip(destination),
                payload);
    }

    public static byte[] udp(final String source, final String destination, final int sourcePort,
            final int destinationPort, final byte[] payload) {
        final byte[] udp = concat(shorts(sourcePort, destinationPort, 8 + payload.length, 0), payload);
        final int checksum = ~pseudoSum(source, destination, UDP, udp) & 0xFFFF;
        putShort(udp, 6, checksum == 0 ? 0xFFFF : checksum);
        return udp;
    }

    public static byte[] icmpv4(final int type, final int code, final int rest, final byte[] payload) {
        final byte[] icmp = concat(shorts(type << 8 | code, 0, rest >>> 16, rest & 0xFFFF), payload);
        putShort(icmp, 2, ~sum(icmp, 0) & 0xFFFF);
        return icmp;
    }

    public static byte[] icmpv6(final String source, final String destination, final int type, final int code,
            final int rest, final byte[] payload) {
        final byte[] icmp = concat(shorts(type << 8 | code, 0, rest >>> 16, rest & 0xFFFF), payload);
        putShort(icmp, 2, ~pseudoSum(source, destination, ICMPV6, icmp) & 0xFFFF);
        return icmp;
    }

    public static int pseudoSum(final String source, final String destination, final int protocol, final byte[] bytes) {
        final byte[] pseudo = concat(ip(source), ip(destination), shorts(0, bytes.length, 0, protocol));
        return sum(bytes, sum(pseudo, 0));
    }

    /** Ones-complement sum, the slow and obvious way. */
    public static int sum(final byte[] bytes, final int initial) {
        int sum = initial;
        for (int i = 0; i < bytes.length; i++) {
            sum += (bytes[i] & 0xFF) << ((i & 1) == 0 ? 8 : 0);
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }

    public static byte[] mac(final String text) {
        return Arrays.copyOfRange(ByteBuffer.allocate(8).putLong(MacAddress.parse(text).value()).array(), 2, 8);
    }

    public static byte[] ip(final String text) {
        return IpAddress.parse(text).toBytes();
    }

    public static byte[] shorts(final int... values) {
        final ByteBuffer out = ByteBuffer.allocate(values.length * 2);
        for (final int value : values) {
            out.putShort((short) value);
        }
        return out.array();
    }

    public static byte[] concat(final byte[]... parts) {
        int length = 0;
        for (final byte[] part : parts) {
            length += part.length;
        }
        final ByteBuffer out = ByteBuffer.allocate(length);
        for (final byte[] part : parts) {
            out.put(part);
        }
        return out.array();
    }

    public static byte[] pattern(final int length) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 8));
        }
        return bytes;
    }

    public static int getShort(final byte[] bytes, final int offset) {
        return ByteBuffer.wrap(bytes).getShort(offset) & 0xFFFF;
    }

    public static int getInt(final byte[] bytes, final int offset) {
        return ByteBuffer.wrap(bytes).getInt(offset);
    }

    public static void putShort(final byte[] bytes, final int offset, final int value) {
        ByteBuffer.wrap(bytes).putShort(offset, (short) value);
    }

    public static byte[] slice(final byte[] bytes, final int from, final int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }
}
