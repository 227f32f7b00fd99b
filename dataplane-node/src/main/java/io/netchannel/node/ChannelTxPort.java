package io.netchannel.node;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.channels.NetChannelConsumer;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.channels.TxPort;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.Poller;

/**
 * A loop's way to a transmit queue that the driver loop owns: a ring for frames there, a ring for finished frames back.
 *
 * <p>Frames come back and are not released over there, because their buffers are send buffers of this loop's connections,
 * whose reference counts only this thread may touch.
 *
 * <p>Threading: the loop's thread.
 */
final class ChannelTxPort implements TxPort, Poller {

    private static final int BURST = 64;

    private final NetChannelProducer frames;
    private final NetChannelConsumer finished;
    private final PacketPool pool;
    private final LinkCapabilities capabilities;
    private final long[] burst = new long[BURST];

    ChannelTxPort(final NetChannelProducer frames, final NetChannelConsumer finished, final PacketPool pool,
            final LinkCapabilities capabilities) {
        this.frames = frames;
        this.finished = finished;
        this.pool = pool;
        this.capabilities = capabilities;
    }

    @Override
    public int space() {
        return frames.space();
    }

    @Override
    public boolean transmit(final long packet) {
        return frames.offer(packet);
    }

    @Override
    public void flush() {
        frames.flush();
    }

    @Override
    public LinkCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public int poll(final long nowNs) {
        final int count = finished.drain(burst, BURST);
        for (int i = 0; i < count; i++) {
            pool.releasePacket(burst[i]);
        }
        return count;
    }

    @Override
    public boolean arm() {
        return finished.isEmpty();
    }

    /** Releases every finished frame, after both sides' threads have ended. */
    void takeAll() {
        while (poll(0) > 0) {
            // Until the ring is empty.
        }
    }
}
