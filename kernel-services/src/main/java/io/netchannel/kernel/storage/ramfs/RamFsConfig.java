package io.netchannel.kernel.storage.ramfs;

import java.time.InstantSource;

/**
 * Limits of a file system, and its clock.
 *
 * @param maxBytes of all files' pages; holes count nothing
 * @param maxInodes files, directories and symbolic links, the root included
 * @param clock for the times of files
 */
public record RamFsConfig(long maxBytes, int maxInodes, InstantSource clock) {

    public static final int DEFAULT_INODES = 1 << 20;

    public RamFsConfig {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes=" + maxBytes + " < MIN=0");
        }
        if (maxInodes < 1) {
            throw new IllegalArgumentException("maxInodes=" + maxInodes + " < MIN=1");
        }
    }

    /** With the system's clock, and room for {@link #DEFAULT_INODES}. */
    public static RamFsConfig ofBytes(final long maxBytes) {
        return new RamFsConfig(maxBytes, DEFAULT_INODES, InstantSource.system());
    }
}
