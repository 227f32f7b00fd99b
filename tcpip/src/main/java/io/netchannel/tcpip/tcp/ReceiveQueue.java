package io.netchannel.tcpip.tcp;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;

/**
 * Data in order that the application has not consumed, held in its packets.
 *
 * <p>A packet occupies a whole buffer however little it carries; so while data waits, small payloads that follow are
 * copied together into buffers of the stack's own. (They are not appended to the packet before, whose buffer may be
 * shared: a packet from this host shows the sender's send buffer.)
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class ReceiveQueue {

    /** The packet is held. */
    static final int KEPT = 0;
    /** The bytes were copied; the packet is still the caller's. */
    static final int COPIED = 1;
    /** No room; the packet is still the caller's. */
    static final int NO_ROOM = 2;

    private static final int INITIAL_PACKETS = 8;
    private static final long[] NO_PACKETS = {};
    private static final int[] NO_RANGES = {};

    private final PacketPool pool;
    private final PacketMemory memory;
    private final ReceiveBudget budget;
    private int maxBuffers;
    // A ring; its length is a power of two, or 0 until something waits: with most flows nothing ever does.
    private long[] packets = NO_PACKETS;
    private int[] offsets = NO_RANGES;
    private int[] lengths = NO_RANGES;
    private int first;
    private int count;
    private int bytes;
    private int heldBuffers;
    // Free bytes behind the last packet's, if its buffer is the stack's own; else 0.
    private int tailRoomBytes;

    ReceiveQueue(final PacketPool pool, final ReceiveBudget budget, final int maxBuffers) {
        this.pool = pool;
        this.memory = pool.packets();
        this.budget = budget;
        this.maxBuffers = maxBuffers;
    }

    void maxBuffers(final int buffers) {
        maxBuffers = buffers;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int bytes() {
        return bytes;
    }

    int heldBuffers() {
        return heldBuffers;
    }

    /** Whether {@link #add} would take a packet of one buffer. */
    boolean hasRoom() {
        return heldBuffers < maxBuffers && budget.isRelaxed();
    }

    /** Whether {@link #add} would take this packet. */
    boolean takes(final long packet) {
        final int buffers = 1 + memory.sliceCount(PacketHandle.index(packet));
        return heldBuffers + buffers <= maxBuffers && budget.takes(buffers);
    }

    /**
     * Appends a range of a packet.
     *
     * @param offset of the first byte, from the first byte of the packet's frame
     * @return {@link #KEPT}, {@link #COPIED} or {@link #NO_ROOM}
     */
    int add(final long packet, final int offset, final int lengthBytes) {
        if (count > 0 && lengthBytes <= memory.bufferBytes() / 4 && copy(packet, offset, lengthBytes)) {
            return COPIED;
        }
        final int buffers = 1 + memory.sliceCount(PacketHandle.index(packet));
        if (heldBuffers + buffers > maxBuffers || !budget.tryHold(buffers)) {
            return NO_ROOM;
        }
        heldBuffers += buffers;
        push(packet, offset, lengthBytes);
        tailRoomBytes = 0;
        return KEPT;
    }

    private boolean copy(final long packet, final int offset, final int lengthBytes) {
        if (offset + lengthBytes > PacketHandle.lengthBytes(packet)) {
            return false;
        }
        if (tailRoomBytes < lengthBytes && !addOwnBuffer()) {
            return false;
        }
        final int last = first + count - 1 & packets.length - 1;
        final long tail = packets[last];
        final int end = memory.bufferBytes() - tailRoomBytes;
        memory.memory().copy(memory.address(packet) + offset, memory.bufferAddress(PacketHandle.index(tail)) + end,
                lengthBytes);
        packets[last] = PacketHandle.withRange(tail, 0, end + lengthBytes);
        lengths[last] += lengthBytes;
        bytes += lengthBytes;
        tailRoomBytes -= lengthBytes;
        return true;
    }

    private boolean addOwnBuffer() {
        if (heldBuffers == maxBuffers || pool.available() <= pool.capacity() >>> 4 || !budget.tryHold(1)) {
            return false;
        }
        heldBuffers++;
        push(PacketHandle.of(pool.allocate(), 0, 0), 0, 0);
        tailRoomBytes = memory.bufferBytes();
        return true;
    }

    private void push(final long packet, final int offset, final int lengthBytes) {
        if (count == packets.length) {
            grow();
        }
        final int last = first + count & packets.length - 1;
        packets[last] = packet;
        offsets[last] = offset;
        lengths[last] = lengthBytes;
        count++;
        bytes += lengthBytes;
    }

    long headPacket() {
        return packets[first];
    }

    int headOffset() {
        return offsets[first];
    }

    int headBytes() {
        return lengths[first];
    }

    /** Drops bytes of the first packet, and with all of them the packet. */
    void consume(final int consumedBytes) {
        bytes -= consumedBytes;
        offsets[first] += consumedBytes;
        lengths[first] -= consumedBytes;
        if (lengths[first] > 0) {
            return;
        }
        final long packet = packets[first];
        first = first + 1 & packets.length - 1;
        count--;
        if (count == 0) {
            tailRoomBytes = 0;
        }
        final int buffers = 1 + memory.sliceCount(PacketHandle.index(packet));
        heldBuffers -= buffers;
        budget.release(buffers);
        pool.releasePacket(packet);
    }

    void clear() {
        while (count > 0) {
            consume(lengths[first]);
        }
    }

    private void grow() {
        final int length = packets.length;
        final int more = Math.max(INITIAL_PACKETS, length * 2);
        final long[] morePackets = new long[more];
        final int[] moreOffsets = new int[more];
        final int[] moreLengths = new int[more];
        for (int i = 0; i < count; i++) {
            final int from = first + i & length - 1;
            morePackets[i] = packets[from];
            moreOffsets[i] = offsets[from];
            moreLengths[i] = lengths[from];
        }
        packets = morePackets;
        offsets = moreOffsets;
        lengths = moreLengths;
        first = 0;
    }
}
