package io.netchannel.kernel.linux;

import io.netchannel.cpu.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The pages behind addresses: which of them are in memory, and what becomes of them.
 *
 * <p>Threading: any thread.
 */
public final class Pages {

    public static final int POSIX_FADV_SEQUENTIAL = 2;
    public static final int POSIX_FADV_WILLNEED = 3;
    public static final int POSIX_FADV_DONTNEED = 4;

    private static final int PAGES_PER_CALL = 4096;

    private Pages() {
    }

    /**
     * Bytes of a mapping that are in memory, whole pages: of a file those that anybody has in the page cache, of anonymous
     * memory those that were touched.
     *
     * @param address rounded down to a page
     * @throws LinuxException if there is no mapping
     */
    public static long residentBytes(final long address, final long lengthBytes) {
        final long pageBytes = Linux.pageBytes();
        final long start = address & -pageBytes;
        final long pages = (address + lengthBytes - start + pageBytes - 1) / pageBytes;
        long resident = 0;
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment vector = arena.allocate(Math.max(1, Math.min(pages, PAGES_PER_CALL)));
            for (long page = 0; page < pages; page += PAGES_PER_CALL) {
                final int count = (int) Math.min(PAGES_PER_CALL, pages - page);
                final int result = PageCalls.mincore(start + page * pageBytes, count * pageBytes, vector.address());
                if (result < 0) {
                    throw new LinuxException("mincore", "0x" + Long.toHexString(address) + ", lengthBytes="
                            + lengthBytes, -result);
                }
                for (int i = 0; i < count; i++) {
                    // The other bits are reserved.
                    resident += HostMemory.INSTANCE.getByte(vector.address() + i) & 1;
                }
            }
        }
        return resident * pageBytes;
    }

    /**
     * Writes what has changed in a shared mapping to its file.
     *
     * @param address a multiple of the page size
     * @param wait until it is there, else only starts
     * @throws LinuxException {@code EIO} among others
     */
    public static void sync(final long address, final long lengthBytes, final boolean wait) {
        final int result = PageCalls.msync(address, lengthBytes, wait ? MapFlags.MS_SYNC : MapFlags.MS_ASYNC);
        if (result < 0) {
            throw new LinuxException("msync", "0x" + Long.toHexString(address) + ", lengthBytes=" + lengthBytes,
                    -result);
        }
    }

    /** @return 0 or the negated errno: advice may be declined */
    public static int adviseFile(final int fd, final long offsetBytes, final long lengthBytes, final int advice) {
        return PageCalls.posixFadvise(fd, offsetBytes, lengthBytes, advice);
    }
}
