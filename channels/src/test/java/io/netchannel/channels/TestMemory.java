package io.netchannel.channels;

import java.lang.foreign.Arena;

/** Zeroed memory for one test. */
public final class TestMemory implements AutoCloseable {

    private final Arena arena = Arena.ofShared();

    public long allocate(final long sizeBytes) {
        return arena.allocate(sizeBytes, 4096).address();
    }

    @Override
    public void close() {
        arena.close();
    }
}
