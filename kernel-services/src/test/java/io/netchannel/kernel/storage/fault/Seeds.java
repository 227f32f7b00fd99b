package io.netchannel.kernel.storage.fault;

import java.util.function.LongConsumer;

/** Runs of a test, each from a seed that a failure names. */
public final class Seeds {

    /** Runs that one seed only. */
    private static final String ONE = "netchannel.test.seed";

    private Seeds() {
    }

    public static void each(final long first, final int count, final LongConsumer run) {
        final Long one = Long.getLong(ONE);
        for (long seed = one != null ? one : first; seed < (one != null ? one + 1 : first + count); seed++) {
            try {
                run.accept(seed);
            } catch (final RuntimeException | AssertionError failed) {
                throw new AssertionError("replay with -D" + ONE + "=" + seed + ": " + failed, failed);
            }
        }
    }
}
