package io.netchannel.tcpip.ip;

import io.netchannel.tcpip.Frames;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Cuts datagrams into frames, by hand. */
final class Fragments {

    static final String US = "02:00:00:00:00:01";
    static final String PEER = "02:00:00:00:00:02";

    private final boolean ipv6;
    private final String source;
    private final String destination;
    private final int protocol;
    private final int id;

    Fragments(final boolean ipv6, final int protocol, final int id) {
        this(ipv6, ipv6 ? "fd00::2" : "10.7.0.2", protocol, id);
    }

    Fragments(final boolean ipv6, final String source, final int protocol, final int id) {
        this.ipv6 = ipv6;
        this.source = source;
        this.destination = ipv6 ? "fd00::1" : "10.7.0.1";
        this.protocol = protocol;
        this.id = id;
    }

    byte[] udp(final int port, final byte[] payload) {
        return Frames.udp(source, destination, 5000, port, payload);
    }

    byte[] part(final byte[] whole, final int from, final int to) {
        return part(whole, from, to, to < whole.length, 0);
    }

    byte[] part(final byte[] whole, final int from, final int to, final boolean more, final int trafficClass) {
        final byte[] data = Frames.slice(whole, from, to);
        if (ipv6) {
            final byte[] packet = Frames.ipv6(source, destination, 44, 64, Frames.concat(
                    Frames.shorts(protocol << 8, from | (more ? 1 : 0), id >>> 16, id & 0xFFFF), data));
            Frames.putShort(packet, 0, 0x6000 | trafficClass << 4);
            return Frames.ethernet(US, PEER, 0x86DD, packet);
        }
        final byte[] packet = Frames.ipv4(source, destination, protocol, (more ? 0x2000 : 0) | from / 8, data);
        Frames.putShort(packet, 0, 0x4500 | trafficClass);
        Frames.putShort(packet, 4, id);
        Frames.putShort(packet, 10, 0);
        Frames.putShort(packet, 10, ~Frames.sum(Frames.slice(packet, 0, 20), 0) & 0xFFFF);
        return Frames.ethernet(US, PEER, 0x0800, packet);
    }

    /** All parts of about {@code size} bytes, in order. */
    List<byte[]> cut(final byte[] whole, final int size) {
        final List<byte[]> parts = new ArrayList<>();
        for (int from = 0; from < whole.length; from += size & ~7) {
            parts.add(part(whole, from, Math.min(whole.length, from + (size & ~7))));
        }
        return parts;
    }

    /** Parts of random sizes, in order; the first has the transport header. */
    List<byte[]> cut(final byte[] whole, final int least, final RandomGenerator random) {
        final List<byte[]> parts = new ArrayList<>();
        int from = 0;
        while (from < whole.length) {
            final int to = Math.min(whole.length, from + (least + random.nextInt(1400) & ~7));
            parts.add(part(whole, from, to));
            from = to;
        }
        return parts;
    }
}
