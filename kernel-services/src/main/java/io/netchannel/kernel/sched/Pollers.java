package io.netchannel.kernel.sched;

import java.util.Arrays;

/**
 * The pollers of one loop and one priority, called one after the other; what one throws doesn't reach the next.
 *
 * <p>Threading: the loop's.
 */
final class Pollers {

    /** All of them, each once. */
    static final int ALL = Integer.MAX_VALUE;

    private final NanoClock clock;
    private final LoopCounters counters;
    private final ErrorReports errors;
    private final Overruns overruns;
    private Poller[] pollers = new Poller[8];
    // Of the poller at the same index; 0 for none.
    private long[] budgetsNs = new long[8];
    private int count;
    // Where the next turn begins: behind the one that this one ended with.
    private int next;
    private boolean cut;
    private int armedCount;
    private boolean removed;
    private long turnNs;

    Pollers(final LoopParts parts) {
        this.clock = parts.clock();
        this.counters = parts.counters();
        this.errors = parts.errors();
        this.overruns = parts.overruns();
    }

    /** @param budgetNs that a call should not take longer than; 0 for none */
    void add(final Poller poller, final long budgetNs) {
        if (count == pollers.length) {
            pollers = Arrays.copyOf(pollers, 2 * count);
            budgetsNs = Arrays.copyOf(budgetsNs, 2 * count);
        }
        budgetsNs[count] = budgetNs;
        pollers[count++] = poller;
    }

    /** Also from within a poller that is being called. */
    void remove(final Poller poller) {
        for (int i = 0; i < count; i++) {
            if (pollers[i] == poller) {
                // The hole is closed at the end of the turn: the turn may be anywhere in the array.
                pollers[i] = null;
                removed = true;
            }
        }
    }

    void clear() {
        Arrays.fill(pollers, null);
        count = 0;
        next = 0;
    }

    /** Whether the last {@link #poll} has ended before all had been polled. */
    boolean isCut() {
        return cut;
    }

    /**
     * Polls each once, or until they have done {@code maxWork} units of work; the next call goes on from there, so that none waits
     * for more calls than there are pollers.
     *
     * @param timed whether time passes within the turn, so that a budget means something
     * @return units of work done
     */
    int poll(final long nowNs, final int maxWork, final boolean timed) {
        turnNs = nowNs;
        // Between two pollers: what the clock says, if somebody has looked.
        long betweenNs = 0;
        boolean looked = false;
        int work = 0;
        int polled = 0;
        while (polled < count && work < maxWork) {
            polled++;
            if (next >= count) {
                next = 0;
            }
            // Before the call, which may add pollers.
            final long budgetNs = timed ? budgetsNs[next] : 0;
            final Poller poller = pollers[next++];
            if (poller == null) {
                continue;
            }
            if (budgetNs > 0 && !looked) {
                betweenNs = clock.nowNs();
            }
            try {
                work += poller.poll(nowNs);
            } catch (final Throwable thrown) {
                failed(poller, thrown);
            }
            looked = budgetNs > 0;
            if (looked) {
                final long afterNs = clock.nowNs();
                overruns.pollTook(poller, afterNs - betweenNs, budgetNs, afterNs);
                betweenNs = afterNs;
            }
        }
        cut = polled < count;
        if (!cut) {
            // All have had their turn: again in the order of addition.
            next = 0;
        }
        if (removed) {
            compact();
        }
        return work;
    }

    private void compact() {
        int kept = 0;
        int keptBeforeNext = 0;
        for (int i = 0; i < count; i++) {
            if (i == next) {
                keptBeforeNext = kept;
            }
            if (pollers[i] != null) {
                budgetsNs[kept] = budgetsNs[i];
                pollers[kept++] = pollers[i];
            }
        }
        next = next >= count ? kept : keptBeforeNext;
        Arrays.fill(pollers, kept, count, null);
        count = kept;
        removed = false;
    }

    /** @return whether all of them may be left to sleep; whatever it is, {@link #disarm()} follows */
    boolean arm() {
        armedCount = 0;
        Poller poller = null;
        try {
            while (armedCount < count) {
                poller = pollers[armedCount++];
                if (poller != null && !poller.arm()) {
                    return false;
                }
            }
            return true;
        } catch (final Throwable thrown) {
            failed(poller, thrown);
            return false;
        }
    }

    /** Disarms those that were armed. */
    void disarm() {
        for (int i = 0; i < armedCount; i++) {
            final Poller poller = pollers[i];
            if (poller != null) {
                try {
                    poller.disarm();
                } catch (final Throwable thrown) {
                    failed(poller, thrown);
                }
            }
        }
        armedCount = 0;
    }

    /** @return as {@link #nextDeadlineNs} */
    long collect(final Descriptors descriptors) {
        Poller poller = null;
        try {
            for (int i = 0; i < count; i++) {
                poller = pollers[i];
                if (poller != null) {
                    descriptors.add(poller.wakeFd());
                }
            }
        } catch (final Throwable thrown) {
            failed(poller, thrown);
            return Long.MIN_VALUE;
        }
        return nextDeadlineNs();
    }

    /** @return the earliest deadline; one that is past if a poller fails to tell, so that the loop doesn't sleep on it */
    long nextDeadlineNs() {
        long deadlineNs = Poller.NO_DEADLINE;
        Poller poller = null;
        try {
            for (int i = 0; i < count; i++) {
                poller = pollers[i];
                if (poller != null) {
                    deadlineNs = Math.min(deadlineNs, poller.nextDeadlineNs());
                }
            }
            return deadlineNs;
        } catch (final Throwable thrown) {
            failed(poller, thrown);
            return Long.MIN_VALUE;
        }
    }

    private void failed(final Poller poller, final Throwable thrown) {
        counters.add(LoopCounter.POLLER_ERRORS, 1);
        errors.report(poller, thrown, turnNs);
    }
}
