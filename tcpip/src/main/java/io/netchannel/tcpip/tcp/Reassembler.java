package io.netchannel.tcpip.tcp;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketPool;
import java.util.Arrays;

/**
 * Segments that arrived before what precedes them, held in their packets, in the order of their numbers.
 *
 * <p>Ranges never overlap: of bytes that arrive twice the first copy counts, unless a later segment covers an earlier
 * one wholly and takes its place. What is held is bounded in bytes by the receive window, and in buffers here: for a
 * segment nearer to RCV.NXT those furthest from it give way.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Reassembler {

    /** The packet is held. */
    static final int KEPT = 0;
    /** All bytes are there already; the packet is still the caller's. */
    static final int DUPLICATE = 1;
    /** No room; the packet is still the caller's. */
    static final int NO_ROOM = 2;

    private static final int INITIAL_SEGMENTS = 8;
    private static final long[] NO_PACKETS = {};
    private static final int[] NO_RANGES = {};

    private final PacketPool pool;
    private final ReceiveBudget budget;
    private final int maxBytes;
    private int maxBuffers;
    // Segment i of count lies at first + i. Made when something comes out of order: with most flows nothing ever does.
    private long[] packets = NO_PACKETS;
    private int[] sequences = NO_RANGES;
    private int[] lengths = NO_RANGES;
    private int[] offsets = NO_RANGES;
    private int first;
    private int count;
    private int heldBuffers;
    private int heldBytes;
    // What the last insert has found there already: of it, from its first to its last such byte in a row.
    private boolean repeated;
    private int repeatedStart;
    private int repeatedEnd;
    private int merged;
    private boolean pruned;

    /** @param maxBytes held at most; 0 to leave that to the window */
    Reassembler(final PacketPool pool, final ReceiveBudget budget, final int maxBuffers, final int maxBytes) {
        this.pool = pool;
        this.budget = budget;
        this.maxBuffers = maxBuffers;
        this.maxBytes = maxBytes == 0 ? Integer.MAX_VALUE : maxBytes;
    }

    void maxBuffers(final int buffers) {
        maxBuffers = buffers;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int segments() {
        return count;
    }

    int heldBytes() {
        return heldBytes;
    }

    int heldBuffers() {
        return heldBuffers;
    }

    /** First number of segment {@code i}, in the order of their numbers. */
    int start(final int i) {
        return sequences[first + i];
    }

    /** The number after the last of segment {@code i}. */
    int endOf(final int i) {
        return end(i);
    }

    /** Bytes from {@code next} to the end of the last segment; 0 if there is none. */
    int spanBytes(final int next) {
        return count == 0 ? 0 : SeqNum.distance(next, end(count - 1));
    }

    // -- what the last insert has found

    /** Whether some of the segment was there already. */
    boolean foundRepeated() {
        return repeated;
    }

    int repeatedStart() {
        return repeatedStart;
    }

    int repeatedEnd() {
        return repeatedEnd;
    }

    /** Segments that gave way to one that covers them, and the one itself if it brought nothing. */
    int merged() {
        return merged;
    }

    /** Whether segments were dropped that had been there, for want of room. */
    boolean pruned() {
        return pruned;
    }

    private void repeated(final int start, final int end) {
        final boolean joins = repeated && SeqNum.lessOrEqual(start, repeatedEnd)
                && SeqNum.lessOrEqual(repeatedStart, end);
        if (!repeated) {
            repeatedStart = start;
            repeatedEnd = end;
        } else if (joins) {
            repeatedStart = SeqNum.min(repeatedStart, start);
            repeatedEnd = SeqNum.max(repeatedEnd, end);
        }
        repeated = true;
    }

    /**
     * Takes a segment.
     *
     * @param offset of its first byte, from the first byte of the packet's frame
     * @return {@link #KEPT}, {@link #DUPLICATE} or {@link #NO_ROOM}
     */
    int insert(final int sequence, final int lengthBytes, final long packet, final int offset) {
        repeated = false;
        merged = 0;
        pruned = false;
        int at = count;
        while (at > 0 && SeqNum.greaterThan(sequences[first + at - 1], sequence)) {
            at--;
        }
        final int covered = at == 0 ? 0 : Math.max(0, SeqNum.distance(sequence, end(at - 1)));
        if (covered > 0) {
            repeated(sequence, SeqNum.add(sequence, Math.min(covered, lengthBytes)));
        }
        if (covered >= lengthBytes) {
            merged++;
            return DUPLICATE;
        }
        final int start = SeqNum.add(sequence, covered);
        final int length = cover(at, start, lengthBytes - covered);
        if (length == 0) {
            merged++;
            return DUPLICATE;
        }
        if (!makeRoom(at, buffers(packet), length)) {
            // What it would have covered is gone.
            pruned |= merged > 0;
            return NO_ROOM;
        }
        put(at, start, length, packet, offset + covered);
        return KEPT;
    }

    // Drops what a segment covers that is to lie before what is now segment at. Returns how much of it is new.
    private int cover(final int at, final int start, final int lengthBytes) {
        while (at < count && SeqNum.lessOrEqual(end(at), SeqNum.add(start, lengthBytes))) {
            repeated(sequences[first + at], end(at));
            if (sequences[first + at] == start && lengths[first + at] == lengthBytes) {
                return 0;
            }
            merged++;
            release(at);
        }
        if (at == count || SeqNum.greaterOrEqual(sequences[first + at], SeqNum.add(start, lengthBytes))) {
            return lengthBytes;
        }
        repeated(sequences[first + at], SeqNum.add(start, lengthBytes));
        return SeqNum.distance(start, sequences[first + at]);
    }

    private boolean makeRoom(final int at, final int buffers, final int lengthBytes) {
        while (heldBytes + lengthBytes > maxBytes || heldBuffers + buffers > maxBuffers
                || !budget.tryHoldOutOfOrder(buffers)) {
            if (count == at) {
                return false;
            }
            release(count - 1);
            pruned = true;
        }
        return true;
    }

    private void put(final int at, final int sequence, final int lengthBytes, final long packet, final int offset) {
        makeSlot(at);
        packets[first + at] = packet;
        sequences[first + at] = sequence;
        lengths[first + at] = lengthBytes;
        offsets[first + at] = offset;
        heldBytes += lengthBytes;
        heldBuffers += buffers(packet);
    }

    /**
     * Drops and trims what lies before {@code next}.
     *
     * @return whether the first segment begins there now
     */
    boolean advanceTo(final int next) {
        while (count > 0 && SeqNum.lessOrEqual(end(0), next)) {
            release(0);
        }
        if (count == 0 || SeqNum.greaterThan(sequences[first], next)) {
            return false;
        }
        trimHead(SeqNum.distance(sequences[first], next));
        return true;
    }

    /** Drops {@code bytes} from the front of the first segment, which is longer. */
    void trimHead(final int bytes) {
        sequences[first] = SeqNum.add(sequences[first], bytes);
        lengths[first] -= bytes;
        offsets[first] += bytes;
        heldBytes -= bytes;
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

    /** Hands the first segment's packet over to the caller, who has read it above. */
    void removeHead() {
        forget(0);
    }

    void clear() {
        while (count > 0) {
            release(count - 1);
        }
    }

    private int buffers(final long packet) {
        return 1 + pool.packets().sliceCount(PacketHandle.index(packet));
    }

    private int end(final int at) {
        return SeqNum.add(sequences[first + at], lengths[first + at]);
    }

    private void release(final int at) {
        final long packet = packets[first + at];
        forget(at);
        pool.releasePacket(packet);
    }

    private void forget(final int at) {
        final int buffers = buffers(packets[first + at]);
        heldBytes -= lengths[first + at];
        heldBuffers -= buffers;
        budget.release(buffers);
        count--;
        if (at == 0) {
            first = count == 0 ? 0 : first + 1;
        } else {
            move(first + at + 1, first + at, count - at);
        }
    }

    private void makeSlot(final int at) {
        if (first + count == packets.length) {
            if (first > 0) {
                move(first, 0, count);
                first = 0;
            } else {
                final int length = Math.max(INITIAL_SEGMENTS, packets.length * 2);
                packets = Arrays.copyOf(packets, length);
                sequences = Arrays.copyOf(sequences, length);
                lengths = Arrays.copyOf(lengths, length);
                offsets = Arrays.copyOf(offsets, length);
            }
        }
        move(first + at, first + at + 1, count - at);
        count++;
    }

    private void move(final int from, final int to, final int segments) {
        System.arraycopy(packets, from, packets, to, segments);
        System.arraycopy(sequences, from, sequences, to, segments);
        System.arraycopy(lengths, from, lengths, to, segments);
        System.arraycopy(offsets, from, offsets, to, segments);
    }
}
