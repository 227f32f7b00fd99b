package io.netchannel.perf.services;

import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.sched.SystemNanoClock;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.BitSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntFunction;

/**
 * Threads that take buffers and give them back, as fast as they can, each on a CPU of its own.
 *
 * <p>Threading: confined to its caller; it starts its own threads and waits for them.
 */
final class BufferWorkload {

    /** Buffers that are out at a time: a burst of packets. */
    static final int BURST = 32;

    /** Bytes of each. */
    static final int BUFFER_BYTES = 4096;

    private static final int BURSTS_BETWEEN_LOOKS = 64;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** One thread's allocator; a class of its own for each, so that none disturbs the other's compiled code. */
    @FunctionalInterface
    interface Allocator {

        /** So many times {@link #BURST} buffers out and back. */
        void run(int bursts);
    }

    private final int[] cpus;

    /** @param cpus as many as there will be threads */
    BufferWorkload(final int... cpus) {
        this.cpus = cpus;
    }

    /**
     * @param allocators called on the thread with its number
     * @return nanoseconds of its CPU for a buffer out and back, the mean of the threads: what others run there meanwhile doesn't
     * count
     */
    double measure(final int threads, final long durationNs, final IntFunction<Allocator> allocators)
            throws InterruptedException {
        final CyclicBarrier barrier = new CyclicBarrier(threads);
        final double[] results = new double[threads];
        final Thread[] running = new Thread[threads];
        final Throwable[] failures = new Throwable[threads];
        for (int i = 0; i < threads; i++) {
            final int index = i;
            // Netty's allocators keep buffers for each of these, as for its event loops.
            running[i] = new FastThreadLocalThread(() -> {
                try {
                    results[index] = measureOne(index, durationNs, allocators.apply(index), barrier);
                } catch (final Throwable e) {
                    failures[index] = e;
                }
            });
            running[i].start();
        }
        double sum = 0;
        for (int i = 0; i < threads; i++) {
            running[i].join();
            if (failures[i] != null) {
                throw new IllegalStateException(failures[i]);
            }
            sum += results[i];
        }
        return sum / threads;
    }

    private double measureOne(final int index, final long durationNs, final Allocator allocator,
            final CyclicBarrier barrier) throws InterruptedException, BrokenBarrierException {
        final BitSet own = new BitSet();
        own.set(cpus[index]);
        Linux.setAffinity(own);
        barrier.await();
        final long startNs = SystemNanoClock.INSTANCE.nowNs();
        // Not measured: the others may not have begun.
        final long fromNs = startNs + durationNs / 10;
        while (SystemNanoClock.INSTANCE.nowNs() < fromNs) {
            allocator.run(BURSTS_BETWEEN_LOOKS);
        }
        final long beginNs = SystemNanoClock.INSTANCE.nowNs();
        final long beginCpuNs = THREADS.getCurrentThreadCpuTime();
        long nowNs = beginNs;
        long buffers = 0;
        while (nowNs - beginNs < durationNs) {
            allocator.run(BURSTS_BETWEEN_LOOKS);
            buffers += (long) BURSTS_BETWEEN_LOOKS * BURST;
            nowNs = SystemNanoClock.INSTANCE.nowNs();
        }
        return (double) (THREADS.getCurrentThreadCpuTime() - beginCpuNs) / buffers;
    }
}
