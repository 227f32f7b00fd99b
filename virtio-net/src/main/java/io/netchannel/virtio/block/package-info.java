/**
 * Block devices behind virtqueues, both sides (VirtIO 1.3, 5.2).
 *
 * <p>{@link io.netchannel.virtio.block.VirtioBlockDevice} puts any
 * {@link io.netchannel.kernel.storage.block.BlockDevice} behind queues, each served by a
 * {@link io.netchannel.virtio.block.BlockServer} on a loop; {@link io.netchannel.virtio.block.VirtioBlockDriver} drives such
 * a device, and is a {@code BlockDevice} again. Neither side believes the other. Bytes are not copied here: what a chain
 * points to is what the device below reads and writes.
 */
package io.netchannel.virtio.block;
