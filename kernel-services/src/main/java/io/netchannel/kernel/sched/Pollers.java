package io.netchannel.kernel.sched;

import java.util.Arrays;

/**
 * The pollers of one loop, called one after the other; what one throws doesn't reach the next.
 *
 * <p>Threading: the loop's.
 */
final class Pollers {

    private final LoopCounters counters;
    private final ErrorReports errors;
    private Poller[] pollers = new Poller[8];
    private int count;
    private int armedCount;
    private boolean removed;
    private long turnNs;

    Pollers(final LoopCounters counters, final ErrorReports errors) {
        this.counters = counters;
        this.errors = errors;
    }

    void add(final Poller poller) {
        if (count == pollers.length) {
            pollers = Arrays.copyOf(pollers, 2 * count);
        }
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
    }

    /** @return units of work done */
    int poll(final long nowNs) {
        turnNs = nowNs;
        int work = 0;
        for (int i = 0; i < count; i++) {
            final Poller poller = pollers[i];
            if (poller != null) {
                try {
                    work += poller.poll(nowNs);
                } catch (final Throwable thrown) {
                    failed(poller, thrown);
                }
            }
        }
        if (removed) {
            compact();
        }
        return work;
    }

    private void compact() {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (pollers[i] != null) {
                pollers[kept++] = pollers[i];
            }
        }
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

    /**
     * @return the earliest deadline; one that is past if a poller fails to tell, so that the loop doesn't sleep on it
     */
    long collect(final Descriptors descriptors) {
        long deadlineNs = Poller.NO_DEADLINE;
        Poller poller = null;
        try {
            for (int i = 0; i < count; i++) {
                poller = pollers[i];
                if (poller != null) {
                    deadlineNs = Math.min(deadlineNs, poller.nextDeadlineNs());
                    descriptors.add(poller.wakeFd());
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
