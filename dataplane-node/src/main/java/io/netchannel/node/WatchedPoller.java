package io.netchannel.node;

import io.netchannel.kernel.sched.ActsFor;
import io.netchannel.kernel.sched.LoopActivity;
import io.netchannel.kernel.sched.Poller;

/**
 * An application's poller, which a watchdog names if it takes too long, and at whose boundary the loop's stack is lent.
 *
 * <p>Threading: the loop's.
 */
final class WatchedPoller implements Poller, ActsFor {

    private final Poller poller;
    private final LoopActivity activity;

    WatchedPoller(final Poller poller, final LoopActivity activity) {
        this.poller = poller;
        this.activity = activity;
    }

    @Override
    public Object principal() {
        return poller;
    }

    @Override
    public int poll(final long nowNs) {
        activity.enter(poller);
        try {
            return poller.poll(nowNs);
        } finally {
            activity.leave();
        }
    }

    @Override
    public boolean arm() {
        return poller.arm();
    }

    @Override
    public void disarm() {
        poller.disarm();
    }

    @Override
    public int wakeFd() {
        return poller.wakeFd();
    }

    @Override
    public long nextDeadlineNs() {
        return poller.nextDeadlineNs();
    }
}
