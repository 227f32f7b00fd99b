package io.netchannel.kernel.storage.ramfs;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.memory.SharedPages;
import io.netchannel.kernel.storage.ramfs.NameLookup.Place;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A file system in the pages of a region. Paths are strings from the root on, read as Linux reads them; what is refused is refused
 * for Linux's reasons, by {@link RamFsException}. Owners and permissions are kept, and refuse nobody.
 *
 * <p>A directory that is moved, or a file that replaces another, is so for everybody at once: each call that changes names is atomic.
 *
 * <p>Threading: any thread; see the package. {@link #close} waits for what is under way.
 */
public final class RamFs implements AutoCloseable {

    public static final int DEFAULT_PAGE_BYTES = 4096;

    static final Set<PosixFilePermission> DIRECTORY_PERMISSIONS = PosixFilePermissions.fromString("rwxr-xr-x");
    static final Set<PosixFilePermission> FILE_PERMISSIONS = PosixFilePermissions.fromString("rw-r--r--");

    private final SharedPages pages;
    private final Region ownRegion;
    private final Space space;
    private final Directory root;
    // Shown for holes; without one, holes can't be shown.
    private final int zeroPage;
    private final ReentrantReadWriteLock tree = new ReentrantReadWriteLock();
    private final Set<RamFile> openFiles = ConcurrentHashMap.newKeySet();
    // Written under the tree's lock.
    private volatile boolean closed;

    private RamFs(final SharedPages pages, final Region ownRegion, final RamFsConfig config) {
        this.pages = pages;
        this.ownRegion = ownRegion;
        this.space = new Space(pages, config);
        this.zeroPage = pages.allocate();
        if (zeroPage == SharedPages.NONE) {
            throw new IllegalArgumentException("no page is free: available=0 < MIN=1");
        }
        space.zero(zeroPage, 0, pages.pageBytes());
        try {
            this.root = new Directory(space, DIRECTORY_PERMISSIONS);
        } catch (final RamFsException impossible) {
            // maxInodes is at least 1.
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * In pages that are there already, which others may use as well; they must outlive it, and what is sent from it.
     *
     * @throws IllegalArgumentException if no page is free
     */
    public static RamFs over(final SharedPages pages, final RamFsConfig config) {
        return new RamFs(pages, null, config);
    }

    /**
     * In a region of its own, of which the system gives memory only for what is written.
     *
     * @param pageBytes a power of two
     * @throws IllegalArgumentException if a size is out of range
     * @throws io.netchannel.kernel.linux.LinuxException if the memory can't be had
     */
    public static RamFs create(final String name, final RamFsConfig config, final int pageBytes) {
        // One for holes.
        final long count = (config.maxBytes() + pageBytes - 1) / pageBytes + 1;
        final int pages = (int) Math.min(count, Integer.MAX_VALUE);
        final Region region = Region.create(name, SharedPages.requiredBytes(pages, pageBytes));
        try {
            return new RamFs(SharedPages.create(region, pages, pageBytes), region, config);
        } catch (final RuntimeException failed) {
            region.close();
            throw failed;
        }
    }

    /** Where its files lie. */
    public SharedPages pages() {
        return pages;
    }

    int zeroPage() {
        return zeroPage;
    }

    /** @throws ClosedFileSystemException if it is closed */
    public RamFsUsage usage() {
        tree.readLock().lock();
        try {
            if (closed) {
                throw new ClosedFileSystemException();
            }
            return space.usage();
        } finally {
            tree.readLock().unlock();
        }
    }

    public boolean isOpen() {
        return !closed;
    }

    // -- the lock

    /** What is done under the lock of the tree. */
    private interface Action<T> {
        T run() throws RamFsException;
    }

    private <T> T looking(final Action<T> action) throws RamFsException {
        return locked(tree.readLock(), action);
    }

    private <T> T changing(final Action<T> action) throws RamFsException {
        return locked(tree.writeLock(), action);
    }

    private <T> T locked(final Lock lock, final Action<T> action) throws RamFsException {
        lock.lock();
        try {
            if (closed) {
                throw new ClosedFileSystemException();
            }
            return action.run();
        } finally {
            lock.unlock();
        }
    }

    private Place locate(final String path, final boolean follow) throws RamFsException {
        return NameLookup.locate(root, path, follow);
    }

    private Inode find(final String path, final boolean follow) throws RamFsException {
        final Inode found = locate(path, follow).found();
        if (found == null) {
            throw new RamFsException(Errno.ENOENT);
        }
        return found;
    }

    private static void require(final boolean met, final int errno) throws RamFsException {
        if (!met) {
            throw new RamFsException(errno);
        }
    }

    // -- looking

    /** @param follow a symbolic link at the path's end */
    public RamFileAttributes attributes(final String path, final boolean follow) throws RamFsException {
        return looking(() -> find(path, follow).attributes());
    }

    /** Names in a directory, in their order. */
    public List<String> list(final String path) throws RamFsException {
        return looking(() -> {
            if (find(path, true) instanceof final Directory directory) {
                directory.accessed();
                return directory.names();
            }
            throw new RamFsException(Errno.ENOTDIR);
        });
    }

    public String readLink(final String path) throws RamFsException {
        return looking(() -> {
            if (find(path, false) instanceof final SymbolicLink link) {
                return link.target();
            }
            throw new RamFsException(Errno.EINVAL);
        });
    }

    /** The path without links, {@code .} and {@code ..}. */
    public String realPath(final String path) throws RamFsException {
        return looking(() -> {
            final Place place = locate(path, true);
            require(place.found() != null, Errno.ENOENT);
            return RealPath.of(place);
        });
    }

    // -- opening

    /**
     * Opens a file, by the options of {@code java.nio.file}, with their meaning.
     *
     * @param permissions of a new file
     * @throws UnsupportedOperationException for an option that isn't known
     * @throws IllegalArgumentException for options that exclude each other
     */
    public RamFile open(final String path, final Set<? extends OpenOption> options,
            final Set<PosixFilePermission> permissions) throws RamFsException {
        final OpenFlags flags = OpenFlags.of(options);
        final Action<RamFile> opening = () -> {
            final Place place = locate(path, flags.followLinks() && !flags.createNew());
            final RamFile file = open(place, flags, permissions);
            openFiles.add(file);
            if (flags.deleteOnClose()) {
                // As the JDK does where it can: nobody else should find it, and a process that dies leaves nothing.
                final Place named = locate(path, false);
                if (named.isNamed() && named.found() != null && !(named.found() instanceof Directory)) {
                    unlink(named.parent(), named.name());
                }
            }
            return file;
        };
        return flags.creates() || flags.deleteOnClose() ? changing(opening) : looking(opening);
    }

    private RamFile open(final Place place, final OpenFlags flags, final Set<PosixFilePermission> permissions)
            throws RamFsException {
        Inode found = place.found();
        require(found == null || !flags.createNew(), Errno.EEXIST);
        require(found != null || flags.creates(), Errno.ENOENT);
        if (found == null) {
            found = new RegularFile(space, permissions == null ? FILE_PERMISSIONS : permissions);
            add(place, found);
        }
        require(!(found instanceof SymbolicLink), Errno.ELOOP);
        if (found instanceof final RegularFile file) {
            file.opened();
            if (flags.truncate()) {
                file.truncate(0);
            }
            return new RamFile(this, file, flags);
        }
        require(!flags.write(), Errno.EISDIR);
        return new RamFile(this, null, flags);
    }

    void closed(final RamFile file) {
        openFiles.remove(file);
    }

    // -- changing names

    private static void add(final Place place, final Inode inode) {
        place.parent().put(place.name(), inode);
        link(inode, 1);
    }

    private static void link(final Inode inode, final int delta) {
        switch (inode) {
            case RegularFile file -> file.link(delta);
            case SymbolicLink link -> link.link(delta);
            case Directory directory -> directory.changed();
        }
    }

    private Place vacant(final String path) throws RamFsException {
        final Place place = locate(path, false);
        require(place.found() == null, Errno.EEXIST);
        return place;
    }

    /** @param permissions null for the usual */
    public void createDirectory(final String path, final Set<PosixFilePermission> permissions) throws RamFsException {
        changing(() -> {
            add(vacant(path), new Directory(space, permissions == null ? DIRECTORY_PERMISSIONS : permissions));
            return null;
        });
    }

    public void createSymbolicLink(final String path, final String target) throws RamFsException {
        changing(() -> {
            require(!target.isEmpty(), Errno.ENOENT);
            add(vacant(path), new SymbolicLink(space, target));
            return null;
        });
    }

    /** Another name of a file, or of a symbolic link itself. */
    public void createLink(final String path, final String existing) throws RamFsException {
        changing(() -> {
            final Inode inode = find(existing, false);
            final Place place = vacant(path);
            require(!(inode instanceof Directory), Errno.EPERM);
            add(place, inode);
            return null;
        });
    }

    /** Removes a name that is no directory's; the file goes with its last name, and when nobody has it open. */
    public void unlink(final String path) throws RamFsException {
        changing(() -> {
            final Place place = locate(path, false);
            require(place.found() != null, Errno.ENOENT);
            require(!(place.found() instanceof Directory), Errno.EISDIR);
            unlink(place.parent(), place.name());
            return null;
        });
    }

    private static void unlink(final Directory parent, final String name) {
        final Inode inode = parent.get(name);
        parent.remove(name);
        link(inode, -1);
    }

    /** Removes an empty directory. */
    public void removeDirectory(final String path) throws RamFsException {
        changing(() -> {
            final Place place = locate(path, false);
            require(place.found() != null, Errno.ENOENT);
            require(place.found() instanceof Directory, Errno.ENOTDIR);
            require(!place.name().equals("/"), Errno.EBUSY);
            require(!place.name().equals("."), Errno.EINVAL);
            require(place.isNamed(), Errno.ENOTEMPTY);
            remove(place);
            return null;
        });
    }

    private void remove(final Place place) throws RamFsException {
        if (place.found() instanceof final Directory directory) {
            require(directory.isEmpty(), Errno.ENOTEMPTY);
            place.parent().remove(place.name());
            space.inodeGone();
        } else {
            unlink(place.parent(), place.name());
        }
    }

    /** rename(2): over what is there, if that is the same kind of thing, and not a directory with something in it. */
    public void rename(final String from, final String to) throws RamFsException {
        changing(() -> {
            rename(from, to, true);
            return null;
        });
    }

    /**
     * As {@link #rename}, but a directory may also replace a file, and the other way round; and what is there is kept unless
     * {@code replace} is set: EEXIST.
     */
    public void move(final String from, final String to, final boolean replace) throws RamFsException {
        changing(() -> {
            final Inode source = find(from, false);
            final Place target = locate(to, false);
            require(target.found() == null || target.found() == source || replace, Errno.EEXIST);
            rename(from, to, false);
            return null;
        });
    }

    private void rename(final String from, final String to, final boolean sameKind) throws RamFsException {
        final Place source = locate(from, false);
        final Place target = locate(to, false);
        require(source.isNamed() && target.isNamed(), Errno.EBUSY);
        final Inode moved = source.found();
        require(moved != null, Errno.ENOENT);
        require(!(moved instanceof final Directory directory) || !directory.isAbove(target.parent()), Errno.EINVAL);
        final Inode replaced = target.found();
        require(!(replaced instanceof final Directory directory) || !directory.isAbove(source.parent()),
                Errno.ENOTEMPTY);
        if (moved == replaced) {
            return;
        }
        if (replaced != null) {
            final boolean ontoDirectory = replaced instanceof Directory;
            require(!sameKind || !(moved instanceof Directory) || ontoDirectory, Errno.ENOTDIR);
            require(!sameKind || moved instanceof Directory || !ontoDirectory, Errno.EISDIR);
            remove(target);
        }
        source.parent().remove(source.name());
        target.parent().put(target.name(), moved);
        moved.changed();
    }

    // -- what is known about files

    /** @param modified and {@code accessed}: null leaves it as it is */
    public void setTimes(final String path, final boolean follow, final FileTime modified, final FileTime accessed)
            throws RamFsException {
        looking(() -> {
            find(path, follow).times(modified, accessed);
            return null;
        });
    }

    public void setPermissions(final String path, final boolean follow, final Set<PosixFilePermission> permissions)
            throws RamFsException {
        looking(() -> {
            final Inode inode = find(path, follow);
            // As Linux since 6.6; what it is of no use to know can't be changed.
            require(!(inode instanceof SymbolicLink), Errno.EOPNOTSUPP);
            inode.permissions = Set.copyOf(permissions);
            inode.changed();
            return null;
        });
    }

    /** @param owner and {@code group}: null leaves it as it is */
    public void setOwner(final String path, final boolean follow, final UserPrincipal owner,
            final GroupPrincipal group) throws RamFsException {
        looking(() -> {
            final Inode inode = find(path, follow);
            inode.owner = owner == null ? inode.owner : owner;
            inode.group = group == null ? inode.group : group;
            inode.changed();
            return null;
        });
    }

    // -- the end

    /**
     * Closes what is open, and gives all pages back; those that are being sent follow when they are acknowledged. Idempotent.
     *
     * @throws IllegalStateException if a page of a region of its own is still held
     */
    @Override
    public void close() {
        tree.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            new ArrayList<>(openFiles).forEach(RamFile::close);
            free(root);
            pages.release(zeroPage);
        } finally {
            tree.writeLock().unlock();
        }
        if (ownRegion != null) {
            pages.checkNoLeaks();
            ownRegion.close();
        }
    }

    private static void free(final Directory directory) {
        for (final Inode child : directory.children()) {
            switch (child) {
                case RegularFile file -> file.free();
                case Directory below -> free(below);
                case SymbolicLink _ -> {
                    // Holds no memory.
                }
            }
        }
    }
}
