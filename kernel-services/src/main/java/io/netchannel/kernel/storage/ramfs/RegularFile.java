package io.netchannel.kernel.storage.ramfs;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.SharedPages;
import java.nio.ByteBuffer;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Bytes of a file, in pages; what was never written is a hole, and reads as zeros.
 *
 * <p>A page that somebody sends is not changed: a write takes a copy of it for the file, so what goes out, and what is retransmitted,
 * are the bytes of the moment when it was handed over. Its bytes go when it has no name and nobody has it open.
 *
 * <p>Bytes of the last page behind the file's end mean nothing; they become zeros when the end moves past them.
 *
 * <p>Threading: a lock of its own, shared by readers. References to pages are added only under it.
 */
final class RegularFile extends Inode {

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final FileLocks locks = new FileLocks();
    private final PageTable table = new PageTable();
    private final int pageBytes;
    private final int pageShift;
    private long sizeBytes;
    private int links;
    private int opens;
    private boolean gone;

    RegularFile(final Space space, final Set<PosixFilePermission> permissions) throws RamFsException {
        super(space, permissions);
        this.pageBytes = space.pages.pageBytes();
        this.pageShift = Integer.numberOfTrailingZeros(pageBytes);
    }

    FileLocks locks() {
        return locks;
    }

    // -- who holds it

    void link(final int delta) {
        lock.writeLock().lock();
        try {
            links += delta;
            changed();
            freeIfUnused();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** By somebody who keeps it from losing its last link meanwhile. */
    void opened() {
        lock.writeLock().lock();
        try {
            opens++;
        } finally {
            lock.writeLock().unlock();
        }
    }

    void closed() {
        lock.writeLock().lock();
        try {
            opens--;
            freeIfUnused();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void freeIfUnused() {
        if (links == 0 && opens == 0) {
            free();
        }
    }

    /** At once, whoever has it open: the file system ends. */
    void free() {
        lock.writeLock().lock();
        try {
            if (!gone) {
                gone = true;
                table.truncate(0, space::free);
                sizeBytes = 0;
                space.inodeGone();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    // -- reading

    /** @return bytes read, 0 for an empty buffer, or -1 at the end */
    int read(final long position, final ByteBuffer to) {
        final int wanted = to.remaining();
        if (wanted == 0) {
            return 0;
        }
        lock.readLock().lock();
        try {
            if (position >= sizeBytes) {
                return -1;
            }
            final int bytes = (int) Math.min(wanted, sizeBytes - position);
            for (int done = 0; done < bytes;) {
                final int offset = (int) (position + done & pageBytes - 1);
                final int part = Math.min(bytes - done, pageBytes - offset);
                final int page = table.get(position + done >>> pageShift);
                if (page == SharedPages.NONE) {
                    Space.zero(to, part);
                } else {
                    space.get(page, offset, to, part);
                }
                done += part;
            }
            accessed();
            return bytes;
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * A part of the file in one page, with a reference for the caller.
     *
     * @param zeroPage stands for a hole
     * @return {@link PacketHandle#NONE} at the end of the file
     */
    long retainPart(final long position, final long maxBytes, final int zeroPage) {
        lock.readLock().lock();
        try {
            if (position >= sizeBytes) {
                return PacketHandle.NONE;
            }
            final int offset = (int) (position & pageBytes - 1);
            final long bytes = Math.min(Math.min(maxBytes, pageBytes - offset), sizeBytes - position);
            final int there = table.get(position >>> pageShift);
            final int page = there == SharedPages.NONE ? zeroPage : there;
            space.pages.retain(page);
            accessed();
            return PacketHandle.of(page, offset, (int) bytes);
        } finally {
            lock.readLock().unlock();
        }
    }

    // -- writing

    /** Writes behind the last byte, whoever else does. @return where the file ends now */
    long append(final ByteBuffer from) throws RamFsException {
        lock.writeLock().lock();
        try {
            write(sizeBytes, from);
            return sizeBytes;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Writes as much as there is room for.
     *
     * @return bytes written
     * @throws RamFsException if there is room for none: ENOSPC, EFBIG; EIO if the file system is closed
     */
    int write(final long position, final ByteBuffer from) throws RamFsException {
        lock.writeLock().lock();
        try {
            if (gone) {
                throw new RamFsException(Errno.EIO);
            }
            final int wanted = from.remaining();
            if (wanted == 0) {
                return 0;
            }
            final long end = Math.min(position + wanted, PageTable.MAX_PAGES << pageShift);
            if (position >= end) {
                throw new RamFsException(Errno.EFBIG);
            }
            final int done = clearBehindEnd(position) ? copyIn(position, (int) (end - position), from) : 0;
            if (done == 0) {
                space.writeRefused();
                throw new RamFsException(Errno.ENOSPC);
            }
            return done;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private int copyIn(final long position, final int bytes, final ByteBuffer from) {
        int done = 0;
        try {
            while (done < bytes) {
                final int offset = (int) (position + done & pageBytes - 1);
                final int part = Math.min(bytes - done, pageBytes - offset);
                final int page = writablePage(position + done >>> pageShift, offset, offset + part);
                if (page == SharedPages.NONE) {
                    break;
                }
                space.put(page, offset, from, part);
                done += part;
            }
        } finally {
            if (done > 0) {
                sizeBytes = Math.max(sizeBytes, position + done);
                modified();
            }
        }
        return done;
    }

    /** The file's page {@code index}, its own to write {@code [from, to)} of; if there was none, the rest is zeros. */
    private int writablePage(final long index, final int from, final int to) {
        final int there = table.get(index);
        final int page;
        if (there == SharedPages.NONE) {
            page = space.allocate();
            if (page != SharedPages.NONE) {
                space.zero(page, 0, from);
                space.zero(page, to, pageBytes);
            }
        } else if (space.pages.isShared(there)) {
            page = space.replace(there);
        } else {
            return there;
        }
        if (page != SharedPages.NONE) {
            table.set(index, page);
        }
        return page;
    }

    /** Before the end moves past what lies behind it in its page. @return false if there is no memory for that */
    private boolean clearBehindEnd(final long newPosition) {
        final int offset = (int) (sizeBytes & pageBytes - 1);
        final long index = sizeBytes >>> pageShift;
        if (newPosition <= sizeBytes || offset == 0 || table.get(index) == SharedPages.NONE) {
            return true;
        }
        final int page = writablePage(index, offset, pageBytes);
        if (page == SharedPages.NONE) {
            return false;
        }
        space.zero(page, offset, pageBytes);
        return true;
    }

    /** Makes the file shorter; nothing happens if it is shorter already. */
    void truncate(final long newSizeBytes) {
        lock.writeLock().lock();
        try {
            if (newSizeBytes < sizeBytes) {
                table.truncate(newSizeBytes + pageBytes - 1 >>> pageShift, space::free);
                sizeBytes = newSizeBytes;
                modified();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    // -- what it is

    @Override
    RamFileAttributes.Kind kind() {
        return RamFileAttributes.Kind.FILE;
    }

    @Override
    long sizeBytes() {
        lock.readLock().lock();
        try {
            return sizeBytes;
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    long allocatedBytes() {
        lock.readLock().lock();
        try {
            return table.pages() << pageShift;
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    int links() {
        lock.readLock().lock();
        try {
            return links;
        } finally {
            lock.readLock().unlock();
        }
    }
}
