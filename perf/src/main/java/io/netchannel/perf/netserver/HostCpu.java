package io.netchannel.perf.netserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How busy the host's CPUs are, as netserver on Linux sees it: /proc/stat, all of them, whoever keeps them busy. On one
 * host with netperf that is the work of both ends and of the path between them.
 *
 * @param perCpu ticks of each CPU since the boot, in the columns of proc(5)
 */
record HostCpu(List<long[]> perCpu) {

    /** netlib.h: how a utilization was measured. */
    static final int METHOD_UNKNOWN = 0;
    static final int METHOD_PROC_STAT = 8;

    /** USER_HZ, on every architecture that a JDK runs on. */
    static final int TICKS_PER_SECOND = 100;
    static final int COUNT = Runtime.getRuntime().availableProcessors();

    private static final Path PROC_STAT = Path.of("/proc/stat");
    private static final int USER = 0;
    private static final int SYSTEM = 2;
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final int IRQ = 5;
    private static final int SOFT_IRQ = 6;

    /**
     * Between two readings, in per cent of all CPUs.
     *
     * @param busy 100 less what was idle
     * @param busiest number of the CPU that was the busiest
     */
    record Utilization(double busy, double user, double system, double ioWait, double interrupt, double softInterrupt,
            int busiest, double busiestPercent) {
    }

    /** A reading, or null if the system does not tell. */
    static HostCpu read() {
        try {
            return parse(Files.readAllLines(PROC_STAT));
        } catch (final IOException | NumberFormatException e) {
            return null;
        }
    }

    static HostCpu parse(final List<String> lines) {
        final List<long[]> cpus = new ArrayList<>();
        for (final String line : lines) {
            if (line.startsWith("cpu") && line.length() > 3 && line.charAt(3) != ' ') {
                final String[] fields = line.split(" +");
                final long[] ticks = new long[Math.max(fields.length - 1, SOFT_IRQ + 1)];
                for (int i = 1; i < fields.length; i++) {
                    ticks[i - 1] = Long.parseLong(fields[i]);
                }
                cpus.add(ticks);
            }
        }
        return cpus.isEmpty() ? null : new HostCpu(cpus);
    }

    /** From {@code before} until this reading; null if one of them is missing. */
    static Utilization between(final HostCpu before, final HostCpu after) {
        if (before == null || after == null || before.perCpu.size() != after.perCpu.size()) {
            return null;
        }
        final int cpus = after.perCpu.size();
        final double[] percent = new double[SOFT_IRQ + 1];
        double busy = 0;
        int busiest = 0;
        double busiestPercent = 0;
        for (int cpu = 0; cpu < cpus; cpu++) {
            final long[] from = before.perCpu.get(cpu);
            final long[] to = after.perCpu.get(cpu);
            long total = 0;
            for (int i = 0; i < Math.min(from.length, to.length); i++) {
                total += Math.max(0, to[i] - from[i]);
            }
            if (total > 0) {
                for (int i = 0; i < percent.length; i++) {
                    percent[i] += 100.0 * Math.max(0, to[i] - from[i]) / total / cpus;
                }
                final double own = 100.0 - 100.0 * Math.max(0, to[IDLE] - from[IDLE]) / total;
                busy += own / cpus;
                if (own > busiestPercent) {
                    busiestPercent = own;
                    busiest = cpu;
                }
            }
        }
        return new Utilization(busy, percent[USER], percent[SYSTEM], percent[IO_WAIT], percent[IRQ], percent[SOFT_IRQ],
                busiest, busiestPercent);
    }
}
