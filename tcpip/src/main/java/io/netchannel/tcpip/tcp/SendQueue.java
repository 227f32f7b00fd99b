package io.netchannel.tcpip.tcp;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;

/**
 * What the send buffer holds: bytes written and not yet acknowledged, in chunks that are packet buffers. How many they
 * may be is for {@link SendBuffer} to say.
 *
 * <pre>
 *            headOffset
 *   chunk 0  |----->######|  page 1  ..|########|..  chunk 2  |#####------|
 *                   ^ position 0 = SND.UNA                         ^ next byte written
 * </pre>
 * A chunk is a buffer that was taken to be written to, or a part of a page that the application shows ({@link #append}), such as a
 * file's. {@code ends} counts all bytes that were ever written, to the end of each chunk: so a position's chunk is found by
 * bisection. Segments are slices over the chunks: each slice in a frame holds a reference to its chunk, so a chunk whose bytes are
 * acknowledged goes back to the pool when the last frame that shows it has been sent, even if that is a retransmission that was
 * overtaken by its acknowledgment.
 *
 * <p>With nothing to send it holds no buffer.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SendQueue {

    private static final int INITIAL_CHUNKS = 4;

    /** Of a page's part that is copied even to a new buffer: a slice of its own costs as much, and each frame has few. */
    private static final int SMALL_PART_BYTES = 256;

    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final int chunkBytes;
    private final int reserveBuffers;
    // A ring; its length is a power of two. Buffer, offset of its first byte and bytes: a PacketHandle each.
    private long[] chunks = new long[INITIAL_CHUNKS];
    // Modulo 2^32, of the same chunks.
    private int[] ends = new int[INITIAL_CHUNKS];
    private int first;
    private int count;
    // Of the first chunk, what was acknowledged.
    private int headOffset;
    // Of the last chunk, what is free; 0 if it isn't ours to write to.
    private int tailRoom;
    private int sizeBytes;

    /** @param reserveBuffers buffers that stay in the pool, for headers and for what is received */
    SendQueue(final PacketPool pool, final int reserveBuffers) {
        this.pool = pool;
        this.packets = pool.packets();
        this.memory = packets.memory();
        this.chunkBytes = packets.bufferBytes();
        this.reserveBuffers = reserveBuffers;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    /** Whether it holds a buffer: perhaps one that the application is about to write to. */
    boolean holdsBuffers() {
        return count > 0;
    }

    /** Bytes that can be written at {@link #writeAddress()}; 0 if the pool has no buffer. */
    int contiguousWritableBytes() {
        if (tailRoom > 0) {
            return tailRoom;
        }
        return addBuffer() ? tailRoom : 0;
    }

    long writeAddress() {
        final long last = chunk(count - 1);
        return packets.address(last) + PacketHandle.lengthBytes(last);
    }

    /** Appends bytes that stand at {@link #writeAddress()}. */
    void commit(final int lengthBytes) {
        final int last = first + count - 1 & chunks.length - 1;
        final long chunk = chunks[last];
        chunks[last] = PacketHandle.withRange(chunk, PacketHandle.offsetBytes(chunk),
                PacketHandle.lengthBytes(chunk) + lengthBytes);
        ends[last] += lengthBytes;
        tailRoom -= lengthBytes;
        sizeBytes += lengthBytes;
    }

    /**
     * Appends bytes where they lie, and holds a reference for them until they are acknowledged; or copies them, if they are few, or fit
     * behind what was written before. So a buffer is left only when it and what follows are more than a bufferful, and
     * however the bytes come, the queue holds no more buffers than if all of them had been copied.
     */
    void append(final long part) {
        final int lengthBytes = PacketHandle.lengthBytes(part);
        if (count > 0 && PacketHandle.lengthBytes(chunk(count - 1)) == 0) {
            // A buffer that nobody has written to; it would never be acknowledged.
            count--;
            tailRoom = 0;
            pool.release(PacketHandle.index(chunks[first + count & chunks.length - 1]));
        }
        if (lengthBytes <= tailRoom || tailRoom == 0 && lengthBytes <= SMALL_PART_BYTES && addBuffer()) {
            memory.copy(packets.address(part), writeAddress(), lengthBytes);
            commit(lengthBytes);
            return;
        }
        pool.retain(PacketHandle.index(part));
        addChunk(part);
        tailRoom = 0;
        sizeBytes += lengthBytes;
    }

    /** @return bytes copied: all, or fewer if the pool has no buffer */
    int write(final long address, final int lengthBytes) {
        int done = 0;
        while (done < lengthBytes) {
            final int bytes = Math.min(contiguousWritableBytes(), lengthBytes - done);
            if (bytes == 0) {
                break;
            }
            memory.copy(address + done, writeAddress(), bytes);
            commit(bytes);
            done += bytes;
        }
        return done;
    }

    /** As {@link #write(long, int)}, from the heap. */
    int write(final byte[] source, final int offset, final int lengthBytes) {
        int done = 0;
        while (done < lengthBytes) {
            final int bytes = Math.min(contiguousWritableBytes(), lengthBytes - done);
            if (bytes == 0) {
                break;
            }
            memory.copyFromArray(source, offset + done, writeAddress(), bytes);
            commit(bytes);
            done += bytes;
        }
        return done;
    }

    /** Drops the first {@code bytes}, at most {@link #sizeBytes()}. */
    void acknowledge(final int bytes) {
        sizeBytes -= bytes;
        headOffset += bytes;
        while (count > 1 && headOffset >= PacketHandle.lengthBytes(chunks[first])) {
            headOffset -= PacketHandle.lengthBytes(chunks[first]);
            removeChunk();
        }
        if (sizeBytes == 0) {
            clear();
        }
    }

    /** Gives everything back. */
    void clear() {
        while (count > 0) {
            removeChunk();
        }
        headOffset = 0;
        tailRoom = 0;
        sizeBytes = 0;
    }

    /** Bytes from {@code position} on that fit in {@code slices} slices; may be more than there are. */
    int sliceableBytes(final int position, final int slices) {
        if (count == 0) {
            return slices * chunkBytes;
        }
        final int chunk = find(position);
        final int more = chunk + slices - count;
        return more < 0
                ? end(chunk + slices - 1) - position
                : end(count - 1) - position + tailRoom + more * chunkBytes;
    }

    /** Adds bytes to a packet as slices; there must be room for them: {@link #sliceableBytes}. */
    void addSlices(final int headIndex, final int position, final int lengthBytes) {
        int chunk = find(position);
        int offset = offsetIn(chunk, position);
        int left = lengthBytes;
        while (left > 0) {
            final long from = PacketHandle.skip(chunk(chunk), offset);
            final int bytes = Math.min(left, PacketHandle.lengthBytes(from));
            if (!packets.addSlice(headIndex, PacketHandle.withRange(from, PacketHandle.offsetBytes(from), bytes))) {
                throw new IllegalStateException("slices > MAX_SLICES=" + PacketLayout.MAX_SLICES);
            }
            pool.retain(PacketHandle.index(from));
            left -= bytes;
            offset = 0;
            chunk++;
        }
    }

    /** Copies bytes to where a small segment's payload stands behind its header. */
    void copyTo(final long address, final int position, final int lengthBytes) {
        int chunk = find(position);
        int offset = offsetIn(chunk, position);
        int done = 0;
        while (done < lengthBytes) {
            final long from = PacketHandle.skip(chunk(chunk), offset);
            final int bytes = Math.min(lengthBytes - done, PacketHandle.lengthBytes(from));
            memory.copy(packets.address(from), address + done, bytes);
            done += bytes;
            offset = 0;
            chunk++;
        }
    }

    // -- chunks

    private long chunk(final int number) {
        return chunks[first + number & chunks.length - 1];
    }

    /** Where a chunk ends, as a position. */
    private int end(final int number) {
        return ends[first + number & chunks.length - 1] - ends[first]
                + PacketHandle.lengthBytes(chunks[first]) - headOffset;
    }

    /** The chunk that holds the byte at {@code position}; the last one, if there is no such byte. */
    private int find(final int position) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            final int middle = low + high >>> 1;
            if (end(middle) > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private int offsetIn(final int number, final int position) {
        return position - end(number) + PacketHandle.lengthBytes(chunk(number));
    }

    private boolean addBuffer() {
        if (pool.available() <= reserveBuffers) {
            return false;
        }
        addChunk(PacketHandle.of(pool.allocate(), 0, 0));
        tailRoom = chunkBytes;
        return true;
    }

    private void addChunk(final long chunk) {
        if (count == chunks.length) {
            grow();
        }
        final int at = first + count & chunks.length - 1;
        chunks[at] = chunk;
        ends[at] = (count == 0 ? 0 : ends[at - 1 & chunks.length - 1]) + PacketHandle.lengthBytes(chunk);
        count++;
    }

    private void removeChunk() {
        pool.release(PacketHandle.index(chunks[first]));
        first = first + 1 & chunks.length - 1;
        count--;
    }

    // At most log2(limit / chunk) times in the life of a connection.
    private void grow() {
        final long[] moreChunks = new long[chunks.length * 2];
        final int[] moreEnds = new int[chunks.length * 2];
        for (int i = 0; i < count; i++) {
            moreChunks[i] = chunk(i);
            moreEnds[i] = ends[first + i & chunks.length - 1];
        }
        chunks = moreChunks;
        ends = moreEnds;
        first = 0;
    }
}
