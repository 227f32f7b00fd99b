package io.netchannel.kernel.sched;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.linux.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A doorbell that wakes a thread which waits in {@code ppoll}, by an eventfd.
 *
 * <p>Threading: {@link #ring()} from any thread; {@link #drain()} from the one that waits; {@link #close()} from any
 * thread, once or more. After that, to ring does nothing.
 */
public final class EventFdDoorbell implements Doorbell, AutoCloseable {

    private static final int WORD_BYTES = Long.BYTES;

    private final MemorySegment words = Arena.ofAuto().allocate(2 * WORD_BYTES, WORD_BYTES);
    private final long one = words.address();
    private final long drained = words.address() + WORD_BYTES;
    private final int fd = Linux.eventfd();
    // A descriptor's number is used again soon after it is closed: to write to it then would corrupt some other file.
    private final Gate gate = new Gate();

    public EventFdDoorbell() {
        HostMemory.INSTANCE.putLong(one, 1);
    }

    /** Readable once the bell was rung, until {@link #drain()}. */
    public int fd() {
        return fd;
    }

    @Override
    public void ring() {
        if (gate.enter()) {
            try {
                // EAGAIN, the only failure there is, says that it has been rung 2^64 - 2 times and not drained: it
                // rings.
                Linux.write(fd, one, WORD_BYTES);
            } finally {
                gate.leave();
            }
        }
    }

    /** @return how often it was rung since the last time; 0 if not */
    public long drain() {
        if (!gate.enter()) {
            return 0;
        }
        try {
            return Linux.read(fd, drained, WORD_BYTES) == WORD_BYTES ? HostMemory.INSTANCE.getLong(drained) : 0;
        } finally {
            gate.leave();
        }
    }

    @Override
    public void close() {
        if (gate.close()) {
            Linux.close(fd);
        }
    }
}
