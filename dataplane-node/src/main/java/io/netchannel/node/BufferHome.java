package io.netchannel.node;

import io.netchannel.channels.NetChannelConsumer;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.Poller;

/**
 * One thread's end of the ways by which buffers go home: it sends those that it released but does not own, and takes back
 * its own that others released.
 *
 * <p>A ring for each pair of threads holds as many buffers as the owner has, so it is never full. Buffers are sent in bursts:
 * an owner that sleeps is woken once for {@value #BURST} of them, because it may sleep for want of buffers, but need not be
 * woken for each. What is left of a burst is sent before the thread sleeps.
 *
 * <p>Threading: the thread's own.
 */
final class BufferHome implements Poller {

    private static final int BURST = 32;

    private final NetChannelProducer[] toOwner;
    private final NetChannelConsumer[] fromOther;
    private final int[] unsent;
    private final int buffersPerOwner;
    private final long[] burst = new long[BURST];
    private PacketPool pool;

    /**
     * @param toOwner by owner; null for this thread itself
     * @param fromOther by releasing thread; null for this thread itself
     * @param buffersPerOwner thread i owns the buffers from i times this on
     */
    BufferHome(final NetChannelProducer[] toOwner, final NetChannelConsumer[] fromOther, final int buffersPerOwner) {
        this.toOwner = toOwner;
        this.fromOther = fromOther;
        this.unsent = new int[toOwner.length];
        this.buffersPerOwner = buffersPerOwner;
    }

    void pool(final PacketPool own) {
        pool = own;
    }

    /** The pool's {@link io.netchannel.kernel.memory.BufferReturn}. */
    void giveBack(final int bufferIndex) {
        final int owner = bufferIndex / buffersPerOwner;
        final NetChannelProducer producer = toOwner[owner];
        if (!producer.offer(bufferIndex)) {
            throw new IllegalStateException("buffer " + bufferIndex + " can't go home to thread " + owner
                    + ": more buffers released than it owns");
        }
        if (++unsent[owner] == BURST) {
            unsent[owner] = 0;
            producer.flush();
        }
    }

    @Override
    public int poll(final long nowNs) {
        int work = 0;
        for (final NetChannelConsumer consumer : fromOther) {
            if (consumer != null) {
                work += take(consumer);
            }
        }
        return work;
    }

    private int take(final NetChannelConsumer consumer) {
        final int count = consumer.drain(burst, BURST);
        for (int i = 0; i < count; i++) {
            pool.reclaim((int) burst[i]);
        }
        return count;
    }

    @Override
    public boolean arm() {
        // An owner may be waiting for just these, and this thread may sleep for long.
        sendAll();
        for (final NetChannelConsumer consumer : fromOther) {
            if (consumer != null && !consumer.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Sends what there is of the last bursts. */
    void sendAll() {
        for (int owner = 0; owner < toOwner.length; owner++) {
            if (unsent[owner] > 0) {
                unsent[owner] = 0;
                toOwner[owner].flush();
            }
        }
    }

    /** Takes everything that has come, after the other threads have ended. */
    void takeAll() {
        while (poll(0) > 0) {
            // Until the rings are empty.
        }
    }
}
