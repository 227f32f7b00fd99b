package io.netchannel.kernel.memory;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.linux.MapFlags;
import io.netchannel.kernel.linux.OpenFlags;
import io.netchannel.kernel.linux.Pages;
import java.nio.charset.StandardCharsets;

/**
 * Shared memory of one node: an anonymous file, mapped once, that a device in another process can map as well.
 *
 * <p>Space is handed out once and never taken back; what is cut from a region lives as long as the region. The file is
 * sealed against a change of its size, because a process that shrank it would kill every other at its next access.
 *
 * <p>Huge pages are taken where enough of them are free; {@link #pageBytes()} says what it came to. {@link #builder} lets choose,
 * and has guards and NUMA nodes.
 *
 * <p>Threading: any thread may allocate. {@link #close()} unmaps: nobody may touch the region's addresses any more, and
 * nothing checks that.
 */
public final class Region implements AutoCloseable {

    /** More than any machine of today addresses; catches a size that is wrong by its unit. */
    public static final long MAX_SIZE_BYTES = 1L << 46;

    /** NAME_MAX less the "memfd:" that the kernel puts before it. */
    public static final int MAX_NAME_BYTES = 249;

    private static final int NO_FD = -1;

    private final String name;
    private final OrderedMemory memory;
    private final int fd;
    private final long address;
    private final long sizeBytes;
    private final long pageBytes;
    // With the guards.
    private final long mappedAddress;
    private final long mappedBytes;
    private long usedBytes;
    private boolean closed;

    private Region(final String name, final OrderedMemory memory, final int fd, final long address,
            final long sizeBytes, final long pageBytes, final long mappedAddress, final long mappedBytes) {
        this.name = name;
        this.memory = memory;
        this.fd = fd;
        this.address = address;
        this.sizeBytes = sizeBytes;
        this.pageBytes = pageBytes;
        this.mappedAddress = mappedAddress;
        this.mappedBytes = mappedBytes;
    }

    /**
     * Maps a region of at least {@code sizeBytes}, rounded up to whole pages; all zero.
     *
     * @param name for {@code /proc/PID/maps}
     * @throws IllegalArgumentException if the size or the name is out of range
     * @throws LinuxException if the memory can't be had
     */
    public static Region create(final String name, final long sizeBytes) {
        return builder(name, sizeBytes).create();
    }

    /** As {@link #create}, with a say in how. */
    public static RegionBuilder builder(final String name, final long sizeBytes) {
        if (sizeBytes < 1 || sizeBytes > MAX_SIZE_BYTES) {
            throw new IllegalArgumentException("sizeBytes=" + sizeBytes + " is not within 1.." + MAX_SIZE_BYTES);
        }
        final int nameBytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (nameBytes > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("name is " + nameBytes + " bytes > MAX_NAME_BYTES=" + MAX_NAME_BYTES);
        }
        return new RegionBuilder(name, sizeBytes);
    }

    /**
     * A region over memory that is there already, which may be modelled: zeroed, without a file. Closing it frees nothing.
     *
     * @throws IllegalArgumentException if the size is out of range
     */
    public static Region over(final String name, final OrderedMemory memory, final long address,
            final long sizeBytes) {
        if (sizeBytes < 1 || sizeBytes > MAX_SIZE_BYTES) {
            throw new IllegalArgumentException("sizeBytes=" + sizeBytes + " is not within 1.." + MAX_SIZE_BYTES);
        }
        return new Region(name, memory, NO_FD, address, sizeBytes, Linux.pageBytes(), address, sizeBytes);
    }

    /**
     * @param pageBytes the file's
     * @param flags of the file
     * @param alignmentBytes of the address, a page's at least
     * @param guarded whether a page before and one behind can't be touched
     */
    static Region map(final String name, final long sizeBytes, final long pageBytes, final int flags,
            final long alignmentBytes, final boolean guarded) {
        final long wholeBytes = alignUp(sizeBytes, pageBytes);
        final long guardBytes = guarded ? Linux.pageBytes() : 0;
        final int fd = Linux.memfdCreate(name, flags | MapFlags.MFD_ALLOW_SEALING);
        long reserved = 0;
        // Addresses first, wherever there are enough; the region then takes the place of those in the middle.
        final long reservedBytes = wholeBytes + alignmentBytes + 2 * guardBytes;
        try {
            Linux.ftruncate(fd, wholeBytes);
            Linux.fcntl(fd, OpenFlags.F_ADD_SEALS,
                    OpenFlags.F_SEAL_SHRINK | OpenFlags.F_SEAL_GROW | OpenFlags.F_SEAL_SEAL);
            reserved = Linux.mmap(reservedBytes, MapFlags.PROT_NONE,
                    MapFlags.MAP_PRIVATE | MapFlags.MAP_ANONYMOUS | MapFlags.MAP_NORESERVE, -1, 0);
            final long address = alignUp(reserved + guardBytes, alignmentBytes);
            Linux.mmapAt(address, wholeBytes, MapFlags.PROT_READ | MapFlags.PROT_WRITE, MapFlags.MAP_SHARED, fd, 0);
            return trimmed(new Region(name, HostMemory.INSTANCE, fd, address, wholeBytes, pageBytes, reserved,
                    reservedBytes), guardBytes);
        } catch (final RuntimeException failed) {
            if (reserved != 0) {
                Linux.munmap(reserved, reservedBytes);
            }
            Linux.close(fd);
            throw failed;
        }
    }

    /** The same without the addresses that were reserved only to find aligned ones. */
    private static Region trimmed(final Region made, final long guardBytes) {
        final long from = made.address - guardBytes;
        final long to = made.address + made.sizeBytes + guardBytes;
        final long end = made.mappedAddress + made.mappedBytes;
        if (from > made.mappedAddress) {
            Linux.munmap(made.mappedAddress, from - made.mappedAddress);
        }
        if (end > to) {
            Linux.munmap(to, end - to);
        }
        return new Region(made.name, made.memory, made.fd, made.address, made.sizeBytes, made.pageBytes, from, to
                - from);
    }

    private static long alignUp(final long value, final long alignment) {
        return value + alignment - 1 & -alignment;
    }

    /** The memory behind the region's addresses. */
    public OrderedMemory memory() {
        return memory;
    }

    /**
     * Cuts off {@code sizeBytes} of zeroed memory.
     *
     * @param alignmentBytes a power of two, which the returned address is a multiple of
     * @return an address
     * @throws IllegalStateException if the rest of the region is smaller, or the region is closed
     */
    public synchronized long allocate(final long sizeBytes, final long alignmentBytes) {
        if (sizeBytes < 1 || sizeBytes > MAX_SIZE_BYTES) {
            throw new IllegalArgumentException("sizeBytes=" + sizeBytes + " is not within 1.." + MAX_SIZE_BYTES);
        }
        if (Long.bitCount(alignmentBytes) != 1 || alignmentBytes < 1 || alignmentBytes > MAX_SIZE_BYTES) {
            throw new IllegalArgumentException(
                    "alignmentBytes=" + alignmentBytes + " is not a power of two within 1.." + MAX_SIZE_BYTES);
        }
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
        final long start = alignUp(address + usedBytes, alignmentBytes);
        final long endBytes = start - address + sizeBytes;
        if (endBytes > this.sizeBytes) {
            throw new IllegalStateException(this + " is full: allocating sizeBytes=" + sizeBytes + " at alignmentBytes="
                    + alignmentBytes + " after usedBytes=" + usedBytes + " takes " + endBytes + " > sizeBytes="
                    + this.sizeBytes);
        }
        usedBytes = endBytes;
        return start;
    }

    /**
     * Gives memory back to the system: the pages that lie wholly within the range, for this process and any other that has
     * mapped the file. They read as zero afterwards, and come again when they are touched. Reserved huge pages are kept: they would stay
     * reserved, and nobody else had more memory.
     *
     * @return bytes that are no longer resident; 0 also if the system declines, or there is no file
     * @throws IllegalArgumentException if the range is not the region's
     */
    public long release(final long address, final long lengthBytes) {
        if (!contains(address, lengthBytes)) {
            throw new IllegalArgumentException("0x" + Long.toHexString(address) + "..+" + lengthBytes
                    + " does not lie in " + this);
        }
        final long from = alignUp(address, pageBytes);
        final long to = address + lengthBytes & -pageBytes;
        if (fd == NO_FD || from >= to || pageBytes > Linux.pageBytes()) {
            return 0;
        }
        // Looked at, before and after: some was perhaps never touched, or is a part of a huge page that isn't split.
        final long beforeBytes = Pages.residentBytes(from, to - from);
        if (Linux.madvise(from, to - from, MapFlags.MADV_REMOVE) < 0) {
            return 0;
        }
        return beforeBytes - Pages.residentBytes(from, to - from);
    }

    /** Address of the first byte. */
    public long address() {
        return address;
    }

    /** What was asked for, in whole pages. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Bytes handed out, gaps for alignment included. */
    public synchronized long usedBytes() {
        return usedBytes;
    }

    /** Size of the pages that the region is sure to lie in; transparent huge pages don't count. */
    public long pageBytes() {
        return pageBytes;
    }

    /** The file, for a process that is to map it too; open until {@link #close()}; -1 if there is none. */
    public int fd() {
        return fd;
    }

    /** Whether the range lies in the region; false for every range that is negative or wraps around. */
    public boolean contains(final long address, final long lengthBytes) {
        final long offset = address - this.address;
        return offset >= 0 && offset <= sizeBytes && lengthBytes >= 0 && lengthBytes <= sizeBytes - offset;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (fd == NO_FD) {
            return;
        }
        try {
            Linux.munmap(mappedAddress, mappedBytes);
        } finally {
            Linux.close(fd);
        }
    }

    @Override
    public String toString() {
        return "region " + name;
    }
}
