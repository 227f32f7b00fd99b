package io.netchannel.tcpip.autoconf;

import io.netchannel.tcpip.Frames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Router advertisements and what neighbours say, byte by byte, independently of the code under test. */
final class RouterFrames {

    static final String ROUTER = "fe80::fe";
    static final String ROUTER_MAC = "02:00:00:00:00:fe";
    static final String PEER_MAC = "02:00:00:00:00:02";
    private static final String ALL_NODES_MAC = "33:33:00:00:00:01";

    private RouterFrames() {
    }

    static byte[] advertisement(final String router, final int hopLimit, final int flags, final int lifetimeSeconds,
            final int reachableMs, final int retransmitMs, final byte[]... options) {
        final byte[] body = Frames.concat(ByteBuffer.allocate(8).putInt(reachableMs).putInt(retransmitMs).array(),
                Frames.concat(options));
        return frame(router, 255, Frames.icmpv6(router, "ff02::1", 134, 0, hopLimit << 24 | flags << 16
                | lifetimeSeconds, body));
    }

    static byte[] advertisement(final int lifetimeSeconds, final byte[]... options) {
        return advertisement(ROUTER, 0, 0, lifetimeSeconds, 0, 0, options);
    }

    static byte[] frame(final String source, final int hopLimit, final byte[] icmp) {
        return Frames.ethernet(ALL_NODES_MAC, ROUTER_MAC, 0x86DD, Frames.ipv6(source, "ff02::1", Frames.ICMPV6,
                hopLimit, icmp));
    }

    /** @param flags 0x80 on-link, 0x40 autonomous */
    static byte[] prefix(final String prefix, final int bits, final int flags, final long validSeconds,
            final long preferredSeconds) {
        return ByteBuffer.allocate(32).put((byte) 3).put((byte) 4).put((byte) bits).put((byte) flags)
                .putInt((int) validSeconds).putInt((int) preferredSeconds).putInt(0).put(Frames.ip(prefix)).array();
    }

    static byte[] mtu(final int bytes) {
        return ByteBuffer.allocate(8).put((byte) 5).put((byte) 1).putShort((short) 0).putInt(bytes).array();
    }

    static byte[] linkAddress(final String mac) {
        return Frames.concat(Frames.shorts(0x0101), Frames.mac(mac));
    }

    /** @param preference the two bits */
    static byte[] route(final String prefix, final int bits, final int preference, final long seconds,
            final int optionBytes) {
        return ByteBuffer.allocate(optionBytes).put((byte) 24).put((byte) (optionBytes / 8)).put((byte) bits)
                .put((byte) (preference << 3)).putInt((int) seconds)
                .put(Arrays.copyOf(Frames.ip(prefix), optionBytes - 8)).array();
    }

    static byte[] dnsServers(final long seconds, final String... servers) {
        final ByteBuffer out = ByteBuffer.allocate(8 + 16 * servers.length).put((byte) 25)
                .put((byte) (1 + 2 * servers.length)).putShort((short) 0).putInt((int) seconds);
        for (final String server : servers) {
            out.put(Frames.ip(server));
        }
        return out.array();
    }

    static byte[] searchList(final long seconds, final String... names) {
        final ByteBuffer list = ByteBuffer.allocate(512);
        for (final String name : names) {
            for (final String label : name.split("\\.")) {
                list.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
            }
            list.put((byte) 0);
        }
        final int bytes = (8 + list.position() + 7) / 8 * 8;
        return ByteBuffer.allocate(bytes).put((byte) 31).put((byte) (bytes / 8)).putShort((short) 0)
                .putInt((int) seconds).put(Arrays.copyOf(list.array(), bytes - 8)).array();
    }

    /** Somebody has an address, and says so to all. */
    static byte[] claim(final String address) {
        return Frames.ethernet(ALL_NODES_MAC, PEER_MAC, 0x86DD, Frames.ipv6(address, "ff02::1", Frames.ICMPV6, 255,
                Frames.icmpv6(address, "ff02::1", 136, 0, 0x2000_0000,
                        Frames.concat(Frames.ip(address), Frames.shorts(0x0201), Frames.mac(PEER_MAC)))));
    }

    /** Somebody wants an address. */
    static byte[] probe(final String address, final byte[] options) {
        final byte[] ip = Frames.ip(address);
        final String group = String.format("ff02::1:ff%02x:%02x%02x", ip[13], ip[14], ip[15]);
        return Frames.ethernet(String.format("33:33:ff:%02x:%02x:%02x", ip[13], ip[14], ip[15]), PEER_MAC, 0x86DD,
                Frames.ipv6("::", group, Frames.ICMPV6, 255, Frames.icmpv6("::", group, 135, 0, 0,
                        Frames.concat(ip, options))));
    }
}
