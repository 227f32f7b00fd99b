package io.netchannel.node;

import io.netchannel.channels.NetChannel;
import io.netchannel.channels.NetChannelConsumer;
import io.netchannel.channels.NetChannelLayout;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.WakeWord;

/** Makes the rings between a node's threads, in the node's region. */
final class Rings {

    private Rings() {
    }

    /** Both sides of a new channel. */
    record Ring(NetChannelProducer producer, NetChannelConsumer consumer) {
    }

    /**
     * @param atLeast elements that must fit; rounded up to a power of two
     * @param consumerWake of the consuming loop, or null if nobody need be woken
     */
    static Ring allocate(final Region region, final int atLeast, final WakeWord consumerWake) {
        final int capacity = capacity(atLeast);
        final long address = region.allocate(NetChannel.sizeBytes(capacity), NetChannelLayout.ALIGNMENT_BYTES);
        return new Ring(new NetChannelProducer(region.memory(), address, capacity, consumerWake),
                new NetChannelConsumer(region.memory(), address, capacity));
    }

    /** Region bytes that {@link #allocate} takes. */
    static long sizeBytes(final int atLeast) {
        return NetChannel.sizeBytes(capacity(atLeast)) + NetChannelLayout.ALIGNMENT_BYTES;
    }

    private static int capacity(final int atLeast) {
        return Math.max(NetChannelLayout.MIN_CAPACITY, Integer.highestOneBit(Math.max(1, atLeast - 1)) << 1);
    }
}
