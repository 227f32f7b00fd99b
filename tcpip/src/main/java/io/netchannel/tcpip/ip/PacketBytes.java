package io.netchannel.tcpip.ip;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;

/**
 * Copies out of and into packets that are spread over slices.
 *
 * <p>Threading: stateless; the packet's thread.
 */
public final class PacketBytes {

    private PacketBytes() {
    }

    /**
     * Copies a range of a packet's bytes to an address.
     *
     * @param offsetBytes from the first byte of the head
     * @return false, with part of it copied, if the packet ends before
     */
    public static boolean copyOut(final PacketMemory packets, final long packet, final int offsetBytes,
            final long destination, final int lengthBytes) {
        final OrderedMemory memory = packets.memory();
        final int index = PacketHandle.index(packet);
        final int slices = packets.sliceCount(index);
        long part = packet;
        int skip = offsetBytes;
        int done = 0;
        for (int next = 0;; next++) {
            final int from = Math.min(skip, PacketHandle.lengthBytes(part));
            final int count = Math.min(PacketHandle.lengthBytes(part) - from, lengthBytes - done);
            memory.copy(packets.address(part) + from, destination + done, count);
            skip -= from;
            done += count;
            if (done == lengthBytes) {
                return true;
            }
            if (next == slices) {
                return false;
            }
            part = packets.slice(index, next);
        }
    }

    /**
     * A new packet of one head and as many further buffers as the length takes, uninitialised.
     *
     * @param maxSlices that it may have
     * @return the packet; {@link PacketHandle#NONE} if the pool ran out or it takes more slices
     */
    public static long allocate(final PacketPool pool, final int offsetBytes, final int lengthBytes,
            final int maxSlices) {
        final PacketMemory packets = pool.packets();
        final int slices = Math.min(maxSlices, PacketLayout.MAX_SLICES);
        final int head = pool.allocate();
        if (head == PacketPool.EMPTY) {
            return PacketHandle.NONE;
        }
        final int headBytes = Math.min(lengthBytes, packets.bufferBytes() - offsetBytes);
        final long packet = PacketHandle.of(head, offsetBytes, headBytes);
        int left = lengthBytes - headBytes;
        while (left > 0) {
            final int index = packets.sliceCount(head) < slices ? pool.allocate() : PacketPool.EMPTY;
            if (index == PacketPool.EMPTY) {
                pool.releasePacket(packet);
                return PacketHandle.NONE;
            }
            final int bytes = Math.min(left, packets.bufferBytes());
            packets.addSlice(head, PacketHandle.of(index, 0, bytes));
            left -= bytes;
        }
        return packet;
    }

    /** Copies {@code lengthBytes} of {@code source} into {@code target}, both of which have them. */
    public static void copy(final PacketMemory packets, final long source, final int sourceOffset, final long target,
            final int targetOffset, final int lengthBytes) {
        final int index = PacketHandle.index(target);
        long part = target;
        int skip = targetOffset;
        int done = 0;
        for (int next = 0; done < lengthBytes; next++) {
            final int from = Math.min(skip, PacketHandle.lengthBytes(part));
            final int count = Math.min(PacketHandle.lengthBytes(part) - from, lengthBytes - done);
            copyOut(packets, source, sourceOffset + done, packets.address(part) + from, count);
            skip -= from;
            done += count;
            if (done < lengthBytes) {
                part = packets.slice(index, next);
            }
        }
    }

    /** Copies {@code lengthBytes} at an address into {@code target}, which has room for them. */
    public static void copyIn(final PacketMemory packets, final long source, final long target, final int targetOffset,
            final int lengthBytes) {
        final int index = PacketHandle.index(target);
        long part = target;
        int skip = targetOffset;
        int done = 0;
        for (int next = 0; done < lengthBytes; next++) {
            final int from = Math.min(skip, PacketHandle.lengthBytes(part));
            final int count = Math.min(PacketHandle.lengthBytes(part) - from, lengthBytes - done);
            packets.memory().copy(source + done, packets.address(part) + from, count);
            skip -= from;
            done += count;
            if (done < lengthBytes) {
                part = packets.slice(index, next);
            }
        }
    }
}
