package io.netchannel.kernel.storage.block;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A file, or a block device of the host, by io_uring: a ring for each queue.
 *
 * <p>Threading: as {@link BlockDevice}.
 */
public final class IoUringBlockDevice implements BlockDevice {

    private final OpenFile file;
    private final Consumer<String> lost;
    private boolean lostBuffers;

    private IoUringBlockDevice(final OpenFile file, final Consumer<String> lost) {
        this.file = file;
        this.lost = lost;
    }

    /**
     * @param lost as in {@link BlockFiles#open}; also called when a queue is opened
     * @throws LinuxException if the file can't be opened
     * @throws IllegalArgumentException if it has not one whole block
     */
    public static IoUringBlockDevice open(final Path path, final BlockFileConfig config,
            final Consumer<String> lost) {
        return new IoUringBlockDevice(OpenFile.open(path, config, lost), lost);
    }

    /** Why this process can't have an io_uring, in the kernel's words; null if it can. */
    public static String unavailability() {
        try {
            IoUring.open(1, false).close();
            return null;
        } catch (final LinuxException refused) {
            return refused.getMessage();
        }
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

    /** @throws LinuxException if the kernel refuses another ring */
    @Override
    public BlockQueue openQueue(final Region region, final int depth, final Doorbell wake,
            final BlockCompletion completion) {
        final BlockBounds bounds = new BlockBounds(this, region);
        BlockBounds.requireDepth(depth);
        file.addQueue();
        try {
            return openRing(region, depth, bounds, completion);
        } catch (final RuntimeException failed) {
            file.removeQueue();
            throw failed;
        }
    }

    // The ring's eventfd is what wakes the loop; nobody has to ring for it.
    private BlockQueue openRing(final Region region, final int depth, final BlockBounds bounds,
            final BlockCompletion completion) {
        final boolean submissionThread = file.config().submissionThread();
        final IoUring ring = IoUring.open(depth, submissionThread);
        try {
            ring.registerFile(file.fd());
            final int refused = ring.registerBuffers(region);
            if (refused < 0) {
                tellOfBuffers(new LinuxException("io_uring_register", region.toString(), -refused));
            }
            return new IoUringBlockQueue(file, ring, region, refused == 0, bounds, depth, submissionThread,
                    completion);
        } catch (final RuntimeException failed) {
            ring.close();
            throw failed;
        }
    }

    private synchronized void tellOfBuffers(final LinuxException refused) {
        if (!lostBuffers) {
            lostBuffers = true;
            lost.accept(
                    file + ": buffers are not registered (" + refused.getMessage() + "), and looked up for each request"
                            + (refused.errno() == Errno.ENOMEM ? "; raise RLIMIT_MEMLOCK" : ""));
        }
    }

    @Override
    public void close() {
        file.close();
    }

    @Override
    public String toString() {
        return "io_uring on " + file;
    }
}
