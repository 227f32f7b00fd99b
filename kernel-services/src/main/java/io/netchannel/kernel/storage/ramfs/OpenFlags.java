package io.netchannel.kernel.storage.ramfs;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** How a file is opened; what the options of {@code java.nio.file} come to. */
record OpenFlags(boolean read, boolean write, boolean append, boolean truncate, boolean create, boolean createNew,
        boolean deleteOnClose, boolean followLinks) {

    /**
     * @throws UnsupportedOperationException for an option that isn't known
     * @throws IllegalArgumentException for options that exclude each other
     */
    static OpenFlags of(final Set<? extends OpenOption> options) {
        for (final OpenOption option : options) {
            if (option == null) {
                throw new NullPointerException("option");
            }
            if (!(option instanceof StandardOpenOption) && option != LinkOption.NOFOLLOW_LINKS) {
                throw new UnsupportedOperationException(option + " not supported");
            }
        }
        final boolean append = options.contains(StandardOpenOption.APPEND);
        final boolean write = append || options.contains(StandardOpenOption.WRITE);
        final boolean read = options.contains(StandardOpenOption.READ) || !write;
        final boolean truncate = options.contains(StandardOpenOption.TRUNCATE_EXISTING);
        if (read && append) {
            throw new IllegalArgumentException("READ + APPEND not allowed");
        }
        if (append && truncate) {
            throw new IllegalArgumentException("APPEND + TRUNCATE_EXISTING not allowed");
        }
        final boolean createNew = write && options.contains(StandardOpenOption.CREATE_NEW);
        return new OpenFlags(read, write, append, write && truncate, write && options.contains(
                StandardOpenOption.CREATE), createNew, options.contains(StandardOpenOption.DELETE_ON_CLOSE),
                // Who deletes what he has opened wants to have opened what is deleted.
                options.contains(StandardOpenOption.CREATE_NEW) || !options.contains(LinkOption.NOFOLLOW_LINKS)
                        && !options.contains(StandardOpenOption.DELETE_ON_CLOSE));
    }

    boolean creates() {
        return create || createNew;
    }
}
