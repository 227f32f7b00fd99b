package io.netchannel.kernel.storage.mapped;

import io.netchannel.kernel.linux.LinuxException;
import java.nio.ByteBuffer;

/**
 * A file whose bytes are memory.
 *
 * <p>Threading: {@link #force} from any thread, while others store to what they don't want forced.
 */
public interface StoredFile extends AutoCloseable {

    String name();

    /** Of the first byte; a multiple of the page size. */
    long address();

    int sizeBytes();

    /** The file as a buffer, with a position of its own for each caller; in native byte order. */
    ByteBuffer buffer();

    /**
     * Returns when the range, which was stored before, is on the disk.
     *
     * @throws LinuxException if it isn't; Linux may have given up on the pages then, and a second call that succeeds
     * proves nothing
     */
    void force(int offsetBytes, int lengthBytes);

    /** Unmaps: nobody may touch the address any more. */
    @Override
    void close();
}
