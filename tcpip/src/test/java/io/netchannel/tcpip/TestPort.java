package io.netchannel.tcpip;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.channels.TxPort;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import java.util.ArrayList;
import java.util.List;

/** A transmit queue that keeps frames until they are taken, as a device would, and completes them then. */
public final class TestPort implements TxPort {

    private final PacketPool pool;
    private final PacketMemory packets;
    private final List<Long> queued = new ArrayList<>();
    private final LinkCapabilities capabilities;
    private int capacity = 1024;
    private int flushes;
    /** The next so many transmits fail although there is space. */
    private int refusals;

    public TestPort(final PacketPool pool, final LinkCapabilities capabilities) {
        this.pool = pool;
        this.packets = pool.packets();
        this.capabilities = capabilities;
    }

    public void capacity(final int frames) {
        capacity = frames;
    }

    public void refuse(final int transmits) {
        refusals = transmits;
    }

    public int flushes() {
        return flushes;
    }

    @Override
    public int space() {
        return capacity - queued.size();
    }

    @Override
    public boolean transmit(final long packet) {
        if (refusals > 0) {
            refusals--;
            return false;
        }
        if (queued.size() >= capacity) {
            return false;
        }
        if (PacketHandle.offsetBytes(packet) < 128) {
            throw new AssertionError("headroom of " + PacketHandle.toString(packet));
        }
        queued.add(packet);
        return true;
    }

    @Override
    public void flush() {
        flushes++;
    }

    @Override
    public LinkCapabilities capabilities() {
        return capabilities;
    }

    /** Takes all frames off the queue; their buffers go back. */
    public List<Frame> take() {
        final List<Frame> frames = new ArrayList<>();
        for (final long packet : queued) {
            frames.add(copy(packet));
            pool.releasePacket(packet);
        }
        queued.clear();
        return frames;
    }

    private Frame copy(final long packet) {
        final int index = PacketHandle.index(packet);
        final byte[] bytes = new byte[packets.frameBytes(packet)];
        int at = 0;
        long part = packet;
        for (int i = 0; i <= packets.sliceCount(index); i++) {
            packets.memory().copyToArray(packets.address(part), bytes, at, PacketHandle.lengthBytes(part));
            at += PacketHandle.lengthBytes(part);
            part = i < packets.sliceCount(index) ? packets.slice(index, i) : PacketHandle.NONE;
        }
        final boolean needs = (packets.flags(index) & PacketLayout.FLAG_NEEDS_CHECKSUM) != 0;
        return new Frame(bytes, needs ? PacketLayout.FLAG_NEEDS_CHECKSUM : 0, packets.checksumStart(index),
                packets.checksumOffset(index), packets.gsoType(index), packets.gsoSizeBytes(index),
                packets.headerLengthBytes(index));
    }
}
