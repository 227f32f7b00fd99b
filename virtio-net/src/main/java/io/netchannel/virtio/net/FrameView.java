package io.netchannel.virtio.net;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.virtio.queue.DescriptorChain;

/**
 * A frame to be read, in as many pieces as its sender has cut it into. Reused; holds addresses, no bytes.
 *
 * <p>The sender may change the bytes at any time: what is checked must be copied out first.
 *
 * <p>Threading: confined to one thread.
 */
public final class FrameView {

    // Twice what any frame has: more is a lie, and sums of ints stay far from overflowing.
    private static final int MAX_BYTES = 1 << 17;

    private final OrderedMemory memory;
    private final long[] addresses;
    private final int[] lengths;
    private int count;
    private int lengthBytes;
    // Where the last access ended: accesses go forward, so the search for a piece starts here.
    private int cursor;
    private int cursorOffset;

    public FrameView(final OrderedMemory memory, final int capacity) {
        this.memory = memory;
        this.addresses = new long[capacity];
        this.lengths = new int[capacity];
    }

    public FrameView clear() {
        count = 0;
        lengthBytes = 0;
        cursor = 0;
        cursorOffset = 0;
        return this;
    }

    /** @return false if there are too many pieces, or more bytes than any frame has */
    public boolean add(final long address, final int pieceBytes) {
        if (count == addresses.length || pieceBytes < 0 || pieceBytes > MAX_BYTES - lengthBytes) {
            return false;
        }
        addresses[count] = address;
        lengths[count] = pieceBytes;
        count++;
        lengthBytes += pieceBytes;
        return true;
    }

    /**
     * The readable buffers of a chain, header and all.
     *
     * @return false if there are too many pieces, or more bytes than any frame has
     */
    public boolean wrap(final DescriptorChain chain) {
        clear();
        for (int i = 0, n = chain.readableCount(); i < n; i++) {
            if (!add(chain.address(i), chain.lengthBytes(i))) {
                return false;
            }
        }
        return true;
    }

    /** Takes bytes off the front; there must be as many. */
    public void skip(final int bytes) {
        int left = bytes;
        int from = 0;
        while (left > 0 && left >= lengths[from]) {
            left -= lengths[from];
            from++;
        }
        for (int i = from; i < count; i++) {
            addresses[i - from] = addresses[i];
            lengths[i - from] = lengths[i];
        }
        count -= from;
        if (left > 0) {
            addresses[0] += left;
            lengths[0] -= left;
        }
        lengthBytes -= bytes;
        cursor = 0;
        cursorOffset = 0;
    }

    public OrderedMemory memory() {
        return memory;
    }

    public int lengthBytes() {
        return lengthBytes;
    }

    /** Copies a range, which must lie within the frame, to {@code destination}. */
    public void copy(final int offset, final int rangeBytes, final long destination) {
        int piece = seek(offset);
        int within = offset - cursorOffset;
        int done = 0;
        while (done < rangeBytes) {
            final int bytes = Math.min(rangeBytes - done, lengths[piece] - within);
            memory.copy(addresses[piece] + within, destination + done, bytes);
            done += bytes;
            piece++;
            within = 0;
        }
    }

    /** Copies a range, which must lie within the frame, to {@code target}. */
    public void copy(final int offset, final int rangeBytes, final FrameTarget target) {
        int piece = seek(offset);
        int within = offset - cursorOffset;
        int left = rangeBytes;
        while (left > 0) {
            final int bytes = Math.min(left, lengths[piece] - within);
            target.write(addresses[piece] + within, bytes);
            left -= bytes;
            piece++;
            within = 0;
        }
    }

    /** Adds the sum of a range, which must lie within the frame, as if it began at an even offset. */
    public int sum(final int offset, final int rangeBytes, final int initial) {
        int piece = seek(offset);
        int within = offset - cursorOffset;
        int sum = initial;
        int done = 0;
        while (done < rangeBytes) {
            final int bytes = Math.min(rangeBytes - done, lengths[piece] - within);
            final int part = InternetChecksum.sum(memory, addresses[piece] + within, bytes, 0);
            sum = InternetChecksum.addAt(sum, part, done);
            done += bytes;
            piece++;
            within = 0;
        }
        return sum;
    }

    private int seek(final int offset) {
        if (offset < cursorOffset) {
            cursor = 0;
            cursorOffset = 0;
        }
        while (offset - cursorOffset >= lengths[cursor] && cursor < count - 1) {
            cursorOffset += lengths[cursor];
            cursor++;
        }
        return cursor;
    }
}
