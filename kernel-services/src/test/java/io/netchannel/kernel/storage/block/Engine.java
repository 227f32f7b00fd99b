package io.netchannel.kernel.storage.block;

import io.netchannel.kernel.Needs;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The ways to have a file as a block device that are tested alike. */
enum Engine {
    URING_DIRECT, URING_CACHED, URING_SUBMISSION_THREAD, FILE_DIRECT, FILE_CACHED;

    BlockDevice open(final Path path, final BlockFileConfig config, final Consumer<String> lost) {
        final boolean direct = this == URING_DIRECT || this == FILE_DIRECT;
        final BlockFileConfig own = config.withDirect(direct).withSubmissionThread(this == URING_SUBMISSION_THREAD)
                .withHelperThreads(2);
        if (this == FILE_DIRECT || this == FILE_CACHED) {
            return FileBlockDevice.open(path, own, lost);
        }
        Needs.need(IoUringBlockDevice.unavailability() == null, "io_uring");
        return IoUringBlockDevice.open(path, own, lost);
    }
}
