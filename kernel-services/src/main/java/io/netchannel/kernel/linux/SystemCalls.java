package io.netchannel.kernel.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.netchannel.cpu.Cpu;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * The C library's wrappers of system calls, bare: each returns what the call returns, or the negated errno.
 *
 * <p>Handles are constants, so that the JIT compiles a call into its caller and nothing is allocated. Pointers are
 * passed as {@code long}: an address costs no liveness check of a segment. errno must be fetched before the thread runs
 * anything else of the JVM's, so the linker stores it in a {@link Scratch} that belongs to the calling thread.
 *
 * <p>No call is linked as {@code critical}: that would hold up every safepoint while one blocks.
 *
 * <p>Threading: any thread.
 */
// The one class of the modules that binds native functions: --enable-native-access.
@SuppressWarnings("restricted")
final class SystemCalls {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final long ERRNO_OFFSET = Linker.Option.captureStateLayout()
            .byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    // Variadic in C: from this argument on, the calling convention may differ.
    private static final Linker.Option VARIADIC = Linker.Option.firstVariadicArg(2);

    private static final MethodHandle OPEN = bind("open", 3, VARIADIC);
    private static final MethodHandle CLOSE = bind("close", 1);
    private static final MethodHandle READ = bind("read", 3);
    private static final MethodHandle WRITE = bind("write", 3);
    private static final MethodHandle READV = bind("readv", 3);
    private static final MethodHandle WRITEV = bind("writev", 3);
    private static final MethodHandle IOCTL = bind("ioctl", 3, VARIADIC);
    private static final MethodHandle FCNTL = bind("fcntl", 3, VARIADIC);
    private static final MethodHandle MEMFD_CREATE = bind("memfd_create", 2);
    private static final MethodHandle FTRUNCATE = bind("ftruncate", 2);
    private static final MethodHandle MMAP = bind("mmap", 6);
    private static final MethodHandle MUNMAP = bind("munmap", 2);
    private static final MethodHandle MADVISE = bind("madvise", 3);
    private static final MethodHandle MSYNC = bind("msync", 3);
    private static final MethodHandle FALLOCATE = bind("fallocate", 4);
    private static final MethodHandle FSYNC = bind("fsync", 1);
    private static final MethodHandle EVENTFD = bind("eventfd", 2);
    private static final MethodHandle PPOLL = bind("ppoll", 4);
    private static final MethodHandle SOCKET = bind("socket", 3);
    private static final MethodHandle SCHED_SETAFFINITY = bind("sched_setaffinity", 3);
    private static final MethodHandle SCHED_GETAFFINITY = bind("sched_getaffinity", 3);
    // The C library has no wrapper of futex.
    private static final MethodHandle SYSCALL = bind("syscall", 4, Linker.Option.firstVariadicArg(1));
    private static final long FUTEX = Cpu.host().architecture() == Cpu.Architecture.X86_64 ? 202 : 98;
    private static final long FUTEX_WAKE_PRIVATE = 129;
    private static final MethodHandle SYSCALL_OF_SIX = bind("syscall", 7, Linker.Option.firstVariadicArg(1));
    private static final MethodHandle SYSCONF = bind("sysconf", 1);
    private static final MethodHandle SETNS = bind("setns", 2);
    private static final MethodHandle GETTID = bind("gettid", 0);
    private static final MethodHandle GETPID = bind("getpid", 0);
    private static final MethodHandle GETEUID = bind("geteuid", 0);

    static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /** Native memory of one thread: errno of its last call, and the timespec of {@code ppoll}. */
    static final class Scratch {
        final MemorySegment errno = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
        private final MemorySegment timespec = Arena.ofAuto().allocate(2 * Long.BYTES, Long.BYTES);

        int negated() {
            return -errno.get(JAVA_INT, ERRNO_OFFSET);
        }
    }

    private SystemCalls() {
    }

    /**
     * Every argument and the result as 64 bits: the linker makes code for each shape it has not seen, some milliseconds
     * each while a program starts, and so there are few. A C int lies in the lower half of the register of a long; the
     * upper half is nobody's, in an argument as in a result, on x86_64 and AArch64.
     */
    static MethodHandle bind(final String name, final int arguments, final Linker.Option... variadic) {
        final MemoryLayout[] longs = new MemoryLayout[arguments];
        Arrays.fill(longs, JAVA_LONG);
        final Linker.Option[] options = Arrays.copyOf(variadic, variadic.length + 1);
        options[variadic.length] = ERRNO;
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_LONG, longs),
                options);
    }

    // A downcall handle itself throws nothing but the JVM's own errors; only its type says that it might.
    static IllegalStateException impossible(final Throwable thrown) {
        if (thrown instanceof final Error error) {
            throw error;
        }
        return new IllegalStateException("downcall failed", thrown);
    }

    static int open(final long path, final int flags, final int mode) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) OPEN.invokeExact(scratch.errno, path, (long) flags, (long) mode);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int close(final int fd) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) CLOSE.invokeExact(scratch.errno, (long) fd);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static long read(final int fd, final long address, final long lengthBytes) {
        final Scratch scratch = SCRATCH.get();
        try {
            final long result = (long) READ.invokeExact(scratch.errno, (long) fd, address, lengthBytes);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static long write(final int fd, final long address, final long lengthBytes) {
        final Scratch scratch = SCRATCH.get();
        try {
            final long result = (long) WRITE.invokeExact(scratch.errno, (long) fd, address, lengthBytes);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static long readv(final int fd, final long iovecs, final int count) {
        final Scratch scratch = SCRATCH.get();
        try {
            final long result = (long) READV.invokeExact(scratch.errno, (long) fd, iovecs, (long) count);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static long writev(final int fd, final long iovecs, final int count) {
        final Scratch scratch = SCRATCH.get();
        try {
            final long result = (long) WRITEV.invokeExact(scratch.errno, (long) fd, iovecs, (long) count);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int ioctl(final int fd, final long request, final long argument) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) IOCTL.invokeExact(scratch.errno, (long) fd, request, argument);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int fcntl(final int fd, final int command, final long argument) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) FCNTL.invokeExact(scratch.errno, (long) fd, (long) command, argument);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int memfdCreate(final long name, final int flags) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) MEMFD_CREATE.invokeExact(scratch.errno, name, (long) flags);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int ftruncate(final int fd, final long lengthBytes) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) FTRUNCATE.invokeExact(scratch.errno, (long) fd, lengthBytes);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    /** @return the address; user-space addresses are positive, so a negative value is an error */
    static long mmap(final long address, final long lengthBytes, final int protection, final int flags, final int fd,
            final long offsetBytes) {
        final Scratch scratch = SCRATCH.get();
        try {
            final long result = (long) MMAP.invokeExact(scratch.errno, address, lengthBytes, (long) protection,
                    (long) flags, (long) fd, offsetBytes);
            return result == -1 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int munmap(final long address, final long lengthBytes) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) MUNMAP.invokeExact(scratch.errno, address, lengthBytes);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int madvise(final long address, final long lengthBytes, final int advice) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) MADVISE.invokeExact(scratch.errno, address, lengthBytes, (long) advice);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int msync(final long address, final long lengthBytes, final int flags) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) MSYNC.invokeExact(scratch.errno, address, lengthBytes, (long) flags);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int fallocate(final int fd, final int mode, final long offsetBytes, final long lengthBytes) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) FALLOCATE.invokeExact(scratch.errno, (long) fd, (long) mode, offsetBytes,
                    lengthBytes);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int fsync(final int fd) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) FSYNC.invokeExact(scratch.errno, (long) fd);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    /** The C library has no wrapper of it; bound when it is first needed, as few machines have two nodes. */
    private static final class Numa {
        private static final MethodHandle MBIND = bind("syscall", 7, Linker.Option.firstVariadicArg(1));
        private static final long NUMBER = Cpu.host().architecture() == Cpu.Architecture.X86_64 ? 237 : 235;
    }

    static int mbind(final long address, final long lengthBytes, final int mode, final long nodeMask,
            final int maxNode) {
        final Scratch scratch = SCRATCH.get();
        try {
            final long result = (long) Numa.MBIND.invokeExact(scratch.errno, Numa.NUMBER, address, lengthBytes,
                    (long) mode, nodeMask, (long) maxNode, 0L);
            return result < 0 ? scratch.negated() : (int) result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int eventfd(final int initial, final int flags) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) EVENTFD.invokeExact(scratch.errno, (long) initial, (long) flags);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    /** @param timeoutNs negative for none */
    static int ppoll(final long pollfds, final int count, final long timeoutNs) {
        final Scratch scratch = SCRATCH.get();
        long timespec = 0;
        if (timeoutNs >= 0) {
            scratch.timespec.set(JAVA_LONG, 0, timeoutNs / 1_000_000_000L);
            scratch.timespec.set(JAVA_LONG, Long.BYTES, timeoutNs % 1_000_000_000L);
            timespec = scratch.timespec.address();
        }
        try {
            final int result = (int) (long) PPOLL.invokeExact(scratch.errno, pollfds, (long) count, timespec, 0L);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int socket(final int domain, final int type, final int protocol) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) SOCKET.invokeExact(scratch.errno, (long) domain, (long) type,
                    (long) protocol);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int schedSetAffinity(final int thread, final long maskBytes, final long mask) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) SCHED_SETAFFINITY.invokeExact(scratch.errno, (long) thread, maskBytes,
                    mask);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int schedGetAffinity(final int thread, final long maskBytes, final long mask) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) SCHED_GETAFFINITY.invokeExact(scratch.errno, (long) thread, maskBytes,
                    mask);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static long futexWake(final long address, final int count) {
        final Scratch scratch = SCRATCH.get();
        try {
            final long result = (long) SYSCALL.invokeExact(scratch.errno, FUTEX, address, FUTEX_WAKE_PRIVATE,
                    (long) count);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    /** Any system call by its number, for facilities that have a class of their own beside {@link Linux}. */
    static long syscall(final long number, final long first, final long second, final long third, final long fourth,
            final long fifth, final long sixth) {
        final Scratch scratch = SCRATCH.get();
        try {
            final long result = (long) SYSCALL_OF_SIX.invokeExact(scratch.errno, number, first, second, third, fourth,
                    fifth, sixth);
            return result == -1 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static long sysconf(final int name) {
        final Scratch scratch = SCRATCH.get();
        try {
            final long result = (long) SYSCONF.invokeExact(scratch.errno, (long) name);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int setns(final int fd, final int type) {
        final Scratch scratch = SCRATCH.get();
        try {
            final int result = (int) (long) SETNS.invokeExact(scratch.errno, (long) fd, (long) type);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int gettid() {
        try {
            return (int) (long) GETTID.invokeExact(SCRATCH.get().errno);
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int getpid() {
        try {
            return (int) (long) GETPID.invokeExact(SCRATCH.get().errno);
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }

    static int geteuid() {
        try {
            return (int) (long) GETEUID.invokeExact(SCRATCH.get().errno);
        } catch (final Throwable thrown) {
            throw impossible(thrown);
        }
    }
}
