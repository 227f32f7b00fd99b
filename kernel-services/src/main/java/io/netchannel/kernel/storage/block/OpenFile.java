package io.netchannel.kernel.storage.block;

import io.netchannel.kernel.linux.BlockFileCalls;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.linux.OpenFlags;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A file or block device, open, with what was found out about it; and how many queues use it.
 *
 * <p>Threading: any.
 */
final class OpenFile {

    private final Path path;
    private final BlockFileConfig config;
    private final int fd;
    private final long capacityBytes;
    private int openQueues;
    private boolean closed;

    private OpenFile(final Path path, final BlockFileConfig config, final int fd, final long capacityBytes) {
        this.path = path;
        this.config = config;
        this.fd = fd;
        this.capacityBytes = capacityBytes;
    }

    /**
     * @param lost told, in a line, of what was asked for and can't be had
     * @throws LinuxException if the file can't be opened
     * @throws IllegalArgumentException if it has not one whole block
     */
    static OpenFile open(final Path path, final BlockFileConfig config, final Consumer<String> lost) {
        final int fd = openFd(path, config, lost);
        try {
            // A directory opens for reading, and its size says nothing: of reads it refuses also an empty one.
            if (BlockFileCalls.pread(fd, 0, 0, 0) == -Errno.EISDIR) {
                throw new LinuxException("read", path.toString(), Errno.EISDIR);
            }
            final long sizeBytes = BlockFileCalls.sizeBytes(fd);
            if (sizeBytes < 0) {
                throw new LinuxException("lseek", path.toString(), (int) -sizeBytes);
            }
            if (sizeBytes < config.blockBytes()) {
                throw new IllegalArgumentException(
                        path + ": sizeBytes=" + sizeBytes + " < blockBytes=" + config.blockBytes());
            }
            return new OpenFile(path, config, fd, sizeBytes & -config.blockBytes());
        } catch (final RuntimeException failed) {
            Linux.close(fd);
            throw failed;
        }
    }

    private static int openFd(final Path path, final BlockFileConfig config, final Consumer<String> lost) {
        final int flags = config.readOnly() ? OpenFlags.O_RDONLY : OpenFlags.O_RDWR;
        if (config.direct()) {
            try {
                final int fd = Linux.open(path.toString(), flags | BlockFileCalls.O_DIRECT);
                if (readsBlocks(fd, config.blockBytes())) {
                    return fd;
                }
                Linux.close(fd);
                lost.accept(path + ": no direct I/O in blocks of " + config.blockBytes()
                        + " bytes; reads and writes go through the page cache");
            } catch (final LinuxException refused) {
                if (refused.errno() != Errno.EINVAL) {
                    throw refused;
                }
                lost.accept(path + ": its file system has no direct I/O; reads and writes go through the page cache");
            }
        }
        return Linux.open(path.toString(), flags);
    }

    // The alignment that direct I/O wants is the device's below the file system; a read tells.
    private static boolean readsBlocks(final int fd, final int blockBytes) {
        try (Arena arena = Arena.ofConfined()) {
            return BlockFileCalls.pread(fd, arena.allocate(blockBytes, blockBytes).address(), blockBytes,
                    0) != -Errno.EINVAL;
        }
    }

    BlockFileConfig config() {
        return config;
    }

    int fd() {
        return fd;
    }

    long capacityBytes() {
        return capacityBytes;
    }

    synchronized void addQueue() {
        if (closed) {
            throw new IllegalStateException(path + " is closed");
        }
        if (openQueues == config.queues()) {
            throw new IllegalStateException(path + ": queues=" + config.queues() + " are open already");
        }
        openQueues++;
    }

    synchronized void removeQueue() {
        openQueues--;
    }

    synchronized void close() {
        if (openQueues > 0) {
            throw new IllegalStateException(path + ": queues=" + openQueues + " are still open");
        }
        if (!closed) {
            closed = true;
            Linux.close(fd);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
