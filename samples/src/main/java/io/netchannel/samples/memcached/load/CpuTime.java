package io.netchannel.samples.memcached.load;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/** CPU time that somebody has used so far. */
@FunctionalInterface
interface CpuTime {

    /** Nobody can tell. */
    long UNKNOWN = -1;

    /** @return ns, or {@link #UNKNOWN} */
    long ns();

    static CpuTime unknown() {
        return () -> UNKNOWN;
    }

    static CpuTime of(final Thread thread) {
        final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return () -> threads.getThreadCpuTime(thread.threadId());
    }

    /** All of it: a compiler's threads too. The kernel counts in steps of 10 ms. */
    static CpuTime of(final ProcessHandle process) {
        return () -> process.info().totalCpuDuration().map(Duration::toNanos).orElse(UNKNOWN);
    }
}
