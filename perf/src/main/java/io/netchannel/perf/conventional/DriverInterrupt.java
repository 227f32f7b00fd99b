package io.netchannel.perf.conventional;

import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.virtio.driver.QueuePair;

/**
 * The driver: takes frames off the device and puts them into the shared queue; collects what was sent.
 *
 * <p>Threading: its own loop's.
 */
final class DriverInterrupt implements Poller {

    /** As a driver loop of a node in channel mode; NAPI's weight. */
    static final int BUDGET = 64;

    private final QueuePair pair;
    private final TransmitLock transmit;
    private final InputQueue input;
    private final SoftInterrupt softInterrupt;
    private final PacketPool pool;
    private final BufferReturns own;

    DriverInterrupt(final QueuePair pair, final TransmitLock transmit, final InputQueue input,
            final SoftInterrupt softInterrupt, final PacketPool pool, final BufferReturns own) {
        this.pair = pair;
        this.transmit = transmit;
        this.input = input;
        this.softInterrupt = softInterrupt;
        this.pool = pool;
        this.own = own;
    }

    @Override
    public int poll(final long nowNs) {
        int work = own.reclaim(pool);
        final int reclaimed = transmit.reclaim();
        if (reclaimed < 0) {
            softInterrupt.transmitSpace();
            work += -reclaimed;
        } else {
            work += reclaimed;
        }
        return work + pair.pollReceive(input, BUDGET);
    }

    @Override
    public boolean arm() {
        return transmit.arm() && own.isEmpty();
    }

    @Override
    public void disarm() {
        transmit.disarm();
    }
}
