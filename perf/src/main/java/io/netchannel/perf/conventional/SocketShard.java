package io.netchannel.perf.conventional;

import io.netchannel.channels.PacketSink;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.NanoClock;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.tcpip.NetStack;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * The lock of a socket, as Linux's {@code lock_sock}, around a stack of its own.
 *
 * <p>An application thread in a system call <em>owns</em> the socket; for that it holds the spin lock only a moment, and
 * sleeps if another owns it. The soft interrupt never waits for an owner: if there is none it processes the packet under the
 * spin lock, else it leaves it in the <em>backlog</em>, which the owner processes when it lets go.
 *
 * <p>Our TCP shares timers, pool and segment writer among the connections of a stack. So the lock is around a stack, and there
 * are as many stacks as sockets are to be independent of each other.
 *
 * <p>Threading: {@link #own}, {@link #disown}: applications; the sink and {@link #pollIfDue}: the soft interrupt.
 */
final class SocketShard implements PacketSink {

    private static final int BACKLOG_LIMIT = 1024;
    private static final int BURST = 64;

    private final SpinLock spin = new SpinLock();
    private final NanoClock clock;
    private final PacketPool pool;
    private final PacketPool interruptPool;
    private final BufferReturns.Batches returns;
    private final ShardTxPort port;
    // Guarded by the spin lock.
    private final PacketQueue backlog = new PacketQueue(BACKLOG_LIMIT);
    private final Deque<Thread> waiting = new ArrayDeque<>();
    private boolean owned;
    // Room in the transmit queue that the owner may not have seen any more.
    private boolean roomUnseen;
    private boolean finished;
    private long backlogDrops;
    // Guarded by ownership, or by the spin lock while there is no owner.
    private final long[] burst = new long[BURST];
    private NetStack stack;
    private SoftInterrupt softInterrupt;
    private volatile long deadlineNs = Poller.NO_DEADLINE;

    /** @param interruptPool the soft interrupt's, for packets that it can't leave here */
    SocketShard(final NanoClock clock, final PacketPool pool, final PacketPool interruptPool,
            final BufferReturns.Batches returns, final ShardTxPort port) {
        this.clock = clock;
        this.pool = pool;
        this.interruptPool = interruptPool;
        this.returns = returns;
        this.port = port;
    }

    void start(final NetStack ofShard, final SoftInterrupt interrupt) {
        stack = ofShard;
        softInterrupt = interrupt;
        deadlineNs = clock.nowNs();
    }

    /** For the owner. */
    NetStack stack() {
        return stack;
    }

    long deadlineNs() {
        return deadlineNs;
    }

    // -- system calls

    /** lock_sock: waits while another application thread owns the socket. */
    void own() {
        spin.lock();
        while (owned) {
            waiting.add(Thread.currentThread());
            spin.unlock();
            LockSupport.park(this);
            spin.lock();
            waiting.remove(Thread.currentThread());
        }
        owned = true;
        spin.unlock();
        stack.beginTurn(clock.nowNs());
    }

    /** The owner's: sends what has become due, receives what was put off. */
    void push() {
        turn();
    }

    /** release_sock: processes the backlog, sends, lets go. */
    void disown() {
        turn();
        spin.lock();
        for (int count = backlog.take(burst); count > 0 || roomUnseen; count = backlog.take(burst)) {
            roomUnseen = false;
            spin.unlock();
            stack.beginTurn(clock.nowNs());
            for (int i = 0; i < count; i++) {
                stack.accept(burst[i]);
            }
            stack.endOfBurst();
            turn();
            spin.lock();
        }
        letGo();
    }

    /** Under the spin lock, which it lets go too. */
    private void letGo() {
        owned = false;
        final Thread next = waiting.peek();
        spin.unlock();
        if (next != null) {
            LockSupport.unpark(next);
        }
    }

    /** Before the owner, who has let go, sleeps. */
    void beforeSleep() {
        spin.lock();
        if (!owned) {
            returns.flush();
        }
        spin.unlock();
    }

    // -- the soft interrupt

    @Override
    public void accept(final long packet) {
        spin.lock();
        if (finished) {
            interruptPool.releasePacket(packet);
        } else if (!owned) {
            stack.beginTurn(clock.nowNs());
            stack.accept(packet);
            port.flush();
        } else if (!backlog.add(packet)) {
            // Linux: TCPBacklogDrop.
            backlogDrops++;
            interruptPool.releasePacket(packet);
        }
        spin.unlock();
    }

    @Override
    public void endOfBurst() {
        spin.lock();
        if (!owned) {
            turn();
        }
        spin.unlock();
    }

    /** Runs timers, and what could not be sent. @return whether there was something */
    boolean pollIfDue(final long nowNs, final boolean force) {
        if (!force && deadlineNs > nowNs) {
            return false;
        }
        spin.lock();
        final boolean free = !owned;
        if (free) {
            turn();
        } else {
            roomUnseen |= force;
        }
        spin.unlock();
        return free;
    }

    /** The soft interrupt is about to sleep. */
    void flushReturns() {
        spin.lock();
        if (!owned) {
            returns.flush();
        }
        spin.unlock();
    }

    private void turn() {
        if (finished) {
            return;
        }
        final long nowNs = clock.nowNs();
        stack.beginTurn(nowNs);
        stack.poll(nowNs);
        port.flush();
        final long deadline = stack.nextDeadlineNs();
        port.flush();
        deadlineNs = deadline;
        softInterrupt.wakeBefore(deadline);
    }

    // -- the end

    /** Resets what is connected. */
    void shutDown() {
        own();
        if (!finished) {
            stack.close();
            port.flush();
        }
        spin.lock();
        finished = true;
        deadlineNs = Poller.NO_DEADLINE;
        for (int count = backlog.take(burst); count > 0; count = backlog.take(burst)) {
            for (int i = 0; i < count; i++) {
                pool.releasePacket(burst[i]);
            }
        }
        // Who waits finds the socket closed, and says so to the next.
        letGo();
    }

    /** After all threads have ended. */
    void takeDown() {
        port.releaseFinished();
        returns.flush();
    }

    PacketPool pool() {
        return pool;
    }

    /** Packets dropped because their socket's owner was too slow. */
    long backlogDrops() {
        return backlogDrops;
    }
}
