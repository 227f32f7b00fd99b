package io.netchannel.kernel.linux;

import io.netchannel.cpu.Cpu;
import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Descriptors of all kinds of events behind one that becomes readable.
 *
 * <p>{@code struct epoll_event} is packed on x86_64, as it was for 32 bits:
 * <pre>
 *   x86_64    0 events (32)   4 data (64)
 *   AArch64   0 events (32)   8 data (64)
 * </pre>
 * Threading: one thread at a time.
 */
@SuppressWarnings("restricted")
public final class Epoll implements AutoCloseable {

    public static final int EPOLLIN = 0x1;
    /** Something exceptional: of {@code /proc/pressure} a trigger, of a file of cgroup v2 a change. */
    public static final int EPOLLPRI = 0x2;
    /** Told once for each event, whether it is read or not. */
    public static final int EPOLLET = 1 << 31;

    private static final MethodHandle CREATE = SystemCalls.bind("epoll_create1", 1);
    private static final MethodHandle CONTROL = SystemCalls.bind("epoll_ctl", 4);
    private static final MethodHandle WAIT = SystemCalls.bind("epoll_wait", 4);
    private static final int EPOLL_CTL_ADD = 1;
    private static final boolean PACKED = Cpu.host().architecture() == Cpu.Architecture.X86_64;
    private static final int EVENT_BYTES = PACKED ? 12 : 16;
    private static final int DATA_OFFSET = PACKED ? 4 : 8;
    private static final int MAX_EVENTS = 16;

    private final OrderedMemory memory = HostMemory.INSTANCE;
    private final MemorySegment events = Arena.ofAuto().allocate((long) MAX_EVENTS * EVENT_BYTES, Long.BYTES);
    private final int fd;
    private boolean closed;

    public Epoll() {
        final SystemCalls.Scratch scratch = SystemCalls.SCRATCH.get();
        try {
            final int result = (int) (long) CREATE.invokeExact(scratch.errno, (long) OpenFlags.O_CLOEXEC);
            fd = result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw SystemCalls.impossible(thrown);
        }
        if (fd < 0) {
            throw new LinuxException("epoll_create1", "", -fd);
        }
    }

    /** Readable while one of the descriptors has an event. */
    public int fd() {
        return fd;
    }

    /**
     * Watches a descriptor until it is closed.
     *
     * @throws LinuxException {@code EPERM} for a file that has no events
     */
    public void add(final int watched, final int mask) {
        memory.putInt(events.address(), mask);
        memory.putLong(events.address() + DATA_OFFSET, watched);
        final SystemCalls.Scratch scratch = SystemCalls.SCRATCH.get();
        final int result;
        try {
            final int returned = (int) (long) CONTROL.invokeExact(scratch.errno, (long) fd, (long) EPOLL_CTL_ADD,
                    (long) watched, events.address());
            result = returned < 0 ? scratch.negated() : returned;
        } catch (final Throwable thrown) {
            throw SystemCalls.impossible(thrown);
        }
        if (result < 0) {
            throw new LinuxException("epoll_ctl", "fd=" + watched, -result);
        }
    }

    /** Takes what has happened, without waiting. @return descriptors with events, or the negated errno */
    public int take() {
        final SystemCalls.Scratch scratch = SystemCalls.SCRATCH.get();
        try {
            final int result = (int) (long) WAIT.invokeExact(scratch.errno, (long) fd, events.address(),
                    (long) MAX_EVENTS, 0L);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw SystemCalls.impossible(thrown);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Linux.close(fd);
        }
    }
}
