package io.netchannel.samples.load;

import io.netchannel.node.DataplaneNode;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** CPU time that somebody has used so far. */
@FunctionalInterface
public interface CpuTime {

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

    /** Of a node's only loop; it has started. */
    static CpuTime of(final DataplaneNode node) {
        return of(CompletableFuture.supplyAsync(Thread::currentThread, node.loops().getFirst()::execute).join());
    }

    /** All of it: a compiler's threads too. The kernel counts in steps of 10 ms. */
    static CpuTime of(final ProcessHandle process) {
        return () -> process.info().totalCpuDuration().map(Duration::toNanos).orElse(UNKNOWN);
    }

    /** What was used since {@code before}, which this said. */
    default long sinceNs(final long before) {
        final long now = ns();
        return now == UNKNOWN ? UNKNOWN : now - before;
    }
}
