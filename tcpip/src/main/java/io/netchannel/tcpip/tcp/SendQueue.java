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
 *            headOffset                                 tailBytes
 *   chunk 0  |----->######|  chunk 1  |############|  chunk 2  |#####------|
 *                   ^ position 0 = SND.UNA                          ^ next byte written
 * </pre>
 * Every chunk but the last is full, so a position's chunk follows by division. Segments are slices over the chunks:
 * each slice in a frame holds a reference to its chunk, so a chunk whose bytes are acknowledged goes back to the pool
 * when the last frame that shows it has been sent, even if that is a retransmission that was overtaken by its
 * acknowledgment.
 *
 * <p>With nothing to send it holds no buffer.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SendQueue {

    private static final int INITIAL_CHUNKS = 4;

    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final int chunkBytes;
    private final int reserveBuffers;
    // A ring; its length is a power of two.
    private int[] chunks = new int[INITIAL_CHUNKS];
    private int first;
    private int count;
    private int headOffset;
    private int tailBytes;
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
        if (count != 0 && tailBytes < chunkBytes) {
            return chunkBytes - tailBytes;
        }
        return addChunk() ? chunkBytes : 0;
    }

    long writeAddress() {
        return packets.bufferAddress(chunk(count - 1)) + tailBytes;
    }

    /** Appends bytes that stand at {@link #writeAddress()}. */
    void commit(final int lengthBytes) {
        tailBytes += lengthBytes;
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
        while (headOffset >= chunkBytes && count > 1) {
            headOffset -= chunkBytes;
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
        tailBytes = 0;
        sizeBytes = 0;
    }

    /** Bytes from {@code position} on that fit in {@code slices} slices; may be more than there are. */
    int sliceableBytes(final int position, final int slices) {
        return slices * chunkBytes - (headOffset + position) % chunkBytes;
    }

    /** Adds bytes to a packet as slices; there must be room for them: {@link #sliceableBytes}. */
    void addSlices(final int headIndex, final int position, final int lengthBytes) {
        int chunk = (headOffset + position) / chunkBytes;
        int offset = (headOffset + position) % chunkBytes;
        int left = lengthBytes;
        while (left > 0) {
            final int bytes = Math.min(left, chunkBytes - offset);
            final int index = chunk(chunk);
            if (!packets.addSlice(headIndex, PacketHandle.of(index, offset, bytes))) {
                throw new IllegalStateException("slices > MAX_SLICES=" + PacketLayout.MAX_SLICES);
            }
            pool.retain(index);
            left -= bytes;
            offset = 0;
            chunk++;
        }
    }

    /** Copies bytes to where a small segment's payload stands behind its header. */
    void copyTo(final long address, final int position, final int lengthBytes) {
        int chunk = (headOffset + position) / chunkBytes;
        int offset = (headOffset + position) % chunkBytes;
        int done = 0;
        while (done < lengthBytes) {
            final int bytes = Math.min(lengthBytes - done, chunkBytes - offset);
            memory.copy(packets.bufferAddress(chunk(chunk)) + offset, address + done, bytes);
            done += bytes;
            offset = 0;
            chunk++;
        }
    }

    private int chunk(final int position) {
        return chunks[first + position & chunks.length - 1];
    }

    private boolean addChunk() {
        if (pool.available() <= reserveBuffers) {
            return false;
        }
        if (count == chunks.length) {
            grow();
        }
        chunks[first + count & chunks.length - 1] = pool.allocate();
        count++;
        tailBytes = 0;
        return true;
    }

    private void removeChunk() {
        pool.release(chunks[first]);
        first = first + 1 & chunks.length - 1;
        count--;
    }

    // At most log2(limit / chunk) times in the life of a connection.
    private void grow() {
        final int[] larger = new int[chunks.length * 2];
        for (int i = 0; i < count; i++) {
            larger[i] = chunk(i);
        }
        chunks = larger;
        first = 0;
    }
}
