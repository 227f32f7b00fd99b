package io.netchannel.samples.memcached.protocol;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.IntStream;

/**
 * Buffers of a loop, for requests that are not complete and answers that are not sent. Sizes are powers of two; a few
 * are kept, the
 * rest goes back to the system.
 *
 * <p>Threading: confined to its loop.
 */
final class BufferPool implements AutoCloseable {

    static final int MIN_BYTES = 4096;
    private static final int SIZES = 19;
    private static final long MAX_KEPT_BYTES = 16 << 20;

    private final Deque<Buffer>[] kept;
    private long keptBytes;

    @SuppressWarnings("unchecked")
    BufferPool() {
        kept = IntStream.range(0, SIZES).mapToObj(i -> new ArrayDeque<Buffer>()).toArray(Deque[]::new);
    }

    private static int sizeIndex(final int bytes) {
        return bytes <= MIN_BYTES ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(bytes - 1) - 12;
    }

    /** A buffer of at least so many bytes. */
    Buffer take(final int bytes) {
        final int index = sizeIndex(bytes);
        final Buffer buffer = kept[index].pollLast();
        if (buffer != null) {
            keptBytes -= buffer.capacity;
            return buffer;
        }
        return new Buffer((int) Math.min(Integer.MAX_VALUE, (long) MIN_BYTES << index));
    }

    void giveBack(final Buffer buffer) {
        if (keptBytes + buffer.capacity > MAX_KEPT_BYTES) {
            buffer.free();
        } else {
            keptBytes += buffer.capacity;
            kept[sizeIndex(buffer.capacity)].addLast(buffer);
        }
    }

    @Override
    public void close() {
        for (final Deque<Buffer> buffers : kept) {
            buffers.forEach(Buffer::free);
            buffers.clear();
        }
    }
}
