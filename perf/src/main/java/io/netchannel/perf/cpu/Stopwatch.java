package io.netchannel.perf.cpu;

/**
 * Times loops on the calling thread: first until HotSpot has compiled them, then round by round.
 *
 * <p>What a loop computes is added up and looked at, so that none of it can be left out. A loop has a class of its own,
 * so that its compiled code knows one callee at each call.
 *
 * @param rounds that are counted
 * @param roundNs how long one is to take
 * @param warmUpNs before the first
 */
record Stopwatch(int rounds, long roundNs, long warmUpNs) {

    /** Enough for a median. */
    static final Stopwatch NORMAL = new Stopwatch(15, 4_000_000, 150_000_000);
    static final Stopwatch QUICK = new Stopwatch(5, 1_000_000, 40_000_000);

    private static final long FIRST_TURNS = 64;
    private static final int MAX_TURNS = 1 << 30;

    // Read by nobody who matters; written so that the sums are needed.
    private static volatile long sink;

    /** Work that can be repeated. */
    @FunctionalInterface
    interface Loop {

        /** @return something that depends on all of the work */
        long run(int turns);
    }

    /** @return ns a turn */
    Sample measure(final Loop loop) {
        final int turns = turnsOfARound(loop);
        final double[] ns = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            final long startNs = System.nanoTime();
            sink = loop.run(turns);
            ns[i] = (double) (System.nanoTime() - startNs) / turns;
        }
        return Sample.of(ns);
    }

    private int turnsOfARound(final Loop loop) {
        final long endNs = System.nanoTime() + warmUpNs;
        long turns = FIRST_TURNS;
        long tookNs;
        do {
            final long startNs = System.nanoTime();
            sink = loop.run((int) turns);
            tookNs = Math.max(1, System.nanoTime() - startNs);
            turns = Math.clamp(turns * Math.clamp(roundNs / tookNs, 1, 8), FIRST_TURNS, MAX_TURNS);
        } while (System.nanoTime() < endNs);
        return (int) Math.clamp(turns * roundNs / tookNs, FIRST_TURNS, MAX_TURNS);
    }
}
