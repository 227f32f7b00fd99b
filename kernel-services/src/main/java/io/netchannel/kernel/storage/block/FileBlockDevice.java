package io.netchannel.kernel.storage.block;

import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A file, or a block device of the host, by threads that read and write for the loop: what is left where io_uring is
 * refused.
 *
 * <p>Threading: as {@link BlockDevice}.
 */
public final class FileBlockDevice implements BlockDevice {

    private final OpenFile file;

    private FileBlockDevice(final OpenFile file) {
        this.file = file;
    }

    /**
     * @param lost as in {@link BlockFiles#open}
     * @throws LinuxException if the file can't be opened
     * @throws IllegalArgumentException if it has not one whole block
     */
    public static FileBlockDevice open(final Path path, final BlockFileConfig config, final Consumer<String> lost) {
        return new FileBlockDevice(OpenFile.open(path, config, lost));
    }

    @Override
    public long capacityBytes() {
        return file.capacityBytes();
    }

    @Override
    public int blockBytes() {
        return file.config().blockBytes();
    }

    @Override
    public boolean isReadOnly() {
        return file.config().readOnly();
    }

    @Override
    public int queues() {
        return file.config().queues();
    }

    @Override
    public BlockQueue openQueue(final Region region, final int depth, final Doorbell wake,
            final BlockCompletion completion) {
        final BlockBounds bounds = new BlockBounds(this, region);
        BlockBounds.requireDepth(depth);
        file.addQueue();
        return new FileBlockQueue(file, bounds, depth, wake, completion);
    }

    @Override
    public void close() {
        file.close();
    }

    @Override
    public String toString() {
        return "threads on " + file;
    }
}
