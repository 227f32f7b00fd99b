package io.netchannel.kernel.storage.block;

import static io.netchannel.kernel.linux.IoUringFlags.*;
import static io.netchannel.kernel.linux.IoUringParamsLayout.*;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.CompletionEntryLayout;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.IoUringCalls;
import io.netchannel.kernel.linux.IovecLayout;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.linux.MapFlags;
import io.netchannel.kernel.linux.SubmissionEntryLayout;
import io.netchannel.kernel.memory.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One io_uring: its descriptor, its rings mapped, what is registered with it, and an eventfd that the kernel writes to.
 *
 * <p>It is made disabled, so that any thread may make it: the thread that calls {@link #enable} is its single issuer. On a
 * kernel that has it (6.1), what completes waits until that thread enters the kernel, instead of interrupting it.
 *
 * <p>The eventfd is what a loop sleeps on, and not the ring's own descriptor: that becomes readable when a completion is
 * posted, which with deferred work is only when the sleeper has come back.
 *
 * <p>Threading: set up by any thread; {@link #enable}, {@link #enter}, the rings: the single issuer.
 */
final class IoUring implements AutoCloseable {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;
    private static final int DEFERRED = IORING_SETUP_R_DISABLED | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_SUBMIT_ALL
            | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
    /** Of the kernel thread that takes submissions, before it sleeps. */
    private static final int THREAD_IDLE_MS = 10;

    private final int fd;
    private final int eventFd;
    private final long rings;
    private final long ringsBytes;
    private final long entries;
    private final long entriesBytes;
    private final SubmissionRing submission;
    private final CompletionRing completion;
    private final MemorySegment eventWord = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
    private boolean closed;

    private IoUring(final int fd, final MemorySegment params) {
        this.fd = fd;
        final long at = params.address();
        final int submissionEntries = MEMORY.getInt(at + SQ_ENTRIES_OFFSET);
        final int completionEntries = MEMORY.getInt(at + CQ_ENTRIES_OFFSET);
        final long array = word(at, SQ_ARRAY_OFFSET);
        final long cqes = word(at, CQES_OFFSET);
        ringsBytes = Math.max(array + (long) submissionEntries * Integer.BYTES,
                cqes + (long) completionEntries * CompletionEntryLayout.ENTRY_BYTES);
        entriesBytes = (long) submissionEntries * SubmissionEntryLayout.ENTRY_BYTES;
        rings = map(fd, ringsBytes, IORING_OFF_SQ_RING);
        entries = mapOrUnmap(fd);
        submission = new SubmissionRing(MEMORY, rings + word(at, SQ_HEAD_OFFSET), rings + word(at, SQ_TAIL_OFFSET),
                rings + word(at, SQ_FLAGS_OFFSET), rings + array, entries, submissionEntries);
        completion = new CompletionRing(MEMORY, rings + word(at, CQ_HEAD_OFFSET), rings + word(at, CQ_TAIL_OFFSET),
                rings + cqes, completionEntries);
        eventFd = eventFdOrUnmap();
    }

    private static long word(final long params, final int offset) {
        return Integer.toUnsignedLong(MEMORY.getInt(params + offset));
    }

    private static long map(final int fd, final long lengthBytes, final long offset) {
        return Linux.mmap(lengthBytes, MapFlags.PROT_READ | MapFlags.PROT_WRITE,
                MapFlags.MAP_SHARED | MapFlags.MAP_POPULATE, fd, offset);
    }

    private long mapOrUnmap(final int ringFd) {
        try {
            return map(ringFd, entriesBytes, IORING_OFF_SQES);
        } catch (final LinuxException failed) {
            Linux.munmap(rings, ringsBytes);
            throw failed;
        }
    }

    private int eventFdOrUnmap() {
        try {
            return Linux.eventfd();
        } catch (final LinuxException failed) {
            Linux.munmap(entries, entriesBytes);
            Linux.munmap(rings, ringsBytes);
            throw failed;
        }
    }

    /**
     * @param depth submissions that may be outstanding; there is room for as many completions
     * @param submissionThread whether a kernel thread takes submissions, without a system call while it is awake
     * @throws LinuxException if the kernel has no io_uring, or refuses it
     */
    static IoUring open(final int depth, final boolean submissionThread) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment params = arena.allocate(LENGTH_BYTES, Long.BYTES);
            final int wanted = submissionThread ? IORING_SETUP_R_DISABLED | IORING_SETUP_SQPOLL : DEFERRED;
            int fd = setup(depth, wanted, params);
            if (fd == -Errno.EINVAL && !submissionThread) {
                // Before 6.1: a completion interrupts the thread, which costs time and nothing else.
                fd = setup(depth, IORING_SETUP_R_DISABLED, params);
            }
            if (fd < 0) {
                throw new LinuxException("io_uring_setup", "entries=" + depth, -fd);
            }
            return checked(fd, params);
        }
    }

    private static int setup(final int entries, final int flags, final MemorySegment params) {
        params.fill((byte) 0);
        MEMORY.putInt(params.address() + FLAGS_OFFSET, flags);
        MEMORY.putInt(params.address() + SQ_THREAD_IDLE_OFFSET, THREAD_IDLE_MS);
        return IoUringCalls.setup(entries, params.address());
    }

    private static IoUring checked(final int fd, final MemorySegment params) {
        try {
            final int needed = IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP;
            if ((MEMORY.getInt(params.address() + FEATURES_OFFSET) & needed) != needed) {
                throw new LinuxException("io_uring_setup", "a kernel before 5.5", Errno.ENOSYS);
            }
            return new IoUring(fd, params);
        } catch (final RuntimeException failed) {
            Linux.close(fd);
            throw failed;
        }
    }

    /** Has the kernel write to the eventfd, and takes {@code fileFd} as file 0. */
    void registerFile(final int fileFd) {
        registerDescriptor(IORING_REGISTER_EVENTFD, eventFd);
        registerDescriptor(IORING_REGISTER_FILES, fileFd);
    }

    private void registerDescriptor(final int opcode, final int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment word = arena.allocate(Integer.BYTES, Integer.BYTES);
            MEMORY.putInt(word.address(), descriptor);
            final int result = IoUringCalls.register(fd, opcode, word.address(), 1);
            if (result < 0) {
                throw new LinuxException("io_uring_register", "opcode=" + opcode + ", fd=" + descriptor, -result);
            }
        }
    }

    /**
     * Pins the region, so that its pages are not looked up for each request: buffer i is its i-th GiB.
     *
     * @return 0, or the negated errno: {@code -ENOMEM} where RLIMIT_MEMLOCK is smaller than the region
     */
    int registerBuffers(final Region region) {
        final int count = (int) ((region.sizeBytes() + MAX_BUFFER_BYTES - 1) / MAX_BUFFER_BYTES);
        if (count > IovecLayout.MAX_ENTRIES) {
            return -Errno.EINVAL;
        }
        try (Arena arena = Arena.ofConfined()) {
            final long iovecs = arena.allocate((long) count * IovecLayout.ENTRY_BYTES, Long.BYTES).address();
            for (int i = 0; i < count; i++) {
                final long startBytes = i * MAX_BUFFER_BYTES;
                final long iovec = iovecs + (long) i * IovecLayout.ENTRY_BYTES;
                MEMORY.putLong(iovec + IovecLayout.BASE_OFFSET, region.address() + startBytes);
                MEMORY.putLong(iovec + IovecLayout.LENGTH_OFFSET,
                        Math.min(MAX_BUFFER_BYTES, region.sizeBytes() - startBytes));
            }
            return IoUringCalls.register(fd, IORING_REGISTER_BUFFERS, iovecs, count);
        }
    }

    /** Makes the calling thread the single issuer. */
    void enable() {
        final int result = IoUringCalls.register(fd, IORING_REGISTER_ENABLE_RINGS, 0, 0);
        if (result < 0) {
            throw new LinuxException("io_uring_register", "enable rings", -result);
        }
    }

    SubmissionRing submission() {
        return submission;
    }

    CompletionRing completion() {
        return completion;
    }

    /** @return submissions taken, or the negated errno */
    int enter(final int toSubmit, final int minComplete, final int flags) {
        return IoUringCalls.enter(fd, toSubmit, minComplete, flags);
    }

    int eventFd() {
        return eventFd;
    }

    /** Takes what was written to the eventfd so far: from here on it is readable if something has come since. */
    void drainEventFd() {
        Linux.read(eventFd, eventWord.address(), Long.BYTES);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Linux.munmap(entries, entriesBytes);
        Linux.munmap(rings, ringsBytes);
        Linux.close(fd);
        Linux.close(eventFd);
    }
}
