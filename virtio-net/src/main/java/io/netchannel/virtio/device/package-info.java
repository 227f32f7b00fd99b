/**
 * Devices: the other side of the driver's queues.
 *
 * <p>{@link io.netchannel.virtio.device.VirtioNetDevice} is what a driver sees of any of them: features, status,
 * configuration space, queues, notifications and interrupts, and it serves the control queue. What moves the frames is
 * behind its queue pairs: a {@link io.netchannel.virtio.device.Wire} to another device, a port of a
 * {@link io.netchannel.virtio.device.Switch}, a {@link io.netchannel.virtio.device.TapDevice}. Each is a
 * {@link io.netchannel.kernel.sched.Poller}, or one for each queue pair, for a run loop to poll.
 *
 * <p>Frames go from the sender's chains to the receiver's in one copy
 * ({@link io.netchannel.virtio.device.ReceiveRingWriter}), finished in software where the receiver has not agreed to
 * unfinished ones. An {@link io.netchannel.virtio.device.Impairment} between them loses, delays, reorders, duplicates
 * and corrupts, from a seed.
 *
 * <p>Each queue is touched by one thread at a time, which holds its {@link io.netchannel.virtio.device.QueueSlot}; a
 * reset takes all slots first. The driver is not trusted: the queues check their rings, the devices what the chains
 * hold.
 */
package io.netchannel.virtio.device;
