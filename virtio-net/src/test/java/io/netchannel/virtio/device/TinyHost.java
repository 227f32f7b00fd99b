package io.netchannel.virtio.device;

import io.netchannel.channels.PacketSink;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.virtio.driver.QueuePair;
import io.netchannel.virtio.support.Frame;
import io.netchannel.virtio.support.FrameFactory;
import java.io.ByteArrayOutputStream;

/**
 * Just enough of a host to have Linux talk to a driver: answers ARP and ping, takes one TCP connection on any port,
 * reads what comes in order, and sends one super-frame and FIN when asked. No retransmission, no options.
 */
final class TinyHost implements PacketSink {

    private static final int SYN = 2;
    private static final int HEADROOM = 128;

    private final QueuePair pair;
    private final PacketPool pool;
    private final PacketMemory packets;
    private final long mac;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private int nextSequence = 5000;
    private int nextExpected;
    private byte[] toSend = new byte[0];
    private boolean closed;
    private int superFrames;
    private int partialChecksums;
    private int badChecksums;
    private int longestFrame;

    TinyHost(final QueuePair pair, final PacketPool pool, final long mac) {
        this.pair = pair;
        this.pool = pool;
        this.packets = pool.packets();
        this.mac = mac;
    }

    /** Sent as soon as a connection is there, then FIN. */
    void answerWith(final byte[] bytes) {
        toSend = bytes;
    }

    byte[] received() {
        return received.toByteArray();
    }

    boolean isClosed() {
        return closed;
    }

    int superFrames() {
        return superFrames;
    }

    int partialChecksums() {
        return partialChecksums;
    }

    int badChecksums() {
        return badChecksums;
    }

    int longestFrame() {
        return longestFrame;
    }

    @Override
    public void accept(final long packet) {
        final Frame frame = new Frame(packets, packet);
        pool.releasePacket(packet);
        if (frame.u16(12) == 0x0806) {
            answerArp(frame);
        } else if (frame.u16(12) == 0x0800 && frame.u8(23) == 1) {
            answerPing(frame);
        } else if (frame.u16(12) == 0x0800 && frame.u8(23) == 6) {
            tcp(frame);
        }
    }

    @Override
    public void endOfBurst() {
        pair.flush();
    }

    private void answerArp(final Frame frame) {
        final byte[] bytes = frame.bytes().clone();
        System.arraycopy(frame.bytes(), 6, bytes, 0, 6);
        System.arraycopy(frame.bytes(), 22, bytes, 32, 10);
        System.arraycopy(frame.bytes(), 38, bytes, 28, 4);
        putMac(bytes, 6);
        putMac(bytes, 22);
        bytes[21] = 2;
        send(bytes, 0, 0);
    }

    private void putMac(final byte[] bytes, final int at) {
        for (int i = 0; i < 6; i++) {
            bytes[at + i] = (byte) (mac >>> 40 - 8 * i);
        }
    }

    private void answerPing(final Frame frame) {
        final byte[] bytes = frame.bytes().clone();
        turnAround(frame, bytes);
        bytes[34] = 0;
        bytes[36] = 0;
        bytes[37] = 0;
        put16(bytes, 36, ~sum(bytes, 34, bytes.length, 0));
        send(bytes, 0, 0);
    }

    private void turnAround(final Frame frame, final byte[] bytes) {
        System.arraycopy(frame.bytes(), 6, bytes, 0, 6);
        putMac(bytes, 6);
        System.arraycopy(frame.bytes(), 26, bytes, 30, 4);
        System.arraycopy(frame.bytes(), 30, bytes, 26, 4);
    }

    private void tcp(final Frame frame) {
        longestFrame = Math.max(longestFrame, frame.length());
        superFrames += frame.gsoType() != 0 ? 1 : 0;
        partialChecksums += frame.needsChecksum() ? 1 : 0;
        final boolean good = frame.needsChecksum()
                ? frame.isPseudoSumRight()
                : frame.isVouchedFor() || frame.isTransportChecksumRight();
        badChecksums += good ? 0 : 1;
        if ((frame.tcpFlags() & SYN) != 0) {
            nextExpected = frame.sequence() + 1;
            segment(frame, SYN | FrameFactory.ACK, new byte[0]);
            nextSequence++;
            return;
        }
        final byte[] payload = frame.payload();
        if (frame.sequence() == nextExpected) {
            received.writeBytes(payload);
            nextExpected += payload.length;
            if ((frame.tcpFlags() & FrameFactory.FIN) != 0) {
                nextExpected++;
                closed = true;
            }
        }
        if (toSend.length > 0) {
            final byte[] bytes = toSend;
            toSend = new byte[0];
            segment(frame, FrameFactory.ACK | FrameFactory.PSH | FrameFactory.FIN, bytes);
            nextSequence += bytes.length + 1;
        } else if (payload.length > 0 || (frame.tcpFlags() & FrameFactory.FIN) != 0) {
            segment(frame, FrameFactory.ACK, new byte[0]);
        }
    }

    private void segment(final Frame to, final int flags, final byte[] payload) {
        final byte[] bytes = new byte[54 + payload.length];
        turnAround(to, bytes);
        bytes[12] = 8;
        bytes[14] = 0x45;
        put16(bytes, 16, bytes.length - 14);
        bytes[20] = 0x40;
        bytes[22] = 64;
        bytes[23] = 6;
        put16(bytes, 24, ~sum(bytes, 14, 34, 0));
        final int transport = to.transport();
        put16(bytes, 34, to.u16(transport + 2));
        put16(bytes, 36, to.u16(transport));
        put32(bytes, 38, nextSequence);
        put32(bytes, 42, nextExpected);
        bytes[46] = 5 << 4;
        bytes[47] = (byte) flags;
        put16(bytes, 48, 0xFFFF);
        System.arraycopy(payload, 0, bytes, 54, payload.length);
        final int pseudo = sum(bytes, 26, 34, 6 + 20 + payload.length);
        put16(bytes, 50, pair.capabilities().transmitChecksum() ? pseudo : ~sum(bytes, 34, bytes.length, pseudo));
        send(bytes, pair.capabilities().transmitChecksum() ? 34 : 0, payload.length > 1460 ? 1460 : 0);
    }

    /** In a head of up to 1,000 bytes and slices of up to 3,000. */
    private void send(final byte[] bytes, final int checksumStart, final int gsoSize) {
        final int head = pool.allocate();
        final int headBytes = Math.min(1000, bytes.length);
        packets.memory().copyFromArray(bytes, 0, packets.bufferAddress(head) + HEADROOM, headBytes);
        for (int at = headBytes; at < bytes.length; at += 3800) {
            final int slice = pool.allocate();
            final int sliceBytes = Math.min(3800, bytes.length - at);
            packets.memory().copyFromArray(bytes, at, packets.bufferAddress(slice), sliceBytes);
            packets.addSlice(head, PacketHandle.of(slice, 0, sliceBytes));
        }
        if (checksumStart > 0) {
            packets.flags(head, PacketLayout.FLAG_NEEDS_CHECKSUM);
            packets.checksum(head, checksumStart, 16);
        }
        if (gsoSize > 0) {
            packets.gso(head, PacketLayout.GSO_TCPV4, gsoSize);
            packets.headerLengthBytes(head, 54);
        }
        final long packet = PacketHandle.of(head, HEADROOM, headBytes);
        if (!pair.transmit(packet)) {
            pool.releasePacket(packet);
        }
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

    private static void put32(final byte[] to, final int at, final int value) {
        put16(to, at, value >>> 16);
        put16(to, at + 2, value);
    }
}
