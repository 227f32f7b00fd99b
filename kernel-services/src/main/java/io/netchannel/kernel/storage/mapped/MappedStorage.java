package io.netchannel.kernel.storage.mapped;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.LinuxException;
import java.util.List;

/**
 * A directory of mapped files.
 *
 * <p>What failed is said by a {@link LinuxException}: its errno counts, also where no kernel is below.
 *
 * <p>Threading: each call from one thread at a time, and not two on the same name.
 */
public interface MappedStorage extends AutoCloseable {

    /** The memory behind {@link StoredFile#address}: all stores go through it. */
    OrderedMemory memory();

    /** Names of the files, in no order. */
    List<String> names();

    /**
     * Makes a file of zeros, with all its space taken: a store to it never fails for want of space. Durable after
     * {@link #syncNames} and a {@link StoredFile#force}.
     *
     * @throws LinuxException with {@code ENOSPC} if the disk is full; there is no file then
     */
    StoredFile create(String name, int sizeBytes);

    /** Maps a file as long as it is; one that is empty has no address. */
    StoredFile open(String name);

    /** Replaces a file of that name. Durable after {@link #syncNames}. */
    void rename(String from, String to);

    /** Its mappings stay. Durable after {@link #syncNames}. */
    void delete(String name);

    /** Waits until what was made, renamed and deleted is so after a power cut, too. */
    void syncNames();

    @Override
    void close();
}
