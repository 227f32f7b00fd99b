package io.netchannel.node;

import io.netchannel.channels.NetChannelConsumer;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.WakeWord;
import io.netchannel.virtio.driver.QueuePair;

/**
 * The driver loop's side of every {@link ChannelTxPort}: moves frames from the loops' rings to the transmit queue, and
 * finished frames back to the loops that they came from.
 *
 * <p>A finished frame is no reason to wake a loop that waits for something to receive. A loop that waits for room in its ring
 * is woken, because it can only wait once the ring is full, and half a ring of frames always rings.
 *
 * <p>Threading: the driver loop's.
 */
final class TransmitHandOver implements Poller {

    private static final int BURST = 64;

    private final NetChannelConsumer[] frames;
    private final NetChannelProducer[] finished;
    private final WakeWord[] wakes;
    private final int[] unsignalled;
    private final int buffersPerLoop;
    private final int signalEvery;
    private final PacketPool pool;
    private QueuePair pair;
    private boolean returned;
    private int first;

    /**
     * @param frames by loop
     * @param finished by loop, without a wake word of their own; as long as a loop has buffers, so never full
     * @param wakes of the loops
     * @param frameCapacity of each ring of frames
     * @param pool of the driver's thread, the last of the node's; all pools are alike
     */
    TransmitHandOver(final NetChannelConsumer[] frames, final NetChannelProducer[] finished, final WakeWord[] wakes,
            final int frameCapacity, final PacketPool pool) {
        this.frames = frames;
        this.finished = finished;
        this.wakes = wakes;
        this.unsignalled = new int[frames.length];
        this.signalEvery = Math.max(1, frameCapacity / 2);
        this.pool = pool;
        this.buffersPerLoop = pool.capacity();
    }

    void pair(final QueuePair queuePair) {
        pair = queuePair;
    }

    /** The queue pair's completion: the frame goes back to the loop whose buffer its head is, or to this thread's pool. */
    void completed(final long packet) {
        final int loop = PacketHandle.index(packet) / buffersPerLoop;
        if (loop == finished.length) {
            pool.releasePacket(packet);
            return;
        }
        if (!finished[loop].offer(packet)) {
            throw new IllegalStateException("loop " + loop + " gets more frames back than it has buffers");
        }
        returned = true;
    }

    @Override
    public int poll(final long nowNs) {
        int work = 0;
        // In turn, so that a loop with much to send does not take every place that comes free.
        first = first + 1 == frames.length ? 0 : first + 1;
        for (int i = 0; i < frames.length; i++) {
            final int loop = first + i < frames.length ? first + i : first + i - frames.length;
            final int moved = move(frames[loop]);
            work += moved;
            unsignalled[loop] += moved;
        }
        if (work > 0) {
            pair.flush();
        }
        if (returned) {
            returned = false;
            for (final NetChannelProducer producer : finished) {
                producer.flush();
            }
        }
        for (int loop = 0; loop < frames.length; loop++) {
            if (unsignalled[loop] >= signalEvery) {
                unsignalled[loop] = 0;
                wakes[loop].signal();
            }
        }
        return work;
    }

    private int move(final NetChannelConsumer ring) {
        int moved = 0;
        while (moved < BURST && pair.space() > 0) {
            final long packet = ring.poll();
            if (packet == NetChannelConsumer.NONE) {
                break;
            }
            if (!pair.transmit(packet)) {
                throw new IllegalStateException("the transmit queue refused a frame that it had space for");
            }
            moved++;
        }
        if (moved > 0) {
            ring.flush();
        }
        return moved;
    }

    @Override
    public boolean arm() {
        if (pair.space() == 0) {
            // The queue pair has asked for an interrupt when there is space.
            return true;
        }
        for (final NetChannelConsumer ring : frames) {
            if (!ring.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** After the loops and the device have ended: everything on its way goes back. */
    void returnAll() {
        for (final NetChannelConsumer ring : frames) {
            for (long packet = ring.poll(); packet != NetChannelConsumer.NONE; packet = ring.poll()) {
                completed(packet);
            }
            ring.flush();
        }
        for (final NetChannelProducer producer : finished) {
            producer.flush();
        }
    }
}
