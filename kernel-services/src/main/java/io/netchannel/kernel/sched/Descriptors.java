package io.netchannel.kernel.sched;

import static io.netchannel.kernel.linux.PollLayout.*;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.agrona.collections.IntHashSet;

/**
 * The file descriptors that a loop sleeps on: its bell, then its pollers'.
 *
 * <p>A descriptor in error is ready for ever. So that its loop can still sleep, it is left out for {@value #MUTE_NS}
 * ns.
 *
 * <p>Threading: the loop's.
 */
final class Descriptors {

    static final long MUTE_NS = 10_000_000;

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;
    private static final int INITIAL_CAPACITY = 16;

    private final int bellFd;
    private final IntHashSet muted = new IntHashSet();
    private MemorySegment entries = allocate(INITIAL_CAPACITY);
    private int capacity = INITIAL_CAPACITY;
    private int count;
    private long mutedUntilNs = Poller.NO_DEADLINE;

    Descriptors(final int bellFd) {
        this.bellFd = bellFd;
    }

    private static MemorySegment allocate(final int capacity) {
        return Arena.ofAuto().allocate((long) capacity * ENTRY_BYTES, Long.BYTES);
    }

    /** Starts a new set, with the bell. */
    void begin(final long nowNs) {
        if (nowNs >= mutedUntilNs) {
            muted.clear();
            mutedUntilNs = Poller.NO_DEADLINE;
        }
        count = 0;
        put(bellFd);
    }

    /** @param fd -1 for none */
    void add(final int fd) {
        if (fd >= 0 && !muted.contains(fd)) {
            put(fd);
        }
    }

    private void put(final int fd) {
        if (count == capacity) {
            final MemorySegment larger = allocate(2 * capacity);
            MemorySegment.copy(entries, 0, larger, 0, entries.byteSize());
            entries = larger;
            capacity *= 2;
        }
        final long entry = entry(count++);
        MEMORY.putInt(entry + FD_OFFSET, fd);
        MEMORY.putShort(entry + EVENTS_OFFSET, (short) POLLIN);
        MEMORY.putShort(entry + REVENTS_OFFSET, (short) 0);
    }

    private long entry(final int position) {
        return entries.address() + (long) position * ENTRY_BYTES;
    }

    /** When descriptors that were left out have to be looked at again. */
    long nextDeadlineNs() {
        return mutedUntilNs;
    }

    /**
     * Sleeps.
     *
     * @param timeoutNs negative for none
     * @return as {@link Linux#ppoll}
     */
    int await(final long timeoutNs) {
        return Linux.ppoll(entry(0), count, timeoutNs);
    }

    boolean isBellReady() {
        return MEMORY.getShort(entry(0) + REVENTS_OFFSET) != 0;
    }

    /** Leaves the descriptors in error, with nothing to read, out of the next sets. @return how many there are */
    int muteErrors(final long nowNs) {
        int errors = 0;
        for (int i = 1; i < count; i++) {
            final int revents = MEMORY.getShort(entry(i) + REVENTS_OFFSET);
            if ((revents & POLLIN) == 0 && (revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) {
                muted.add(MEMORY.getInt(entry(i) + FD_OFFSET));
                mutedUntilNs = nowNs + MUTE_NS;
                errors++;
            }
        }
        return errors;
    }
}
