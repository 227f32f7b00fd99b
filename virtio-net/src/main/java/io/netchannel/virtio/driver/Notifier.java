package io.netchannel.virtio.driver;

import io.netchannel.virtio.device.VirtioNetDevice;
import io.netchannel.virtio.net.Counters;
import io.netchannel.virtio.queue.DriverQueue;

/**
 * Notifies a device of one queue, when it wants that.
 *
 * <p>Threading: that of the queue.
 */
final class Notifier {

    private final VirtioNetDevice device;
    private final int queueIndex;
    private final Counters<DriverCounter> counters;

    Notifier(final VirtioNetDevice device, final int queueIndex, final Counters<DriverCounter> counters) {
        this.device = device;
        this.queueIndex = queueIndex;
        this.counters = counters;
    }

    /** After a publication. */
    void notifyIfNeeded(final DriverQueue queue) {
        if (queue.needsNotification()) {
            counters.increment(DriverCounter.KICKS);
            device.notifyQueue(queueIndex);
        } else {
            counters.increment(DriverCounter.SUPPRESSED_KICKS);
        }
    }
}
