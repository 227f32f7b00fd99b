package io.netchannel.tcpip.tcp;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.kernel.sched.TimerWheel;

/**
 * {@link TimeWait}s that all stay equally long, in the order in which they leave, under one timer.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TimeWaitQueue extends Timer {

    private final TimeWaits owner;
    private final TimerWheel timers;
    private final long durationNs;
    private TimeWait first;
    private TimeWait last;
    private int size;

    TimeWaitQueue(final TimeWaits owner, final TimerWheel timers, final long durationNs) {
        this.owner = owner;
        this.timers = timers;
        this.durationNs = durationNs;
    }

    int size() {
        return size;
    }

    /** With 0 nobody stays. */
    long durationNs() {
        return durationNs;
    }

    TimeWait first() {
        return first;
    }

    void add(final TimeWait entry, final long nowNs) {
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
        if (!isArmed()) {
            timers.schedule(this, first.deadlineNs);
        }
    }

    void remove(final TimeWait entry) {
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

    @Override
    protected void expire(final long nowNs) {
        while (first != null && first.deadlineNs <= nowNs) {
            owner.expired(first);
        }
        if (first != null) {
            timers.schedule(this, first.deadlineNs);
        }
    }

    void close() {
        while (first != null) {
            owner.remove(first);
        }
        timers.cancel(this);
    }
}
