/**
 * Memory that devices can see: regions, packet buffers, pools.
 *
 * <p>{@link io.netchannel.kernel.memory.Region} is a mapped memfd; everything shared with a device lies in one.
 * {@link io.netchannel.kernel.memory.PacketMemory} cuts part of it into equal buffers and keeps each packet's metadata.
 * {@link io.netchannel.kernel.memory.PacketPool} is one thread's free list over some of those buffers. A packet is a
 * {@code long}, {@link io.netchannel.kernel.memory.PacketHandle}; nobody allocates an object for one.
 */
package io.netchannel.kernel.memory;
