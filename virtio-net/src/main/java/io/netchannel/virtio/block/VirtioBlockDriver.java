package io.netchannel.virtio.block;

import static io.netchannel.virtio.block.BlockConfigLayout.*;
import static io.netchannel.virtio.block.BlockFeature.*;
import static io.netchannel.virtio.net.DeviceStatus.*;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.storage.block.BlockBounds;
import io.netchannel.kernel.storage.block.BlockCompletion;
import io.netchannel.kernel.storage.block.BlockDevice;
import io.netchannel.kernel.storage.block.BlockQueue;
import io.netchannel.virtio.net.DeviceStatus;
import io.netchannel.virtio.queue.AddressSpace;
import io.netchannel.virtio.queue.DriverQueue;
import io.netchannel.virtio.queue.PackedDriverQueue;
import io.netchannel.virtio.queue.QueueConfig;
import io.netchannel.virtio.queue.QueueMemory;
import io.netchannel.virtio.queue.RegionAddressSpace;
import io.netchannel.virtio.queue.SplitDriverQueue;

/**
 * Drives a virtio-blk device (VirtIO 1.3, 3.1 and 5.2.5): negotiates, and sets up all queues in a region. What it has set
 * up is a {@link BlockDevice}, so that a user can't tell.
 *
 * <p>Threading: as {@link BlockDevice}; opening and {@link #close}: the thread that sets the device up.
 */
public final class VirtioBlockDriver implements BlockDevice {

    /** Header, one buffer of data, status. */
    static final int MAX_CHAIN = 3;
    /** Headers, status bytes and rings lie in it beside the queues' areas. */
    private static final int SLACK_BYTES = 4096;
    private static final long MAX_SECTORS = Long.MAX_VALUE / BlockRequestLayout.SECTOR_BYTES;

    private final VirtioBlockDevice device;
    private final Region region;
    private final int depth;
    private final long features;
    private final long capacityBytes;
    private final int blockBytes;
    private final long maxDiscardBytes;
    private final long maxZeroesBytes;
    private final VirtioBlockQueue[] queues;
    private int opened;
    private boolean closed;

    private VirtioBlockDriver(final VirtioBlockDevice device, final Region region, final long wanted, final int queues,
            final int depth) {
        this.device = device;
        this.region = region;
        this.depth = BlockBounds.requireDepth(depth);
        features = negotiate(wanted, queues);
        final OrderedMemory memory = HostMemory.INSTANCE;
        final long config = device.config();
        final long sectors = memory.getLong(config + CAPACITY_OFFSET);
        blockBytes = BLK_SIZE.in(features)
                ? BlockBounds.requireBlockBytes(memory.getInt(config + BLK_SIZE_OFFSET))
                : BlockRequestLayout.SECTOR_BYTES;
        if (sectors < blockBytes / BlockRequestLayout.SECTOR_BYTES || sectors > MAX_SECTORS) {
            throw new IllegalStateException(device + ": capacity of sectors=" + sectors + " is less than a block or > "
                    + MAX_SECTORS);
        }
        capacityBytes = sectors * BlockRequestLayout.SECTOR_BYTES & -blockBytes;
        maxDiscardBytes = limit(memory, DISCARD, MAX_DISCARD_SECTORS_OFFSET);
        maxZeroesBytes = limit(memory, WRITE_ZEROES, MAX_WRITE_ZEROES_SECTORS_OFFSET);
        this.queues = new VirtioBlockQueue[queues];
        for (int i = 0; i < queues; i++) {
            this.queues[i] = openRing(i);
        }
        device.writeStatus(ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
        if ((device.status() & DRIVER_OK) == 0) {
            throw new IllegalStateException(device + " does not start: " + DeviceStatus.toString(device.status()));
        }
    }

    /**
     * Resets and starts a device; who serves its queues comes after.
     *
     * @param region holds the buffers of all requests, and the queues, see {@link #requiredBytes}
     * @param features that are asked for, as far as the device offers them
     * @param queues 1 to those of the device
     * @param depth requests of one queue that may be outstanding
     * @throws IllegalStateException if the device refuses
     */
    public static VirtioBlockDriver open(final VirtioBlockDevice device, final Region region, final long features,
            final int queues, final int depth) {
        if (queues < 1 || queues > device.queues()) {
            throw new IllegalArgumentException("queues=" + queues + " is not within 1.." + device.queues());
        }
        try {
            return new VirtioBlockDriver(device, region, features, queues, depth);
        } catch (final RuntimeException failed) {
            device.writeStatus(RESET);
            throw failed;
        }
    }

    /** Region bytes that the queues of a driver take. */
    public static long requiredBytes(final int queues, final int depth) {
        final int size = ringSize(depth);
        final long ring = Math.max(QueueMemory.requiredBytes(size, false, true, MAX_CHAIN),
                QueueMemory.requiredBytes(size, true, true, MAX_CHAIN));
        return queues * (ring + VirtioBlockQueue.requiredBytes(depth) + SLACK_BYTES);
    }

    // As many descriptors as all requests take, also where none goes through a table.
    private static int ringSize(final int depth) {
        return Math.min(VirtioBlockDevice.MAX_QUEUE_SIZE, Integer.highestOneBit(2 * MAX_CHAIN * depth - 1));
    }

    private long negotiate(final long wanted, final int queueCount) {
        device.writeStatus(RESET);
        device.writeStatus(ACKNOWLEDGE);
        device.writeStatus(ACKNOWLEDGE | DRIVER);
        final long chosen = device.offeredFeatures() & (wanted | VERSION_1.mask() | RO.mask());
        if (queueCount > 1 && !MQ.in(chosen)) {
            throw new IllegalArgumentException("queues=" + queueCount + " > 1 needs MQ, which is not negotiated");
        }
        device.chooseFeatures(chosen);
        device.writeStatus(ACKNOWLEDGE | DRIVER | FEATURES_OK);
        if ((device.status() & FEATURES_OK) == 0) {
            throw new IllegalStateException(device + " refuses the features 0x" + Long.toHexString(chosen));
        }
        return chosen;
    }

    private long limit(final OrderedMemory memory, final BlockFeature feature, final int offset) {
        return feature.in(features)
                ? Integer.toUnsignedLong(memory.getInt(device.config() + offset)) * BlockRequestLayout.SECTOR_BYTES
                : 0;
    }

    private VirtioBlockQueue openRing(final int index) {
        final boolean packed = RING_PACKED.in(features);
        final AddressSpace addresses = new RegionAddressSpace(region);
        final QueueConfig config = QueueMemory.allocate(region, ringSize(depth), packed, EVENT_IDX.in(features),
                INDIRECT_DESC.in(features), MAX_CHAIN, addresses);
        final DriverQueue ring = packed ? new PackedDriverQueue(config) : new SplitDriverQueue(config);
        final VirtioBlockQueue queue = new VirtioBlockQueue(this, index, ring, region, depth);
        device.configureQueue(index, config, queue::interrupted);
        return queue;
    }

    // -- what was negotiated

    public long features() {
        return features;
    }

    @Override
    public long capacityBytes() {
        return capacityBytes;
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public boolean isReadOnly() {
        return RO.in(features);
    }

    @Override
    public int queues() {
        return queues.length;
    }

    /** Bytes that one discard may have; 0 if the device has none. */
    long maxDiscardBytes() {
        return maxDiscardBytes;
    }

    /** Bytes that one write of zeroes may have; 0 if the device has none. */
    long maxZeroesBytes() {
        return maxZeroesBytes;
    }

    /** Queues are opened in the order of their numbers, each once. */
    @Override
    public synchronized BlockQueue openQueue(final Region buffers, final int wantedDepth, final Doorbell wake,
            final BlockCompletion completion) {
        BlockBounds.requireDepth(wantedDepth);
        if (buffers != region || wantedDepth > depth) {
            throw new IllegalArgumentException("a queue takes buffers of " + region + ", at a depth=" + wantedDepth
                    + " of at most " + depth);
        }
        if (closed || opened == queues.length) {
            throw new IllegalStateException(this + (closed ? " is closed" : ": all queues are open"));
        }
        return queues[opened++].open(wantedDepth, wake, completion);
    }

    // -- for its queues

    void notifyQueue(final int index) {
        device.notifyQueue(index);
    }

    boolean needsReset() {
        return (device.status() & NEEDS_RESET) != 0;
    }

    void resetQueue(final int index) {
        device.resetQueue(index);
    }

    boolean isQueueStopped(final int index) {
        return device.isQueueStopped(index);
    }

    void drain(final int index) {
        device.drain(index);
    }

    /** Resets the device. */
    @Override
    public synchronized void close() {
        for (int i = 0; i < opened; i++) {
            if (!queues[i].isClosed()) {
                throw new IllegalStateException(this + ": queue " + i + " is still open");
            }
        }
        if (!closed) {
            closed = true;
            device.writeStatus(RESET);
        }
    }

    @Override
    public String toString() {
        return "driver of " + device;
    }
}
