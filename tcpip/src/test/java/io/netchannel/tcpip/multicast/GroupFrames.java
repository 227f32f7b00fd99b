package io.netchannel.tcpip.multicast;

import io.netchannel.tcpip.Frame;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.wire.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** IGMP and MLD, built and read byte by byte, independently of the code under test. */
final class GroupFrames {

    static final String ROUTER = "02:00:00:00:00:fe";
    private static final byte[] IPV4_ALERT = {(byte) 0x94, 4, 0, 0};

    private GroupFrames() {
    }

    /** A query of version 3. */
    static byte[] igmpQuery(final String group, final int code, final int flags, final int interval,
            final String... sources) {
        byte[] body = Frames.concat(Frames.ip(group), new byte[]{(byte) flags, (byte) interval},
                Frames.shorts(sources.length));
        for (final String source : sources) {
            body = Frames.concat(body, Frames.ip(source));
        }
        return igmp("10.7.0.254", group.equals("0.0.0.0") ? "224.0.0.1" : group, 0x11, code, body);
    }

    static byte[] igmp(final String from, final String to, final int type, final int code, final byte[] body) {
        final byte[] message = Frames.concat(Frames.shorts(type << 8 | code, 0), body);
        Frames.putShort(message, 2, ~Frames.sum(message, 0) & 0xFFFF);
        final byte[] header = Frames.concat(Frames.shorts(0x46C0, 24 + message.length, 0, 0x4000, 0x0102, 0),
                Frames.ip(from), Frames.ip(to), IPV4_ALERT);
        Frames.putShort(header, 10, ~Frames.sum(header, 0) & 0xFFFF);
        return Frames.ethernet(ipv4GroupMac(to), ROUTER, 0x0800, Frames.concat(header, message));
    }

    private static String ipv4GroupMac(final String group) {
        final byte[] ip = Frames.ip(group);
        return String.format("01:00:5e:%02x:%02x:%02x", ip[1] & 0x7F, ip[2] & 0xFF, ip[3] & 0xFF);
    }

    /** A query of version 2. */
    static byte[] mldQuery(final String group, final int code, final int flags, final int interval,
            final String... sources) {
        byte[] body = Frames.concat(Frames.ip(group), new byte[]{(byte) flags, (byte) interval},
                Frames.shorts(sources.length));
        for (final String source : sources) {
            body = Frames.concat(body, Frames.ip(source));
        }
        return mld("fe80::fe", group.equals("::") ? "ff02::1" : group, 130, code << 16, body);
    }

    static byte[] mld(final String from, final String to, final int type, final int rest, final byte[] body) {
        return mld(from, to, 1, 0x0502, type, rest, body);
    }

    static byte[] mld(final String from, final String to, final int hopLimit, final int option, final int type,
            final int rest, final byte[] body) {
        final byte[] message = Frames.icmpv6(from, to, type, 0, rest, body);
        final byte[] ip = Frames.ip(to);
        final String mac = String.format("33:33:%02x:%02x:%02x:%02x", ip[12], ip[13], ip[14], ip[15]);
        return Frames.ethernet(mac, ROUTER, 0x86DD, Frames.ipv6(from, to, 0, hopLimit,
                Frames.concat(Frames.shorts(Frames.ICMPV6 << 8, option, 0, 0x0100), message)));
    }

    static boolean isIgmp(final Frame frame) {
        return frame.type() == 0x0800 && frame.bytes()[23] == 2;
    }

    static boolean isMld(final Frame frame) {
        return frame.type() == 0x86DD && frame.bytes()[20] == 0;
    }

    /**
     * What a message says, like {@code v3 TO_EX 239.1.1.1 [] | …}; checks everything around it: link address, header,
     * Router Alert, checksums.
     */
    static String read(final Frame frame) {
        final byte[] bytes = frame.bytes();
        return isIgmp(frame) ? readIgmp(bytes) : readMld(bytes);
    }

    private static String readIgmp(final byte[] bytes) {
        final byte[] header = Frames.slice(bytes, 14, 38);
        final byte[] message = Frames.slice(bytes, 38, bytes.length);
        final String to = address(bytes, 30, 4);
        check(bytes[14] == 0x46 && (bytes[15] & 0xFF) == 0xC0, "IHL 6, internetwork control");
        check(bytes[22] == 1, "TTL 1");
        check(Frames.getShort(bytes, 16) == bytes.length - 14, "total length");
        check(Frames.sum(header, 0) == 0xFFFF && Frames.sum(message, 0) == 0xFFFF, "checksums");
        check(Arrays.equals(Frames.slice(bytes, 34, 38), IPV4_ALERT), "router alert");
        check(Arrays.equals(Frames.slice(bytes, 0, 6), Frames.mac(ipv4GroupMac(to))), "link address of " + to);
        final String group = address(message, 4, 4);
        return switch (message[0]) {
            case 0x12 -> "v1 report " + group + " to " + to;
            case 0x16 -> "v2 report " + group + " to " + to;
            case 0x17 -> "leave " + group + " to " + to;
            case 0x22 -> {
                check(to.equals("224.0.0.22"), "to all routers of version 3");
                yield "v3 " + records(message, 4);
            }
            default -> throw new AssertionError("type " + message[0]);
        };
    }

    private static String readMld(final byte[] bytes) {
        final byte[] message = Frames.slice(bytes, 62, bytes.length);
        final String from = address(bytes, 22, 16);
        final String to = address(bytes, 38, 16);
        check(bytes[21] == 1, "hop limit 1");
        check(Frames.getShort(bytes, 18) == bytes.length - 54, "payload length");
        check(Arrays.equals(Frames.slice(bytes, 54, 62), Frames.shorts(0x3A00, 0x0502, 0, 0x0100)), "router alert");
        check(Frames.pseudoSum(from, to, 58, message) == 0xFFFF, "checksum");
        check(from.equals("::") || from.startsWith("fe80:"), "from a link-local address: " + from);
        check(Arrays.equals(Frames.slice(bytes, 0, 2), Frames.shorts(0x3333))
                && Arrays.equals(Frames.slice(bytes, 2, 6), Frames.slice(bytes, 50, 54)), "link address");
        return switch (message[0] & 0xFF) {
            case 131 -> "v1 report " + address(message, 8, 16) + " to " + to;
            case 132 -> "done " + address(message, 8, 16) + " to " + to;
            case 143 -> {
                check(to.equals("ff02::16"), "to all routers of version 2");
                yield "v2 " + records(message, 16);
            }
            default -> throw new AssertionError("type " + message[0]);
        };
    }

    private static String records(final byte[] message, final int addressBytes) {
        final List<String> records = new ArrayList<>();
        int at = 8;
        for (int i = Frames.getShort(message, 6); i > 0; i--) {
            final String type = switch (message[at]) {
                case 1 -> "IS_IN ";
                case 2 -> "IS_EX ";
                case 3 -> "TO_IN ";
                case 4 -> "TO_EX ";
                case 5 -> "ALLOW ";
                case 6 -> "BLOCK ";
                default -> throw new AssertionError("record type " + message[at]);
            };
            final int sources = Frames.getShort(message, at + 2);
            final String group = address(message, at + 4, addressBytes);
            final List<String> list = new ArrayList<>();
            at += 4 + addressBytes;
            for (int s = 0; s < sources; s++) {
                list.add(address(message, at, addressBytes));
                at += addressBytes;
            }
            records.add(type + group + " " + list);
        }
        check(at == message.length, "no byte beyond the records");
        return String.join(" | ", records);
    }

    private static String address(final byte[] bytes, final int at, final int length) {
        final ByteBuffer in = ByteBuffer.wrap(bytes, at, length);
        return length == 4
                ? IpAddress.ofIpv4(in.getInt()).toString()
                : IpAddress.format(in.getLong(), in.getLong());
    }

    private static void check(final boolean good, final String what) {
        if (!good) {
            throw new AssertionError("not so: " + what);
        }
    }
}
