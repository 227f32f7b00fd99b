package io.netchannel.virtio.queue;

import io.netchannel.cpu.OrderedMemory;

/**
 * Where a virtqueue lies and which features shape it; the same for both sides (VirtIO 1.3, 4.1.4.3 queue_desc,
 * queue_driver, queue_device). Addresses are host addresses; the transport has translated and checked them.
 *
 * @param memory what the queue lies in
 * @param addressSpace meaning of the addresses in descriptors
 * @param size entries: for split queues a power of two
 * @param descriptorArea split: descriptor table; packed: descriptor ring
 * @param driverArea split: available ring; packed: driver event suppression
 * @param deviceArea split: used ring; packed: device event suppression
 * @param eventIndex VIRTIO_F_EVENT_IDX negotiated
 * @param indirect VIRTIO_F_INDIRECT_DESC negotiated
 * @param indirectTables driver's tables for indirect chains, {@code size} tables of {@link #maxChain} descriptors of 16
 *            bytes, or 0 for a driver that builds none
 * @param maxChain longest chain, direct or indirect
 */
public record QueueConfig(OrderedMemory memory, AddressSpace addressSpace, int size, long descriptorArea,
        long driverArea, long deviceArea, boolean eventIndex, boolean indirect, long indirectTables, int maxChain) {
}
