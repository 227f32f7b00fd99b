package io.netchannel.perf.blocks;

import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.NanoClock;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.kernel.storage.block.BlockCompletion;
import io.netchannel.kernel.storage.block.BlockDevice;
import io.netchannel.kernel.storage.block.BlockQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/**
 * Keeps a queue of one loop full: each completion submits the next request from the same buffer.
 *
 * <p>Threading: {@link #start}, {@link #stop}, {@link #ended}: any; the rest is the loop's.
 */
public final class QueueLoad implements BlockCompletion {

    /** What is asked of the device, over and over. */
    public enum Pattern {
        RANDOM_READ, RANDOM_WRITE, SEQUENTIAL_READ, SEQUENTIAL_WRITE;

        boolean isRandom() {
            return this == RANDOM_READ || this == RANDOM_WRITE;
        }

        boolean isWrite() {
            return this == RANDOM_WRITE || this == SEQUENTIAL_WRITE;
        }
    }

    private static final long MAX_LATENCY_NS = 100_000_000_000L;

    private final RunLoop loop;
    private final BlockQueue queue;
    private final Pattern pattern;
    private final int requestBytes;
    private final long requests;
    private final long buffers;
    private final SplittableRandom random;
    // Null if latencies are not kept: to read the clock twice costs as much as a tenth of a read from the page cache.
    private final Histogram latencies;
    private final long[] startsNs;
    private final NanoClock clock;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private boolean stopping;
    private long next;
    private long completed;
    private long failed;
    private int failure;

    /**
     * @param region has room for {@code depth} requests
     * @param keepsLatencies whether the time of each request is kept
     */
    public QueueLoad(final RunLoop loop, final BlockDevice device, final Region region, final Pattern pattern,
            final int requestBytes, final int depth, final long seed, final boolean keepsLatencies) {
        this.loop = loop;
        this.pattern = pattern;
        this.requestBytes = requestBytes;
        this.requests = device.capacityBytes() / requestBytes;
        this.buffers = region.allocate((long) depth * requestBytes, Math.max(4096, device.blockBytes()));
        this.random = new SplittableRandom(seed);
        this.latencies = keepsLatencies ? new Histogram(MAX_LATENCY_NS, 3) : null;
        this.startsNs = new long[depth];
        this.clock = loop.clock();
        this.queue = device.openQueue(region, depth, loop.wakeWord()::signal, this);
        loop.onClose(queue::close);
        loop.add(queue);
    }

    /** Begins; the loop must run. */
    public void start() {
        loop.execute(() -> {
            for (int slot = 0; slot < queue.depth(); slot++) {
                submit(slot);
            }
        });
    }

    /** Submits no more; {@link #ended} completes when nothing is outstanding. */
    public void stop() {
        loop.execute(() -> {
            stopping = true;
            endIfDone();
        });
    }

    public CompletableFuture<Void> ended() {
        return ended;
    }

    private void submit(final int slot) {
        final long request = pattern.isRandom() ? random.nextLong(requests) : next++ % requests;
        final long address = buffers + (long) slot * requestBytes;
        if (latencies != null) {
            startsNs[slot] = clock.nowNs();
        }
        final int refused = pattern.isWrite()
                ? queue.write(address, requestBytes, request * requestBytes, slot)
                : queue.read(address, requestBytes, request * requestBytes, slot);
        if (refused != BlockQueue.ACCEPTED) {
            fail(refused);
        }
    }

    @Override
    public void completed(final long token, final int result) {
        final int slot = (int) token;
        if (latencies != null) {
            latencies.recordValue(Math.min(MAX_LATENCY_NS, clock.nowNs() - startsNs[slot]));
        }
        completed++;
        if (result < 0) {
            fail(result);
        } else if (result != requestBytes) {
            failed++;
        }
        if (stopping) {
            endIfDone();
        } else {
            submit(slot);
        }
    }

    private void fail(final int negatedErrno) {
        failed++;
        failure = negatedErrno;
        stopping = true;
    }

    private void endIfDone() {
        if (queue.outstanding() == 0) {
            if (failure != 0) {
                ended.completeExceptionally(new LinuxException(pattern.isWrite() ? "write" : "read", queue.toString(),
                        -failure));
            } else {
                ended.complete(null);
            }
        }
    }

    // -- when it has ended

    public long completed() {
        return completed;
    }

    /** Requests that moved fewer bytes than they should. */
    public long failed() {
        return failed;
    }

    /** In ns; null if they were not kept. */
    public Histogram latencies() {
        return latencies;
    }
}
