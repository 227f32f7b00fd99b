package io.netchannel.perf.netperf.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Where a thread receives: the same bytes by address and as a buffer. */
final class Buffer {

    private final MemorySegment segment;
    private final ByteBuffer view;

    Buffer(final int bytes) {
        segment = Arena.ofAuto().allocate(bytes, Long.BYTES);
        view = segment.asByteBuffer();
    }

    long address() {
        return segment.address();
    }

    int bytes() {
        return view.capacity();
    }

    /** Empty. */
    ByteBuffer cleared() {
        return view.clear();
    }
}
