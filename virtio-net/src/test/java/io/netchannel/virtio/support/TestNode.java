package io.netchannel.virtio.support;

import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.virtio.device.VirtioNetDevice;
import io.netchannel.virtio.device.VirtioNetDeviceConfig;
import io.netchannel.virtio.driver.QueuePair;
import io.netchannel.virtio.driver.QueuePairBinding;
import io.netchannel.virtio.driver.VirtioNetDriver;
import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import java.util.ArrayList;
import java.util.List;

/** A device and its driver, without a stack; one thread. */
public final class TestNode implements AutoCloseable {

    private static final long REGION_BYTES = 32L << 20;
    private static final int BUFFERS = 1024;

    private final Region region = Region.create("test", REGION_BYTES);
    private final PacketMemory packets;
    private final List<PacketPool> pools = new ArrayList<>();
    private final VirtioNetDevice device;
    private VirtioNetDriver driver;

    public TestNode(final VirtioNetDeviceConfig config) {
        this(config, BUFFERS, 4096);
    }

    public TestNode(final VirtioNetDeviceConfig config, final int buffers, final int bufferBytes) {
        packets = new PacketMemory(region, buffers, bufferBytes);
        device = new VirtioNetDevice(config);
    }

    /** Opens with so many queue pairs, which share the buffers evenly. */
    public TestNode open(final VirtioNetDriverConfig config, final int queuePairs) {
        return open(config, queuePairs, Doorbell.NONE);
    }

    public TestNode open(final VirtioNetDriverConfig config, final int queuePairs, final Doorbell wake) {
        final List<QueuePairBinding> bindings = new ArrayList<>();
        pools.clear();
        final int each = packets.bufferCount() / queuePairs;
        for (int i = 0; i < queuePairs; i++) {
            pools.add(new PacketPool(packets, i * each, each, index -> {
                throw new IllegalStateException("buffer " + index + " released on the wrong thread");
            }));
            bindings.add(QueuePairBinding.of(pools.get(i), wake));
        }
        driver = VirtioNetDriver.open(device, config, region, bindings);
        return this;
    }

    public TestNode open(final VirtioNetDriverConfig config) {
        return open(config, 1);
    }

    public Region region() {
        return region;
    }

    public PacketMemory packets() {
        return packets;
    }

    public PacketPool pool() {
        return pools.getFirst();
    }

    public PacketPool pool(final int pair) {
        return pools.get(pair);
    }

    public VirtioNetDevice device() {
        return device;
    }

    public VirtioNetDriver driver() {
        return driver;
    }

    public QueuePair pair() {
        return driver.queuePair(0);
    }

    /** Closes the driver; fails if a buffer is missing. */
    public void closeAndCheck() {
        driver.close();
        for (final PacketPool pool : pools) {
            pool.checkNoLeaks();
        }
    }

    @Override
    public void close() {
        if (driver != null) {
            driver.close();
        }
        region.close();
    }
}
