package io.netchannel.virtio.block;

import static io.netchannel.virtio.block.BlockRequestLayout.*;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.storage.block.BlockBounds;
import io.netchannel.kernel.storage.block.BlockCompletion;
import io.netchannel.kernel.storage.block.BlockQueue;
import io.netchannel.virtio.queue.DescriptorChain;
import io.netchannel.virtio.queue.DriverQueue;

/**
 * The driver's side of one queue: a request is a chain of header, data and status, published once a turn. A transfer is
 * whole or fails. The device is not believed: a status that it didn't write, or that there isn't, is an error.
 *
 * <p>On a ring that the device breaks, or when it needs a reset, or serves the queue no more (2.1.2), nothing begins any
 * more. What is outstanding fails, but not before the device has
 * stopped: until then it may still read and write the buffers. So the queue is reset, and where that wasn't negotiated the
 * requests stay outstanding until its server or {@link #close} ends that.
 *
 * <p>Threading: that of the loop; {@link #interrupted}: the device's.
 */
final class VirtioBlockQueue implements BlockQueue {

    /** Header, a range, the status byte; a line of its own for each request. */
    private static final int SLOT_BYTES = 64;
    private static final int RANGE_OFFSET = 16;
    private static final int STATUS_OFFSET = 32;
    private static final byte STATUS_UNWRITTEN = (byte) 0xFF;

    private final VirtioBlockDriver driver;
    private final int index;
    private final DriverQueue ring;
    private final OrderedMemory memory;
    private final long slots;
    private final BlockBounds bounds;
    private final DescriptorChain chain = new DescriptorChain(VirtioBlockDriver.MAX_CHAIN);
    private final long[] tokens;
    private final int[] transferBytes;
    private final int[] free;
    private final boolean[] used;
    // Flushes of a device that caches nothing: done at the next turn.
    private final long[] trivial;
    private int trivialCount;
    private int freeCount;
    private int depth;
    private int outstanding;
    private boolean unpublished;
    private boolean resetAsked;
    private boolean closing;
    private boolean closed;
    // Before the device serves the queue, and so before it can interrupt.
    private Doorbell wake = Doorbell.NONE;
    private BlockCompletion listener;

    VirtioBlockQueue(final VirtioBlockDriver driver, final int index, final DriverQueue ring, final Region region,
            final int maxDepth) {
        this.driver = driver;
        this.index = index;
        this.ring = ring;
        this.memory = region.memory();
        this.bounds = new BlockBounds(driver, region);
        slots = region.allocate((long) maxDepth * SLOT_BYTES, SLOT_BYTES);
        tokens = new long[maxDepth];
        transferBytes = new int[maxDepth];
        used = new boolean[maxDepth];
        trivial = new long[maxDepth];
        free = new int[maxDepth];
        for (int i = 0; i < maxDepth; i++) {
            free[freeCount++] = maxDepth - 1 - i;
        }
    }

    static long requiredBytes(final int depth) {
        return (long) depth * SLOT_BYTES;
    }

    VirtioBlockQueue open(final int wantedDepth, final Doorbell newWake, final BlockCompletion completion) {
        depth = wantedDepth;
        wake = newWake;
        listener = completion;
        return this;
    }

    void interrupted() {
        wake.ring();
    }

    boolean isClosed() {
        return closed;
    }

    // -- requests

    @Override
    public int read(final long address, final int lengthBytes, final long offsetBytes, final long token) {
        final int refused = bounds.read(address, lengthBytes, offsetBytes);
        return refused != 0 ? refused : submit(TYPE_IN, address, lengthBytes, offsetBytes, lengthBytes, token);
    }

    @Override
    public int write(final long address, final int lengthBytes, final long offsetBytes, final long token) {
        final int refused = bounds.write(address, lengthBytes, offsetBytes);
        return refused != 0 ? refused : submit(TYPE_OUT, address, lengthBytes, offsetBytes, lengthBytes, token);
    }

    @Override
    public int flush(final long token) {
        if (BlockFeature.FLUSH.in(driver.features())) {
            return submit(TYPE_FLUSH, 0, 0, 0, 0, token);
        }
        final int refused = refusal();
        if (refused == 0) {
            trivial[trivialCount++] = token;
            outstanding++;
        }
        return refused;
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes, final long token) {
        return range(TYPE_DISCARD, offsetBytes, lengthBytes, driver.maxDiscardBytes(), token);
    }

    @Override
    public int writeZeroes(final long offsetBytes, final long lengthBytes, final long token) {
        return range(TYPE_WRITE_ZEROES, offsetBytes, lengthBytes, driver.maxZeroesBytes(), token);
    }

    private int range(final int type, final long offsetBytes, final long lengthBytes, final long maxBytes,
            final long token) {
        final int refused = bounds.range(offsetBytes, lengthBytes);
        if (refused != 0) {
            return refused;
        }
        if (maxBytes == 0) {
            return -Errno.EOPNOTSUPP;
        }
        return lengthBytes > maxBytes ? -Errno.EINVAL : submit(type, 0, 0, offsetBytes, lengthBytes, token);
    }

    private int refusal() {
        if (closing) {
            return -Errno.ENODEV;
        }
        if (isBroken()) {
            return -Errno.EIO;
        }
        return outstanding == depth ? FULL : ACCEPTED;
    }

    private int submit(final int type, final long address, final int dataBytes, final long offsetBytes,
            final long lengthBytes, final long token) {
        final int refused = refusal();
        if (refused != 0) {
            return refused;
        }
        final int slot = free[freeCount - 1];
        final long at = slots + (long) slot * SLOT_BYTES;
        memory.putInt(at + TYPE_OFFSET, type);
        memory.putInt(at + RESERVED_OFFSET, 0);
        memory.putLong(at + SECTOR_OFFSET, dataBytes == 0 ? 0 : offsetBytes / SECTOR_BYTES);
        memory.putByte(at + STATUS_OFFSET, STATUS_UNWRITTEN);
        chain.clear().addReadable(at, HEADER_BYTES);
        switch (type) {
            case TYPE_IN -> chain.addWritable(address, dataBytes);
            case TYPE_OUT -> chain.addReadable(address, dataBytes);
            case TYPE_FLUSH -> {
                // Has no data.
            }
            default -> chain.addReadable(writeRange(at + RANGE_OFFSET, offsetBytes, lengthBytes), RANGE_BYTES);
        }
        chain.addWritable(at + STATUS_OFFSET, 1);
        if (!ring.add(chain, slot)) {
            return FULL;
        }
        freeCount--;
        used[slot] = true;
        tokens[slot] = token;
        transferBytes[slot] = dataBytes;
        outstanding++;
        unpublished = true;
        return ACCEPTED;
    }

    private long writeRange(final long at, final long offsetBytes, final long lengthBytes) {
        memory.putLong(at + RANGE_SECTOR_OFFSET, offsetBytes / SECTOR_BYTES);
        memory.putInt(at + RANGE_SECTORS_OFFSET, (int) (lengthBytes / SECTOR_BYTES));
        memory.putInt(at + RANGE_FLAGS_OFFSET, 0);
        return at;
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public int outstanding() {
        return outstanding;
    }

    // -- the loop's turn

    @Override
    public int poll(final long nowNs) {
        if (outstanding == 0) {
            return 0;
        }
        // Before the look at the ring: what the device completed until it stopped is told as it was.
        final boolean stopped = driver.isQueueStopped(index);
        int work = takeTrivial() + takeUsed();
        if (stopped) {
            work += failAll(-Errno.EIO);
        } else if (isBroken()) {
            reset();
        } else if (unpublished) {
            publish();
            work++;
        }
        return work;
    }

    private boolean isBroken() {
        return ring.violation() != null || driver.needsReset() || driver.isQueueStopped(index);
    }

    private void reset() {
        unpublished = false;
        resetAsked = true;
        if (BlockFeature.RING_RESET.in(driver.features())) {
            driver.resetQueue(index);
        }
    }

    private void publish() {
        unpublished = false;
        ring.publish();
        if (ring.needsNotification()) {
            driver.notifyQueue(index);
        }
    }

    private int takeTrivial() {
        final int count = trivialCount;
        for (int i = 0; i < count; i++) {
            trivialCount--;
            outstanding--;
            final long token = trivial[0];
            System.arraycopy(trivial, 1, trivial, 0, trivialCount);
            listener.completed(token, 0);
        }
        return count;
    }

    private int takeUsed() {
        final int most = outstanding;
        int taken = 0;
        long slot;
        while (taken < most && (slot = ring.takeUsed()) != DriverQueue.NONE) {
            taken++;
            final byte status = memory.getByte(slots + slot * SLOT_BYTES + STATUS_OFFSET);
            tell((int) slot, switch (status) {
                case STATUS_OK -> transferBytes[(int) slot];
                case STATUS_UNSUPP -> -Errno.EOPNOTSUPP;
                default -> -Errno.EIO;
            });
        }
        return taken;
    }

    private void tell(final int slot, final int result) {
        used[slot] = false;
        free[freeCount++] = slot;
        outstanding--;
        listener.completed(tokens[slot], result);
    }

    /** What the device had or may have kept. It must have stopped, or it would use buffers that somebody else has by then. */
    private int failAll(final int negatedErrno) {
        int failed = 0;
        for (int slot = 0; slot < used.length; slot++) {
            if (used[slot]) {
                failed++;
                tell(slot, negatedErrno);
            }
        }
        return failed;
    }

    // -- sleep and the end

    @Override
    public boolean arm() {
        if (outstanding == 0) {
            return true;
        }
        if (unpublished || trivialCount > 0 || driver.isQueueStopped(index)) {
            return false;
        }
        if (isBroken()) {
            // Nothing but the end of the reset is waited for, and that rings; it is asked for by a turn.
            return resetAsked;
        }
        ring.enableInterrupts();
        return !ring.hasUsed();
    }

    @Override
    public void disarm() {
        ring.disableInterrupts();
    }

    /** The device's server must be polled by this thread, or have been closed by its own. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closing = true;
        takeTrivial();
        if (outstanding > 0) {
            final boolean broken = isBroken();
            if (unpublished && !broken) {
                publish();
            }
            driver.drain(index);
            takeUsed();
            failAll(broken ? -Errno.EIO : -Errno.ENODEV);
        }
        closed = true;
    }

    @Override
    public String toString() {
        return "queue " + index + " of " + driver;
    }
}
