package io.netchannel.virtio.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.Region;

/** A queue, both of its sides, and buffers, in a region of their own, which nothing may be touched outside of. */
final class QueueFixture implements AutoCloseable {

    /** What the queues use: {@link CheckedMemory}; the host's, for threads; a {@link ReorderedMemory} for each side. */
    enum Memory {
        CHECKED, HOST, WEAK
    }

    static final int BUFFER_BYTES = 64;

    /** For what the test itself reads and writes. */
    final OrderedMemory host = HostMemory.INSTANCE;
    final QueueShape shape;
    final Region region;
    final AddressSpace addressSpace;
    final CheckedMemory memory;
    final QueueConfig config;
    final int bufferCount;
    final DescriptorChain chain;
    final DriverQueue driver;
    final DeviceQueue device;
    private final long buffers;

    QueueFixture(final QueueShape shape) {
        this(shape, Memory.CHECKED);
    }

    QueueFixture(final QueueShape shape, final Memory kind) {
        this.shape = shape;
        bufferCount = shape.size() * shape.maxChain() + shape.maxChain();
        region = Region.create("queue", (long) bufferCount * BUFFER_BYTES
                + QueueMemory.requiredBytes(shape.size(), shape.packed(), shape.indirect(), shape.maxChain()) + 4096);
        addressSpace = new RegionAddressSpace(region);
        memory = new CheckedMemory(region.address(), region.sizeBytes());
        final QueueConfig plain = QueueMemory.allocate(region, shape.size(), shape.packed(), shape.eventIndex(),
                shape.indirect(), shape.maxChain(), addressSpace);
        config = kind == Memory.CHECKED ? withMemory(plain, memory) : plain;
        buffers = region.allocate((long) bufferCount * BUFFER_BYTES, 64);
        chain = new DescriptorChain(shape.maxChain());
        driver = newDriver(kind == Memory.WEAK ? reordered(ReorderedMemory.Kind.WEAK) : config.memory());
        device = newDevice(kind == Memory.WEAK ? reordered(ReorderedMemory.Kind.WEAK) : config.memory());
    }

    /** A driver that begins anew in the same place. */
    DriverQueue newDriver(final OrderedMemory through) {
        final QueueConfig same = withMemory(config, through);
        return shape.packed() ? new PackedDriverQueue(same) : new SplitDriverQueue(same);
    }

    DeviceQueue newDevice(final OrderedMemory through) {
        final QueueConfig same = withMemory(config, through);
        return shape.packed() ? new PackedDeviceQueue(same) : new SplitDeviceQueue(same);
    }

    ReorderedMemory reordered(final ReorderedMemory.Kind kind) {
        return new ReorderedMemory(kind, region.address(), region.sizeBytes());
    }

    private static QueueConfig withMemory(final QueueConfig config, final OrderedMemory memory) {
        return new QueueConfig(memory, config.addressSpace(), config.size(), config.descriptorArea(),
                config.driverArea(), config.deviceArea(), config.eventIndex(), config.indirect(),
                config.indirectTables(), config.maxChain());
    }

    long buffer(final int index) {
        return buffers + (long) index * BUFFER_BYTES;
    }

    /** Device address of a buffer. */
    long deviceBuffer(final int index) {
        return addressSpace.toDevice(buffer(index));
    }

    /** Adds a chain of {@code readable} and then {@code writable} buffers from buffer 0 on. */
    boolean add(final int readable, final int writable, final long cookie) {
        chain.clear();
        for (int i = 0; i < readable; i++) {
            chain.addReadable(buffer(i), BUFFER_BYTES);
        }
        for (int i = 0; i < writable; i++) {
            chain.addWritable(buffer(readable + i), BUFFER_BYTES);
        }
        return driver.add(chain, cookie);
    }

    /** Adds {@code count} chains of one writable buffer each and publishes them. */
    void offer(final int count) {
        for (int i = 0; i < count; i++) {
            assertThat(driver.addWritable(buffer(0), BUFFER_BYTES, i)).isTrue();
        }
        driver.publish();
    }

    /** The device takes {@code count} chains and completes and publishes each. */
    void serve(final int count) {
        for (int i = 0; i < count; i++) {
            final int id = device.next(chain);
            assertThat(id).as(shape.toString()).isNotNegative();
            device.complete(id, 0);
        }
        device.publish();
    }

    void assertBroken(final QueueViolation expected) {
        assertThat(device.next(chain)).as("first").isEqualTo(DeviceQueue.BROKEN);
        assertThat(device.violation()).isEqualTo(expected);
        assertThat(chain.count()).as("nothing of the chain is given out").isZero();
        assertThat(device.next(chain)).as("for good").isEqualTo(DeviceQueue.BROKEN);
        assertThat(device.violation()).as("the first one stays").isEqualTo(expected);
        assertThat(device.hasAvailable()).isFalse();
    }

    /** The driver meets a violation and gives nothing more. */
    void assertDriverBroken(final QueueViolation expected) {
        assertThat(driver.hasUsed()).isTrue();
        assertThat(driver.takeUsed()).isEqualTo(DriverQueue.NONE);
        assertThat(driver.violation()).isEqualTo(expected);
        assertThat(driver.hasUsed()).isFalse();
        assertThat(driver.takeUsed()).isEqualTo(DriverQueue.NONE);
        assertThat(driver.addWritable(buffer(0), BUFFER_BYTES, 1)).isFalse();
        assertThat(driver.freeDescriptors()).isZero();
    }

    @Override
    public void close() {
        region.close();
    }
}
