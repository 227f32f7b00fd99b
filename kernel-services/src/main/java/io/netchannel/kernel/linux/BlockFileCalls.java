package io.netchannel.kernel.linux;

import io.netchannel.cpu.Cpu;

/**
 * Reads, writes and allocation at an offset of a file or a block device.
 *
 * <p>Each returns what the call returns, or the negated errno; none allocates.
 *
 * <p>Threading: any thread.
 */
public final class BlockFileCalls {

    private static final boolean X86_64 = Cpu.host().architecture() == Cpu.Architecture.X86_64;

    /** Transfers go past the page cache; the one flag of {@code open} here that the CPUs number differently. */
    public static final int O_DIRECT = X86_64 ? 0x4000 : 0x1_0000;

    public static final int FALLOC_FL_KEEP_SIZE = 1;
    public static final int FALLOC_FL_PUNCH_HOLE = 2;
    public static final int FALLOC_FL_ZERO_RANGE = 0x10;

    private static final long PREAD64 = X86_64 ? 17 : 67;
    private static final long PWRITE64 = X86_64 ? 18 : 68;
    private static final long LSEEK = X86_64 ? 8 : 62;
    private static final long FDATASYNC = X86_64 ? 75 : 83;
    private static final long FALLOCATE = X86_64 ? 285 : 47;
    private static final int SEEK_END = 2;

    private BlockFileCalls() {
    }

    /** @return bytes read, 0 at the end */
    public static long pread(final int fd, final long address, final long lengthBytes, final long offsetBytes) {
        return SystemCalls.syscall(PREAD64, fd, address, lengthBytes, offsetBytes, 0, 0);
    }

    /** @return bytes written */
    public static long pwrite(final int fd, final long address, final long lengthBytes, final long offsetBytes) {
        return SystemCalls.syscall(PWRITE64, fd, address, lengthBytes, offsetBytes, 0, 0);
    }

    public static int fdatasync(final int fd) {
        return (int) SystemCalls.syscall(FDATASYNC, fd, 0, 0, 0, 0, 0);
    }

    public static int fallocate(final int fd, final int mode, final long offsetBytes, final long lengthBytes) {
        return (int) SystemCalls.syscall(FALLOCATE, fd, mode, offsetBytes, lengthBytes, 0, 0);
    }

    /** Bytes of a file, or of the block device that it stands for. */
    public static long sizeBytes(final int fd) {
        return SystemCalls.syscall(LSEEK, fd, 0, SEEK_END, 0, 0, 0);
    }
}
