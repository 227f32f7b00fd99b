package io.netchannel.node;

import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.virtio.device.VirtioNetDevice;

/**
 * What a node's device is plugged into. A link belongs to one node, which closes it.
 *
 * <p>Threading: control calls only, from the thread that opens, starts or closes the node.
 */
public interface NodeLink {

    /** Largest network packet that the link carries. */
    int mtuBytes();

    /** Puts the link behind the node's device, before the device has a driver. */
    void attach(VirtioNetDevice device);

    /**
     * The device's own work for one queue pair, to be polled by the loop that polls the pair.
     *
     * @throws IllegalStateException if the link is not complete: a wire with one node
     */
    Poller poller(int queuePair);

    /** @param doorbell wakes the loop that polls {@link #poller} */
    void wake(int queuePair, Doorbell doorbell);

    /** After the device is reset and nobody polls any more. Idempotent. */
    void close();
}
