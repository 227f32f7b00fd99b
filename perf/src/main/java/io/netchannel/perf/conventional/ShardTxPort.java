package io.netchannel.perf.conventional;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.channels.TxPort;
import io.netchannel.kernel.memory.PacketPool;

/**
 * A shard's way to the shared transmit queue: takes its lock with the first frame of a turn and lets go of it with the flush,
 * as a kernel holds it over a list of frames ({@code xmit_more}).
 *
 * <p>Threading: under the shard's lock.
 */
final class ShardTxPort implements TxPort {

    private static final int BURST = 64;

    private final TransmitLock transmit;
    private final int shard;
    private final PacketPool pool;
    private final long[] burst = new long[BURST];
    private boolean held;

    ShardTxPort(final TransmitLock transmit, final int shard, final PacketPool pool) {
        this.transmit = transmit;
        this.shard = shard;
        this.pool = pool;
    }

    private void hold() {
        if (!held) {
            transmit.lock();
            held = true;
        }
    }

    @Override
    public int space() {
        hold();
        return transmit.space();
    }

    @Override
    public boolean transmit(final long packet) {
        hold();
        return transmit.transmit(packet);
    }

    /** Publishes, takes along what of this shard's frames the device has finished, unlocks, releases those. */
    @Override
    public void flush() {
        if (!held) {
            if (transmit.hasFinished(shard)) {
                releaseFinished();
            }
            return;
        }
        transmit.flush();
        int count = transmit.takeFinished(shard, burst);
        held = false;
        transmit.unlock();
        while (count > 0) {
            for (int i = 0; i < count; i++) {
                pool.releasePacket(burst[i]);
            }
            count = count < BURST ? 0 : takeFinished();
        }
    }

    private int takeFinished() {
        transmit.lock();
        final int count = transmit.takeFinished(shard, burst);
        transmit.unlock();
        return count;
    }

    /** Releases every frame that the device has finished. */
    void releaseFinished() {
        for (int count = takeFinished(); count > 0; count = takeFinished()) {
            for (int i = 0; i < count; i++) {
                pool.releasePacket(burst[i]);
            }
        }
    }

    @Override
    public LinkCapabilities capabilities() {
        return transmit.capabilities();
    }
}
