package io.netchannel.channels;

import io.netchannel.kernel.memory.PacketPool;

/**
 * Puts packets on a channel to another loop. If the channel is full or closed the packet is dropped: for that loop
 * alone, and at once, so that a slow loop costs the others nothing.
 *
 * <p>Threading: the producer's thread, whose pool {@code pool} is.
 */
public final class ChannelPacketSink implements PacketSink {

    private final NetChannelProducer producer;
    private final PacketPool pool;
    private final DropCounters drops;

    public ChannelPacketSink(final NetChannelProducer producer, final PacketPool pool, final DropCounters drops) {
        this.producer = producer;
        this.pool = pool;
        this.drops = drops;
    }

    @Override
    public void accept(final long packet) {
        if (!producer.offer(packet)) {
            drops.count(producer.isClosed() ? DropReason.CHANNEL_CLOSED : DropReason.CHANNEL_FULL);
            pool.releasePacket(packet);
        }
    }

    @Override
    public void endOfBurst() {
        producer.flush();
    }

    /** No more packets; those that were accepted reach the other side. */
    public void close() {
        producer.close();
    }

    public NetChannelProducer producer() {
        return producer;
    }
}
