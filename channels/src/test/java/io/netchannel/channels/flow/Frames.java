package io.netchannel.channels.flow;

import java.util.Arrays;

/**
 * Builds frames, a byte at a time and with sums of its own, so that nothing that is tested helps to build them. Fields
 * are changed by {@link #set16} and the like; {@link #fixChecksums} makes the sums right again.
 */
final class Frames {

    static final int SOURCE_V4 = 0x0A00_0001;
    static final int DESTINATION_V4 = 0x0A00_0002;
    static final long V6_HIGH = 0x2001_0DB8_0000_0001L;
    static final int SOURCE_PORT = 40_000;
    static final int DESTINATION_PORT = 443;

    /** Shape of a frame. */
    record Shape(boolean v6, boolean tcp, int tags) {

        int networkOffset() {
            return 14 + 4 * tags;
        }

        int transportOffset() {
            return networkOffset() + (v6 ? 40 : 20);
        }

        int payloadOffset() {
            return transportOffset() + (tcp ? 20 : 8);
        }

        FlowKey key() {
            final int vlan = tags == 0 ? 0 : tags == 1 ? 5 : 7 << 12 | 5;
            final FlowKey key = new FlowKey().protocol(tcp ? 6 : 17).vlanId(vlan);
            return v6
                    ? key.remote(V6_HIGH, 1, SOURCE_PORT).local(V6_HIGH, 2, DESTINATION_PORT)
                    : key.remoteV4(SOURCE_V4, SOURCE_PORT).localV4(DESTINATION_V4, DESTINATION_PORT);
        }
    }

    private Frames() {
    }

    /** A valid frame; untagged, of VLAN 5, or of VLAN 5 in service VLAN 7. */
    static byte[] frame(final Shape shape, final int payloadBytes) {
        final byte[] frame = new byte[shape.payloadOffset() + payloadBytes];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (byte) (i * 37 + 11);
        }
        final int network = shape.networkOffset();
        final int type = shape.v6() ? 0x86DD : 0x0800;
        switch (shape.tags()) {
            case 0 -> set16(frame, 12, type);
            case 1 -> {
                set16(frame, 12, 0x8100);
                set16(frame, 14, 0x6005);
                set16(frame, 16, type);
            }
            default -> {
                set16(frame, 12, 0x88A8);
                set16(frame, 14, 7);
                set16(frame, 16, 0x8100);
                set16(frame, 18, 0x2005);
                set16(frame, 20, type);
            }
        }
        final int networkBytes = frame.length - network;
        final int protocol = shape.tcp() ? 6 : 17;
        if (shape.v6()) {
            frame[network] = 0x60;
            set16(frame, network + 4, networkBytes - 40);
            frame[network + 6] = (byte) protocol;
            set64(frame, network + 8, V6_HIGH);
            set64(frame, network + 16, 1);
            set64(frame, network + 24, V6_HIGH);
            set64(frame, network + 32, 2);
        } else {
            frame[network] = 0x45;
            set16(frame, network + 2, networkBytes);
            set16(frame, network + 6, 0x4000);
            frame[network + 9] = (byte) protocol;
            set32(frame, network + 12, SOURCE_V4);
            set32(frame, network + 16, DESTINATION_V4);
        }
        final int transport = shape.transportOffset();
        set16(frame, transport, SOURCE_PORT);
        set16(frame, transport + 2, DESTINATION_PORT);
        if (shape.tcp()) {
            frame[transport + 12] = 0x50;
        } else {
            set16(frame, transport + 4, 8 + payloadBytes);
        }
        fixChecksums(frame, shape);
        return frame;
    }

    /** Over the header and transport lengths that the shape implies, whatever the fields say. */
    static void fixChecksums(final byte[] frame, final Shape shape) {
        final int network = shape.networkOffset();
        if (!shape.v6()) {
            fixIpv4Checksum(frame, network, (frame[network] & 0xF) * 4);
        }
        fixTransportChecksum(frame, network, shape.v6(), shape.transportOffset(), shape.tcp(),
                frame.length - shape.transportOffset());
    }

    static void fixIpv4Checksum(final byte[] frame, final int network, final int headerBytes) {
        set16(frame, network + 10, 0);
        set16(frame, network + 10, ~sum(frame, network, Math.min(headerBytes, frame.length - network), 0));
    }

    static void fixTransportChecksum(final byte[] frame, final int network, final boolean v6, final int transport,
            final boolean tcp, final int transportBytes) {
        final int pseudo = v6
                ? sum(frame, network + 8, 32, transportBytes + (tcp ? 6 : 17))
                : sum(frame, network + 12, 8, transportBytes + (tcp ? 6 : 17));
        final int at = transport + (tcp ? 16 : 6);
        set16(frame, at, 0);
        final int checksum = ~sum(frame, transport, transportBytes, pseudo) & 0xFFFF;
        set16(frame, at, checksum == 0 ? 0xFFFF : checksum);
    }

    /** The frame with bytes put in, for options and extension headers. */
    static byte[] insert(final byte[] frame, final int at, final byte... bytes) {
        final byte[] longer = Arrays.copyOf(frame, frame.length + bytes.length);
        System.arraycopy(bytes, 0, longer, at, bytes.length);
        System.arraycopy(frame, at, longer, at + bytes.length, frame.length - at);
        return longer;
    }

    private static int sum(final byte[] bytes, final int from, final int length, final int initial) {
        long sum = initial;
        for (int i = 0; i < length; i++) {
            sum += (bytes[from + i] & 0xFF) << ((i & 1) == 0 ? 8 : 0);
        }
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int) sum;
    }

    static int get16(final byte[] bytes, final int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }

    static void set16(final byte[] bytes, final int at, final int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    static void set32(final byte[] bytes, final int at, final int value) {
        set16(bytes, at, value >>> 16);
        set16(bytes, at + 2, value);
    }

    static void set64(final byte[] bytes, final int at, final long value) {
        set32(bytes, at, (int) (value >>> 32));
        set32(bytes, at + 4, (int) value);
    }
}
