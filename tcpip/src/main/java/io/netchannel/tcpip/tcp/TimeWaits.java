package io.netchannel.tcpip.tcp;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.kernel.sched.TimerWheel;

/**
 * All of a stack's flows in TIME-WAIT, in the order in which they leave it, under one timer: all stay equally long.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TimeWaits extends Timer {

    private final TcpStack stack;
    private final TimerWheel timers;
    private final long durationNs;
    private final int limit;
    private TimeWait first;
    private TimeWait last;
    private int size;

    TimeWaits(final TcpStack stack, final TimerWheel timers, final TcpConfig config) {
        this.stack = stack;
        this.timers = timers;
        this.durationNs = config.get(TcpSetting.TIME_WAIT_NS);
        this.limit = config.getInt(TcpSetting.MAX_TIME_WAITS);
    }

    int size() {
        return size;
    }

    /** Whether one more may stay. */
    boolean hasRoom() {
        return durationNs > 0 && size < limit;
    }

    void add(final TimeWait entry, final long nowNs) {
        append(entry, nowNs);
        if (!isArmed()) {
            timers.schedule(this, first.deadlineNs);
        }
    }

    /** 2 MSL from now. */
    void restart(final TimeWait entry, final long nowNs) {
        unlink(entry);
        append(entry, nowNs);
    }

    /** Ends the state for one flow. */
    void remove(final TimeWait entry) {
        unlink(entry);
        stack.flows().remove(entry);
    }

    @Override
    protected void expire(final long nowNs) {
        while (first != null && first.deadlineNs <= nowNs) {
            remove(first);
        }
        if (first != null) {
            timers.schedule(this, first.deadlineNs);
        }
    }

    void close() {
        while (first != null) {
            remove(first);
        }
        timers.cancel(this);
    }

    private void append(final TimeWait entry, final long nowNs) {
        entry.deadlineNs = nowNs + durationNs;
        entry.previous = last;
        entry.next = null;
        if (last == null) {
            first = entry;
        } else {
            last.next = entry;
        }
        last = entry;
        size++;
    }

    private void unlink(final TimeWait entry) {
        if (entry.previous == null) {
            first = entry.next;
        } else {
            entry.previous.next = entry.next;
        }
        if (entry.next == null) {
            last = entry.previous;
        } else {
            entry.next.previous = entry.previous;
        }
        entry.previous = null;
        entry.next = null;
        size--;
    }
}
