package io.netchannel.samples.memcached.protocol;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;

/**
 * What a connection has sent of a request that isn't complete. Most connections never need one; its memory comes with
 * the first
 * byte and goes with the last.
 *
 * <p>Threading: confined to its loop.
 */
final class Input {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;

    private final BufferPool pool;
    private Buffer buffer;
    private int start;
    private int end;

    Input(final BufferPool pool) {
        this.pool = pool;
    }

    boolean isEmpty() {
        return start == end;
    }

    long address() {
        return buffer.address + start;
    }

    int length() {
        return end - start;
    }

    void append(final long source, final int count) {
        if (buffer == null || count > buffer.capacity - end) {
            makeRoom(count);
        }
        MEMORY.copy(source, buffer.address + end, count);
        end += count;
    }

    private void makeRoom(final int count) {
        final int length = length();
        if (buffer != null && length + count <= buffer.capacity) {
            MEMORY.copy(address(), buffer.address, length);
        } else {
            final Buffer larger = pool.take(length + count);
            if (buffer != null) {
                MEMORY.copy(address(), larger.address, length);
                pool.giveBack(buffer);
            }
            buffer = larger;
        }
        start = 0;
        end = length;
    }

    void consume(final int count) {
        start += count;
        if (start == end) {
            release();
        }
    }

    void release() {
        start = 0;
        end = 0;
        if (buffer != null) {
            pool.giveBack(buffer);
            buffer = null;
        }
    }
}
