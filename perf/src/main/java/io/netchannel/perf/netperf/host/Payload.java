package io.netchannel.perf.netperf.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * What a test sends: bytes of which each tells its place, so that a receiver can check them.
 *
 * <p>Threading: immutable.
 */
public final class Payload {

    private final MemorySegment segment;

    public Payload(final int bytes) {
        segment = Arena.ofAuto().allocate(Math.max(1, bytes), Long.BYTES);
        for (int i = 0; i < bytes; i++) {
            segment.set(ValueLayout.JAVA_BYTE, i, byteAt(i));
        }
    }

    /** Byte {@code position} of every message. */
    public static byte byteAt(final int position) {
        return (byte) (position * 7 + (position >>> 8));
    }

    public long address() {
        return segment.address();
    }

    public int bytes() {
        return (int) segment.byteSize();
    }

    /** A view of its own, for one thread. */
    public ByteBuffer buffer() {
        return segment.asByteBuffer();
    }
}
