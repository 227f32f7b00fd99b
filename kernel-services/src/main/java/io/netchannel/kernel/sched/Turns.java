package io.netchannel.kernel.sched;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A loop's turns, one after the other, and what is counted of them.
 *
 * <p>Threading: the loop's.
 */
final class Turns {

    /** Between turns without work of {@link #until}. */
    private static final long PAUSE_NS = 100_000;

    private final NanoClock clock;
    private final LoopCounters counters;
    private final LoopTimes times;
    private final LoopActivity activity;
    private final Turn turn;
    private final Idling idling;
    private boolean woken;
    private long turnNs;
    // Of the last turn: whether its time was the loop's clock's.
    private boolean timed = true;
    private int lastWork;

    Turns(final LoopParts parts, final Turn turn, final Idling idling) {
        this.clock = parts.clock();
        this.counters = parts.counters();
        this.times = parts.times();
        this.activity = parts.activity();
        this.turn = turn;
        this.idling = idling;
    }

    /** Of the last turn, or of the one under way. */
    long turnNs() {
        return turnNs;
    }

    /** Whether the clock goes on within it, so that a budget means something. */
    boolean isTimed() {
        return timed;
    }

    int lastWork() {
        return lastWork;
    }

    /** @param byClock whether {@code nowNs} is by the loop's clock, which goes on within the turn */
    int next(final long nowNs, final boolean byClock) {
        turnNs = nowNs;
        timed = byClock;
        if (activity != null) {
            activity.turn();
        }
        final int work = turn.run(nowNs, byClock);
        counters.add(LoopCounter.TURNS, 1);
        if (work > 0) {
            counters.add(LoopCounter.WORK_TURNS, 1);
            counters.add(LoopCounter.WORK, work);
        }
        return work;
    }

    /** And if there was no work, a step of idling. @return the present */
    long nextOrIdle(final long nowNs) {
        final int work = next(nowNs, true);
        lastWork = work;
        long parkedNs = 0;
        if (work > 0) {
            idling.working();
        } else {
            if (woken) {
                counters.add(LoopCounter.SPURIOUS_WAKES, 1);
            }
            parkedNs = idling.step();
        }
        woken = parkedNs > 0;
        final long nextNs = clock.nowNs();
        if (work > 0) {
            counters.add(LoopCounter.BUSY_NS, nextNs - nowNs);
            times.record(LoopTime.BUSY_TURN, nextNs - nowNs);
        } else {
            counters.add(LoopCounter.IDLE_NS, nextNs - nowNs - parkedNs);
            idling.over(nextNs);
        }
        return nextNs;
    }

    /** As {@link RunLoop#turnUntil}. */
    boolean until(final BooleanSupplier done, final long timeoutNs) {
        final long startNs = SystemNanoClock.INSTANCE.nowNs();
        final long virtualStartNs = turnNs;
        while (!done.getAsBoolean()) {
            final int work = timed ? next(clock.nowNs(), true) : next(turnNs, false);
            if (!done.getAsBoolean() && SystemNanoClock.INSTANCE.nowNs() - startNs >= timeoutNs) {
                return false;
            }
            if (work == 0 && !passVirtualTime(virtualStartNs, timeoutNs)) {
                LockSupport.parkNanos(this, PAUSE_NS);
            }
        }
        return true;
    }

    /** @return whether time has come to something that is to happen within the limit */
    private boolean passVirtualTime(final long startNs, final long limitNs) {
        if (timed) {
            return false;
        }
        final long deadlineNs = turn.nextDeadlineNs();
        if (deadlineNs <= turnNs || deadlineNs - startNs > limitNs) {
            return false;
        }
        turnNs = deadlineNs;
        return true;
    }
}
