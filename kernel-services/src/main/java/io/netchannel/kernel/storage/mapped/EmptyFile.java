package io.netchannel.kernel.storage.mapped;

import java.nio.ByteBuffer;

/** A file without bytes, which Linux maps none of. */
record EmptyFile(String name) implements StoredFile {

    @Override
    public long address() {
        return 0;
    }

    @Override
    public int sizeBytes() {
        return 0;
    }

    @Override
    public ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(0);
    }

    @Override
    public void force(final int offsetBytes, final int lengthBytes) {
        // Nothing to write.
    }

    @Override
    public void close() {
        // Nothing to unmap.
    }
}
