package io.netchannel.tcpip.tcp;

import static io.netchannel.kernel.sched.Poller.NO_DEADLINE;

import io.netchannel.kernel.sched.Timer;

/**
 * The one timer of a connection, for whichever of its parts is due first.
 *
 * <p>It is only ever moved nearer; one that comes too early finds nothing due and is armed anew. So an acknowledgment,
 * which puts the retransmission off, doesn't touch the wheel.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class ConnectionTimer extends Timer {

    private static final long MEMORY_RETRY_NS = 1_000_000;

    private final TcpConnection connection;
    private long armedForNs = NO_DEADLINE;
    private long memoryRetryNs = NO_DEADLINE;

    ConnectionTimer(final TcpConnection connection) {
        this.connection = connection;
    }

    /** The pool had no buffer: the connection looks again soon. */
    void retryMemory(final long nowNs) {
        memoryRetryNs = nowNs + MEMORY_RETRY_NS;
    }

    void arm() {
        final long deadlineNs = nextDeadlineNs();
        if (deadlineNs < armedForNs) {
            armedForNs = deadlineNs;
            connection.stack().timers().schedule(this, deadlineNs);
        }
    }

    void cancel() {
        connection.stack().timers().cancel(this);
    }

    private long nextDeadlineNs() {
        final long halves = Math.min(connection.sender().nextDeadlineNs(), connection.receiver().nextDeadlineNs());
        final long ends = Math.min(connection.keepAlive().nextDeadlineNs(), connection.closing().nextDeadlineNs());
        final long handshake = isOpening() ? connection.handshake().nextDeadlineNs() : NO_DEADLINE;
        return Math.min(Math.min(halves, ends), Math.min(handshake, memoryRetryNs));
    }

    /** Not so in CLOSED, where a flow waits for its application to read on: what the handshake has left is over. */
    private boolean isOpening() {
        return connection.state() == TcpState.SYN_SENT || connection.state() == TcpState.SYN_RECEIVED;
    }

    @Override
    protected void expire(final long nowNs) {
        armedForNs = NO_DEADLINE;
        if (memoryRetryNs <= nowNs) {
            memoryRetryNs = NO_DEADLINE;
        }
        final TcpState state = connection.state();
        if (isOpening() && !connection.handshake().onTimer(nowNs)) {
            connection.openingTimedOut();
            return;
        }
        connection.receiver().onTimer(nowNs);
        if (state.isSynchronized() && !connection.sender().onTimer(nowNs)) {
            connection.timedOut();
            return;
        }
        final boolean busy = connection.sender().isBusy() || !state.isSynchronized();
        if (!connection.keepAlive().onTimer(busy, connection.settings().userTimeoutNs, nowNs)) {
            connection.keepAliveTimedOut(nowNs);
        } else if (connection.closing().onTimer(nowNs)) {
            connection.stack().markDirty(connection);
        }
    }
}
