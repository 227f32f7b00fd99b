package io.netchannel.samples.haproxy.proxy;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/** How busy a loop's thread is, second by second. Threading: asked in the loop, whose time it measures. */
final class LoopLoad {

    private static final long PERIOD_MS = 1_000;
    private static final long NS_PER_MS = 1_000_000;
    private static final int PERCENT = 100;

    private final LongSupplier usedNs;
    private long sinceMs = -1;
    private long usedThenNs;
    private int busyPercent;

    LoopLoad() {
        this(() -> ManagementFactory.getThreadMXBean().isCurrentThreadCpuTimeSupported()
                ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()
                : 0);
    }

    /** @param usedNs the CPU's time that the calling thread had so far */
    LoopLoad(final LongSupplier usedNs) {
        this.usedNs = usedNs;
    }

    /** Of the last period that was measured; 0 before. */
    int busyPercent(final long nowMs) {
        if (sinceMs < 0 || nowMs - sinceMs >= PERIOD_MS) {
            final long now = usedNs.getAsLong();
            if (sinceMs >= 0) {
                busyPercent = (int) Math.min(PERCENT, (now - usedThenNs) * PERCENT / ((nowMs - sinceMs) * NS_PER_MS));
            }
            sinceMs = nowMs;
            usedThenNs = now;
        }
        return busyPercent;
    }
}
