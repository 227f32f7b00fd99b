/**
 * Virtqueues, split and packed, seen from both sides (VirtIO 1.3, 2.6 to 2.8).
 *
 * <p>{@link io.netchannel.virtio.queue.DriverQueue} offers chains of buffers,
 * {@link io.netchannel.virtio.queue.DeviceQueue} takes and completes them; a
 * {@link io.netchannel.virtio.queue.QueueConfig} says where in memory the two meet, and
 * {@link io.netchannel.virtio.queue.QueueMemory} cuts that memory from a region. Neither side believes the other: words
 * of the other side are read once, into locals, and checked there, and the first breach is kept as a
 * {@link io.netchannel.virtio.queue.QueueViolation}. What a side must remember about its own chains it keeps on the
 * heap, where the other can't reach it.
 *
 * <p>Where bytes lie is in {@link io.netchannel.virtio.queue.SplitQueueLayout} and
 * {@link io.netchannel.virtio.queue.PackedQueueLayout}. What their addresses mean is an
 * {@link io.netchannel.virtio.queue.AddressSpace}.
 *
 * <p>Three pairs of accesses hold both kinds of queue together, and each is named where it stands:
 * <ul>
 * <li>publication of chains: the driver's release of the available index (packed: of the flags of the batch's first
 * descriptor) with the device's acquire of it; descriptors and readable buffers travel under it;
 * <li>publication of completions: the device's release of the used index (packed: of the flags of the batch's first
 * used descriptor) with the driver's acquire; used lengths and written buffers travel under it, and so does the right
 * to overwrite the descriptors;
 * <li>notification: publish, full fence, read the event word; against: write the event word, full fence, look at the
 * ring. One of the two sees the other's store, so either the publisher notifies or the sleeper finds the work.
 * </ul>
 */
package io.netchannel.virtio.queue;
