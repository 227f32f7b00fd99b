package io.netchannel.kernel.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/**
 * System calls of Linux.
 *
 * <p>Those that set something up throw a {@link LinuxException} that says what failed, on what and why. Those on the
 * way of packets ({@link #read}, {@link #write}, {@link #readv}, {@link #writev}, {@link #ppoll}) return the negated
 * errno instead, see {@link Errno}, and allocate nothing.
 *
 * <p>Memory is passed by address. The caller answers for it: a wrong address is {@code EFAULT} at best.
 *
 * <p>Threading: any thread.
 */
public final class Linux {

    private static final int SC_PAGESIZE = 30;
    private static final int EFD_CLOEXEC_NONBLOCK = OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK;
    private static final int MAX_CPUS = 8192;
    private static final int MAX_NUMA_NODES = 1024;
    private static final int MPOL_PREFERRED = 1;
    private static final int CLONE_NEWNET = 0x4000_0000;

    private Linux() {
    }

    // -- files

    /** @return the descriptor, which is close-on-exec */
    public static int open(final String path, final int flags) {
        return open(path, flags, 0);
    }

    /** @param mode permissions, for {@code O_CREAT} */
    public static int open(final String path, final int flags, final int mode) {
        try (Arena arena = Arena.ofConfined()) {
            final int fd = SystemCalls.open(arena.allocateFrom(path).address(), flags | OpenFlags.O_CLOEXEC, mode);
            return fd < 0 ? (int) fail("open", path, fd) : fd;
        }
    }

    /**
     * Closes; whatever the error, the descriptor is gone, so none is thrown but {@code EBADF}, a fault of the caller.
     */
    public static void close(final int fd) {
        if (SystemCalls.close(fd) == -Errno.EBADF) {
            throw new LinuxException("close", "fd=" + fd, Errno.EBADF);
        }
    }

    /** @return bytes read, 0 at the end, or the negated errno */
    public static long read(final int fd, final long address, final long lengthBytes) {
        return SystemCalls.read(fd, address, lengthBytes);
    }

    /** @return bytes written, or the negated errno */
    public static long write(final int fd, final long address, final long lengthBytes) {
        return SystemCalls.write(fd, address, lengthBytes);
    }

    /** {@link #read} that throws, again after {@code EINTR}. */
    public static long readOrThrow(final int fd, final long address, final long lengthBytes) {
        long result;
        do {
            result = SystemCalls.read(fd, address, lengthBytes);
        } while (result == -Errno.EINTR);
        return result < 0 ? fail("read", "fd=" + fd, result) : result;
    }

    /** {@link #write} that throws, again after {@code EINTR}. */
    public static long writeOrThrow(final int fd, final long address, final long lengthBytes) {
        long result;
        do {
            result = SystemCalls.write(fd, address, lengthBytes);
        } while (result == -Errno.EINTR);
        return result < 0 ? fail("write", "fd=" + fd, result) : result;
    }

    /**
     * @param iovecs address of an array as in {@link IovecLayout}
     * @return bytes read, or the negated errno
     */
    public static long readv(final int fd, final long iovecs, final int count) {
        return SystemCalls.readv(fd, iovecs, count);
    }

    /**
     * @param iovecs address of an array as in {@link IovecLayout}
     * @return bytes written, or the negated errno
     */
    public static long writev(final int fd, final long iovecs, final int count) {
        return SystemCalls.writev(fd, iovecs, count);
    }

    /** @param argument an address, or a value if the request takes one */
    public static int ioctl(final int fd, final long request, final long argument) {
        final int result = SystemCalls.ioctl(fd, request, argument);
        return result < 0 ? (int) fail("ioctl", describe(fd, request), result) : result;
    }

    /** @param argument native memory that the request reads and writes */
    public static int ioctl(final int fd, final long request, final MemorySegment argument) {
        return ioctl(fd, request, argument.address());
    }

    /** {@link #ioctl(int, long, long)} that returns the negated errno, for a request that may well fail. */
    public static int tryIoctl(final int fd, final long request, final long argument) {
        return SystemCalls.ioctl(fd, request, argument);
    }

    /** @param command see {@link OpenFlags} */
    public static int fcntl(final int fd, final int command, final long argument) {
        final int result = SystemCalls.fcntl(fd, command, argument);
        return result < 0 ? (int) fail("fcntl", "fd=" + fd + ", command=" + command, result) : result;
    }

    public static void setNonBlocking(final int fd, final boolean nonBlocking) {
        final int flags = fcntl(fd, OpenFlags.F_GETFL, 0);
        fcntl(fd, OpenFlags.F_SETFL, nonBlocking ? flags | OpenFlags.O_NONBLOCK : flags & ~OpenFlags.O_NONBLOCK);
    }

    /**
     * Takes space on the disk, zeroed, and makes the file that long.
     *
     * @return 0 or the negated errno: not every file system can
     */
    public static int tryFallocate(final int fd, final long offsetBytes, final long lengthBytes) {
        return SystemCalls.fallocate(fd, 0, offsetBytes, lengthBytes);
    }

    /** Waits until a file, or the names in a directory, are on the disk. */
    public static void fsync(final int fd) {
        final int result = SystemCalls.fsync(fd);
        if (result < 0) {
            fail("fsync", "fd=" + fd, result);
        }
    }

    /** A socket to configure interfaces by, see {@link LinuxInterface}. */
    public static int socket(final int domain, final int type, final int protocol) {
        final int fd = SystemCalls.socket(domain, type | OpenFlags.O_CLOEXEC, protocol);
        return fd < 0 ? (int) fail("socket", "domain=" + domain + ", type=" + type, fd) : fd;
    }

    // -- memory

    /** @param flags see {@link MapFlags}; close-on-exec is added */
    public static int memfdCreate(final String name, final int flags) {
        try (Arena arena = Arena.ofConfined()) {
            final int fd = SystemCalls.memfdCreate(arena.allocateFrom(name).address(), flags | MapFlags.MFD_CLOEXEC);
            return fd < 0 ? (int) fail("memfd_create", name, fd) : fd;
        }
    }

    public static void ftruncate(final int fd, final long lengthBytes) {
        final int result = SystemCalls.ftruncate(fd, lengthBytes);
        if (result < 0) {
            fail("ftruncate", "fd=" + fd + ", lengthBytes=" + lengthBytes, result);
        }
    }

    /** @return address of the mapping, where the kernel chose to put it */
    public static long mmap(final long lengthBytes, final int protection, final int flags, final int fd,
            final long offsetBytes) {
        final long address = SystemCalls.mmap(0, lengthBytes, protection, flags, fd, offsetBytes);
        return address < 0 ? fail("mmap", "fd=" + fd + ", lengthBytes=" + lengthBytes, address) : address;
    }

    /** {@link #mmap} in place of whatever is mapped at {@code address}, which must be the caller's. */
    public static void mmapAt(final long address, final long lengthBytes, final int protection, final int flags,
            final int fd, final long offsetBytes) {
        final long result = SystemCalls.mmap(address, lengthBytes, protection, flags | MapFlags.MAP_FIXED, fd,
                offsetBytes);
        if (result < 0) {
            fail("mmap", "0x" + Long.toHexString(address) + ", fd=" + fd + ", lengthBytes=" + lengthBytes, result);
        }
    }

    /**
     * Has pages of a mapping that nobody has touched yet come from a node's memory, as long as it has any.
     *
     * @return 0 or the negated errno
     */
    public static int preferNumaNode(final long address, final long lengthBytes, final int node) {
        if (node < 0 || node >= MAX_NUMA_NODES) {
            throw new IllegalArgumentException("node=" + node + " is not within 0.." + (MAX_NUMA_NODES - 1));
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment mask = arena.allocate(MAX_NUMA_NODES / Byte.SIZE, Long.BYTES);
            mask.set(ValueLayout.JAVA_LONG, node / Long.SIZE * (long) Long.BYTES, 1L << node);
            // The kernel takes one bit less than it is told.
            return SystemCalls.mbind(address, lengthBytes, MPOL_PREFERRED, mask.address(), MAX_NUMA_NODES + 1);
        }
    }

    public static void munmap(final long address, final long lengthBytes) {
        final int result = SystemCalls.munmap(address, lengthBytes);
        if (result < 0) {
            fail("munmap", "0x" + Long.toHexString(address) + ", lengthBytes=" + lengthBytes, result);
        }
    }

    /** @return 0 or the negated errno: advice may be declined */
    public static int madvise(final long address, final long lengthBytes, final int advice) {
        return SystemCalls.madvise(address, lengthBytes, advice);
    }

    /**
     * Waits until what was stored in a mapping of a file is on its disk.
     *
     * @param address of a page
     */
    public static void msync(final long address, final long lengthBytes) {
        final int result = SystemCalls.msync(address, lengthBytes, MapFlags.MS_SYNC);
        if (result < 0) {
            fail("msync", "0x" + Long.toHexString(address) + ", lengthBytes=" + lengthBytes, result);
        }
    }

    public static long pageBytes() {
        return SystemCalls.sysconf(SC_PAGESIZE);
    }

    // -- waiting

    /** @return a non-blocking event counter, at 0 */
    public static int eventfd() {
        final int fd = SystemCalls.eventfd(0, EFD_CLOEXEC_NONBLOCK);
        return fd < 0 ? (int) fail("eventfd", "0", fd) : fd;
    }

    /**
     * Waits until a descriptor is ready.
     *
     * @param pollfds address of an array as in {@link PollLayout}
     * @param timeoutNs negative to wait without end
     * @return descriptors that are ready, 0 after the timeout, or the negated errno, of which {@code EINTR} is to be
     * expected
     */
    public static int ppoll(final long pollfds, final int count, final long timeoutNs) {
        return SystemCalls.ppoll(pollfds, count, timeoutNs);
    }

    /**
     * Wakes threads that wait in the kernel for a word of this process.
     *
     * @param address of the 32-bit word, a multiple of 4
     * @param count threads at most
     * @return how many were woken, or the negated errno
     */
    public static long futexWake(final long address, final int count) {
        return SystemCalls.futexWake(address, count);
    }

    // -- threads and processes

    /** The CPUs that the calling thread may run on. */
    public static BitSet affinity() {
        return affinity(0);
    }

    /** The CPUs that a thread may run on. @param thread its id, {@link #getpid} for the process's first; 0 for the calling one */
    public static BitSet affinity(final int thread) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment mask = arena.allocate(MAX_CPUS / Byte.SIZE, Long.BYTES);
            final int bytes = SystemCalls.schedGetAffinity(thread, mask.byteSize(), mask.address());
            if (bytes < 0) {
                fail("sched_getaffinity", thread == 0 ? "calling thread" : "thread=" + thread, bytes);
            }
            return BitSet.valueOf(mask.toArray(ValueLayout.JAVA_LONG));
        }
    }

    /** Confines the calling thread to {@code cpus}. */
    public static void setAffinity(final BitSet cpus) {
        if (cpus.length() > MAX_CPUS) {
            throw new IllegalArgumentException("cpu=" + (cpus.length() - 1) + " >= MAX_CPUS=" + MAX_CPUS);
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment mask = arena.allocate(MAX_CPUS / Byte.SIZE, Long.BYTES);
            final long[] words = cpus.toLongArray();
            MemorySegment.copy(words, 0, mask, ValueLayout.JAVA_LONG, 0, words.length);
            final int result = SystemCalls.schedSetAffinity(0, mask.byteSize(), mask.address());
            if (result < 0) {
                fail("sched_setaffinity", "cpus=" + cpus, result);
            }
        }
    }

    /**
     * Moves the calling thread, and sockets that it makes from here on, into a network namespace. Needs CAP_SYS_ADMIN.
     *
     * @param path of the namespace, like {@code /run/netns/NAME}
     */
    public static void enterNetworkNamespace(final String path) {
        final int fd = open(path, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC);
        try {
            final int result = SystemCalls.setns(fd, CLONE_NEWNET);
            if (result < 0) {
                fail("setns", path, result);
            }
        } finally {
            close(fd);
        }
    }

    /** Id of the calling thread, as in {@code /proc}. */
    public static int gettid() {
        return SystemCalls.gettid();
    }

    public static int getpid() {
        return SystemCalls.getpid();
    }

    public static int geteuid() {
        return SystemCalls.geteuid();
    }

    private static String describe(final int fd, final long request) {
        return "fd=" + fd + ", request=0x" + Long.toHexString(request);
    }

    private static long fail(final String call, final String argument, final long negatedErrno) {
        throw new LinuxException(call, argument, (int) -negatedErrno);
    }
}
