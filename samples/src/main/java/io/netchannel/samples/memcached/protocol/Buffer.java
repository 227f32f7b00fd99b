package io.netchannel.samples.memcached.protocol;

import java.lang.foreign.Arena;

/** Memory outside the heap, of a {@link BufferPool}. */
final class Buffer {

    final long address;
    final int capacity;
    private final Arena arena = Arena.ofShared();

    Buffer(final int capacity) {
        this.capacity = capacity;
        this.address = arena.allocate(capacity).address();
    }

    void free() {
        arena.close();
    }
}
