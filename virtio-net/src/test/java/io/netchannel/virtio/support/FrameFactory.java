package io.netchannel.virtio.support;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import java.util.Arrays;

/**
 * Makes TCP and UDP frames in packet buffers: a head with the headers and slices with the payload, as a stack would. The
 * payload at sequence number s is a function of s, so that a receiver can tell every byte.
 */
public final class FrameFactory {

    public static final int FIN = 0x01;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int CWR = 0x80;

    private static final int HEADROOM_BYTES = 128;
    private static final int SLICE_OFFSET = 64;

    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private long destination = 0x0200_0000_0002L;
    private long source = 0x0200_0000_0001L;
    private int sourcePort = 40_000;
    private boolean ipv6;
    private boolean udp;
    private boolean finished;
    private int gsoSize;
    private boolean gsoEcn;
    private int flags = ACK;
    private int sliceBytes = 3000;

    public FrameFactory(final PacketPool pool) {
        this.pool = pool;
        this.packets = pool.packets();
        this.memory = packets.memory();
    }

    public FrameFactory macs(final long newSource, final long newDestination) {
        source = newSource;
        destination = newDestination;
        return this;
    }

    public FrameFactory sourcePort(final int port) {
        sourcePort = port;
        return this;
    }

    public FrameFactory ipv6(final boolean on) {
        ipv6 = on;
        return this;
    }

    /** Whether checksums are complete. */
    public FrameFactory finished(final boolean on) {
        finished = on;
        return this;
    }

    /** @param size 0 for none */
    public FrameFactory gso(final int size, final boolean ecn) {
        gsoSize = size;
        gsoEcn = ecn;
        return this;
    }

    public FrameFactory flags(final int tcpFlags) {
        flags = tcpFlags;
        return this;
    }

    /** Payload goes into slices of this length; 0 to put it behind the headers. */
    public FrameFactory sliceBytes(final int bytes) {
        sliceBytes = bytes;
        return this;
    }

    public static byte payloadAt(final int sequence) {
        return (byte) (sequence * 31 + (sequence >>> 8) * 7 + (sequence >>> 16));
    }

    public int headerBytes() {
        return 14 + (ipv6 ? 40 : 20) + (udp ? 8 : 20);
    }

    /** @return a packet; the pool must have buffers */
    public long tcp(final int sequence, final int payloadBytes) {
        udp = false;
        return make(sequence, payloadBytes);
    }

    /** @return a packet; the pool must have buffers */
    public long udp(final int sequence, final int payloadBytes) {
        udp = true;
        return make(sequence, payloadBytes);
    }

    private long make(final int sequence, final int payloadBytes) {
        final int head = allocate();
        final int ip = 14;
        final int transport = ip + (ipv6 ? 40 : 20);
        final int headers = headerBytes();
        final byte[] header = new byte[headers];
        writeHeaders(header, sequence, payloadBytes);
        final byte[] payload = new byte[payloadBytes];
        for (int i = 0; i < payloadBytes; i++) {
            payload[i] = payloadAt(sequence + i);
        }
        if (finished) {
            // The checksum field holds the pseudo header's sum, so the sum of the segment includes it.
            final byte[] whole = Arrays.copyOf(header, headers + payloadBytes);
            System.arraycopy(payload, 0, whole, headers, payloadBytes);
            put16(header, transport + checksumOffset(), ~sum(whole, transport, whole.length, 0));
        } else {
            packets.flags(head, PacketLayout.FLAG_NEEDS_CHECKSUM | (gsoEcn ? PacketLayout.FLAG_GSO_ECN : 0));
            packets.checksum(head, transport, checksumOffset());
        }
        if (gsoSize > 0) {
            final int tcpType = ipv6 ? PacketLayout.GSO_TCPV6 : PacketLayout.GSO_TCPV4;
            packets.gso(head, udp ? PacketLayout.GSO_UDP_L4 : tcpType, gsoSize);
            packets.headerLengthBytes(head, headers);
        }
        return place(head, header, payload);
    }

    private int checksumOffset() {
        return udp ? 6 : 16;
    }

    private int allocate() {
        final int index = pool.allocate();
        if (index == PacketPool.EMPTY) {
            throw new IllegalStateException("pool is empty");
        }
        return index;
    }

    private long place(final int head, final byte[] header, final byte[] payload) {
        final long start = packets.bufferAddress(head) + HEADROOM_BYTES;
        memory.copyFromArray(header, 0, start, header.length);
        if (sliceBytes == 0) {
            memory.copyFromArray(payload, 0, start + header.length, payload.length);
            return PacketHandle.of(head, HEADROOM_BYTES, header.length + payload.length);
        }
        for (int at = 0; at < payload.length; at += sliceBytes) {
            final int bytes = Math.min(sliceBytes, payload.length - at);
            final int slice = allocate();
            memory.copyFromArray(payload, at, packets.bufferAddress(slice) + SLICE_OFFSET, bytes);
            if (!packets.addSlice(head, PacketHandle.of(slice, SLICE_OFFSET, bytes))) {
                throw new IllegalStateException("too many slices");
            }
        }
        return PacketHandle.of(head, HEADROOM_BYTES, header.length);
    }

    private void writeHeaders(final byte[] to, final int sequence, final int payloadBytes) {
        for (int i = 0; i < 6; i++) {
            to[i] = (byte) (destination >>> 40 - 8 * i);
            to[6 + i] = (byte) (source >>> 40 - 8 * i);
        }
        final int transportBytes = udp ? 8 : 20;
        put16(to, 12, ipv6 ? 0x86DD : 0x0800);
        if (ipv6) {
            writeIpv6(to, transportBytes + payloadBytes);
        } else {
            writeIpv4(to, 20 + transportBytes + payloadBytes);
        }
        final int transport = 14 + (ipv6 ? 40 : 20);
        put16(to, transport, sourcePort);
        put16(to, transport + 2, 80);
        if (udp) {
            put16(to, transport + 4, transportBytes + payloadBytes);
        } else {
            writeTcp(to, transport, sequence);
        }
        final int from = ipv6 ? 22 : 26;
        put16(to, transport + checksumOffset(), sum(to, from, from + (ipv6 ? 32 : 8),
                protocol() + transportBytes + payloadBytes));
    }

    private int protocol() {
        return udp ? 17 : 6;
    }

    private void writeTcp(final byte[] to, final int tcp, final int sequence) {
        put16(to, tcp + 4, sequence >>> 16);
        put16(to, tcp + 6, sequence);
        put16(to, tcp + 8, 0x1234);
        put16(to, tcp + 10, 0x5678);
        to[tcp + 12] = 5 << 4;
        to[tcp + 13] = (byte) flags;
        put16(to, tcp + 14, 0xFFFF);
    }

    private void writeIpv4(final byte[] to, final int total) {
        to[14] = 0x45;
        put16(to, 16, total);
        put16(to, 18, 0xFFF0);
        put16(to, 20, 0x4000);
        to[22] = 64;
        to[23] = (byte) protocol();
        put16(to, 26, 0x0A00);
        put16(to, 28, 0x0001);
        put16(to, 30, 0x0A00);
        put16(to, 32, 0x0002);
        put16(to, 24, ~sum(to, 14, 34, 0) & 0xFFFF);
    }

    private void writeIpv6(final byte[] to, final int payload) {
        to[14] = 0x60;
        put16(to, 18, payload);
        to[20] = (byte) protocol();
        to[21] = 64;
        to[22] = (byte) 0xFD;
        to[37] = 1;
        to[38] = (byte) 0xFD;
        to[53] = 2;
    }

    private static int sum(final byte[] bytes, final int from, final int to, final int initial) {
        int sum = (initial & 0xFFFF) + (initial >>> 16);
        for (int i = from; i < to; i++) {
            sum += (i - from & 1) == 0 ? (bytes[i] & 0xFF) << 8 : bytes[i] & 0xFF;
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }

    private static void put16(final byte[] to, final int at, final int value) {
        to[at] = (byte) (value >>> 8);
        to[at + 1] = (byte) value;
    }
}
