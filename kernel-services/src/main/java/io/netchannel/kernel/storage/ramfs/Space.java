package io.netchannel.kernel.storage.ramfs;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.memory.SharedPages;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The pages and inodes that a file system may use, and what it has used of them. Any thread. */
final class Space {

    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    final SharedPages pages;
    final InstantSource clock;
    private final long maxPages;
    private final int maxInodes;
    private final AtomicLong usedPages = new AtomicLong();
    private final AtomicInteger usedInodes = new AtomicInteger();
    private final AtomicLong inodeNumbers = new AtomicLong();
    private final AtomicLong refusedWrites = new AtomicLong();
    private final AtomicLong refusedInodes = new AtomicLong();
    private final AtomicLong copiedPages = new AtomicLong();

    Space(final SharedPages pages, final RamFsConfig config) {
        this.pages = pages;
        this.clock = config.clock();
        this.maxPages = Math.min(config.maxBytes() / pages.pageBytes(), pages.count());
        this.maxInodes = config.maxInodes();
    }

    // -- inodes

    /** @return its number */
    long newInode() throws RamFsException {
        if (usedInodes.incrementAndGet() > maxInodes) {
            usedInodes.decrementAndGet();
            refusedInodes.incrementAndGet();
            throw new RamFsException(Errno.ENOSPC);
        }
        return inodeNumbers.incrementAndGet();
    }

    void inodeGone() {
        usedInodes.decrementAndGet();
    }

    // -- pages

    /** @return a page within the quota, or {@link SharedPages#NONE} */
    int allocate() {
        if (usedPages.incrementAndGet() > maxPages) {
            usedPages.decrementAndGet();
            return SharedPages.NONE;
        }
        final int page = pages.allocate();
        if (page == SharedPages.NONE) {
            usedPages.decrementAndGet();
        }
        return page;
    }

    void free(final int page) {
        pages.release(page);
        usedPages.decrementAndGet();
    }

    /** For a page that others look at: one with the same bytes, in its place. @return or {@link SharedPages#NONE} */
    int replace(final int page) {
        final int copy = pages.allocate();
        if (copy != SharedPages.NONE) {
            pages.memory().copy(pages.address(page), pages.address(copy), pages.pageBytes());
            pages.release(page);
            copiedPages.incrementAndGet();
        }
        return copy;
    }

    void writeRefused() {
        refusedWrites.incrementAndGet();
    }

    // -- bytes: by segments, which know whether a buffer is still there

    void get(final int page, final int offset, final ByteBuffer to, final int lengthBytes) {
        MemorySegment.copy(ALL, pages.address(page) + offset, MemorySegment.ofBuffer(to), 0, lengthBytes);
        to.position(to.position() + lengthBytes);
    }

    void put(final int page, final int offset, final ByteBuffer from, final int lengthBytes) {
        MemorySegment.copy(MemorySegment.ofBuffer(from), 0, ALL, pages.address(page) + offset, lengthBytes);
        from.position(from.position() + lengthBytes);
    }

    void zero(final int page, final int from, final int to) {
        if (to > from) {
            pages.memory().fill(pages.address(page) + from, to - from, (byte) 0);
        }
    }

    static void zero(final ByteBuffer to, final int lengthBytes) {
        MemorySegment.ofBuffer(to).asSlice(0, lengthBytes).fill((byte) 0);
        to.position(to.position() + lengthBytes);
    }

    RamFsUsage usage() {
        final long pageBytes = pages.pageBytes();
        final long used = usedPages.get();
        return new RamFsUsage(used * pageBytes, maxPages * pageBytes,
                Math.max(0, Math.min(maxPages - used, pages.available())) * pageBytes, usedInodes.get(), maxInodes,
                refusedWrites.get(), refusedInodes.get(), copiedPages.get());
    }
}
