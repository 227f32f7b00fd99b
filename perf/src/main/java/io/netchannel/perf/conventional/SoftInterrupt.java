package io.netchannel.perf.conventional;

import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.WakeWord;
import io.netchannel.virtio.driver.RxDispatcher;

/**
 * The soft interrupt: takes packets from the shared queue, checks their headers, finds the socket, and does the protocol
 * work there (Linux: {@code NET_RX_SOFTIRQ}); runs the timers of all sockets ({@code TIMER_SOFTIRQ}).
 *
 * <p>Threading: its own loop's; {@link #wakeBefore} and {@link #transmitSpace} any.
 */
final class SoftInterrupt implements Poller {

    private static final int BUDGET = 64;
    private static final long AWAKE = Long.MIN_VALUE;

    private final InputQueue input;
    private final RxDispatcher dispatcher;
    private final SocketShard[] shards;
    private final WakeWord wakeWord;
    private final PacketPool pool;
    private final BufferReturns own;
    private final BufferReturns.Batches returns;
    private final long[] burst = new long[BUDGET];
    private volatile long sleepsUntilNs = AWAKE;
    private volatile boolean transmitSpace;
    private long nowNs;

    SoftInterrupt(final InputQueue input, final RxDispatcher dispatcher, final SocketShard[] shards,
            final WakeWord wakeWord, final PacketPool pool, final BufferReturns own,
            final BufferReturns.Batches returns) {
        this.input = input;
        this.dispatcher = dispatcher;
        this.shards = shards;
        this.wakeWord = wakeWord;
        this.pool = pool;
        this.own = own;
        this.returns = returns;
    }

    @Override
    public int poll(final long turnNs) {
        nowNs = turnNs;
        int work = own.reclaim(pool);
        final int count = input.take(burst);
        for (int i = 0; i < count; i++) {
            dispatcher.accept(burst[i]);
        }
        if (count > 0) {
            dispatcher.endOfBurst();
        }
        work += count;
        final boolean unblocked = transmitSpace;
        if (unblocked) {
            transmitSpace = false;
        }
        for (final SocketShard shard : shards) {
            if (shard.pollIfDue(turnNs, unblocked)) {
                work++;
            }
        }
        return work;
    }

    @Override
    public boolean arm() {
        // First: whoever brings a deadline forward from here on rings; what was there before is seen below.
        sleepsUntilNs = Long.MAX_VALUE;
        returns.flush();
        for (final SocketShard shard : shards) {
            shard.flushReturns();
        }
        return input.isEmpty() && own.isEmpty() && !transmitSpace;
    }

    @Override
    public void disarm() {
        sleepsUntilNs = AWAKE;
    }

    @Override
    public long nextDeadlineNs() {
        long deadline = NO_DEADLINE;
        for (final SocketShard shard : shards) {
            deadline = Math.min(deadline, shard.deadlineNs());
        }
        sleepsUntilNs = deadline;
        return deadline;
    }

    /** A socket's next timer: wakes the soft interrupt if it would sleep longer. */
    void wakeBefore(final long deadlineNs) {
        if (deadlineNs < sleepsUntilNs) {
            wakeWord.signal();
        }
    }

    /** The transmit queue has room again, for sockets that have waited for it. */
    void transmitSpace() {
        transmitSpace = true;
        wakeWord.signal();
    }
}
