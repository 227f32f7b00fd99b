package io.netchannel.kernel.storage.mapped;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.linux.OpenFlags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A directory of Linux, for this process alone: a lock on a file in it keeps others out, and goes with the process.
 *
 * <p>Space is taken before a file is mapped. A mapping of a file with holes would end the process by SIGBUS when the disk is
 * full.
 */
public final class DirectoryStorage implements MappedStorage {

    /** Name of the file that is locked. */
    static final String LOCK = "lock";

    private static final int MODE = 0600;
    private static final int ZEROS_BYTES = 1 << 20;

    private final Path directory;
    private final FileChannel lock;

    private DirectoryStorage(final Path directory, final FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Opens a directory, and makes it if it isn't there.
     *
     * @throws UncheckedIOException if it can't be had, because it is no directory, or because another process has it
     * @throws UnsupportedOperationException if the JVM was started without the flags that mapping wants; names them
     */
    public static DirectoryStorage open(final Path directory) {
        return open(directory, DirectoryStorage::sync);
    }

    /** @param sync makes the names in a directory durable */
    static DirectoryStorage open(final Path directory, final Consumer<Path> sync) {
        ChronicleFile.checkFlags();
        try {
            makeDurably(directory.toAbsolutePath(), sync);
            final FileChannel lock = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            if (!isLocked(lock)) {
                lock.close();
                throw new IOException(directory + " is in use: another holds the lock on its file " + LOCK);
            }
            return new DirectoryStorage(directory, lock);
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * From the top down, each synced before there is one in it: so all but the lowest that is there are durable, whenever this was
     * ended before. A journal is lost with any directory on its path.
     */
    private static void makeDurably(final Path directory, final Consumer<Path> sync) throws IOException {
        final Deque<Path> path = new ArrayDeque<>();
        Path there = directory;
        while (!Files.exists(there)) {
            path.addFirst(there);
            there = there.getParent();
        }
        if (there.getParent() != null) {
            sync.accept(there.getParent());
        }
        for (final Path each : path) {
            Files.createDirectories(each);
            sync.accept(each.getParent());
        }
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory.toString());
        }
    }

    private static boolean isLocked(final FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (final OverlappingFileLockException mine) {
            return false;
        }
    }

    @Override
    public OrderedMemory memory() {
        return HostMemory.INSTANCE;
    }

    @Override
    public List<String> names() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public StoredFile create(final String name, final int sizeBytes) {
        final Path path = directory.resolve(name);
        final int fd = Linux.open(path.toString(), OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL, MODE);
        try {
            allocate(fd, path, sizeBytes);
        } catch (final RuntimeException failed) {
            delete(name);
            throw failed;
        } finally {
            Linux.close(fd);
        }
        try {
            return map(path, sizeBytes);
        } catch (final RuntimeException failed) {
            delete(name);
            throw failed;
        }
    }

    private static void allocate(final int fd, final Path path, final int sizeBytes) {
        int result;
        do {
            result = Linux.tryFallocate(fd, 0, sizeBytes);
        } while (result == -Errno.EINTR);
        if (result == -Errno.EOPNOTSUPP) {
            // A file system that can't promise space gives it for zeros.
            writeZeros(fd, sizeBytes);
        } else if (result < 0) {
            throw new LinuxException("fallocate", path + ", lengthBytes=" + sizeBytes, -result);
        }
    }

    private static void writeZeros(final int fd, final int sizeBytes) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment zeros = arena.allocate(ZEROS_BYTES);
            long left = sizeBytes;
            while (left > 0) {
                left -= Linux.writeOrThrow(fd, zeros.address(), Math.min(left, ZEROS_BYTES));
            }
        }
    }

    @Override
    public StoredFile open(final String name) {
        final Path path = directory.resolve(name);
        try {
            final long sizeBytes = Files.size(path);
            if (sizeBytes > Integer.MAX_VALUE) {
                throw new IOException(path + ": " + sizeBytes + " bytes > " + Integer.MAX_VALUE);
            }
            return sizeBytes == 0 ? new EmptyFile(name) : map(path, (int) sizeBytes);
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** As persistent memory if the file lies on it, where a flush of cache lines is all that it takes to be durable. */
    private static StoredFile map(final Path path, final int sizeBytes) {
        final StoredFile persistent = ArenaFile.mapPersistent(path, sizeBytes);
        if (persistent != null) {
            return persistent;
        }
        return sizeBytes % Linux.pageBytes() == 0
                ? new ChronicleFile(path, sizeBytes)
                : ArenaFile.map(path, sizeBytes);
    }

    @Override
    public void rename(final String from, final String to) {
        try {
            Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void delete(final String name) {
        try {
            Files.deleteIfExists(directory.resolve(name));
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void syncNames() {
        sync(directory);
    }

    private static void sync(final Path directory) {
        final int fd = Linux.open(directory.toString(), OpenFlags.O_RDONLY);
        try {
            Linux.fsync(fd);
        } finally {
            Linux.close(fd);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
