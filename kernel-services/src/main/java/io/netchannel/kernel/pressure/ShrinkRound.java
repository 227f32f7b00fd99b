package io.netchannel.kernel.pressure;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Asks the shrinkers in order of cost, the same again while it gives, until enough was given or all have been asked. One ask is
 * under way at a time; a loop that doesn't answer within {@value #ANSWER_NS} ns is passed over, and its answer still counts
 * when it comes.
 *
 * <p>Threading: the pressure's loop. Answers of other loops come as its tasks, whose hand-over orders what they carry.
 */
final class ShrinkRound {

    static final long ANSWER_NS = 1_000_000_000L;

    private final List<RegisteredShrinker> shrinkers;
    private final Executor home;
    private final PressureCounters<PressureCounter> counters;
    private final Consumer<String> report;
    private boolean active;
    private long wantedBytes;
    private long givenBytes;
    private int position;
    private RegisteredShrinker waitsFor;
    private long answerUntilNs;
    private long ask;
    private long nowNs;

    /**
     * @param shrinkers in order of cost
     * @param home runs tasks on the pressure's loop
     */
    ShrinkRound(final List<RegisteredShrinker> shrinkers, final Executor home,
            final PressureCounters<PressureCounter> counters, final Consumer<String> report) {
        this.shrinkers = shrinkers;
        this.home = home;
        this.counters = counters;
        this.report = report;
    }

    boolean isActive() {
        return active;
    }

    long wantedBytes() {
        return wantedBytes;
    }

    long givenBytes() {
        return givenBytes;
    }

    /** @return false if there is nobody to ask at present */
    boolean begin(final long bytes, final long now) {
        nowNs = now;
        wantedBytes = bytes;
        givenBytes = 0;
        position = 0;
        active = next() != null;
        return active;
    }

    private RegisteredShrinker next() {
        while (position < shrinkers.size() && !shrinkers.get(position).isReady(nowNs)) {
            position++;
        }
        return position < shrinkers.size() ? shrinkers.get(position) : null;
    }

    /** One ask, if none is under way. @return whether there was anything to do */
    boolean step(final long now) {
        nowNs = now;
        if (waitsFor != null) {
            if (now < answerUntilNs) {
                return false;
            }
            waitsFor.counters().add(ShrinkerCounter.LATE, 1);
            waitsFor = null;
            position++;
        }
        final RegisteredShrinker next = givenBytes < wantedBytes ? next() : null;
        if (next == null) {
            active = false;
        } else {
            ask(next, wantedBytes - givenBytes);
        }
        return true;
    }

    /** When {@link #step} has to be called even if no answer comes. */
    long nextDeadlineNs() {
        return waitsFor == null ? nowNs : answerUntilNs;
    }

    private void ask(final RegisteredShrinker shrinker, final long bytes) {
        shrinker.ask(bytes);
        waitsFor = shrinker;
        answerUntilNs = nowNs + ANSWER_NS;
        final long number = ++ask;
        if (shrinker.loop() == null) {
            run(shrinker, bytes, number, Runnable::run);
            return;
        }
        try {
            shrinker.loop().execute(() -> run(shrinker, bytes, number, home));
        } catch (final RejectedExecutionException closed) {
            failed(shrinker, number, closed);
        }
    }

    /** On the shrinker's loop. */
    private void run(final RegisteredShrinker shrinker, final long bytes, final long number, final Executor back) {
        long given = 0;
        Throwable thrown = null;
        try {
            final long could = shrinker.shrinker().reclaimableBytes();
            given = could > 0 ? shrinker.shrinker().shrink(Math.min(bytes, could)) : 0;
        } catch (final RuntimeException | Error failure) {
            thrown = failure;
        }
        final long givenThen = given;
        final Throwable failure = thrown;
        try {
            back.execute(() -> {
                if (failure == null) {
                    gave(shrinker, number, givenThen);
                } else {
                    failed(shrinker, number, failure);
                }
            });
        } catch (final RejectedExecutionException closed) {
            // The loop that asked has ended: nobody counts any more.
        }
    }

    /** Runs what asks for no answer on a shrinker's loop. */
    void tell(final RegisteredShrinker shrinker, final Runnable call) {
        final Runnable guarded = () -> {
            try {
                call.run();
            } catch (final RuntimeException | Error thrown) {
                home.execute(() -> {
                    shrinker.failed(nowNs);
                    report(shrinker, thrown);
                });
            }
        };
        try {
            if (shrinker.loop() == null) {
                guarded.run();
            } else {
                shrinker.loop().execute(guarded);
            }
        } catch (final RejectedExecutionException closed) {
            // It has ended, and what it held with it.
        }
    }

    private void report(final RegisteredShrinker shrinker, final Throwable thrown) {
        if (shrinker.counters().get(ShrinkerCounter.FAILED) == 1) {
            report.accept("shrinker " + shrinker.name() + " failed and is passed over: " + thrown);
        }
    }

    private void gave(final RegisteredShrinker shrinker, final long number, final long bytes) {
        shrinker.gave(bytes, nowNs);
        if (bytes > 0) {
            // Also when it comes late: the next round wants less.
            givenBytes += bytes;
            counters.add(PressureCounter.GIVEN_BYTES, bytes);
        }
        answered(number, bytes > 0);
    }

    private void failed(final RegisteredShrinker shrinker, final long number, final Throwable thrown) {
        shrinker.failed(nowNs);
        report(shrinker, thrown);
        answered(number, false);
    }

    private void answered(final long number, final boolean more) {
        if (waitsFor != null && number == ask) {
            waitsFor = null;
            position += more ? 0 : 1;
        }
    }
}
