package io.netchannel.node;

import io.netchannel.kernel.sched.Poller;
import java.util.ArrayList;
import java.util.List;

/**
 * What the applications of a loop have polled, at one place in its turn.
 *
 * <p>Threading: the loop's.
 */
final class ApplicationPollers implements Poller {

    private final List<Poller> pollers = new ArrayList<>();

    void add(final Poller poller) {
        pollers.add(poller);
    }

    void clear() {
        pollers.clear();
    }

    @Override
    public int poll(final long nowNs) {
        int work = 0;
        for (int i = 0; i < pollers.size(); i++) {
            work += pollers.get(i).poll(nowNs);
        }
        return work;
    }

    @Override
    public boolean arm() {
        for (int i = 0; i < pollers.size(); i++) {
            if (!pollers.get(i).arm()) {
                // Those before are disarmed with the rest: to disarm what is not armed does nothing.
                return false;
            }
        }
        return true;
    }

    @Override
    public void disarm() {
        for (int i = 0; i < pollers.size(); i++) {
            pollers.get(i).disarm();
        }
    }

    @Override
    public long nextDeadlineNs() {
        long deadlineNs = NO_DEADLINE;
        for (int i = 0; i < pollers.size(); i++) {
            deadlineNs = Math.min(deadlineNs, pollers.get(i).nextDeadlineNs());
        }
        return deadlineNs;
    }
}
