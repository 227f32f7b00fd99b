package io.netchannel.perf.jmh;

import io.netchannel.kernel.memory.Region;
import io.netchannel.virtio.queue.DescriptorChain;
import io.netchannel.virtio.queue.DeviceQueue;
import io.netchannel.virtio.queue.DriverQueue;
import io.netchannel.virtio.queue.PackedDeviceQueue;
import io.netchannel.virtio.queue.PackedDriverQueue;
import io.netchannel.virtio.queue.QueueConfig;
import io.netchannel.virtio.queue.QueueMemory;
import io.netchannel.virtio.queue.RegionAddressSpace;
import io.netchannel.virtio.queue.SplitDeviceQueue;
import io.netchannel.virtio.queue.SplitDriverQueue;

/**
 * Both sides of a virtqueue on one thread; each turn is a batch of {@link #BATCH} chains, published once.
 *
 * <p>Public, because what JMH generates reads the parameters.
 */
public final class VirtqueuePair implements AutoCloseable {

    static final int BATCH = 256;
    private static final int SIZE = 1024;
    private static final int LINKS = 3;
    private static final int BUFFER_BYTES = 256;

    /** Shape of a chain. */
    public enum Chain {
        /** One buffer that the device writes: a receive buffer. */
        SINGLE,
        /** Three that it reads, a descriptor each: a frame with slices. */
        DIRECT,
        /** Three that it reads, in a table of their own. */
        INDIRECT
    }

    /** Kind of the queue. */
    public enum Layout {
        SPLIT, PACKED
    }

    private final Chain shape;
    private final Region region;
    private final DriverQueue driver;
    private final DeviceQueue device;
    private final DescriptorChain built = new DescriptorChain(LINKS);
    private final DescriptorChain seen = new DescriptorChain(LINKS);
    private final long buffers;
    private int next;
    private int shortTurns;

    VirtqueuePair(final Layout layout, final Chain shape) {
        this.shape = shape;
        final boolean packed = layout == Layout.PACKED;
        final boolean indirect = shape == Chain.INDIRECT;
        final long buffersBytes = (long) SIZE * BUFFER_BYTES;
        region = Region.create("queue", QueueMemory.requiredBytes(SIZE, packed, indirect, LINKS) + buffersBytes + 4096);
        final QueueConfig config = QueueMemory.allocate(region, SIZE, packed, true, indirect, LINKS,
                new RegionAddressSpace(region));
        buffers = region.allocate(buffersBytes, 128);
        driver = packed ? new PackedDriverQueue(config) : new SplitDriverQueue(config);
        device = packed ? new PackedDeviceQueue(config) : new SplitDeviceQueue(config);
        for (int i = 0; i < BATCH; i++) {
            add();
        }
        driver.publish();
    }

    /** Takes what was used and makes as much available again. */
    long driverTurn() {
        long sum = 0;
        for (long cookie = driver.takeUsed(); cookie != DriverQueue.NONE; cookie = driver.takeUsed()) {
            sum += cookie + driver.usedBytes();
            add();
        }
        driver.publish();
        return driver.needsNotification() ? -sum : sum;
    }

    private void add() {
        final int first = next++ & SIZE - 1;
        if (shape == Chain.SINGLE) {
            driver.addWritable(buffer(first), BUFFER_BYTES, first);
            return;
        }
        built.clear();
        for (int i = 0; i < LINKS; i++) {
            built.addReadable(buffer(first + i), BUFFER_BYTES);
        }
        driver.add(built, first);
    }

    private long buffer(final int number) {
        return buffers + (long) (number & SIZE - 1) * BUFFER_BYTES;
    }

    /** Takes what is available and uses it. */
    long deviceTurn() {
        long sum = 0;
        int chains = 0;
        for (int id = device.next(seen); id >= 0; id = device.next(seen)) {
            sum += seen.address(seen.count() - 1);
            device.complete(id, seen.writableBytes());
            chains++;
        }
        shortTurns += chains == BATCH ? 0 : 1;
        device.publish();
        return device.needsInterrupt() ? -sum : sum;
    }

    /** @throws IllegalStateException if the two sides don't pass a whole batch each turn */
    void check() {
        if (driver.violation() != null || device.violation() != null) {
            throw new IllegalStateException("driver: " + driver.violation() + ", device: " + device.violation());
        }
        if (shortTurns > 0) {
            throw new IllegalStateException(shortTurns + " turns were not of " + BATCH + " chains");
        }
        final int free = driver.freeDescriptors();
        final int expected = SIZE - BATCH * (shape == Chain.DIRECT ? LINKS : 1);
        if (free != expected) {
            throw new IllegalStateException("freeDescriptors=" + free + " and not " + expected);
        }
    }

    @Override
    public void close() {
        region.close();
    }
}
