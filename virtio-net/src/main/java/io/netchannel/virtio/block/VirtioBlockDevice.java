package io.netchannel.virtio.block;

import static io.netchannel.virtio.block.BlockConfigLayout.*;
import static io.netchannel.virtio.block.BlockFeature.*;
import static io.netchannel.virtio.net.DeviceStatus.*;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.storage.block.BlockDevice;
import io.netchannel.virtio.net.DeviceStatus;
import io.netchannel.virtio.net.Scratch;
import io.netchannel.virtio.queue.DeviceQueue;
import io.netchannel.virtio.queue.PackedDeviceQueue;
import io.netchannel.virtio.queue.QueueConfig;
import io.netchannel.virtio.queue.SplitDeviceQueue;

/**
 * A block device as its driver sees it, in the shape of virtio-mmio (VirtIO 1.3, 4.2 and 5.2) but called as an object:
 * features, status, configuration space, queues, notifications. Behind it is any {@link BlockDevice}.
 *
 * <p>Wiring: the driver sets up its queues and starts the device; then {@link #serve} each queue on a loop.
 *
 * <p>Threading: one thread at a time sets up, starts and resets; {@link #notifyQueue} is the driver's side of a queue,
 * {@link #status} any. A reset closes the servers, and so is the thread's that polls them, or comes when their loops have
 * closed them.
 */
public final class VirtioBlockDevice {

    /** Longest chain that a queue may be set up for: header, data in as many buffers as a system call takes, status. */
    static final int MAX_CHAIN = 1026;
    static final int MAX_QUEUE_SIZE = 4096;

    private final BlockDevice below;
    private final long offeredFeatures;
    private final Scratch words = new Scratch(LENGTH_BYTES + Integer.BYTES, 128);
    private final OrderedMemory memory = words.memory();
    private final long statusAddress = words.address() + LENGTH_BYTES;
    private final Scratch resetWords;
    private final QueueReset[] resets;
    private final QueueSetup[] setups;
    private final BlockServer[] servers;
    private final Doorbell[] notifications;
    private long chosenFeatures;

    private record QueueSetup(QueueConfig config, Doorbell interrupt) {
    }

    /**
     * @param features that are offered, as far as the device below has them
     * @param queues 1 to the queues of the device below
     */
    public VirtioBlockDevice(final BlockDevice below, final long features, final int queues) {
        if (queues < 1 || queues > below.queues()) {
            throw new IllegalArgumentException("queues=" + queues + " is not within 1.." + below.queues());
        }
        this.below = below;
        resetWords = new Scratch((long) queues * QueueReset.SIZE_BYTES, QueueReset.SIZE_BYTES);
        resets = new QueueReset[queues];
        for (int i = 0; i < queues; i++) {
            resets[i] = new QueueReset(memory, resetWords.address() + (long) i * QueueReset.SIZE_BYTES);
        }
        setups = new QueueSetup[queues];
        servers = new BlockServer[queues];
        notifications = new Doorbell[queues];
        final long impossible = (below.isReadOnly() ? of(DISCARD, WRITE_ZEROES) : RO.mask())
                | (queues == 1 ? MQ.mask() : 0);
        offeredFeatures = features & BlockFeature.all() & ~impossible | VERSION_1.mask();
        writeConfig(queues);
    }

    private void writeConfig(final int queues) {
        final long config = words.address();
        final int blockSectors = below.blockBytes() / BlockRequestLayout.SECTOR_BYTES;
        final long sectors = below.capacityBytes() / BlockRequestLayout.SECTOR_BYTES;
        final int maxSectors = (int) Math.min(sectors, Integer.MAX_VALUE) & -blockSectors;
        memory.putLong(config + CAPACITY_OFFSET, sectors);
        memory.putInt(config + SEG_MAX_OFFSET, MAX_CHAIN - 2);
        memory.putInt(config + BLK_SIZE_OFFSET, below.blockBytes());
        memory.putShort(config + NUM_QUEUES_OFFSET, (short) queues);
        memory.putInt(config + MAX_DISCARD_SECTORS_OFFSET, maxSectors);
        memory.putInt(config + MAX_DISCARD_SEG_OFFSET, RequestParser.MAX_RANGES);
        memory.putInt(config + DISCARD_SECTOR_ALIGNMENT_OFFSET, blockSectors);
        memory.putInt(config + MAX_WRITE_ZEROES_SECTORS_OFFSET, maxSectors);
        memory.putInt(config + MAX_WRITE_ZEROES_SEG_OFFSET, RequestParser.MAX_RANGES);
    }

    // -- registers: what a driver sees

    public long offeredFeatures() {
        return offeredFeatures;
    }

    /** Takes effect when FEATURES_OK is set, if the device agrees. */
    public void chooseFeatures(final long features) {
        if ((status() & FEATURES_OK) == 0) {
            chosenFeatures = features;
        }
    }

    public int status() {
        return memory.getIntAcquire(statusAddress);
    }

    /**
     * Writes the device status: adds bits, or resets with 0. FEATURES_OK and DRIVER_OK do not stick if the device does
     * not agree, and the driver must read them back (3.1.1).
     */
    public void writeStatus(final int status) {
        if (status == RESET) {
            reset();
            return;
        }
        int added = status & (ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK | FAILED);
        if ((chosenFeatures & ~offeredFeatures) != 0 || !VERSION_1.in(chosenFeatures)) {
            added &= ~(FEATURES_OK | DRIVER_OK);
        }
        final int after = status() | added;
        if (setups[0] == null
                || (after & (ACKNOWLEDGE | DRIVER | FEATURES_OK)) != (ACKNOWLEDGE | DRIVER | FEATURES_OK)) {
            added &= ~DRIVER_OK;
        }
        addStatus(added);
    }

    private void addStatus(final int bits) {
        int before = status();
        while (!memory.compareAndSetInt(statusAddress, before, before | bits)) {
            before = status();
        }
    }

    private void reset() {
        for (int i = 0; i < servers.length; i++) {
            if (servers[i] != null) {
                servers[i].close();
            }
            servers[i] = null;
            setups[i] = null;
            notifications[i] = null;
            resets[i].clear();
        }
        chosenFeatures = 0;
        memory.putIntRelease(statusAddress, RESET);
    }

    /** Address of the configuration space, see {@link BlockConfigLayout}; it doesn't change. */
    public long config() {
        return words.address();
    }

    public int queues() {
        return setups.length;
    }

    /**
     * Sets up a queue, between FEATURES_OK and DRIVER_OK.
     *
     * @param interrupt rung on the server's thread when requests are done and the driver wants to know, when the queue is
     *            served no more, and when {@link #status} says NEEDS_RESET
     */
    public void configureQueue(final int index, final QueueConfig queue, final Doorbell interrupt) {
        if ((status() & (FEATURES_OK | DRIVER_OK)) != FEATURES_OK) {
            throw new IllegalStateException("queue " + index + " can't be set up in status "
                    + DeviceStatus.toString(status()));
        }
        requireQueue(index);
        if (queue.size() > MAX_QUEUE_SIZE) {
            throw new IllegalArgumentException("queue size=" + queue.size() + " > MAX_QUEUE_SIZE=" + MAX_QUEUE_SIZE);
        }
        if (queue.maxChain() < 1 || queue.maxChain() > MAX_CHAIN) {
            throw new IllegalArgumentException("maxChain=" + queue.maxChain() + " is not within 1.." + MAX_CHAIN);
        }
        setups[index] = new QueueSetup(queue, interrupt);
    }

    private void requireQueue(final int index) {
        if (index < 0 || index >= setups.length) {
            throw new IllegalArgumentException("queue=" + index + " is not within 0.." + (setups.length - 1));
        }
    }

    /** The driver has put requests into a queue. */
    public void notifyQueue(final int index) {
        final Doorbell doorbell = notifications[index];
        if (doorbell != null) {
            doorbell.ring();
        }
    }

    /**
     * Asks for a queue to be served no more (2.6.1; RING_RESET must have been negotiated). When {@link #isQueueStopped},
     * of which the queue's interrupt tells, no buffer in it is touched any more. To use it again, reset the device.
     */
    public void resetQueue(final int index) {
        if (resets[index].request()) {
            notifyQueue(index);
        }
    }

    public boolean isQueueStopped(final int index) {
        return resets[index].isStopped();
    }

    // -- the serving side

    /**
     * Begins to serve a queue that the driver has set up and started. To be polled by the loop that {@code wake} wakes, and
     * closed by it.
     *
     * @param region that the driver's buffers lie in
     * @param depth of the queue below
     */
    public BlockServer serve(final int index, final Region region, final int depth, final Doorbell wake) {
        requireQueue(index);
        if ((status() & DRIVER_OK) == 0 || setups[index] == null || servers[index] != null) {
            throw new IllegalStateException("queue " + index + " is not started, or served already");
        }
        final QueueConfig config = setup(index);
        final DeviceQueue queue = RING_PACKED.in(chosenFeatures)
                ? new PackedDeviceQueue(config)
                : new SplitDeviceQueue(config);
        servers[index] = new BlockServer(this, queue, config.maxChain(), region, depth, chosenFeatures, wake,
                setups[index].interrupt(), resets[index]);
        notifications[index] = wake;
        return servers[index];
    }

    /** Has what is under way in a queue completed, and touches that queue no more: a driver gives it up. */
    void drain(final int index) {
        if (servers[index] != null) {
            servers[index].close();
        }
    }

    /** Of a queue that is set up. */
    QueueConfig setup(final int index) {
        return setups[index].config();
    }

    BlockDevice below() {
        return below;
    }

    /** The driver broke a rule that only a reset repairs. */
    void needsReset() {
        addStatus(NEEDS_RESET);
    }

    @Override
    public String toString() {
        return "virtio-blk over " + below;
    }
}
