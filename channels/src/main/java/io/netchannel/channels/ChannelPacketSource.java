package io.netchannel.channels;

import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.Poller;

/**
 * Takes packets off a channel and hands them to a sink, a burst per turn. Once closed it releases them instead, until
 * the producer has stopped: no packet is left in the ring, and none leaks.
 *
 * <p>Threading: the consumer's thread, whose pool {@code pool} is.
 */
public final class ChannelPacketSource implements Poller {

    private final NetChannelConsumer consumer;
    private final PacketSink sink;
    private final PacketPool pool;
    private final long[] burst;
    private long released;

    /** @param burst packets per turn at most, at least 1 */
    public ChannelPacketSource(final NetChannelConsumer consumer, final PacketSink sink, final PacketPool pool,
            final int burst) {
        if (burst < 1) {
            throw new IllegalArgumentException("burst=" + burst + " < 1");
        }
        this.consumer = consumer;
        this.sink = sink;
        this.pool = pool;
        this.burst = new long[burst];
    }

    @Override
    public int poll(final long nowNs) {
        final int count = consumer.drain(burst, burst.length);
        for (int i = 0; i < count; i++) {
            // The sink may close us from within accept().
            if (consumer.isClosed()) {
                release(burst[i]);
            } else {
                sink.accept(burst[i]);
            }
        }
        if (count > 0) {
            sink.endOfBurst();
        }
        return count;
    }

    @Override
    public boolean arm() {
        return consumer.isEmpty();
    }

    /** Takes no more packets: whatever is or comes into the ring is released. Poll on until {@link #isFinished}. */
    public void close() {
        consumer.close();
        for (long packet = consumer.poll(); packet != NetChannelConsumer.NONE; packet = consumer.poll()) {
            release(packet);
        }
    }

    /** Whether the producer has stopped and the ring is empty. */
    public boolean isFinished() {
        return consumer.isFinished();
    }

    /** Packets that were released because this side had closed. */
    public long released() {
        return released;
    }

    private void release(final long packet) {
        pool.releasePacket(packet);
        released++;
    }
}
