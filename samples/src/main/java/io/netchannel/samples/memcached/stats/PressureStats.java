package io.netchannel.samples.memcached.stats;

import io.netchannel.kernel.pressure.MemoryPressure;
import io.netchannel.kernel.pressure.PressureCounter;
import io.netchannel.kernel.pressure.PressureCounters;
import io.netchannel.kernel.pressure.RegisteredShrinker;
import io.netchannel.kernel.pressure.ShrinkerCounter;
import io.netchannel.samples.memcached.store.Store;
import java.util.Locale;

/**
 * {@code stats pressure}: what was given back to the system. Not in {@code stats}, whose names are the original's and counted.
 *
 * <p>Threading: under the store's lock.
 */
public final class PressureStats {

    private PressureStats() {
    }

    /** @param pressure null if nothing is given back */
    public static void add(final Store store, final MemoryPressure pressure, final StatSink sink) {
        sink.add("pressure_enabled", pressure == null ? "no" : "yes");
        if (pressure == null) {
            return;
        }
        final PressureCounters<PressureCounter> counters = pressure.counters();
        sink.add("level", lower(pressure.level()));
        sink.add("limit_bytes", store.slabs().presentLimitBytes());
        sink.add("looks", counters.get(PressureCounter.LOOKS));
        sink.add("events", counters.get(PressureCounter.EVENTS));
        sink.add("rounds", counters.get(PressureCounter.ROUNDS));
        sink.add("wanted_bytes", counters.get(PressureCounter.WANTED_BYTES));
        sink.add("given_bytes", counters.get(PressureCounter.GIVEN_BYTES));
        sink.add("regrown_bytes", counters.get(PressureCounter.REGROWN_BYTES));
        sink.add("lost_gauges", counters.get(PressureCounter.LOST_GAUGES));
        sink.add("slab_pages_given", store.reclaim().pages());
        for (final RegisteredShrinker shrinker : pressure.shrinkers()) {
            for (final ShrinkerCounter counter : ShrinkerCounter.values()) {
                sink.add(shrinker.name() + ":" + lower(counter), shrinker.counters().get(counter));
            }
        }
    }

    private static String lower(final Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
