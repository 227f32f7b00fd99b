package io.netchannel.virtio.driver;

import io.netchannel.virtio.net.VirtioFeature;

/**
 * What a driver wants of a device.
 *
 * @param receiveQueueSize entries; a power of two, as split queues need
 * @param transmitQueueSize entries; a power of two, as split queues need
 * @param features wanted, see {@link VirtioFeature}; those that the device doesn't offer, or that lack what they depend
 *            on, are done without
 * @param promiscuous frames to other stations too; else, with CTRL_RX, only to the own address and to groups
 */
public record VirtioNetDriverConfig(int receiveQueueSize, int transmitQueueSize, long features, boolean promiscuous) {

    /** 256 entries, every feature. */
    public static final VirtioNetDriverConfig DEFAULT = new VirtioNetDriverConfig(256, 256, VirtioFeature.all(), false);

    private static final int MIN_QUEUE_SIZE = 2;
    private static final int MAX_QUEUE_SIZE = 32_768;

    public VirtioNetDriverConfig {
        check("receiveQueueSize", receiveQueueSize);
        check("transmitQueueSize", transmitQueueSize);
    }

    private static void check(final String name, final int size) {
        if (size < MIN_QUEUE_SIZE || size > MAX_QUEUE_SIZE) {
            throw new IllegalArgumentException(
                    name + "=" + size + " is not within " + MIN_QUEUE_SIZE + ".." + MAX_QUEUE_SIZE);
        }
        if (Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException(name + "=" + size + " is not a power of two");
        }
    }

    public VirtioNetDriverConfig withQueueSizes(final int receive, final int transmit) {
        return new VirtioNetDriverConfig(receive, transmit, features, promiscuous);
    }

    public VirtioNetDriverConfig with(final VirtioFeature... wanted) {
        return new VirtioNetDriverConfig(receiveQueueSize, transmitQueueSize, features | VirtioFeature.of(wanted),
                promiscuous);
    }

    public VirtioNetDriverConfig without(final VirtioFeature... unwanted) {
        return new VirtioNetDriverConfig(receiveQueueSize, transmitQueueSize, features & ~VirtioFeature.of(unwanted),
                promiscuous);
    }

    public VirtioNetDriverConfig withPromiscuous(final boolean on) {
        return new VirtioNetDriverConfig(receiveQueueSize, transmitQueueSize, features, on);
    }
}
