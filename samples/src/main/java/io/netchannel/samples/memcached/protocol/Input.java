package io.netchannel.samples.memcached.protocol;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.LoopHeap;
import io.netchannel.kernel.memory.ObjectPool;

/**
 * What a connection has sent of a request that isn't complete. Most connections never need one; its memory comes with
 * the first
 * byte and goes with the last. A few bytes lie in an object of a pool, more in a block.
 *
 * <p>Threading: confined to its loop.
 */
final class Input {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;

    private final LoopHeap heap;
    private final ObjectPool pieces;
    // 0 bytes while there is none.
    private long memory;
    private int capacity;
    private int start;
    private int end;

    /** @param pieces of fewer bytes than any block of {@code heap} */
    Input(final LoopHeap heap, final ObjectPool pieces) {
        this.heap = heap;
        this.pieces = pieces;
    }

    boolean isEmpty() {
        return start == end;
    }

    long address() {
        return memory + start;
    }

    int length() {
        return end - start;
    }

    void append(final long source, final int count) {
        if (count > capacity - end) {
            makeRoom(count);
        }
        MEMORY.copy(source, memory + end, count);
        end += count;
    }

    private void makeRoom(final int count) {
        final int length = length();
        if (length + count <= capacity) {
            MEMORY.copy(address(), memory, length);
        } else {
            final boolean little = length + count <= pieces.objectBytes();
            final long larger = little ? pieces.allocate() : heap.allocate(length + count);
            if (capacity > 0) {
                MEMORY.copy(address(), larger, length);
                free();
            }
            memory = larger;
            capacity = little
                    ? pieces.objectBytes()
                    : (int) Math.min(Integer.MAX_VALUE, heap.usableBytes(length + count));
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
        if (capacity > 0) {
            free();
            capacity = 0;
        }
    }

    private void free() {
        if (capacity == pieces.objectBytes()) {
            pieces.free(memory);
        } else {
            heap.free(memory, capacity);
        }
    }
}
