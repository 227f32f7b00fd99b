package io.netchannel.perf.cpu;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What others have used of two CPUs by now: other programs, and the host below a virtual machine.
 *
 * @param atNs now
 * @param usedNs of both CPUs, by all, as {@code /proc/stat} counts it in ticks; 0 if it isn't there
 * @param ownNs by this process
 */
record OtherLoad(long atNs, long usedNs, long ownNs) {

    /** Less than a tenth is not seen: ticks are coarse beside a round. */
    private static final double DISTURBED = 0.1;
    private static final Path STAT = Path.of("/proc/stat");
    private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory
            .getOperatingSystemMXBean();
    /** USER_HZ is 100 on every architecture that this runs on. */
    private static final long TICK_NS = 10_000_000;
    /** Behind the name: user, nice, system, idle, iowait, irq, softirq, steal. */
    private static final int[] USED = {1, 2, 3, 6, 7, 8};

    static OtherLoad now(final int first, final int second) {
        long ticks = 0;
        try {
            for (final String line : Files.readAllLines(STAT)) {
                if (line.startsWith("cpu" + first + " ") || line.startsWith("cpu" + second + " ")) {
                    final String[] fields = line.split(" +");
                    for (final int field : USED) {
                        ticks += field < fields.length ? Long.parseLong(fields[field]) : 0;
                    }
                }
            }
        } catch (final IOException e) {
            // Not every sandbox has it; then nobody knows, and no round is left out.
            ticks = 0;
        }
        return new OtherLoad(System.nanoTime(), ticks * TICK_NS, PROCESS.getProcessCpuTime());
    }

    /** Whether others have had more than a tenth of the two CPUs from here until then. */
    boolean hasDisturbedUntil(final OtherLoad later) {
        final double othersNs = later.usedNs - usedNs - (later.ownNs - ownNs);
        return othersNs > DISTURBED * 2 * (later.atNs - atNs);
    }
}
