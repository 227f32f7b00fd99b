/**
 * Memory outside the Java heap: regions, blocks of any size, packet buffers, pools.
 *
 * <p>{@link io.netchannel.kernel.memory.Region} is a mapped memfd; everything shared with a device lies in one.
 * {@link io.netchannel.kernel.memory.BlockHeap} has blocks of any size, and {@link io.netchannel.kernel.memory.MagazineHeap} hands
 * them to several loops without their meeting.
 * {@link io.netchannel.kernel.memory.PacketMemory} cuts part of it into equal buffers and keeps each packet's metadata.
 * {@link io.netchannel.kernel.memory.PacketPool} is one thread's free list over some of those buffers. A packet is a
 * {@code long}, {@link io.netchannel.kernel.memory.PacketHandle}; nobody allocates an object for one.
 */
package io.netchannel.kernel.memory;
