package io.netchannel.kernel.sched;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiConsumer;

/**
 * What a watchdog knows of one loop, and how it stands in for it.
 *
 * <p>Threading: the watchdog's.
 */
final class WatchedLoop {

    private static final StackTraceElement[] NO_STACK = {};
    /** Polls without a look at the other loops. */
    private static final int POLLS_PER_LOOK = 16;

    private final RunLoop loop;
    private final LoopActivity activity;
    private final StandIn standIn;
    private final WatchdogConfig config;
    private final AtomicLongArray counts;
    private final ErrorReports reports;
    private final BiConsumer<Poller, Throwable> failed = this::failed;
    private long seen;
    private long lookedNs;
    private long blockedNs;
    private long reportAtNs;
    private boolean looked;
    private boolean helped;
    private long helpedSinceNs;

    WatchedLoop(final RunLoop loop, final LoopActivity activity, final StandIn standIn, final WatchdogConfig config,
            final AtomicLongArray counts) {
        this.loop = loop;
        this.activity = activity;
        this.standIn = standIn;
        this.config = config;
        this.counts = counts;
        this.reports = new ErrorReports(loop.name(), loop.errorHandler());
    }

    boolean isHelped() {
        return helped;
    }

    /** @return whether the loop sleeps, or has never run */
    boolean look(final long nowNs) {
        final long word = activity.observe();
        final long sinceNs = Math.min(nowNs - lookedNs, 2 * config.intervalNs());
        lookedNs = nowNs;
        if (!looked || isOther(word)) {
            looked = true;
            seen = word;
            blockedNs = 0;
            reportAtNs = config.reportNs();
        } else {
            blockedNs += sinceNs;
        }
        if (LoopActivity.state(word) == LoopActivity.PARKED) {
            return true;
        }
        if (!helped && standIn != null && blockedNs >= config.takeOverNs()) {
            takeOver(word, nowNs);
        }
        if (helped) {
            help(nowNs);
        }
        if (blockedNs >= reportAtNs) {
            report(word, nowNs);
        }
        return false;
    }

    /** What the stack's passing to and fro does to the word is no getting on. */
    private boolean isOther(final long word) {
        return word != seen && !(helped && LoopActivity.isSameBoundary(word, seen));
    }

    // -- the report

    private void report(final long word, final long nowNs) {
        if (reportAtNs == config.reportNs()) {
            count(WatchdogCounter.BLOCKED, 1);
        }
        // Once more each time that it has taken twice as long.
        reportAtNs = 2 * Math.max(reportAtNs, blockedNs);
        counts.accumulateAndGet(WatchdogCounter.LONGEST_BLOCKED_NS.ordinal(), blockedNs, Math::max);
        final Object callee = ActsFor.named(activity.callee(word));
        // A fiber's stack isn't that of the thread that carries it.
        final Thread thread = callee instanceof final Thread fiber ? fiber : activity.thread();
        reports.report(callee == null ? loop : callee, new BlockedLoopException(loop.name(), describe(callee),
                blockedNs, helped, thread == null ? NO_STACK : thread.getStackTrace()), nowNs);
    }

    /** In words, for a log. */
    static String describe(final Object callee) {
        return switch (callee) {
            case null -> "one turn";
            case final Thread fiber -> "fiber " + fiber.getName();
            default -> callee.getClass().getName();
        };
    }

    // -- standing in

    private void takeOver(final long word, final long nowNs) {
        if (!activity.take(word)) {
            return;
        }
        helped = true;
        helpedSinceNs = nowNs;
        count(WatchdogCounter.TAKE_OVERS, 1);
        try {
            standIn.begin(nowNs);
        } catch (final RuntimeException | Error thrown) {
            failed(standIn, thrown);
        }
    }

    private void help(final long nowNs) {
        int polls = 0;
        int work = 1;
        while (work > 0 && polls++ < POLLS_PER_LOOK && !activity.isWanted()) {
            try {
                work = standIn.poll(nowNs, failed);
                count(WatchdogCounter.STAND_IN_WORK, work);
            } catch (final RuntimeException | Error thrown) {
                work = 0;
                failed(standIn, thrown);
            }
        }
        if (activity.isWanted()) {
            giveBack(nowNs);
        }
    }

    /** Also without being asked. */
    void giveBack(final long nowNs) {
        if (!helped) {
            return;
        }
        try {
            standIn.end();
        } catch (final RuntimeException | Error thrown) {
            failed(standIn, thrown);
        }
        helped = false;
        count(WatchdogCounter.STAND_IN_NS, Math.max(0, nowNs - helpedSinceNs));
        activity.giveBack();
    }

    private void failed(final Object source, final Throwable thrown) {
        count(WatchdogCounter.STAND_IN_ERRORS, 1);
        reports.report(source, thrown, lookedNs);
    }

    private void count(final WatchdogCounter counter, final long amount) {
        counts.addAndGet(counter.ordinal(), amount);
    }
}
