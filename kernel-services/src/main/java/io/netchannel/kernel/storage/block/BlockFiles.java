package io.netchannel.kernel.storage.block;

import io.netchannel.kernel.linux.LinuxException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Opens files as block devices. */
public final class BlockFiles {

    private BlockFiles() {
    }

    /**
     * By io_uring, and where that is refused by threads.
     *
     * @param lost told, in a line each and once each, of what this machine or file hasn't and what is done instead
     * @throws LinuxException if the file can't be opened
     * @throws IllegalArgumentException if it has not one whole block
     */
    public static BlockDevice open(final Path path, final BlockFileConfig config, final Consumer<String> lost) {
        final String refused = IoUringBlockDevice.unavailability();
        if (refused == null) {
            return IoUringBlockDevice.open(path, config, lost);
        }
        lost.accept(path + ": no io_uring (" + refused + "); each queue reads and writes by " + config.helperThreads()
                + " threads, at several times the CPU for each block");
        return FileBlockDevice.open(path, config, lost);
    }
}
