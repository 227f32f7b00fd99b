package io.netchannel.perf.conventional;

import io.netchannel.kernel.memory.BufferReturn;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.WakeWord;

/**
 * How buffers go back to the pool that they came from, as to a kernel's allocator: each who releases collects a batch of its
 * own, and hands it over under the owner's lock.
 *
 * <p>Threading: each method says.
 */
final class BufferReturns {

    private static final int BATCH = 32;

    private final SpinLock lock = new SpinLock();
    private final PacketQueue returned;
    private final WakeWord wake;
    private final long[] burst = new long[BATCH];
    // Written under the lock; a look without it may be late, and the next one sees it.
    private volatile int waiting;

    /** @param wake of the owner's loop, which may sleep for want of buffers */
    BufferReturns(final int buffers, final WakeWord wake) {
        this.returned = new PacketQueue(Integer.highestOneBit(Math.max(64, buffers - 1)) << 1);
        this.wake = wake;
    }

    /** The owner's: takes back what has come. @return how many */
    int reclaim(final PacketPool owner) {
        int total = 0;
        while (waiting > 0) {
            lock.lock();
            final int count = returned.take(burst);
            waiting = returned.size();
            lock.unlock();
            for (int i = 0; i < count; i++) {
                owner.reclaim((int) burst[i]);
            }
            total += count;
        }
        return total;
    }

    boolean isEmpty() {
        return waiting == 0;
    }

    private void hand(final int[] buffers, final int count) {
        lock.lock();
        for (int i = 0; i < count; i++) {
            if (!returned.add(buffers[i])) {
                throw new IllegalStateException("more buffers come back than the pool has");
            }
        }
        waiting = returned.size();
        lock.unlock();
        wake.signal();
    }

    /**
     * What one pool releases of others' buffers.
     *
     * <p>Threading: that of the pool, or under its lock.
     */
    static final class Batches implements BufferReturn {

        private final BufferReturns[] owners;
        private final int buffersPerPool;
        private final int[][] batches;
        private final int[] counts;

        /** @param owners by pool; pool i has the buffers from i times {@code buffersPerPool} on */
        Batches(final BufferReturns[] owners, final int buffersPerPool) {
            this.owners = owners;
            this.buffersPerPool = buffersPerPool;
            this.batches = new int[owners.length][BATCH];
            this.counts = new int[owners.length];
        }

        @Override
        public void giveBack(final int bufferIndex) {
            final int owner = bufferIndex / buffersPerPool;
            batches[owner][counts[owner]++] = bufferIndex;
            if (counts[owner] == BATCH) {
                flush(owner);
            }
        }

        /** Before its thread sleeps: somebody may wait for these. */
        void flush() {
            for (int owner = 0; owner < owners.length; owner++) {
                if (counts[owner] > 0) {
                    flush(owner);
                }
            }
        }

        private void flush(final int owner) {
            owners[owner].hand(batches[owner], counts[owner]);
            counts[owner] = 0;
        }
    }
}
