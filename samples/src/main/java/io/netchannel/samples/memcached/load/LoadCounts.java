package io.netchannel.samples.memcached.load;

import org.HdrHistogram.Histogram;

/**
 * What one client has counted in a round.
 *
 * @param operations answered within the round's time
 * @param allOperations with those that were still under way at its end
 * @param misses gets without a value
 * @param errors answers that refuse
 * @param firstError its text, or null
 * @param latencies in ns, of what is in {@code operations}
 */
record LoadCounts(long operations, long allOperations, long misses, long errors, String firstError,
        Histogram latencies) {
}
