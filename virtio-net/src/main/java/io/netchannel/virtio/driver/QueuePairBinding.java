package io.netchannel.virtio.driver;

import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.Doorbell;

/**
 * Ties a queue pair to the loop that polls it.
 *
 * @param pool of the loop's thread: receive buffers come from it
 * @param wake rung by the device, on its thread, when the armed loop has something to do
 * @param completion takes back what was sent
 */
public record QueuePairBinding(PacketPool pool, Doorbell wake, TransmitCompletion completion) {

    /** For a loop that sends packets of its own pool only. */
    public static QueuePairBinding of(final PacketPool pool, final Doorbell wake) {
        return new QueuePairBinding(pool, wake, pool::releasePacket);
    }

    /** For a loop that never parks. */
    public static QueuePairBinding polled(final PacketPool pool) {
        return of(pool, Doorbell.NONE);
    }
}
