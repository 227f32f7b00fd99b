package io.netchannel.kernel.sched;

/**
 * Passes errors on to a handler, at a bounded rate.
 *
 * <p>Threading: the loop's.
 */
final class ErrorReports {

    private final String loop;
    private final LoopErrorHandler handler;
    private final ReportRate rate = new ReportRate();

    ErrorReports(final String loop, final LoopErrorHandler handler) {
        this.loop = loop;
        this.handler = handler;
    }

    void report(final Object source, final Throwable thrown, final long nowNs) {
        final long suppressed = rate.next(nowNs);
        if (suppressed < 0) {
            return;
        }
        try {
            handler.onError(loop, ActsFor.named(source), thrown, suppressed);
        } catch (final Throwable broken) {
            // A handler that fails must not take the loop with it. There is nobody left to tell; the next report counts
            // it.
            rate.failed(suppressed);
        }
    }
}
