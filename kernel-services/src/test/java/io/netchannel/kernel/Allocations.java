package io.netchannel.kernel;

import java.lang.management.ManagementFactory;

/** How much heap a hot path takes once it is compiled. */
public final class Allocations {

    private static final int ROUNDS = 100;

    private Allocations() {
    }

    /**
     * Runs {@code round} until it allocates nothing, as it does when the compiler has caught up with it.
     *
     * @return bytes that the best round allocated: 0 unless the path really allocates
     */
    public static long leastBytes(final Runnable round) {
        final com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory
                .getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS && least > 0; i++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            round.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
