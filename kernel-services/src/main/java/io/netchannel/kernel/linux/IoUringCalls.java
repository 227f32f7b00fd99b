package io.netchannel.kernel.linux;

/**
 * The three system calls of io_uring, which the C library doesn't wrap.
 *
 * <p>Each returns what the call returns, or the negated errno. Flags and opcodes are in {@link IoUringFlags}.
 *
 * <p>Threading: any thread; a ring that was set up for a single issuer refuses {@code enter} and {@code register} of others.
 */
public final class IoUringCalls {

    // The same on all architectures: calls since Linux 5.1 have one table.
    private static final long IO_URING_SETUP = 425;
    private static final long IO_URING_ENTER = 426;
    private static final long IO_URING_REGISTER = 427;

    private IoUringCalls() {
    }

    /**
     * @param entries of the submission ring
     * @param params address of {@link IoUringParamsLayout}, read and written
     * @return the ring's descriptor, which is close-on-exec
     */
    public static int setup(final int entries, final long params) {
        return (int) SystemCalls.syscall(IO_URING_SETUP, entries, params, 0, 0, 0, 0);
    }

    /** @return entries that were taken from the submission ring */
    public static int enter(final int fd, final int toSubmit, final int minComplete, final int flags) {
        return (int) SystemCalls.syscall(IO_URING_ENTER, fd, toSubmit, minComplete, flags, 0, 0);
    }

    /** @param argument an address or 0, with {@code count} elements behind it */
    public static int register(final int fd, final int opcode, final long argument, final int count) {
        return (int) SystemCalls.syscall(IO_URING_REGISTER, fd, opcode, argument, count, 0, 0);
    }
}
