package io.netchannel.kernel.memory;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.linux.MapFlags;
import io.netchannel.kernel.linux.OpenFlags;
import io.netchannel.kernel.linux.Pages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file as memory: its pages are read when they are touched, or ahead of that, and can be dropped when they are not needed.
 *
 * <p>The mapping is as long as the file was when it was opened. <b>Who shortens the file meanwhile takes pages away from under
 * it</b>, which nothing prevents for a file of others: there is no lock in Linux that they must respect. A touch of such a page raises
 * SIGBUS. In a load or a store of {@link #memory()} the JVM turns that into an {@link InternalError}, of the thread and somewhat after
 * the access, whose value is arbitrary; in a system call that is given the address it is {@code EFAULT}; in native code
 * it is the end of the process. So pass addresses to system calls and to {@link #memory()} only, and ask {@link #isWhole} before a
 * longer piece of work. A {@link Region} is sealed and has none of this.
 *
 * <p>Threading: any thread; nobody may touch its addresses after {@link #close()}, and nothing checks that.
 */
public final class MappedFile implements AutoCloseable {

    /** What the mapping may be used for. */
    public enum Access {
        READ, READ_WRITE
    }

    private final Path path;
    private final int fd;
    private final long address;
    private final long sizeBytes;
    private boolean closed;

    private MappedFile(final Path path, final int fd, final long address, final long sizeBytes) {
        this.path = path;
        this.fd = fd;
        this.address = address;
        this.sizeBytes = sizeBytes;
    }

    /**
     * Maps a whole file.
     *
     * @throws LinuxException if it can't be opened or mapped
     * @throws IllegalArgumentException if it is empty: there would be nothing to map
     */
    public static MappedFile open(final Path path, final Access access) {
        final boolean writes = access == Access.READ_WRITE;
        final int fd = Linux.open(path.toString(), writes ? OpenFlags.O_RDWR : OpenFlags.O_RDONLY);
        try {
            final long sizeBytes = size(fd);
            if (sizeBytes == 0) {
                throw new IllegalArgumentException(path + " is empty: nothing to map");
            }
            final long address = Linux.mmap(sizeBytes, writes
                    ? MapFlags.PROT_READ | MapFlags.PROT_WRITE
                    : MapFlags.PROT_READ, MapFlags.MAP_SHARED, fd, 0);
            return new MappedFile(path, fd, address, sizeBytes);
        } catch (final RuntimeException failed) {
            Linux.close(fd);
            throw failed;
        }
    }

    // By the descriptor: another file may have the name by now.
    private static long size(final int fd) {
        try {
            return Files.size(Path.of("/proc/self/fd/" + fd));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What its addresses are read and written by. */
    public OrderedMemory memory() {
        return HostMemory.INSTANCE;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** Open until {@link #close()}. */
    public int fd() {
        return fd;
    }

    /**
     * Where a range of the file lies: the one check of bounds.
     *
     * @throws IndexOutOfBoundsException if it is not within the file as it was opened
     */
    public long address(final long offsetBytes, final long lengthBytes) {
        if (offsetBytes < 0 || lengthBytes < 0 || lengthBytes > sizeBytes - offsetBytes) {
            throw new IndexOutOfBoundsException(offsetBytes + "..+" + lengthBytes + " is not within " + path
                    + " of sizeBytes=" + sizeBytes);
        }
        return address + offsetBytes;
    }

    /** Whether the file is still as long as the mapping; it may be shorter at the next moment. */
    public boolean isWhole() {
        return size(fd) >= sizeBytes;
    }

    /** Has the range read into memory, beside whatever else goes on. */
    public void readAhead(final long offsetBytes, final long lengthBytes) {
        advise(offsetBytes, lengthBytes, MapFlags.MADV_WILLNEED);
    }

    /** The range is read from front to back: more is read ahead, and what was read goes first when memory is short. */
    public void readSequentially(final long offsetBytes, final long lengthBytes) {
        advise(offsetBytes, lengthBytes, MapFlags.MADV_SEQUENTIAL);
    }

    /**
     * Drops the range's whole pages from this process, and from the system's cache what nobody else has mapped and is written back. They
     * are read again when they are touched; nothing that was written is lost.
     */
    public void drop(final long offsetBytes, final long lengthBytes) {
        final long start = address(offsetBytes, lengthBytes) + Linux.pageBytes() - 1 & -Linux.pageBytes();
        final long end = offsetBytes + lengthBytes == sizeBytes
                ? address + sizeBytes
                : address + offsetBytes + lengthBytes & -Linux.pageBytes();
        if (start < end) {
            Linux.madvise(start, end - start, MapFlags.MADV_DONTNEED);
            Pages.adviseFile(fd, start - address, end - start, Pages.POSIX_FADV_DONTNEED);
        }
    }

    // Advice may be declined, and then things are as without it.
    private void advise(final long offsetBytes, final long lengthBytes, final int advice) {
        final long start = address(offsetBytes, lengthBytes) & -Linux.pageBytes();
        Linux.madvise(start, address + offsetBytes + lengthBytes - start, advice);
    }

    /**
     * Returns when what was written to the range is in the file's storage.
     *
     * @throws LinuxException {@code EIO} if that failed
     */
    public void sync(final long offsetBytes, final long lengthBytes) {
        final long start = address(offsetBytes, lengthBytes) & -Linux.pageBytes();
        Pages.sync(start, address + offsetBytes + lengthBytes - start, true);
    }

    /** Bytes of the range that are in memory, whole pages. */
    public long residentBytes(final long offsetBytes, final long lengthBytes) {
        return Pages.residentBytes(address(offsetBytes, lengthBytes), lengthBytes);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            try {
                Linux.munmap(address, sizeBytes);
            } finally {
                Linux.close(fd);
            }
        }
    }

    @Override
    public String toString() {
        return "mapped file " + path;
    }
}
