package io.netchannel.perf.conventional;

import io.netchannel.channels.PacketSink;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.WakeWord;

/**
 * The queue between the device's interrupt and the soft interrupt, shared by all sockets (Linux: {@code softnet_data}'s
 * {@code input_pkt_queue}; BSD: {@code netisr}). A burst of the driver takes its lock once.
 *
 * <p>Threading: as a sink the driver's thread; {@link #take} the soft interrupt's.
 */
final class InputQueue implements PacketSink {

    /** Linux's {@code netdev_max_backlog} is 1,000. */
    static final int LIMIT = 1024;

    private final SpinLock lock = new SpinLock();
    private final PacketQueue packets = new PacketQueue(LIMIT);
    private final PacketPool driverPool;
    private final WakeWord softInterrupt;
    private final long[] burst;
    private int burstCount;
    private volatile int waiting;
    private volatile long dropped;

    /** @param budget packets of a driver's burst, at most */
    InputQueue(final PacketPool driverPool, final WakeWord softInterrupt, final int budget) {
        this.driverPool = driverPool;
        this.softInterrupt = softInterrupt;
        this.burst = new long[budget];
    }

    @Override
    public void accept(final long packet) {
        burst[burstCount++] = packet;
    }

    @Override
    public void endOfBurst() {
        if (burstCount == 0) {
            return;
        }
        lock.lock();
        int taken = 0;
        while (taken < burstCount && packets.add(burst[taken])) {
            taken++;
        }
        waiting = packets.size();
        lock.unlock();
        for (int i = taken; i < burstCount; i++) {
            driverPool.releasePacket(burst[i]);
        }
        dropped += burstCount - taken;
        burstCount = 0;
        // raise_softirq
        softInterrupt.signal();
    }

    int take(final long[] into) {
        if (waiting == 0) {
            return 0;
        }
        lock.lock();
        final int count = packets.take(into);
        waiting = packets.size();
        lock.unlock();
        return count;
    }

    boolean isEmpty() {
        return waiting == 0;
    }

    /** Packets dropped because the queue was full (Linux: softnet_stat's second column). */
    long dropped() {
        return dropped;
    }
}
