package io.netchannel.perf.conventional;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.sched.WakeWord;
import io.netchannel.virtio.driver.QueuePair;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The device's one transmit queue, which every thread that sends locks (Linux: {@code HARD_TX_LOCK}): application threads
 * in their system calls, and the soft interrupt.
 *
 * <p>Frames that the device has finished are sorted by the shard whose buffers they are, which releases them under its own
 * lock.
 *
 * <p>Threading: any; what the lock guards is said.
 */
final class TransmitLock {

    private final SpinLock lock = new SpinLock();
    private final int buffersPerPool;
    private final int firstShardPool;
    private final PacketQueue[] finished;
    // How many; read without the lock too, where a late answer only means the next turn.
    private final AtomicIntegerArray finishedCounts;
    private final Deque<Thread> waitingForSpace = new ArrayDeque<>();
    private final WakeWord driver;
    private QueuePair pair;
    private volatile LinkCapabilities capabilities;
    private volatile boolean spaceWanted;

    /** @param driver of the loop that collects what was sent */
    TransmitLock(final int shards, final int buffersPerPool, final int firstShardPool, final WakeWord driver) {
        this.driver = driver;
        this.buffersPerPool = buffersPerPool;
        this.firstShardPool = firstShardPool;
        finished = new PacketQueue[shards];
        finishedCounts = new AtomicIntegerArray(shards);
        for (int i = 0; i < shards; i++) {
            finished[i] = new PacketQueue(Integer.highestOneBit(Math.max(64, buffersPerPool - 1)) << 1);
        }
    }

    void pair(final QueuePair queuePair) {
        pair = queuePair;
        capabilities = queuePair.capabilities();
    }

    LinkCapabilities capabilities() {
        return capabilities;
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    // -- under the lock

    int space() {
        final int space = pair.space();
        if (space == 0) {
            spaceWanted = true;
            // It may sleep without having asked for the interrupt that says: sent.
            driver.signal();
        }
        return space;
    }

    boolean transmit(final long packet) {
        return pair.transmit(packet);
    }

    void flush() {
        pair.flush();
    }

    /** The queue pair's completion; under the lock, because the queue is only touched so. */
    void completed(final long packet) {
        final int shard = PacketHandle.index(packet) / buffersPerPool - firstShardPool;
        if (!finished[shard].add(packet)) {
            throw new IllegalStateException("shard " + shard + " gets more frames back than it has buffers");
        }
        finishedCounts.setRelease(shard, finished[shard].size());
    }

    int takeFinished(final int shard, final long[] into) {
        final int count = finished[shard].take(into);
        finishedCounts.setRelease(shard, finished[shard].size());
        return count;
    }

    // -- without it

    boolean hasFinished(final int shard) {
        return finishedCounts.getAcquire(shard) > 0;
    }

    // -- locking themselves

    /**
     * The driver's turn: collects what was sent, unless somebody is sending, who does it then (Linux's virtio_net:
     * {@code virtnet_poll_cleantx}).
     *
     * @return frames collected; negative if there is room for those who have waited for it
     */
    int reclaim() {
        if (!lock.tryLock()) {
            return 0;
        }
        final int count = pair.reclaimTransmitted();
        final boolean wake = spaceWanted && pair.space() > 0;
        if (wake) {
            spaceWanted = false;
            for (Thread thread; (thread = waitingForSpace.poll()) != null;) {
                LockSupport.unpark(thread);
            }
        }
        lock.unlock();
        return wake ? -count - 1 : count;
    }

    /** @return false if there is something to receive, or to tell to those who wait for room */
    boolean arm() {
        lock.lock();
        // A sender may have collected what was sent in the moment in which reclaim() found the lock taken.
        final boolean armed = pair.arm() && !(spaceWanted && pair.space() > 0);
        lock.unlock();
        return armed;
    }

    void disarm() {
        lock.lock();
        pair.disarm();
        lock.unlock();
    }

    /** Sleeps until the queue has room, as a blocking send does; it may also wake for no reason. */
    void awaitSpace() {
        lock.lock();
        final boolean full = space() == 0;
        if (full) {
            waitingForSpace.add(Thread.currentThread());
        }
        lock.unlock();
        if (full) {
            LockSupport.park(this);
        } else {
            Thread.yield();
        }
    }

    /** The node closes: nobody waits any more. */
    void wakeAll() {
        lock.lock();
        for (Thread thread; (thread = waitingForSpace.poll()) != null;) {
            LockSupport.unpark(thread);
        }
        lock.unlock();
    }
}
