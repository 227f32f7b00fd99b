package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.VirtioFeature.*;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.virtio.device.TapException.Reason;
import io.netchannel.virtio.net.VirtioFeature;

/**
 * A device behind which is a TAP interface of Linux: a vhost-net in user space. The kernel reads and writes the
 * descriptors' buffers themselves, because {@code virtio_net_hdr} is TAP's own header.
 *
 * <p>Each queue pair of the device has a queue of the TAP, and a {@link Poller} for the loop of that queue pair; queue
 * pairs that the driver does not use are detached. The kernel is told to leave unfinished what the driver has agreed to
 * finish.
 *
 * <p>A TAP that is taken away leaves the link down and the transmit queues draining into a counter; nothing is thrown.
 *
 * <p>Threading: each poller on one thread. {@link #close}: when no poller is polled any more, or after the driver has
 * reset the device.
 */
public final class TapDevice implements AutoCloseable {

    private final VirtioNetDevice device;
    private final String name;
    private final TapQueue[] queues;

    private TapDevice(final VirtioNetDevice device, final String name, final TapQueue[] queues) {
        this.device = device;
        this.name = name;
        this.queues = queues;
    }

    /**
     * Creates a TAP, which is gone when it is closed, or attaches to a persistent one.
     *
     * @param name of the interface; with {@code %d} the kernel chooses a number
     * @param device whose backend it becomes; with several queue pairs the TAP has as many queues
     * @throws TapException if it can't be had
     */
    public static TapDevice open(final String name, final VirtioNetDevice device) {
        final TapQueue[] queues = new TapQueue[device.maxQueuePairs()];
        String actualName = name;
        try {
            for (int i = 0; i < queues.length; i++) {
                final TunRequests.Queue queue = TunRequests.open(actualName, queues.length > 1);
                actualName = queue.name();
                queues[i] = new TapQueue(device, i, queue.fd());
            }
        } catch (final RuntimeException failed) {
            closeAll(queues);
            throw failed;
        }
        if (!queues[0].knowsUso()) {
            device.withdraw(VirtioFeature.of(GUEST_USO4, GUEST_USO6, HOST_USO));
        }
        final TapDevice tap = new TapDevice(device, actualName, queues);
        device.backend(tap.new Backend());
        return tap;
    }

    public String name() {
        return name;
    }

    public VirtioNetDevice device() {
        return device;
    }

    public Poller poller(final int queuePair) {
        return queues[queuePair];
    }

    /** @param doorbell wakes the loop that polls this queue pair */
    public void wake(final int queuePair, final Doorbell doorbell) {
        queues[queuePair].wake(doorbell);
    }

    private final class Backend implements DeviceBackend {

        @Override
        public void started(final long features) {
            final int result = queues[0].setOffload(features);
            if (result < 0) {
                throw new TapException(Reason.FAILED,
                        "tap " + name + ": TUNSETOFFLOAD failed: " + Errno.name(-result) + " (" + Errno.text(-result)
                                + "); leave TSO, USO and ECN out of the device's features");
            }
        }

        @Override
        public void queuePairs(final int active) {
            for (int i = 0; i < queues.length && queues.length > 1; i++) {
                queues[i].attach(i < active);
            }
        }

        @Override
        public void stopped() {
            // Slots can't be claimed, so no queue is read or written.
        }
    }

    /** Removes the interface unless it is persistent. Idempotent. */
    @Override
    public void close() {
        closeAll(queues);
    }

    private static void closeAll(final TapQueue[] queues) {
        for (final TapQueue queue : queues) {
            if (queue != null) {
                queue.close();
            }
        }
    }
}
