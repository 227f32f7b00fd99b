package io.netchannel.kernel.storage.ramfs.nio;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.storage.ramfs.RamFile;
import io.netchannel.kernel.storage.ramfs.RamFileAttributes;
import io.netchannel.kernel.storage.ramfs.RamFs;
import io.netchannel.kernel.storage.ramfs.RamFsException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * File systems in memory for {@code java.nio.file}: {@code ramfs://NAME/path}.
 *
 * <p>Threading: any thread.
 */
public final class RamFileSystemProvider extends FileSystemProvider {

    public static final String SCHEME = "ramfs";

    // Of the JVM: a class loader of its own may make another provider.
    private static final Map<String, RamFileSystem> BY_NAME = new ConcurrentHashMap<>();

    /** For {@link java.util.ServiceLoader}. */
    public RamFileSystemProvider() {
    }

    /** The provider of all file systems: the one that {@code java.nio.file} has found, if it has. */
    public static RamFileSystemProvider instance() {
        return Instance.PROVIDER;
    }

    private static final class Instance {

        static final RamFileSystemProvider PROVIDER = find();

        private static RamFileSystemProvider find() {
            for (final FileSystemProvider provider : installedProviders()) {
                if (provider instanceof final RamFileSystemProvider ours) {
                    return ours;
                }
            }
            return new RamFileSystemProvider();
        }
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    // -- file systems

    /**
     * @param uri {@code ramfs://NAME/}
     * @param env see {@link RamFsOptions}
     */
    @Override
    public FileSystem newFileSystem(final URI uri, final Map<String, ?> env) {
        final String name = nameOf(uri);
        if (!(uri.getPath().isEmpty() || uri.getPath().equals("/"))) {
            throw new IllegalArgumentException(uri + " has a path: it is to be " + SCHEME + "://NAME/");
        }
        final RamFsOptions options = RamFsOptions.of(env);
        if (BY_NAME.containsKey(name)) {
            throw new FileSystemAlreadyExistsException(name);
        }
        final RamFs fs = options.open(name);
        try {
            return register(name, fs);
        } catch (final RuntimeException taken) {
            fs.close();
            throw taken;
        }
    }

    /**
     * Gives a file system that is there already a name; from here on it is closed with the one that is returned.
     *
     * @throws FileSystemAlreadyExistsException if the name is taken
     * @throws IllegalArgumentException if it is no name
     */
    public FileSystem register(final String name, final RamFs fs) {
        final RamFileSystem made = new RamFileSystem(instance(), checked(name), fs);
        if (BY_NAME.putIfAbsent(name, made) != null) {
            throw new FileSystemAlreadyExistsException(name);
        }
        return made;
    }

    void forget(final RamFileSystem fs) {
        BY_NAME.remove(fs.name(), fs);
    }

    private static String nameOf(final URI uri) {
        if (!SCHEME.equalsIgnoreCase(uri.getScheme()) || uri.getAuthority() == null || uri.getPath() == null
                || uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException(uri + " is not " + SCHEME + "://NAME/PATH");
        }
        return checked(uri.getAuthority());
    }

    private static String checked(final String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "name=" + name + " is not of letters, digits, '.', '_', '-', 64 at most");
        }
        return name;
    }

    @Override
    public FileSystem getFileSystem(final URI uri) {
        final RamFileSystem found = BY_NAME.get(nameOf(uri));
        if (found == null) {
            throw new FileSystemNotFoundException(uri.toString());
        }
        return found;
    }

    @Override
    public Path getPath(final URI uri) {
        final String path = uri.getPath();
        return getFileSystem(uri).getPath(path == null || path.isEmpty() ? "/" : path);
    }

    // -- opening

    @Override
    public SeekableByteChannel newByteChannel(final Path path, final Set<? extends OpenOption> options,
            final FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(final Path path, final Set<? extends OpenOption> options,
            final FileAttribute<?>... attributes) throws IOException {
        final RamPath file = RamPath.of(path);
        final Set<PosixFilePermission> permissions = permissions(attributes);
        final boolean createNew = options.contains(StandardOpenOption.CREATE_NEW)
                && (options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND));
        if (createNew && file.toString().matches("(.*/)?[.]")) {
            // The JDK's too: whatever it would be, it is there.
            throw new FileAlreadyExistsException(file.toString());
        }
        try {
            final RamFile opened = file.getFileSystem().ramFs().open(file.absolute(), options, permissions);
            return new RamFileChannel(opened);
        } catch (final RamFsException e) {
            if (e.errno() == Errno.ELOOP && !createNew && (options.contains(LinkOption.NOFOLLOW_LINKS)
                    || options.contains(StandardOpenOption.DELETE_ON_CLOSE))) {
                throw new IOException(e.getMessage() + " (NOFOLLOW_LINKS specified)", e);
            }
            throw RamErrors.of(e, path);
        }
    }

    /** @return null for the usual */
    @SuppressWarnings("unchecked")
    private static Set<PosixFilePermission> permissions(final FileAttribute<?>... attributes) {
        Set<PosixFilePermission> permissions = null;
        for (final FileAttribute<?> attribute : attributes) {
            if (!attribute.name().equals("posix:permissions")) {
                throw new UnsupportedOperationException(
                        "'" + attribute.name() + "' not supported as initial attribute");
            }
            permissions = (Set<PosixFilePermission>) attribute.value();
        }
        return permissions;
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(final Path directory,
            final DirectoryStream.Filter<? super Path> filter) throws IOException {
        final RamPath path = RamPath.of(directory);
        try {
            return new RamDirectoryStream(path, path.getFileSystem().ramFs().list(path.absolute()),
                    Objects.requireNonNull(filter));
        } catch (final RamFsException e) {
            if (e.errno() == Errno.ENOTDIR) {
                throw new NotDirectoryException(path.toString());
            }
            throw RamErrors.of(e, path);
        }
    }

    // -- names

    @Override
    public void createDirectory(final Path directory, final FileAttribute<?>... attributes) throws IOException {
        final RamPath path = RamPath.of(directory);
        final Set<PosixFilePermission> permissions = permissions(attributes);
        try {
            path.getFileSystem().ramFs().createDirectory(path.absolute(), permissions);
        } catch (final RamFsException e) {
            throw RamErrors.of(e, path);
        }
    }

    @Override
    public void createSymbolicLink(final Path link, final Path target, final FileAttribute<?>... attributes)
            throws IOException {
        final RamPath path = RamPath.of(link);
        final RamPath to = RamPath.of(target);
        if (attributes.length > 0) {
            throw new UnsupportedOperationException(
                    "Initial file attributes not supported when creating symbolic link");
        }
        try {
            path.getFileSystem().ramFs().createSymbolicLink(path.absolute(), to.toString());
        } catch (final RamFsException e) {
            throw RamErrors.of(e, path);
        }
    }

    @Override
    public void createLink(final Path link, final Path existing) throws IOException {
        final RamPath path = RamPath.of(link);
        final RamPath to = RamPath.of(existing);
        try {
            path.getFileSystem().ramFs().createLink(path.absolute(), to.absolute());
        } catch (final RamFsException e) {
            throw RamErrors.of(e, path, to);
        }
    }

    @Override
    public Path readSymbolicLink(final Path link) throws IOException {
        final RamPath path = RamPath.of(link);
        try {
            return RamPath.of(path.getFileSystem(), path.getFileSystem().ramFs().readLink(path.absolute()));
        } catch (final RamFsException e) {
            if (e.errno() == Errno.EINVAL) {
                throw new NotLinkException(path.toString());
            }
            throw RamErrors.of(e, path);
        }
    }

    @Override
    public void delete(final Path path) throws IOException {
        CopyMove.delete(RamPath.of(path));
    }

    @Override
    public void copy(final Path source, final Path target, final CopyOption... options) throws IOException {
        CopyMove.copy(RamPath.of(source), RamPath.of(target), options);
    }

    @Override
    public void move(final Path source, final Path target, final CopyOption... options) throws IOException {
        CopyMove.move(RamPath.of(source), RamPath.of(target), options);
    }

    // -- what is known

    @Override
    public boolean isSameFile(final Path one, final Path other) throws IOException {
        final RamPath path = RamPath.of(one);
        if (path.equals(other)) {
            return true;
        }
        return RamPath.isOf(other, path.getFileSystem()) && fileKey(path) == fileKey(RamPath.of(other));
    }

    private static Object fileKey(final RamPath path) throws IOException {
        try {
            return path.getFileSystem().ramFs().attributes(path.absolute(), true).fileKey();
        } catch (final RamFsException e) {
            throw RamErrors.of(e, path);
        }
    }

    @Override
    public boolean isHidden(final Path path) {
        final RamPath name = RamPath.of(path).getFileName();
        return name != null && name.toString().startsWith(".");
    }

    @Override
    public FileStore getFileStore(final Path path) throws IOException {
        view(path).readAttributes();
        return path.getFileSystem().getFileStores().iterator().next();
    }

    /** Nobody is refused anything but to execute what nobody may execute: as root is not. */
    @Override
    public void checkAccess(final Path path, final AccessMode... modes) throws IOException {
        final RamFileAttributes attributes = view(path).readAttributes();
        if (Arrays.asList(modes).contains(AccessMode.EXECUTE) && attributes.isRegularFile()
                && attributes.permissions().stream().noneMatch(permission -> permission.name().endsWith("EXECUTE"))) {
            throw new AccessDeniedException(path.toString());
        }
    }

    private static RamAttributeView view(final Path path, final LinkOption... options) {
        return new RamAttributeView(RamPath.of(path), !List.of(options).contains(LinkOption.NOFOLLOW_LINKS), "posix");
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(final Path path, final Class<V> type,
            final LinkOption... options) {
        final String name;
        if (type == BasicFileAttributeView.class) {
            name = "basic";
        } else if (type == PosixFileAttributeView.class) {
            name = "posix";
        } else if (type == FileOwnerAttributeView.class) {
            name = "owner";
        } else {
            return null;
        }
        return type.cast(new RamAttributeView(RamPath.of(path),
                !List.of(options).contains(LinkOption.NOFOLLOW_LINKS), name));
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(final Path path, final Class<A> type,
            final LinkOption... options) throws IOException {
        if (!type.isAssignableFrom(RamFileAttributes.class)) {
            throw new UnsupportedOperationException(type.getName());
        }
        return type.cast(view(path, options).readAttributes());
    }

    @Override
    public Map<String, Object> readAttributes(final Path path, final String attributes, final LinkOption... options)
            throws IOException {
        return AttributeNames.read(view(path, options).readAttributes(), attributes);
    }

    @Override
    public void setAttribute(final Path path, final String attribute, final Object value,
            final LinkOption... options) throws IOException {
        view(path, options).set(attribute, value);
    }
}
