package io.netchannel.kernel.sched;

/**
 * Passes errors on to a handler, but no faster than a log can take: {@value #BURST} at once, then one each second.
 *
 * <p>Threading: the loop's.
 */
final class ErrorReports {

    static final int BURST = 10;
    static final long INTERVAL_NS = 1_000_000_000L;

    private final String loop;
    private final LoopErrorHandler handler;
    private int allowed = BURST;
    private long refilledNs;
    private long suppressed;

    ErrorReports(final String loop, final LoopErrorHandler handler) {
        this.loop = loop;
        this.handler = handler;
    }

    void report(final Object source, final Throwable thrown, final long nowNs) {
        if (allowed == BURST) {
            refilledNs = nowNs;
        }
        final long refills = (nowNs - refilledNs) / INTERVAL_NS;
        if (refills > 0) {
            allowed = (int) Math.min(BURST, allowed + refills);
            refilledNs += refills * INTERVAL_NS;
        }
        if (allowed == 0) {
            suppressed++;
            return;
        }
        allowed--;
        final long before = suppressed;
        suppressed = 0;
        try {
            handler.onError(loop, source, thrown, before);
        } catch (final Throwable broken) {
            // A handler that fails must not take the loop with it. There is nobody left to tell; the next report counts
            // it.
            suppressed = before + 1;
        }
    }
}
