package io.netchannel.kernel.storage.block;

import static io.netchannel.kernel.linux.IoUringFlags.*;

import io.netchannel.kernel.linux.BlockFileCalls;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.linux.SubmissionEntryLayout;
import io.netchannel.kernel.memory.Region;

/**
 * Requests of one loop as entries of one io_uring; {@link RingRequests} knows which.
 *
 * <pre>
 *   poll: take completions ──▶ publish what was submitted, enter the kernel once if there is any ──▶ take completions
 * </pre>
 * What the page cache has is complete when the kernel is left, and found by the same turn.
 *
 * <p>Before a sleep the eventfd is drained, then the rings are looked at. What the kernel has to say it says first in the
 * rings and then to the eventfd: either the look finds it, or the eventfd is readable.
 *
 * <p>Threading: that of the loop.
 */
final class IoUringBlockQueue implements BlockQueue {

    private static final int ENTRY_FLAGS = IOSQE_FIXED_FILE;
    private static final int PUNCH = BlockFileCalls.FALLOC_FL_PUNCH_HOLE | BlockFileCalls.FALLOC_FL_KEEP_SIZE;
    private static final int ZERO = BlockFileCalls.FALLOC_FL_ZERO_RANGE | BlockFileCalls.FALLOC_FL_KEEP_SIZE;
    private static final int BUFFER_SHIFT = Long.numberOfTrailingZeros(MAX_BUFFER_BYTES);

    private final OpenFile file;
    private final IoUring ring;
    private final SubmissionRing submission;
    private final RingRequests requests;
    private final CompletionRing completion;
    private final long regionAddress;
    private final boolean registered;
    private final BlockBounds bounds;
    private final int depth;
    private final boolean submissionThread;
    private final BlockCompletion listener;
    private boolean enabled;
    private boolean closing;
    private boolean closed;

    IoUringBlockQueue(final OpenFile file, final IoUring ring, final Region region, final boolean registered,
            final BlockBounds bounds, final int depth, final boolean submissionThread, final BlockCompletion listener) {
        this.file = file;
        this.ring = ring;
        this.submission = ring.submission();
        this.requests = new RingRequests(submission, depth);
        this.completion = ring.completion();
        this.regionAddress = region.address();
        this.registered = registered;
        this.bounds = bounds;
        this.depth = depth;
        this.submissionThread = submissionThread;
        this.listener = listener;
    }

    // -- requests

    @Override
    public int read(final long address, final int lengthBytes, final long offsetBytes, final long token) {
        final int refused = bounds.read(address, lengthBytes, offsetBytes);
        return refused != 0
                ? refused
                : transfer(IORING_OP_READ, IORING_OP_READ_FIXED, address, lengthBytes, offsetBytes, token);
    }

    @Override
    public int write(final long address, final int lengthBytes, final long offsetBytes, final long token) {
        final int refused = bounds.write(address, lengthBytes, offsetBytes);
        return refused != 0
                ? refused
                : transfer(IORING_OP_WRITE, IORING_OP_WRITE_FIXED, address, lengthBytes, offsetBytes, token);
    }

    private int transfer(final int opcode, final int fixedOpcode, final long address, final int lengthBytes,
            final long offsetBytes, final long token) {
        final long first = address - regionAddress;
        final int buffer = (int) (first >>> BUFFER_SHIFT);
        final boolean fixed = registered && buffer == (int) (first + lengthBytes - 1 >>> BUFFER_SHIFT);
        return submit(fixed ? fixedOpcode : opcode, offsetBytes, address, lengthBytes, 0, token, fixed ? buffer : 0);
    }

    @Override
    public int flush(final long token) {
        return submit(IORING_OP_FSYNC, 0, 0, 0, IORING_FSYNC_DATASYNC, token, 0);
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes, final long token) {
        final int refused = bounds.range(offsetBytes, lengthBytes);
        return refused != 0 ? refused : submit(IORING_OP_FALLOCATE, offsetBytes, lengthBytes, PUNCH, 0, token, 0);
    }

    @Override
    public int writeZeroes(final long offsetBytes, final long lengthBytes, final long token) {
        final int refused = bounds.range(offsetBytes, lengthBytes);
        return refused != 0 ? refused : submit(IORING_OP_FALLOCATE, offsetBytes, lengthBytes, ZERO, 0, token, 0);
    }

    private int submit(final int opcode, final long offsetBytes, final long address, final int length, final int flags,
            final long token, final int buffer) {
        if (closing) {
            return -Errno.ENODEV;
        }
        return requests.add(SubmissionEntryLayout.operation(opcode, ENTRY_FLAGS, 0), offsetBytes, address,
                SubmissionEntryLayout.length(length, flags), token, buffer) ? ACCEPTED : FULL;
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public int outstanding() {
        return requests.outstanding();
    }

    // -- the loop's turn

    @Override
    public int poll(final long nowNs) {
        if (requests.outstanding() == 0) {
            return 0;
        }
        if (!enabled) {
            enable();
        }
        final int taken = takeCompletions();
        final int published = submission.publish();
        if (submissionThread) {
            if (published > 0 && submission.needsWakeUp()) {
                enter(0, 0, IORING_ENTER_SQ_WAKEUP);
            }
            return taken + published;
        }
        final int pending = submission.pending();
        if (pending > 0 || submission.hasTaskWork()) {
            return taken + enter(pending, 0, IORING_ENTER_GETEVENTS) + takeCompletions();
        }
        return taken;
    }

    private void enable() {
        // Not before the loop's own thread comes by: it becomes the ring's single issuer.
        ring.enable();
        enabled = true;
    }

    /** @return submissions taken */
    private int enter(final int pending, final int minComplete, final int flags) {
        final int result = ring.enter(pending, minComplete, flags);
        if (result >= 0) {
            return result;
        }
        // No memory for a request just now, or a signal: they stay in the ring, and the next turn tries again.
        if (result == -Errno.EAGAIN || result == -Errno.EBUSY || result == -Errno.EINTR) {
            return 0;
        }
        throw new LinuxException("io_uring_enter", file.toString(), -result);
    }

    /** A turn takes what was there when it began, so that a listener that submits doesn't keep it. */
    private int takeCompletions() {
        final int most = requests.outstanding();
        int taken = 0;
        try {
            while (taken < most && completion.next()) {
                taken++;
                final long slot = completion.userData();
                final int result = completion.result();
                if (requests.complete(slot, result)) {
                    listener.completed(requests.token(slot), result);
                }
            }
        } finally {
            completion.release();
        }
        return taken;
    }

    // -- sleep

    @Override
    public boolean arm() {
        if (requests.outstanding() == 0) {
            return true;
        }
        if (submission.hasUnpublished()) {
            return false;
        }
        ring.drainEventFd();
        return completion.isEmpty() && !submission.hasTaskWork() && (submissionThread || submission.pending() == 0);
    }

    @Override
    public int wakeFd() {
        return requests.outstanding() == 0 ? -1 : ring.eventFd();
    }

    // -- the end

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closing = true;
        if (requests.outstanding() > 0 && !enabled) {
            enable();
        }
        while (requests.outstanding() > 0) {
            submission.publish();
            final int wakeUp = submissionThread && submission.needsWakeUp() ? IORING_ENTER_SQ_WAKEUP : 0;
            enter(submissionThread ? 0 : submission.pending(), 1, IORING_ENTER_GETEVENTS | wakeUp);
            takeCompletions();
        }
        closed = true;
        ring.close();
        file.removeQueue();
    }

    @Override
    public String toString() {
        return "queue of " + file;
    }
}
