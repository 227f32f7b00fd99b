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
    private final long restNs;
    private long armedForNs = NO_DEADLINE;
    private long wokenAtNs;
    private long memoryRetryNs = NO_DEADLINE;

    ConnectionTimer(final TcpConnection connection) {
        this.connection = connection;
        this.restNs = connection.config().get(TcpSetting.REST_NS);
    }

    /** The pool had no buffer: the connection looks again soon. */
    void retryMemory(final long nowNs) {
        memoryRetryNs = nowNs + MEMORY_RETRY_NS;
    }

    /** @return whether the connection is to rest instead: it has nothing to do, and was silent for long enough */
    boolean arm(final long nowNs) {
        long deadlineNs = nextDeadlineNs();
        if (deadlineNs == NO_DEADLINE && restNs > 0 && connection.state() == TcpState.ESTABLISHED) {
            final long restAtNs = quietSinceNs() + restNs;
            if (nowNs < restAtNs) {
                deadlineNs = restAtNs;
            } else if (RestingConnection.canReplace(connection)) {
                return true;
            }
        }
        deadlineNs = Math.min(deadlineNs, connection.keepAlive().nextDeadlineNs());
        if (deadlineNs < armedForNs) {
            armedForNs = deadlineNs;
            connection.stack().timers().schedule(this, deadlineNs);
        }
        return false;
    }

    // An application that only looks must not wake it and send it to rest in each turn.
    private long quietSinceNs() {
        return Math.max(Math.max(connection.keepAlive().lastHeardNs(), connection.sender().flight().lastSentNs()),
                wokenAtNs);
    }

    /** The connection has rested until now. */
    void onWake(final long nowNs) {
        wokenAtNs = nowNs;
    }

    void cancel() {
        connection.stack().timers().cancel(this);
    }

    // Keepalives apart: they are for those that rest, too.
    private long nextDeadlineNs() {
        final long halves = Math.min(connection.sender().nextDeadlineNs(), connection.receiver().nextDeadlineNs());
        final long handshake = isOpening() ? connection.handshake().nextDeadlineNs() : NO_DEADLINE;
        return Math.min(Math.min(halves, connection.closing().nextDeadlineNs()), Math.min(handshake, memoryRetryNs));
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
