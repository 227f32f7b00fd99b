package io.netchannel.virtio.support;

import io.netchannel.channels.PacketSink;
import io.netchannel.kernel.memory.PacketPool;
import java.util.ArrayList;
import java.util.List;

/** Keeps copies of what it gets and releases the packets at once. */
public final class Receiver implements PacketSink {

    private final PacketPool pool;
    private final List<Frame> frames = new ArrayList<>();
    private int bursts;

    public Receiver(final PacketPool pool) {
        this.pool = pool;
    }

    @Override
    public void accept(final long packet) {
        frames.add(new Frame(pool.packets(), packet));
        pool.releasePacket(packet);
    }

    @Override
    public void endOfBurst() {
        bursts++;
    }

    public List<Frame> frames() {
        return frames;
    }

    public int bursts() {
        return bursts;
    }
}
