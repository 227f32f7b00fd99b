package io.netchannel.virtio.driver;

import static io.netchannel.virtio.net.ControlLayout.*;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.Region;
import io.netchannel.virtio.device.VirtioNetDevice;
import io.netchannel.virtio.net.NetConfigLayout;
import io.netchannel.virtio.queue.DescriptorChain;
import io.netchannel.virtio.queue.DriverQueue;
import io.netchannel.virtio.queue.QueueMemory;

/**
 * Sends commands on the control queue, one at a time, and waits for the answer, within bounds.
 *
 * <p>Threading: the control thread.
 */
final class ControlQueue {

    static final int SIZE = 4;
    static final int MAX_CHAIN = 2;

    private static final int COMMAND_BYTES = 64;
    private static final int SCRATCH_BYTES = 128;
    // The devices here answer before the notification returns; this is for those that would not.
    private static final int MAX_SPINS = 1 << 20;

    private final VirtioNetDevice device;
    private final int index;
    private final DriverQueue queue;
    private final OrderedMemory memory;
    private final long command;
    private final long ack;
    private final DescriptorChain chain = new DescriptorChain(MAX_CHAIN);
    private int commandBytes;

    ControlQueue(final VirtioNetDevice device, final int index, final DriverQueue queue, final Region region) {
        this.device = device;
        this.index = index;
        this.queue = queue;
        this.memory = region.memory();
        this.command = region.allocate(SCRATCH_BYTES, SCRATCH_BYTES);
        this.ack = command + COMMAND_BYTES;
        queue.disableInterrupts();
    }

    static long requiredBytes() {
        return Math.max(QueueMemory.requiredBytes(SIZE, true, true, MAX_CHAIN),
                QueueMemory.requiredBytes(SIZE, false, true, MAX_CHAIN)) + 2 * SCRATCH_BYTES;
    }

    boolean setQueuePairs(final int pairs) {
        begin(CLASS_MQ, MQ_PAIRS_SET);
        put(pairs);
        put(pairs >>> 8);
        return send();
    }

    boolean setPromiscuous(final boolean on) {
        begin(CLASS_RX, RX_PROMISCUOUS);
        put(on ? 1 : 0);
        return send();
    }

    boolean setAllMulticast(final boolean on) {
        begin(CLASS_RX, RX_ALL_MULTICAST);
        put(on ? 1 : 0);
        return send();
    }

    boolean setMac(final long mac) {
        begin(CLASS_MAC, MAC_ADDRESS_SET);
        for (int shift = 8 * (NetConfigLayout.MAC_BYTES - 1); shift >= 0; shift -= 8) {
            put((int) (mac >>> shift));
        }
        return send();
    }

    private void begin(final int commandClass, final int commandCode) {
        commandBytes = 0;
        put(commandClass);
        put(commandCode);
    }

    private void put(final int value) {
        memory.putByte(command + commandBytes++, (byte) value);
    }

    /** @return whether the device has answered, and with VIRTIO_NET_OK */
    private boolean send() {
        memory.putByte(ack, (byte) ACK_ERROR);
        chain.clear().addReadable(command, commandBytes);
        chain.addWritable(ack, 1);
        if (!queue.add(chain, 0)) {
            return false;
        }
        queue.publish();
        if (queue.needsNotification()) {
            device.notifyQueue(index);
        }
        for (int spins = 0; spins < MAX_SPINS && !queue.hasUsed(); spins++) {
            Thread.onSpinWait();
        }
        return queue.takeUsed() != DriverQueue.NONE && queue.usedBytes() == 1 && memory.getByte(ack) == ACK_OK;
    }
}
