package io.netchannel.kernel.sched;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.LinuxException;

/**
 * What a loop does in a turn without work: it spins, yields, or sleeps until its bell, a descriptor or a deadline.
 *
 * <p>Threading: the loop's.
 */
final class Idling {

    private static final long NO_SIGNAL = -1;

    private final String name;
    private final NanoClock clock;
    private final LoopCounters counters;
    private final LoopTimes times;
    private final ErrorReports errors;
    private final Turn turn;
    private final WakeWord wakeWord;
    private final EventFdDoorbell bell;
    private final TimedBell timedBell;
    private final IdleTurns idleTurns;
    private final Descriptors descriptors;
    private final LoopActivity activity;
    private boolean refused;
    private boolean bellSeen;
    private long signalledNs = NO_SIGNAL;

    Idling(final LoopParts parts, final IdleStrategy strategy, final Turn turn, final WakeWord wakeWord,
            final EventFdDoorbell bell, final TimedBell timedBell) {
        this.name = parts.name();
        this.clock = parts.clock();
        this.counters = parts.counters();
        this.times = parts.times();
        this.errors = parts.errors();
        this.turn = turn;
        this.wakeWord = wakeWord;
        this.bell = bell;
        this.timedBell = timedBell;
        this.idleTurns = new IdleTurns(strategy);
        this.descriptors = new Descriptors(bell.fd());
        this.activity = parts.activity();
    }

    /** The turn had work. */
    void working() {
        idleTurns.reset();
        refused = false;
    }

    /** The next turn begins, behind {@link #step}. */
    void over(final long nowNs) {
        if (signalledNs != NO_SIGNAL) {
            times.record(LoopTime.WAKE_UP, nowNs - signalledNs);
            signalledNs = NO_SIGNAL;
        }
    }

    /** @return how long the loop slept */
    long step() {
        switch (idleTurns.next()) {
            case SPIN -> Thread.onSpinWait();
            case YIELD -> {
                final long beforeNs = clock.nowNs();
                yieldCpu();
                idleTurns.yielded(clock.nowNs() - beforeNs);
            }
            case PARK -> {
                return park();
            }
        }
        return 0;
    }

    private void yieldCpu() {
        counters.add(LoopCounter.YIELDS, 1);
        Thread.yield();
    }

    private long park() {
        wakeWord.arm();
        bellSeen = false;
        final long sleptNs = turn.arm() && !turn.hasTasks() ? sleep() : 0;
        turn.disarm();
        // Signalled: also when the loop did not sleep, but somebody had seen it about to; the bell would end the next
        // sleep. Seen without a signal: it was rung late, by one who had seen the word armed for the park before.
        if (wakeWord.disarm() || bellSeen) {
            bell.drain();
        }
        if (sleptNs > 0) {
            refused = false;
            return sleptNs;
        }
        counters.add(LoopCounter.PARKS_REFUSED, 1);
        if (refused) {
            // Twice without a turn that found the work: a poller that can't get on must not keep others off the CPU.
            yieldCpu();
        }
        refused = true;
        return 0;
    }

    private long sleep() {
        final long startNs = clock.nowNs();
        descriptors.begin(startNs);
        final long deadlineNs = Math.min(descriptors.nextDeadlineNs(), turn.collect(descriptors));
        if (deadlineNs <= startNs) {
            return 0;
        }
        // Before it sleeps: so that whoever reads the counters sees that it does.
        counters.add(LoopCounter.PARKS, 1);
        if (activity != null) {
            activity.parks();
        }
        final int ready = descriptors.await(deadlineNs == Poller.NO_DEADLINE ? -1 : deadlineNs - startNs);
        if (activity != null) {
            activity.wakes();
        }
        final long endNs = clock.nowNs();
        final long sleptNs = Math.max(1, endNs - startNs);
        idleTurns.parked(sleptNs, ready > 0);
        counters.add(LoopCounter.PARKED_NS, sleptNs);
        times.record(LoopTime.PARK, sleptNs);
        countWake(ready, endNs);
        // One that rang late may have written its time before the sleep.
        final long rungNs = bellSeen ? timedBell.rungNs() : NO_SIGNAL;
        signalledNs = rungNs >= startNs ? rungNs : NO_SIGNAL;
        return sleptNs;
    }

    private void countWake(final int ready, final long nowNs) {
        if (ready == 0) {
            counters.add(LoopCounter.WAKES_BY_DEADLINE, 1);
        } else if (ready < 0) {
            counters.add(LoopCounter.WAKES_BY_SIGNAL, 1);
            if (ready != -Errno.EINTR) {
                errors.report(this, new LinuxException("ppoll", "loop " + name, -ready), nowNs);
            }
        } else {
            if (descriptors.isBellReady()) {
                counters.add(LoopCounter.WAKES_BY_BELL, 1);
                bellSeen = true;
            } else {
                counters.add(LoopCounter.WAKES_BY_DESCRIPTOR, 1);
            }
            final int failed = descriptors.muteErrors(nowNs);
            if (failed > 0) {
                counters.add(LoopCounter.DESCRIPTOR_ERRORS, failed);
            }
        }
    }

    @Override
    public String toString() {
        return "loop " + name;
    }
}
