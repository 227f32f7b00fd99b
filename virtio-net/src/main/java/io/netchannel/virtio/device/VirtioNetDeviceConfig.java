package io.netchannel.virtio.device;

import io.netchannel.virtio.net.NetConfigLayout;
import io.netchannel.virtio.net.VirtioFeature;

/**
 * What a device offers.
 *
 * @param mac the address that the driver is given, in the low 48 bits, first byte most significant
 * @param mtuBytes largest network packet of the link, {@value NetConfigLayout#MIN_MTU_BYTES}..65,535
 * @param queuePairs receive and transmit queues, 1..{@value #MAX_QUEUE_PAIRS}
 * @param maxQueueSize largest queue that a driver may set up
 * @param features offered, see {@link VirtioFeature}; those that lack what they depend on are left out
 */
public record VirtioNetDeviceConfig(long mac, int mtuBytes, int queuePairs, int maxQueueSize, long features) {

    public static final int MAX_QUEUE_PAIRS = 64;
    public static final int MAX_QUEUE_SIZE = 32_768;

    public VirtioNetDeviceConfig {
        if (mac >>> 48 != 0 || mac == 0 || (mac >>> 40 & 1) != 0) {
            throw new IllegalArgumentException("mac=0x" + Long.toHexString(mac) + " is not the address of one station");
        }
        check("mtuBytes", mtuBytes, NetConfigLayout.MIN_MTU_BYTES, NetConfigLayout.MAX_MTU_BYTES);
        check("queuePairs", queuePairs, 1, MAX_QUEUE_PAIRS);
        check("maxQueueSize", maxQueueSize, 2, MAX_QUEUE_SIZE);
        long offered = features | VirtioFeature.VERSION_1.mask();
        if (queuePairs == 1) {
            offered &= ~VirtioFeature.MQ.mask();
        }
        features = VirtioFeature.withoutUnsatisfied(offered);
    }

    private static void check(final String name, final int value, final int from, final int to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(name + "=" + value + " is not within " + from + ".." + to);
        }
    }

    /** One queue pair, 1,500 bytes, every feature. */
    public static VirtioNetDeviceConfig of(final long mac) {
        return new VirtioNetDeviceConfig(mac, 1500, 1, 1024, VirtioFeature.all());
    }

    public VirtioNetDeviceConfig withMtuBytes(final int newMtuBytes) {
        return new VirtioNetDeviceConfig(mac, newMtuBytes, queuePairs, maxQueueSize, features);
    }

    public VirtioNetDeviceConfig withQueuePairs(final int newQueuePairs) {
        final long multiqueue = newQueuePairs > 1 ? VirtioFeature.MQ.mask() : 0;
        return new VirtioNetDeviceConfig(mac, mtuBytes, newQueuePairs, maxQueueSize, features | multiqueue);
    }

    public VirtioNetDeviceConfig withMaxQueueSize(final int newMaxQueueSize) {
        return new VirtioNetDeviceConfig(mac, mtuBytes, queuePairs, newMaxQueueSize, features);
    }

    public VirtioNetDeviceConfig without(final VirtioFeature... unwanted) {
        return new VirtioNetDeviceConfig(mac, mtuBytes, queuePairs, maxQueueSize,
                features & ~VirtioFeature.of(unwanted));
    }
}
