package io.netchannel.perf.cpu;

/**
 * How a thread of a measurement waits for the other: it looks again and again, gives up its CPU now and then in case the
 * other needs it, and doesn't wait for ever.
 *
 * <p>Threading: one thread.
 */
final class Patience {

    private static final int LOOKS_UNTIL_YIELD = 20_000;
    private static final long LIMIT_NS = 20_000_000_000L;

    private int looks;
    private long sinceNs;

    /** Nothing there yet. */
    void look() {
        // As a run loop does between turns. Without it the CPU has many loads of the line under way, and takes longer to
        // notice that it was taken away.
        Thread.onSpinWait();
        if (++looks == LOOKS_UNTIL_YIELD) {
            looks = 0;
            Thread.yield();
            final long nowNs = System.nanoTime();
            if (sinceNs == 0) {
                sinceNs = nowNs;
            } else if (nowNs - sinceNs > LIMIT_NS) {
                throw new IllegalStateException("the other thread has not answered for 20 s");
            }
        }
    }

    /** There it is. */
    void rest() {
        looks = 0;
        sinceNs = 0;
    }
}
