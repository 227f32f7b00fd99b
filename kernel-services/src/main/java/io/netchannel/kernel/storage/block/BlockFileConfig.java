package io.netchannel.kernel.storage.block;

/**
 * How a file is to be a block device.
 *
 * @param blockBytes a power of two; with {@code direct} no less than the file system's device takes
 * @param readOnly opened for reading only
 * @param direct past the page cache, where the file system has that
 * @param queues that may be open at a time, 1 to {@link #MAX_QUEUES}
 * @param submissionThread whether a kernel thread takes a queue's submissions: no system call, but a CPU
 * @param helperThreads for each queue, where io_uring can't be had; 1 to {@link #MAX_HELPER_THREADS}
 */
public record BlockFileConfig(int blockBytes, boolean readOnly, boolean direct, int queues, boolean submissionThread,
        int helperThreads) {

    public static final int MAX_QUEUES = 256;
    public static final int MAX_HELPER_THREADS = 64;

    /** Blocks of 4 KiB, written and read, past the page cache, by any number of loops. */
    public static final BlockFileConfig DEFAULT = new BlockFileConfig(4096, false, true, MAX_QUEUES, false, 4);

    public BlockFileConfig {
        BlockBounds.requireBlockBytes(blockBytes);
        requireWithin("queues", queues, MAX_QUEUES);
        requireWithin("helperThreads", helperThreads, MAX_HELPER_THREADS);
    }

    private static void requireWithin(final String name, final int value, final int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + "=" + value + " is not within 1.." + max);
        }
    }

    public BlockFileConfig withBlockBytes(final int bytes) {
        return new BlockFileConfig(bytes, readOnly, direct, queues, submissionThread, helperThreads);
    }

    public BlockFileConfig withReadOnly(final boolean only) {
        return new BlockFileConfig(blockBytes, only, direct, queues, submissionThread, helperThreads);
    }

    public BlockFileConfig withDirect(final boolean on) {
        return new BlockFileConfig(blockBytes, readOnly, on, queues, submissionThread, helperThreads);
    }

    public BlockFileConfig withQueues(final int count) {
        return new BlockFileConfig(blockBytes, readOnly, direct, count, submissionThread, helperThreads);
    }

    public BlockFileConfig withSubmissionThread(final boolean on) {
        return new BlockFileConfig(blockBytes, readOnly, direct, queues, on, helperThreads);
    }

    public BlockFileConfig withHelperThreads(final int count) {
        return new BlockFileConfig(blockBytes, readOnly, direct, queues, submissionThread, count);
    }
}
