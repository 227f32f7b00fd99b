package io.netchannel.virtio.driver;

import io.netchannel.channels.PacketSink;
import io.netchannel.channels.flow.FlowClassifier;
import io.netchannel.channels.flow.Verdict;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.virtio.net.Counters;

/**
 * Gives each received packet to the loop that it is for: what is for every loop, such as ARP, is copied.
 *
 * <p>Threading: one thread, the one that polls the queue pair; counters any.
 */
public final class RxDispatcher implements PacketSink {

    private final FlowClassifier classifier;
    private final PacketPool pool;
    private final PacketMemory packets;
    private final PacketSink[] sinks;
    private final int ownLoop;
    private final Counters<DispatchCounter> counters = new Counters<>(DispatchCounter.class);
    // Bit i: sink i has had packets in this burst.
    private long touched;

    /**
     * @param pool of this thread
     * @param sinks of the loops, at most 64: the loop's stack itself, or the channel to it
     * @param ownLoop gets the original of what is copied: the loop of this thread, or any
     */
    public RxDispatcher(final FlowClassifier classifier, final PacketPool pool, final PacketSink[] sinks,
            final int ownLoop) {
        if (sinks.length < 1 || sinks.length > Long.SIZE) {
            throw new IllegalArgumentException("sinks.length=" + sinks.length + " is not within 1.." + Long.SIZE);
        }
        if (ownLoop < 0 || ownLoop >= sinks.length) {
            throw new IllegalArgumentException("ownLoop=" + ownLoop + " is not within 0.." + (sinks.length - 1));
        }
        this.classifier = classifier;
        this.pool = pool;
        this.packets = pool.packets();
        this.sinks = sinks.clone();
        this.ownLoop = ownLoop;
    }

    public Counters<DispatchCounter> counters() {
        return counters;
    }

    @Override
    public void accept(final long packet) {
        switch (classifier.classify(packet)) {
            case Verdict.DELIVER, Verdict.CONTROL_UNKNOWN -> deliver(classifier.loop(), packet);
            case Verdict.CONTROL_BROADCAST, Verdict.CONTROL_FRAGMENT -> broadcast(packet);
            default -> {
                counters.increment(DispatchCounter.DROPPED);
                pool.releasePacket(packet);
            }
        }
    }

    private void deliver(final int loop, final long packet) {
        touched |= 1L << loop;
        counters.increment(DispatchCounter.DELIVERED);
        sinks[loop].accept(packet);
    }

    // Copies first: with the original gone to its sink, there would be nothing to copy from.
    private void broadcast(final long packet) {
        for (int loop = 0; loop < sinks.length; loop++) {
            if (loop != ownLoop) {
                final long copy = copy(packet);
                if (copy == PacketHandle.NONE) {
                    counters.increment(DispatchCounter.COPY_DROPPED_NO_BUFFER);
                } else {
                    counters.increment(DispatchCounter.COPIED);
                    deliver(loop, copy);
                }
            }
        }
        deliver(ownLoop, packet);
    }

    /** A copy in as many buffers, each filled alike; of a frame at most: super-frames are never control packets. */
    private long copy(final long packet) {
        final int original = PacketHandle.index(packet);
        final int slices = packets.sliceCount(original);
        if (pool.available() <= slices) {
            return PacketHandle.NONE;
        }
        final long head = copyBuffer(packet);
        final int index = PacketHandle.index(head);
        for (int i = 0; i < slices; i++) {
            packets.addSlice(index, copyBuffer(packets.slice(original, i)));
        }
        copyMetadata(original, index);
        return head;
    }

    private long copyBuffer(final long from) {
        final int bytes = PacketHandle.lengthBytes(from);
        final long to = PacketHandle.of(pool.allocate(), PacketHandle.offsetBytes(from), bytes);
        packets.memory().copy(packets.address(from), packets.address(to), bytes);
        return to;
    }

    private void copyMetadata(final int from, final int to) {
        packets.flags(to, packets.flags(from));
        packets.protocol(to, packets.protocol(from));
        packets.checksum(to, packets.checksumStart(from), packets.checksumOffset(from));
        packets.offsets(to, packets.networkOffset(from), packets.transportOffset(from), packets.payloadOffset(from));
        packets.networkLengthBytes(to, packets.networkLengthBytes(from));
        packets.vlanTag(to, packets.vlanTag(from));
        packets.flowHash(to, packets.flowHash(from));
        packets.flowId(to, packets.flowId(from));
        packets.totalLengthBytes(to, packets.totalLengthBytes(from));
    }

    @Override
    public void endOfBurst() {
        long left = touched;
        touched = 0;
        while (left != 0) {
            sinks[Long.numberOfTrailingZeros(left)].endOfBurst();
            left &= left - 1;
        }
    }
}
