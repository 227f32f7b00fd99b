package io.netchannel.kernel.storage.block;

import io.netchannel.kernel.linux.Errno;

/**
 * The requests of one io_uring, each in a slot whose number is its entry's user data. A slot holds what the entry held, as the
 * entry's place in the ring is soon another's: a request that a signal has kept from being carried out is submitted again.
 *
 * <p>Threading: that of the loop.
 */
final class RingRequests {

    private final SubmissionRing submission;
    private final long[] operations;
    private final long[] offsets;
    private final long[] addresses;
    private final long[] lengths;
    private final int[] buffers;
    private final long[] tokens;
    private final int[] free;
    private int freeCount;

    /**
     * @param submission has room for {@code depth} entries
     * @param depth requests at once
     */
    RingRequests(final SubmissionRing submission, final int depth) {
        this.submission = submission;
        operations = new long[depth];
        offsets = new long[depth];
        addresses = new long[depth];
        lengths = new long[depth];
        buffers = new int[depth];
        tokens = new long[depth];
        free = new int[depth];
        for (int slot = depth - 1; slot >= 0; slot--) {
            free[freeCount++] = slot;
        }
    }

    int outstanding() {
        return free.length - freeCount;
    }

    /** The parameters are those of {@link SubmissionRing#add}. @return false if there is no slot */
    boolean add(final long operation, final long offset, final long address, final long length, final long token,
            final int buffer) {
        if (freeCount == 0) {
            return false;
        }
        final int slot = free[freeCount - 1];
        operations[slot] = operation;
        offsets[slot] = offset;
        addresses[slot] = address;
        lengths[slot] = length;
        tokens[slot] = token;
        buffers[slot] = buffer;
        if (!submit(slot)) {
            return false;
        }
        freeCount--;
        return true;
    }

    private boolean submit(final int slot) {
        return submission.add(operations[slot], offsets[slot], addresses[slot], lengths[slot], slot, buffers[slot]);
    }

    /**
     * A completion has come.
     *
     * @param slot its user data
     * @return whether the request is over; if not, it was added again
     */
    boolean complete(final long slot, final int result) {
        // The kernel's workers get signals, too; a request is carried out all the same, as by threads.
        if (result == -Errno.EINTR && submit((int) slot)) {
            return false;
        }
        free[freeCount++] = (int) slot;
        return true;
    }

    /** Of a request that has just completed. */
    long token(final long slot) {
        return tokens[(int) slot];
    }
}
