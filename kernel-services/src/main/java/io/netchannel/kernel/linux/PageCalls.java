package io.netchannel.kernel.linux;

import java.lang.invoke.MethodHandle;

/** {@link SystemCalls} for the pages of mappings and files. Threading: any thread. */
@SuppressWarnings("restricted")
final class PageCalls {

    private static final MethodHandle MINCORE = SystemCalls.bind("mincore", 3);
    private static final MethodHandle MSYNC = SystemCalls.bind("msync", 3);
    private static final MethodHandle POSIX_FADVISE = SystemCalls.bind("posix_fadvise", 4);

    private PageCalls() {
    }

    static int mincore(final long address, final long lengthBytes, final long vector) {
        final SystemCalls.Scratch scratch = SystemCalls.SCRATCH.get();
        try {
            final int result = (int) (long) MINCORE.invokeExact(scratch.errno, address, lengthBytes, vector);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw SystemCalls.impossible(thrown);
        }
    }

    static int msync(final long address, final long lengthBytes, final int flags) {
        final SystemCalls.Scratch scratch = SystemCalls.SCRATCH.get();
        try {
            final int result = (int) (long) MSYNC.invokeExact(scratch.errno, address, lengthBytes, (long) flags);
            return result < 0 ? scratch.negated() : result;
        } catch (final Throwable thrown) {
            throw SystemCalls.impossible(thrown);
        }
    }

    static int posixFadvise(final int fd, final long offsetBytes, final long lengthBytes, final int advice) {
        final SystemCalls.Scratch scratch = SystemCalls.SCRATCH.get();
        try {
            // Returns the errno itself, POSIX says.
            return -(int) (long) POSIX_FADVISE.invokeExact(scratch.errno, (long) fd, offsetBytes, lengthBytes,
                    (long) advice);
        } catch (final Throwable thrown) {
            throw SystemCalls.impossible(thrown);
        }
    }
}
