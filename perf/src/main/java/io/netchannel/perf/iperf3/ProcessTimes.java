package io.netchannel.perf.iperf3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CPU time of this process, as getrusage(2) would tell it.
 *
 * @param userTicks in user mode
 * @param systemTicks in the kernel
 * @param nowNs when
 */
record ProcessTimes(long userTicks, long systemTicks, long nowNs) {

    private static final Path STAT = Path.of("/proc/self/stat");
    /** USER_HZ. */
    private static final double TICKS_PER_SECOND = 100;
    // proc(5): fields 14 and 15; behind the name, which may have blanks, the third comes first.
    private static final int USER = 14 - 3;
    private static final int SYSTEM = 15 - 3;

    /** Per cent of one CPU. */
    record Utilization(double total, double user, double system) {

        static final Utilization NONE = new Utilization(0, 0, 0);
    }

    static ProcessTimes read(final long nowNs) {
        try {
            final String line = Files.readString(STAT);
            final String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            return new ProcessTimes(Long.parseLong(fields[USER]), Long.parseLong(fields[SYSTEM]), nowNs);
        } catch (final IOException | RuntimeException e) {
            return new ProcessTimes(0, 0, nowNs);
        }
    }

    Utilization since(final ProcessTimes start) {
        final double seconds = (nowNs - start.nowNs) / 1e9;
        if (seconds <= 0) {
            return Utilization.NONE;
        }
        final double user = 100 * (userTicks - start.userTicks) / TICKS_PER_SECOND / seconds;
        final double system = 100 * (systemTicks - start.systemTicks) / TICKS_PER_SECOND / seconds;
        return new Utilization(user + system, user, system);
    }
}
