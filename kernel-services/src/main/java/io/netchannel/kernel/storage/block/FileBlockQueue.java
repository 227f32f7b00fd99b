package io.netchannel.kernel.storage.block;

import io.netchannel.kernel.linux.BlockFileCalls;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.sched.Doorbell;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jctools.queues.varhandle.SpmcVarHandleArrayQueue;

/**
 * Requests of one loop, carried out by threads that wait for the file.
 *
 * <pre>
 *   loop ──▶ submitted (one producer) ──▶ helper threads: pread, pwrite, fdatasync, fallocate
 *    ▲                                         │
 *    └── bell ◀── finished (one consumer) ◀────┘
 * </pre>
 * The queues' own publication carries a request's fields and its buffer's bytes from thread to thread.
 *
 * <p>Threading: that of the loop; the helpers touch a request between the two queues only.
 */
final class FileBlockQueue implements BlockQueue {

    private enum Kind {
        READ, WRITE, FLUSH, DISCARD, WRITE_ZEROES
    }

    /** One request; used again. */
    private static final class Request {
        private Kind kind;
        private long address;
        private long lengthBytes;
        private long offsetBytes;
        private long token;
        private int result;
    }

    private static final int PUNCH = BlockFileCalls.FALLOC_FL_PUNCH_HOLE | BlockFileCalls.FALLOC_FL_KEEP_SIZE;
    private static final int ZERO = BlockFileCalls.FALLOC_FL_ZERO_RANGE | BlockFileCalls.FALLOC_FL_KEEP_SIZE;

    private final OpenFile file;
    private final BlockBounds bounds;
    private final int depth;
    private final Doorbell wake;
    private final BlockCompletion listener;
    private final ArrayDeque<Request> free;
    private final SpmcVarHandleArrayQueue<Request> submitted;
    private final MpscVarHandleArrayQueue<Request> finished;
    // One permit for each request in the queue, and one for each helper that is to end.
    private final Semaphore work = new Semaphore(0);
    private final Thread[] helpers;
    private int handedOver;
    private int outstanding;
    private boolean closing;
    private boolean closed;

    FileBlockQueue(final OpenFile file, final BlockBounds bounds, final int depth, final Doorbell wake,
            final BlockCompletion listener) {
        this.file = file;
        this.bounds = bounds;
        this.depth = depth;
        this.wake = wake;
        this.listener = listener;
        free = new ArrayDeque<>(depth);
        for (int i = 0; i < depth; i++) {
            free.push(new Request());
        }
        // Both take all that can be outstanding, so that neither is ever full.
        submitted = new SpmcVarHandleArrayQueue<>(Math.max(2, depth));
        finished = new MpscVarHandleArrayQueue<>(Math.max(2, depth));
        helpers = new Thread[file.config().helperThreads()];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = Thread.ofPlatform().daemon().name("block-" + i + " " + file).start(this::help);
        }
    }

    // -- requests

    @Override
    public int read(final long address, final int lengthBytes, final long offsetBytes, final long token) {
        return submit(Kind.READ, bounds.read(address, lengthBytes, offsetBytes), address, lengthBytes, offsetBytes,
                token);
    }

    @Override
    public int write(final long address, final int lengthBytes, final long offsetBytes, final long token) {
        return submit(Kind.WRITE, bounds.write(address, lengthBytes, offsetBytes), address, lengthBytes, offsetBytes,
                token);
    }

    @Override
    public int flush(final long token) {
        return submit(Kind.FLUSH, 0, 0, 0, 0, token);
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes, final long token) {
        return submit(Kind.DISCARD, bounds.range(offsetBytes, lengthBytes), 0, lengthBytes, offsetBytes, token);
    }

    @Override
    public int writeZeroes(final long offsetBytes, final long lengthBytes, final long token) {
        return submit(Kind.WRITE_ZEROES, bounds.range(offsetBytes, lengthBytes), 0, lengthBytes, offsetBytes, token);
    }

    private int submit(final Kind kind, final int refused, final long address, final long lengthBytes,
            final long offsetBytes, final long token) {
        if (refused != 0) {
            return refused;
        }
        if (closing) {
            return -Errno.ENODEV;
        }
        final Request request = free.poll();
        if (request == null) {
            return FULL;
        }
        request.kind = kind;
        request.address = address;
        request.lengthBytes = lengthBytes;
        request.offsetBytes = offsetBytes;
        request.token = token;
        submitted.offer(request);
        handedOver++;
        outstanding++;
        return ACCEPTED;
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public int outstanding() {
        return outstanding;
    }

    // -- the loop's turn

    @Override
    public int poll(final long nowNs) {
        if (outstanding == 0) {
            return 0;
        }
        final int taken = takeFinished();
        final int given = handedOver;
        if (given > 0) {
            handedOver = 0;
            work.release(given);
        }
        return taken + given;
    }

    private int takeFinished() {
        final int most = outstanding;
        int taken = 0;
        Request request;
        while (taken < most && (request = finished.poll()) != null) {
            taken++;
            outstanding--;
            final long token = request.token;
            final int result = request.result;
            free.push(request);
            listener.completed(token, result);
        }
        return taken;
    }

    @Override
    public boolean arm() {
        return handedOver == 0 && finished.isEmpty();
    }

    // -- the helpers

    private void help() {
        while (true) {
            work.acquireUninterruptibly();
            final Request request = submitted.poll();
            if (request == null) {
                return;
            }
            request.result = carryOut(request);
            finished.offer(request);
            wake.ring();
        }
    }

    private int carryOut(final Request request) {
        long result;
        do {
            result = call(request);
        } while (result == -Errno.EINTR);
        return (int) result;
    }

    private long call(final Request request) {
        final int fd = file.fd();
        return switch (request.kind) {
            case READ -> BlockFileCalls.pread(fd, request.address, request.lengthBytes, request.offsetBytes);
            case WRITE -> BlockFileCalls.pwrite(fd, request.address, request.lengthBytes, request.offsetBytes);
            case FLUSH -> BlockFileCalls.fdatasync(fd);
            case DISCARD -> BlockFileCalls.fallocate(fd, PUNCH, request.offsetBytes, request.lengthBytes);
            case WRITE_ZEROES -> BlockFileCalls.fallocate(fd, ZERO, request.offsetBytes, request.lengthBytes);
        };
    }

    // -- the end

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closing = true;
        // The helpers end when they find nothing: behind all that was submitted.
        work.release(handedOver + helpers.length);
        handedOver = 0;
        for (final Thread helper : helpers) {
            joinUninterruptibly(helper);
        }
        takeFinished();
        closed = true;
        file.removeQueue();
    }

    private static void joinUninterruptibly(final Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException ignored) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "queue of " + file;
    }
}
