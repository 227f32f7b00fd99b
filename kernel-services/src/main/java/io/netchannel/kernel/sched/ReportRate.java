package io.netchannel.kernel.sched;

/**
 * No more reports than a log can take: {@value #BURST} at once, then one each second.
 *
 * <p>Threading: the loop's.
 */
final class ReportRate {

    static final int BURST = 10;
    static final long INTERVAL_NS = 1_000_000_000L;

    private int allowed = BURST;
    private long refilledNs;
    private long suppressed;

    /** @return how many were suppressed since the last that was not, or -1 if this one is */
    long next(final long nowNs) {
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
            return -1;
        }
        allowed--;
        final long before = suppressed;
        suppressed = 0;
        return before;
    }

    /** Whoever was to report has failed: the next report counts this one, and those that this one was to count. */
    void failed(final long before) {
        suppressed = before + 1;
    }
}
