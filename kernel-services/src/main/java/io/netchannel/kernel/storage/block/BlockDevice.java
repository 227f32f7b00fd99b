package io.netchannel.kernel.storage.block;

import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;

/**
 * A row of equal blocks.
 *
 * <p>Threading: any; a queue belongs to one loop.
 */
public interface BlockDevice extends AutoCloseable {

    /** Whole blocks; doesn't change. */
    long capacityBytes();

    /** Offsets, lengths and addresses of requests are multiples of it; a power of two, from 512 on. */
    int blockBytes();

    boolean isReadOnly();

    /** Queues that may be open at a time: one for each loop that uses the device. */
    int queues();

    /**
     * @param region that the buffers of the queue's requests lie in; the kernel may pin all of it until the queue closes
     * @param depth requests that may be outstanding, 1 to {@link BlockQueue#MAX_DEPTH}
     * @param wake rung, by any thread, when the queue's loop has to poll: {@code loop.wakeWord()::signal}
     * @throws IllegalArgumentException if the depth is out of range
     * @throws IllegalStateException if all queues are open, or the device is closed
     */
    BlockQueue openQueue(Region region, int depth, Doorbell wake, BlockCompletion completion);

    /** @throws IllegalStateException if a queue is open */
    @Override
    void close();
}
