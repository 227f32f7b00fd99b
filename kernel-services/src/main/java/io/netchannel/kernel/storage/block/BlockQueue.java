package io.netchannel.kernel.storage.block;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.sched.Poller;

/**
 * One loop's way to a block device: requests go out together at the end of {@link #poll}, completions come back by it.
 *
 * <p>Each request is refused at once, with a negated errno, or completes once through the queue's
 * {@link BlockCompletion}, in any order:
 * <ul>
 * <li>{@link #FULL}: as many are outstanding as may be; completions make room;
 * <li>{@code -EINVAL}: the range is not whole blocks of the device, the length is 0 or above
 * {@link BlockBounds#MAX_TRANSFER_BYTES}, or the buffer is not in the region or not aligned to a block;
 * <li>{@code -EROFS}: a change of a read-only device;
 * <li>{@code -ENODEV}: the queue is closed.
 * </ul>
 * A buffer belongs to the device from submission to completion. Requests that overlap and are outstanding together take
 * effect in any order, each block as one of them has it.
 *
 * <p>Threading: the thread of the loop that polls it, from the first request on; {@link #close} too, for instance in
 * {@code RunLoop.onClose}.
 */
public interface BlockQueue extends Poller, AutoCloseable {

    /** Bound of {@link #depth}. */
    int MAX_DEPTH = 4096;

    /** What a request returns that will complete. */
    int ACCEPTED = 0;

    /** What a request returns for which there is no room. */
    int FULL = -Errno.EAGAIN;

    int read(long address, int lengthBytes, long offsetBytes, long token);

    int write(long address, int lengthBytes, long offsetBytes, long token);

    /** When it completes, what writes had changed that completed before this call survives a loss of power. */
    int flush(long token);

    /** The contents are of no use any more: space may go back, and what is read there is zero. */
    int discard(long offsetBytes, long lengthBytes, long token);

    /** As a write of zeroes, whose space stays. */
    int writeZeroes(long offsetBytes, long lengthBytes, long token);

    /** Requests that may be outstanding. */
    int depth();

    int outstanding();

    /** Waits for what is outstanding and tells of it; requests of completions are refused. Idempotent. */
    @Override
    void close();
}
