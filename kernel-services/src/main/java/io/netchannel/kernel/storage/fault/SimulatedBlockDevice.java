package io.netchannel.kernel.storage.fault;

import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.storage.block.BlockBounds;
import io.netchannel.kernel.storage.block.BlockCompletion;
import io.netchannel.kernel.storage.block.BlockDevice;
import io.netchannel.kernel.storage.block.BlockQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A disk with a volatile cache, in virtual time: the same seed and the same requests at the same times give the same
 * completions, errors and losses.
 *
 * <p>When power is cut, of what was written and not flushed any subset survives, sector by sector, and so of a write that
 * was under way. What a flush has completed for survives for certain.
 *
 * <p>Threading: one thread, which polls all its queues.
 */
public final class SimulatedBlockDevice implements BlockDevice {

    private static final int MAX_QUEUES = 64;

    private final long capacityBytes;
    private final int blockBytes;
    private final BlockFaults faults;
    private final SectorStore store;
    private final SplittableRandom random;
    private final List<SimulatedBlockQueue> queues = new ArrayList<>();
    private long writes;
    private boolean off;
    private boolean closed;

    /**
     * All zero.
     *
     * @throws IllegalArgumentException if the capacity is not whole blocks, or the block no power of two within limits
     */
    public SimulatedBlockDevice(final long capacityBytes, final int blockBytes, final BlockFaults faults,
            final long seed) {
        this(capacityBytes, blockBytes, faults, new SectorStore(faults.spaceBytes()), new SplittableRandom(seed));
    }

    private SimulatedBlockDevice(final long capacityBytes, final int blockBytes, final BlockFaults faults,
            final SectorStore store, final SplittableRandom random) {
        BlockBounds.requireBlockBytes(blockBytes);
        if (capacityBytes < blockBytes || capacityBytes % blockBytes != 0) {
            throw new IllegalArgumentException(
                    "capacityBytes=" + capacityBytes + " is not whole blocks of blockBytes=" + blockBytes);
        }
        this.capacityBytes = capacityBytes;
        this.blockBytes = blockBytes;
        this.faults = faults;
        this.store = store;
        this.random = random;
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
        return false;
    }

    @Override
    public int queues() {
        return MAX_QUEUES;
    }

    @Override
    public BlockQueue openQueue(final Region region, final int depth, final Doorbell wake,
            final BlockCompletion completion) {
        BlockBounds.requireDepth(depth);
        if (closed || queues.size() == MAX_QUEUES) {
            throw new IllegalStateException(this + (closed ? " is closed" : ": all queues are open"));
        }
        final SimulatedBlockQueue queue = new SimulatedBlockQueue(this, region, depth, completion);
        queues.add(queue);
        return queue;
    }

    /** Power is gone: nothing completes any more, and nothing is accepted. */
    public boolean isOff() {
        return off;
    }

    /** Writes that have been carried out, or were about to be when power went. */
    public long writes() {
        return writes;
    }

    /**
     * Cuts the power, if that has not happened, and gives it back.
     *
     * @param next faults from here on
     * @return the device as it comes up, with what has survived; this one is off
     */
    public SimulatedBlockDevice cutPower(final BlockFaults next) {
        off = true;
        queues.forEach(SimulatedBlockQueue::leaveHalfDone);
        queues.clear();
        return new SimulatedBlockDevice(capacityBytes, blockBytes, next,
                store.afterPowerCut(next.spaceBytes(), random), random.split());
    }

    // -- for its queues

    BlockFaults faults() {
        return faults;
    }

    SectorStore store() {
        return store;
    }

    SplittableRandom random() {
        return random;
    }

    /** @return false if power goes before this write is done */
    boolean countWrite() {
        writes++;
        off |= writes == faults.cutAtWrite();
        return !off;
    }

    void removeQueue(final SimulatedBlockQueue queue) {
        queues.remove(queue);
    }

    @Override
    public void close() {
        if (!queues.isEmpty()) {
            throw new IllegalStateException(this + ": queues=" + queues.size() + " are still open");
        }
        closed = true;
    }

    @Override
    public String toString() {
        return "simulated disk of " + capacityBytes + " bytes";
    }
}
