package io.netchannel.node;

import io.netchannel.channels.NetChannelConsumer;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.kernel.memory.NumaNodes;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.virtio.driver.VirtioNetDriver;
import java.util.List;

/**
 * A node's region and what is cut from it: packet buffers, rings, flow tables, and at last the queues of the driver.
 */
final class NodeMemory implements AutoCloseable {

    /** Frames and packets between two threads; what doesn't fit is dropped (received) or waits (sent). */
    static final int CHANNEL_CAPACITY = 1024;

    private static final int ALIGNMENT_BYTES = 128;

    private final Region region;
    private final PacketMemory packets;
    private final int threads;
    private final int buffersPerThread;
    private final int flowsPerLoop;

    NodeMemory(final NodeConfig config, final int threads) {
        this.threads = threads;
        this.buffersPerThread = config.buffersPerLoop();
        this.flowsPerLoop = config.flowsPerLoop();
        final int buffers = threads * buffersPerThread + config.sharedPages();
        region = Region.builder("netchannel-" + config.name(), requiredBytes(config, buffers))
                .numaNode(NumaNodes.of(config.cpus()))
                .create();
        try {
            packets = new PacketMemory(region, buffers, config.bufferBytes(), config.sharedPages());
        } catch (final RuntimeException failed) {
            region.close();
            throw failed;
        }
    }

    private long requiredBytes(final NodeConfig config, final int buffers) {
        final long betweenThreads = Rings.sizeBytes(buffersPerThread) + Rings.sizeBytes(CHANNEL_CAPACITY);
        final long perLoop = FlowTable.sizeBytes(flowsPerLoop) + ALIGNMENT_BYTES
                + Rings.sizeBytes(CHANNEL_CAPACITY) + Rings.sizeBytes(buffersPerThread);
        final int queuePairs = config.mode() == NodeMode.INLINE ? config.loops() : 1;
        return PacketMemory.requiredBytes(buffers, config.bufferBytes()) + (long) threads * threads * betweenThreads
                + config.loops() * perLoop + VirtioNetDriver.requiredBytes(config.driver(), queuePairs);
    }

    Region region() {
        return region;
    }

    PacketMemory packets() {
        return packets;
    }

    /** The rings by which buffers go home, between all threads; see {@link BufferHome}. */
    BufferHome[] bufferHomes(final List<RunLoop> loops) {
        final NetChannelProducer[][] toOwner = new NetChannelProducer[threads][threads];
        final NetChannelConsumer[][] fromOther = new NetChannelConsumer[threads][threads];
        for (int from = 0; from < threads; from++) {
            for (int owner = 0; owner < threads; owner++) {
                if (from != owner) {
                    final Rings.Ring ring = Rings.allocate(region, buffersPerThread, loops.get(owner).wakeWord());
                    toOwner[from][owner] = ring.producer();
                    fromOther[owner][from] = ring.consumer();
                }
            }
        }
        final BufferHome[] homes = new BufferHome[threads];
        for (int i = 0; i < threads; i++) {
            homes[i] = new BufferHome(toOwner[i], fromOther[i], buffersPerThread);
        }
        return homes;
    }

    FlowTable flowTable(final RssIndirection indirection, final int loop) {
        return new FlowTable(region.memory(),
                region.allocate(FlowTable.sizeBytes(flowsPerLoop), ALIGNMENT_BYTES), flowsPerLoop, indirection, loop);
    }

    @Override
    public void close() {
        region.close();
    }
}
