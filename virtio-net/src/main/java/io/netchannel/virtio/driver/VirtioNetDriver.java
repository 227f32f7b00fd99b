package io.netchannel.virtio.driver;

import static io.netchannel.virtio.net.DeviceStatus.*;
import static io.netchannel.virtio.net.VirtioFeature.*;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.virtio.device.VirtioNetDevice;
import io.netchannel.virtio.net.Counters;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.net.VirtioNetHeaderLayout;
import io.netchannel.virtio.queue.AddressSpace;
import io.netchannel.virtio.queue.DriverQueue;
import io.netchannel.virtio.queue.PackedDriverQueue;
import io.netchannel.virtio.queue.QueueConfig;
import io.netchannel.virtio.queue.QueueMemory;
import io.netchannel.virtio.queue.RegionAddressSpace;
import io.netchannel.virtio.queue.SplitDriverQueue;
import java.util.List;

/**
 * Drives a virtio-net device (VirtIO 1.3, 3.1 and 5.1.5): negotiates, sets up queues in the node's region, and takes
 * everything back at the end.
 *
 * <p>Threading: opening, control commands and {@link #close}: one thread at a time; the queue pairs: one thread each,
 * which must not be running during {@code close}. {@link #isLinkUp}, {@link #mac}, {@link #needsReset}: any.
 */
public final class VirtioNetDriver implements AutoCloseable {

    /** MTU where the device does not say (5.1.4.1). */
    private static final int DEFAULT_MTU_BYTES = 1500;

    private final VirtioNetDevice device;
    private final VirtioNetDriverConfig config;
    private final Region region;
    private final AddressSpace addressSpace;
    private final long features;
    private final int mtuBytes;
    private final QueuePair[] pairs;
    private final ControlQueue control;
    private boolean closed;

    private VirtioNetDriver(final VirtioNetDevice device, final VirtioNetDriverConfig config, final Region region,
            final List<QueuePairBinding> bindings) {
        this.device = device;
        this.config = config;
        this.region = region;
        this.addressSpace = new RegionAddressSpace(region);
        features = negotiate(bindings);
        mtuBytes = MTU.in(features) ? device.mtuBytes() : DEFAULT_MTU_BYTES;
        pairs = new QueuePair[bindings.size()];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = openPair(i, bindings.get(i));
        }
        control = CTRL_VQ.in(features) ? openControl() : null;
        device.writeStatus(device.status() | DRIVER_OK);
        if ((device.status() & DRIVER_OK) == 0) {
            throw new VirtioNetException("the device does not start: status " + device.status());
        }
    }

    /**
     * Resets and starts a device.
     *
     * @param region holds the packet buffers of all bindings; the queues are cut from it, see {@link #requiredBytes}
     * @param bindings one for each queue pair to be used
     * @throws IllegalArgumentException if the device has fewer queue pairs, or buffers are too small for its MTU
     * @throws VirtioNetException if the device refuses
     */
    public static VirtioNetDriver open(final VirtioNetDevice device, final VirtioNetDriverConfig config,
            final Region region, final List<QueuePairBinding> bindings) {
        checkBindings(device, region, bindings);
        try {
            final VirtioNetDriver driver = new VirtioNetDriver(device, config, region, bindings);
            driver.start();
            return driver;
        } catch (final RuntimeException failed) {
            device.writeStatus(RESET);
            throw failed;
        }
    }

    /** Region bytes that the queues of a driver take. */
    public static long requiredBytes(final VirtioNetDriverConfig config, final int queuePairs) {
        final boolean packed = RING_PACKED.in(config.features());
        final boolean indirect = INDIRECT_DESC.in(config.features());
        final int receive = config.receiveQueueSize();
        final int transmit = config.transmitQueueSize();
        final long pair = Math.max(QueueMemory.requiredBytes(receive, packed, indirect, BufferPlan.MAX_BUFFERS),
                QueueMemory.requiredBytes(receive, false, indirect, BufferPlan.MAX_BUFFERS))
                + Math.max(QueueMemory.requiredBytes(transmit, packed, indirect, BufferPlan.MAX_BUFFERS),
                        QueueMemory.requiredBytes(transmit, false, indirect, BufferPlan.MAX_BUFFERS));
        return queuePairs * (pair + 4096) + ControlQueue.requiredBytes();
    }

    private static void checkBindings(final VirtioNetDevice device, final Region region,
            final List<QueuePairBinding> bindings) {
        final int wanted = bindings.size();
        if (wanted < 1 || wanted > device.maxQueuePairs()) {
            throw new IllegalArgumentException(
                    "queue pairs=" + wanted + " is not within 1.." + device.maxQueuePairs() + ", what the device has");
        }
        for (final QueuePairBinding binding : bindings) {
            final PacketMemory packets = binding.pool().packets();
            final long first = packets.bufferAddress(0);
            final long bytes = packets.bufferAddress(packets.bufferCount() - 1) + packets.bufferBytes() - first;
            if (!region.contains(first, bytes)) {
                throw new IllegalArgumentException("the packet buffers are not in " + region);
            }
        }
    }

    // -- negotiation

    private long negotiate(final List<QueuePairBinding> bindings) {
        device.writeStatus(RESET);
        device.writeStatus(ACKNOWLEDGE);
        device.writeStatus(ACKNOWLEDGE | DRIVER);
        long wanted = device.offeredFeatures() & (config.features() | VERSION_1.mask());
        for (final QueuePairBinding binding : bindings) {
            if (!BufferPlan.fitsSuperFrames(binding.pool(), receiveQueueSize())) {
                wanted = VirtioFeature.withoutSuperFrames(wanted);
            }
        }
        if (!VirtioFeature.acceptsUso(wanted)) {
            // The header does not tell one from the other, so one without the other could not be held to.
            wanted &= ~VirtioFeature.of(GUEST_USO4, GUEST_USO6);
        }
        final long chosen = VirtioFeature.withoutUnsatisfied(bindings.size() > 1 ? wanted : wanted & ~MQ.mask());
        if (bindings.size() > 1 && !MQ.in(chosen)) {
            fail();
            throw new IllegalArgumentException(
                    "queue pairs=" + bindings.size() + " > 1 needs MQ and CTRL_VQ, which are not negotiated");
        }
        device.chooseFeatures(chosen);
        device.writeStatus(device.status() | FEATURES_OK);
        if ((device.status() & FEATURES_OK) == 0) {
            fail();
            throw new VirtioNetException("the device refuses the features " + VirtioFeature.toString(chosen) + ": "
                    + device.featureFault());
        }
        return chosen;
    }

    private void fail() {
        device.writeStatus(device.status() | FAILED);
    }

    // -- queues

    private QueuePair openPair(final int index, final QueuePairBinding binding) {
        final Counters<DriverCounter> counters = new Counters<>(DriverCounter.class);
        final int buffersPerChain = BufferPlan.buffersPerChain(binding.pool().packets().bufferBytes(), mtuBytes,
                features);
        checkBuffers(buffersPerChain, binding);
        final DriverQueue receive = openQueue(2 * index, config.receiveQueueSize(), buffersPerChain, binding.wake());
        final DriverQueue transmit = openQueue(2 * index + 1, config.transmitQueueSize(), BufferPlan.MAX_BUFFERS,
                binding.wake());
        final ReceiveQueue receiveQueue = new ReceiveQueue(receive, binding.pool(), features, mtuBytes,
                new Notifier(device, 2 * index, counters), counters);
        final TransmitQueue transmitQueue = new TransmitQueue(transmit, binding, features,
                new SoftwareTransmit(binding.pool()), new Notifier(device, 2 * index + 1, counters), counters);
        return new QueuePair(index, receiveQueue, transmitQueue, capabilities(transmitQueue.maxBuffers()), counters);
    }

    private void checkBuffers(final int buffersPerChain, final QueuePairBinding binding) {
        final int bufferBytes = binding.pool().packets().bufferBytes();
        if (buffersPerChain > BufferPlan.MAX_BUFFERS || buffersPerChain > receiveQueueSize()) {
            throw new IllegalArgumentException("mtuBytes=" + mtuBytes + " takes " + buffersPerChain
                    + " buffers of bufferBytes=" + bufferBytes + " > "
                    + Math.min(BufferPlan.MAX_BUFFERS, receiveQueueSize()));
        }
        final int smallest = BufferPlan.HEADROOM_BYTES + 2 * VirtioNetHeaderLayout.LENGTH_BYTES;
        final long largest = (long) BufferPlan.MAX_BUFFERS * BufferPlan.receiveCapacity(bufferBytes);
        if (bufferBytes < smallest || largest < mtuBytes + VirtioNetHeaderLayout.MAX_LINK_HEADER_BYTES) {
            throw new IllegalArgumentException("bufferBytes=" + bufferBytes + " is too small for mtuBytes=" + mtuBytes);
        }
    }

    private DriverQueue openQueue(final int index, final int size, final int maxChain, final Doorbell interrupt) {
        final int actualSize = actualSize(size);
        final boolean packed = RING_PACKED.in(features);
        final QueueConfig queue = QueueMemory.allocate(region, actualSize, packed, EVENT_IDX.in(features),
                INDIRECT_DESC.in(features), maxChain, addressSpace);
        final DriverQueue driverQueue = packed ? new PackedDriverQueue(queue) : new SplitDriverQueue(queue);
        device.configureQueue(index, queue, interrupt);
        return driverQueue;
    }

    private int actualSize(final int wantedSize) {
        return Math.min(wantedSize, Integer.highestOneBit(device.maxQueueSize()));
    }

    private int receiveQueueSize() {
        return actualSize(config.receiveQueueSize());
    }

    private LinkCapabilities capabilities(final int maxBuffers) {
        final boolean tso4 = HOST_TSO4.in(features);
        final boolean tso6 = HOST_TSO6.in(features);
        final boolean uso = HOST_USO.in(features);
        return new LinkCapabilities(mtuBytes, CSUM.in(features), tso4, tso6,
                tso4 || tso6 || uso ? VirtioNetHeaderLayout.MAX_NETWORK_BYTES : mtuBytes, maxBuffers - 1, uso);
    }

    private ControlQueue openControl() {
        final int index = VirtioNetDevice.controlQueueIndex(features, device.maxQueuePairs());
        final DriverQueue queue = openQueue(index, ControlQueue.SIZE, ControlQueue.MAX_CHAIN, Doorbell.NONE);
        return new ControlQueue(device, index, queue, region);
    }

    private void start() {
        if (pairs.length > 1 && !control.setQueuePairs(pairs.length)) {
            throw new VirtioNetException("the device refuses to use queue pairs=" + pairs.length);
        }
        if (CTRL_RX.in(features)
                && !(control.setPromiscuous(config.promiscuous()) && control.setAllMulticast(true))) {
            throw new VirtioNetException("the device refuses receive modes that it has offered");
        }
        for (final QueuePair pair : pairs) {
            pair.start();
        }
    }

    // -- what was negotiated, and the state of the link

    /** Negotiated, see {@link VirtioFeature#in}. */
    public long features() {
        return features;
    }

    public int queuePairs() {
        return pairs.length;
    }

    public QueuePair queuePair(final int index) {
        return pairs[index];
    }

    /** Of the device; in the low 48 bits, first byte most significant. */
    public long mac() {
        return device.mac();
    }

    public int mtuBytes() {
        return mtuBytes;
    }

    /** True where the device can't say. */
    public boolean isLinkUp() {
        return !STATUS.in(features) || device.isLinkUp();
    }

    /** The device has met something from which only closing and opening helps. */
    public boolean needsReset() {
        return (device.status() & NEEDS_RESET) != 0;
    }

    /** @param doorbell rung on any thread when {@link #isLinkUp} or {@link #needsReset} has changed */
    public void onConfigChange(final Doorbell doorbell) {
        device.configInterrupt(doorbell);
    }

    // -- control commands; false if the device refuses, or has no such command

    /** @param mac of one station */
    public boolean setMac(final long mac) {
        return CTRL_MAC_ADDR.in(features) && control.setMac(mac);
    }

    public boolean setPromiscuous(final boolean on) {
        return CTRL_RX.in(features) && control.setPromiscuous(on);
    }

    public boolean setAllMulticast(final boolean on) {
        return CTRL_RX.in(features) && control.setAllMulticast(on);
    }

    /** Resets the device and returns every buffer; the loops of the queue pairs must have stopped. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        device.writeStatus(RESET);
        for (final QueuePair pair : pairs) {
            pair.reclaim();
        }
    }
}
