package io.netchannel.tcpip.script.run;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.channels.TxPort;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import java.util.ArrayList;
import java.util.List;

/** The device that the stack sends to: keeps frames until they are {@linkplain #take taken}. */
final class CapturePort implements TxPort {

    private static final int CAPACITY = 1024;

    /** A frame, and the payload of the segments to cut it into; 0 if it isn't to be cut. */
    record Frame(byte[] bytes, int gsoSizeBytes) {
    }

    private final PacketPool pool;
    private final PacketMemory packets;
    private final LinkCapabilities capabilities;
    private final List<Long> queued = new ArrayList<>();

    CapturePort(final PacketPool pool, final LinkCapabilities capabilities) {
        this.pool = pool;
        this.packets = pool.packets();
        this.capabilities = capabilities;
    }

    @Override
    public int space() {
        return CAPACITY - queued.size();
    }

    @Override
    public boolean transmit(final long packet) {
        return queued.size() < CAPACITY && queued.add(packet);
    }

    @Override
    public void flush() {
        // Nothing waits for it.
    }

    @Override
    public LinkCapabilities capabilities() {
        return capabilities;
    }

    List<Frame> take() {
        final List<Frame> frames = new ArrayList<>(queued.size());
        for (final long packet : queued) {
            frames.add(new Frame(bytes(packet), packets.gsoSizeBytes(PacketHandle.index(packet))));
            pool.releasePacket(packet);
        }
        queued.clear();
        return frames;
    }

    private byte[] bytes(final long packet) {
        final int index = PacketHandle.index(packet);
        final byte[] bytes = new byte[packets.frameBytes(packet)];
        int at = PacketHandle.lengthBytes(packet);
        packets.memory().copyToArray(packets.address(packet), bytes, 0, at);
        for (int i = 0; i < packets.sliceCount(index); i++) {
            final long slice = packets.slice(index, i);
            packets.memory().copyToArray(packets.address(slice), bytes, at, PacketHandle.lengthBytes(slice));
            at += PacketHandle.lengthBytes(slice);
        }
        return bytes;
    }
}
