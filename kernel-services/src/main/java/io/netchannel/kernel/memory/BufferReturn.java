package io.netchannel.kernel.memory;

/** Where a pool sends a buffer that belongs to another thread's pool. Called from the thread that released it. */
@FunctionalInterface
public interface BufferReturn {

    /** Takes over the buffer; always succeeds: the way back is as long as there are buffers. */
    void giveBack(int bufferIndex);
}
