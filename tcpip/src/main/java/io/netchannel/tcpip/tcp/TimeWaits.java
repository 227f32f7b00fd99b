package io.netchannel.tcpip.tcp;

import io.netchannel.kernel.sched.TimerWheel;

/**
 * All of a stack's flows in TIME-WAIT, and those in FIN-WAIT-2 whose application has gone.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TimeWaits {

    private final TcpStack stack;
    private final TimeWaitQueue timeWait;
    private final TimeWaitQueue finWait2;
    private final int limit;

    TimeWaits(final TcpStack stack, final TimerWheel timers, final TcpConfig config) {
        this.stack = stack;
        this.timeWait = new TimeWaitQueue(this, timers, config.get(TcpSetting.TIME_WAIT_NS));
        this.finWait2 = new TimeWaitQueue(this, timers, config.get(TcpSetting.FIN_WAIT_2_NS));
        this.limit = config.getInt(TcpSetting.MAX_TIME_WAITS);
    }

    int size() {
        return timeWait.size() + finWait2.size();
    }

    private TimeWaitQueue queue(final TcpState state) {
        return state == TcpState.TIME_WAIT ? timeWait : finWait2;
    }

    /** Takes the place of {@code connection}, whose protocol part ends. */
    void take(final TcpConnection connection, final TcpState state, final long nowNs) {
        final TcpReceiver receiver = connection.receiver();
        final boolean ackOwed = receiver.acks().lastAckSent() != receiver.next();
        final TimeWait entry = new TimeWait(stack, connection, state);
        stack.flows().replace(connection, entry);
        if (ackOwed) {
            entry.acknowledge(nowNs);
        }
        final TimeWaitQueue queue = queue(state);
        if (queue.durationNs() > 0 && size() < limit) {
            queue.add(entry, nowNs);
        } else {
            stack.counters().increment(TcpCounter.TIME_WAIT_OVERFLOW);
            stack.flows().remove(entry);
        }
    }

    /** The peer's FIN has come in FIN-WAIT-2. */
    void remember(final TimeWait entry, final long nowNs) {
        finWait2.remove(entry);
        entry.enterTimeWait();
        timeWait.add(entry, nowNs);
    }

    /** 2 MSL from now. */
    void restart(final TimeWait entry, final long nowNs) {
        timeWait.remove(entry);
        timeWait.add(entry, nowNs);
    }

    /** Ends the state for one flow. */
    void remove(final TimeWait entry) {
        queue(entry.state()).remove(entry);
        stack.flows().remove(entry);
    }

    /** A RST has ended it before its time. */
    void kill(final TimeWait entry) {
        stack.counters().increment(TcpCounter.TIME_WAIT_KILLED);
        remove(entry);
    }

    /** Its time is over. */
    void expired(final TimeWait entry) {
        stack.counters().increment(TcpCounter.TIME_WAITED);
        remove(entry);
    }

    void close() {
        timeWait.close();
        finWait2.close();
    }
}
