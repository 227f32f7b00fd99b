package io.netchannel.perf.netperf;

import io.netchannel.cpu.HostMemory;
import io.netchannel.perf.netperf.host.Payload;
import io.netchannel.perf.netperf.role.Latencies;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The ceiling: a pipe between two threads, a copy in and a copy out of messages of the same size, and nothing else. No path
 * by which an application gets its bytes copied by the other side's core can be faster. One whose receiver reads in place, or
 * doesn't look at what came, can: the copy out is where bytes cross from one core's cache to the other's.
 */
final class MemoryPath implements NetperfPath {

    static final String NAME = "memory";

    /** Stays in a core's second-level cache, as a socket's buffer would at best. */
    private static final int PIPE_BYTES = 1 << 18;
    // Far enough apart to lie on lines of their own.
    private static final int WRITTEN = 16;
    private static final int READ = 48;
    private static final int SPINS = 64;
    private static final long RAMP_NS = 20_000_000L;
    // A window in which neither thread got a CPU says nothing: so many in a row are made one.
    private static final int MAX_WINDOWS = 20;

    private final MemorySegment pipe = Arena.ofAuto().allocate(PIPE_BYTES, 128);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean supports(final TestCase testCase) {
        return testCase.test() == NetperfTest.TCP_STREAM && testCase.connections() == 1
                && testCase.idle() == 0;
    }

    @Override
    public Measurement run(final TestCase testCase, final long durationNs) {
        final Pipe running = new Pipe(testCase.messageBytes());
        final Thread writer = Thread.ofPlatform().name("memory-client").daemon().start(running::write);
        final Thread reader = Thread.ofPlatform().name("memory-server").daemon().start(running::read);
        sleep(RAMP_NS);
        final long before = running.positions.getAcquire(READ);
        final ResourceSample start = ResourceSample.now();
        long bytes = 0;
        for (int i = 0; i < MAX_WINDOWS && bytes == 0; i++) {
            sleep(durationNs);
            bytes = running.positions.getAcquire(READ) - before;
        }
        final ResourceSample end = ResourceSample.now();
        running.stopped = true;
        join(writer);
        join(reader);
        return new Measurement(end.since(start), bytes, bytes, bytes / testCase.messageBytes(),
                bytes / testCase.messageBytes(), Latencies.newHistogram(1));
    }

    private static void sleep(final long durationNs) {
        final long endNs = System.nanoTime() + durationNs;
        for (long left; (left = endNs - System.nanoTime()) > 0 && !Thread.currentThread().isInterrupted();) {
            LockSupport.parkNanos(left);
        }
    }

    private static void join(final Thread thread) {
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        // Its threads end with each run.
    }

    private final class Pipe {

        private final int messageBytes;
        private final Payload message;
        private final MemorySegment out;
        // Bytes in and out so far, each written by its side.
        private final AtomicLongArray positions = new AtomicLongArray(64);
        private volatile boolean stopped;

        Pipe(final int messageBytes) {
            this.messageBytes = messageBytes;
            this.message = new Payload(messageBytes);
            this.out = Arena.ofAuto().allocate(messageBytes, Long.BYTES);
        }

        void write() {
            long position = 0;
            long limit = PIPE_BYTES;
            while (!stopped) {
                for (int done = 0; done < messageBytes;) {
                    final int bytes = chunk(position, messageBytes - done);
                    int spins = 0;
                    while (position + bytes > limit) {
                        limit = positions.getAcquire(READ) + PIPE_BYTES;
                        if (stopped) {
                            return;
                        }
                        spins = pause(spins);
                    }
                    HostMemory.INSTANCE.copy(message.address() + done, at(position), bytes);
                    position += bytes;
                    done += bytes;
                    positions.setRelease(WRITTEN, position);
                }
            }
        }

        void read() {
            long position = 0;
            int done = 0;
            int spins = 0;
            while (!stopped) {
                final long available = positions.getAcquire(WRITTEN) - position;
                if (available == 0) {
                    spins = pause(spins);
                    continue;
                }
                spins = 0;
                final int bytes = (int) Math.min(chunk(position, messageBytes - done), available);
                HostMemory.INSTANCE.copy(at(position), out.address() + done, bytes);
                position += bytes;
                done = done + bytes == messageBytes ? 0 : done + bytes;
                positions.setRelease(READ, position);
            }
        }

        /** Up to the end of the pipe, and a quarter of it at most, so that both sides are at work. */
        private int chunk(final long position, final int wanted) {
            final int untilEnd = PIPE_BYTES - (int) (position & PIPE_BYTES - 1);
            return Math.min(Math.min(wanted, untilEnd), PIPE_BYTES / 4);
        }

        private long at(final long position) {
            return pipe.address() + (position & PIPE_BYTES - 1);
        }

        private int pause(final int spins) {
            if (spins < SPINS) {
                Thread.onSpinWait();
                return spins + 1;
            }
            Thread.yield();
            return 0;
        }
    }
}
