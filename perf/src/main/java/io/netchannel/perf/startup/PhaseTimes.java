package io.netchannel.perf.startup;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When one start reached what, after its process was asked for.
 *
 * <p>Threading: one thread.
 */
final class PhaseTimes {

    private final long startedNs = System.nanoTime();
    private final Map<String, Long> reached = new LinkedHashMap<>();
    private long cpuNs;

    /** The first time counts. */
    void reach(final String phase) {
        reached.putIfAbsent(phase, elapsedNs());
    }

    /** The first packet is answered. */
    void finish(final String phase, final long usedCpuNs) {
        reach(phase);
        cpuNs = usedCpuNs;
    }

    boolean hasReached(final String phase) {
        return reached.containsKey(phase);
    }

    long elapsedNs() {
        return System.nanoTime() - startedNs;
    }

    /**
     * In the order of {@code phases}, and the CPU time until the last. A phase that was not seen before the last one has the
     * last one's time.
     */
    double[] milliseconds(final String... phases) {
        final double[] times = new double[phases.length + 1];
        for (int i = 0; i < phases.length; i++) {
            times[i] = reached.getOrDefault(phases[i], reached.get(phases[phases.length - 1])) / 1e6;
        }
        times[phases.length] = cpuNs / 1e6;
        return times;
    }
}
