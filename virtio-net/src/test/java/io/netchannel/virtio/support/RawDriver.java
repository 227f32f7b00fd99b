package io.netchannel.virtio.support;

import static io.netchannel.virtio.net.DeviceStatus.*;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.virtio.device.VirtioNetDevice;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.queue.DescriptorChain;
import io.netchannel.virtio.queue.DriverQueue;
import io.netchannel.virtio.queue.QueueConfig;
import io.netchannel.virtio.queue.QueueMemory;
import io.netchannel.virtio.queue.RegionAddressSpace;
import io.netchannel.virtio.queue.SplitDriverQueue;

/** A driver that does what the test says, right or wrong: one split queue pair and a control queue. */
public final class RawDriver {

    private static final int SIZE = 64;
    private static final int MAX_CHAIN = 64;

    private final VirtioNetDevice device;
    private final OrderedMemory memory;
    private final Region region;
    private final DescriptorChain chain = new DescriptorChain(MAX_CHAIN);
    private final DriverQueue receive;
    private final DriverQueue transmit;
    private final DriverQueue control;
    private final long controlCommand;

    public RawDriver(final VirtioNetDevice device, final Region region, final VirtioFeature... features) {
        this.device = device;
        this.region = region;
        this.memory = region.memory();
        final long chosen = VirtioFeature.of(features) | VirtioFeature.VERSION_1.mask();
        device.writeStatus(RESET);
        device.writeStatus(ACKNOWLEDGE);
        device.writeStatus(ACKNOWLEDGE | DRIVER);
        device.chooseFeatures(chosen);
        device.writeStatus(device.status() | FEATURES_OK);
        if ((device.status() & FEATURES_OK) == 0) {
            throw new IllegalStateException(device.featureFault());
        }
        receive = queue(0, chosen);
        transmit = queue(1, chosen);
        control = VirtioFeature.CTRL_VQ.in(chosen)
                ? queue(VirtioNetDevice.controlQueueIndex(chosen, device.maxQueuePairs()), chosen)
                : null;
        controlCommand = region.allocate(1024, 64);
        device.writeStatus(device.status() | DRIVER_OK);
    }

    private DriverQueue queue(final int index, final long features) {
        final QueueConfig config = QueueMemory.allocate(region, SIZE, false, VirtioFeature.EVENT_IDX.in(features),
                VirtioFeature.INDIRECT_DESC.in(features), MAX_CHAIN, new RegionAddressSpace(region));
        final DriverQueue queue = new SplitDriverQueue(config);
        device.configureQueue(index, config, Doorbell.NONE);
        return queue;
    }

    public DriverQueue receive() {
        return receive;
    }

    public DriverQueue transmit() {
        return transmit;
    }

    /** Adds a receive chain of pieces of these lengths. @return its first address; the pieces follow each other */
    public long addReceive(final int... lengths) {
        int total = 0;
        for (final int length : lengths) {
            total += length;
        }
        final long address = region.allocate(total, 64);
        chain.clear();
        long at = address;
        for (final int length : lengths) {
            chain.addWritable(at, length);
            at += length;
        }
        receive.add(chain, address - region.address());
        receive.publish();
        device.notifyQueue(0);
        return address;
    }

    /** Sends bytes, header and all, cut into pieces of at most {@code pieceBytes}. */
    public void send(final byte[] bytes, final int pieceBytes) {
        final long address = region.allocate(bytes.length, 64);
        memory.copyFromArray(bytes, 0, address, bytes.length);
        chain.clear();
        for (int at = 0; at < bytes.length; at += pieceBytes) {
            chain.addReadable(address + at, Math.min(pieceBytes, bytes.length - at));
        }
        transmit.add(chain, 1);
        transmit.publish();
        device.notifyQueue(1);
    }

    /** Sends a chain of so many pieces of so many bytes of zero. */
    public void sendPieces(final int count, final int pieceBytes) {
        final long address = region.allocate(pieceBytes, 64);
        chain.clear();
        for (int i = 0; i < count; i++) {
            chain.addReadable(address, pieceBytes);
        }
        transmit.add(chain, 1);
        transmit.publish();
        device.notifyQueue(1);
    }

    /** @return the device's answer */
    public int command(final int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            memory.putByte(controlCommand + i, (byte) bytes[i]);
        }
        final long ack = controlCommand + 1023;
        memory.putByte(ack, (byte) 0x55);
        chain.clear().addReadable(controlCommand, bytes.length);
        chain.addWritable(ack, 1);
        control.add(chain, 2);
        control.publish();
        device.notifyQueue(
                VirtioNetDevice.controlQueueIndex(device.offeredFeatures(), device.maxQueuePairs()));
        if (control.takeUsed() != 2) {
            throw new IllegalStateException("no answer");
        }
        return memory.getByte(ack);
    }
}
