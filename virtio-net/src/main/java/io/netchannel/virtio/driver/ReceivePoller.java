package io.netchannel.virtio.driver;

import io.netchannel.channels.PacketSink;
import io.netchannel.kernel.sched.Poller;

/**
 * Runs a queue pair on a loop: releases what was sent, receives, and arms the interrupts before the loop parks.
 *
 * <p>Threading: the loop's.
 */
public final class ReceivePoller implements Poller {

    private final QueuePair pair;
    private final PacketSink sink;
    private final int budget;

    /** @param budget frames received in a turn, at most */
    public ReceivePoller(final QueuePair pair, final PacketSink sink, final int budget) {
        this.pair = pair;
        this.sink = sink;
        this.budget = budget;
    }

    @Override
    public int poll(final long nowNs) {
        final int released = pair.reclaimTransmitted();
        return released + pair.pollReceive(sink, budget);
    }

    @Override
    public boolean arm() {
        return pair.arm();
    }

    @Override
    public void disarm() {
        pair.disarm();
    }
}
