package io.netchannel.perf.netperf;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What the process, its threads and the machine have used up to an instant.
 *
 * @param timeNs of {@link System#nanoTime}
 * @param threadCpuNs by thread, with its name
 * @param machineBusyNs of all CPUs and processes; 0 where the kernel doesn't tell
 * @param stolenNs that a hypervisor kept from this machine's CPUs
 */
record ResourceSample(long timeNs, long processCpuNs, Map<Long, ThreadCpu> threadCpuNs, long gcPauseNs, long gcCount,
        long allocatedBytes, long machineBusyNs, long stolenNs) {

    /** Of one thread. */
    record ThreadCpu(String name, long cpuNs) {
    }

    private static final OperatingSystemMXBean SYSTEM = ManagementFactory
            .getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private static final Path STAT = Path.of("/proc/stat");
    // Fixed for programs, whatever the kernel's own clock (proc_stat(5)).
    private static final long JIFFY_NS = 10_000_000L;

    static ResourceSample now() {
        final Map<Long, ThreadCpu> threads = new HashMap<>();
        final long[] ids = THREADS.getAllThreadIds();
        final ThreadInfo[] infos = THREADS.getThreadInfo(ids);
        final long[] cpu = THREADS.getThreadCpuTime(ids);
        for (int i = 0; i < ids.length; i++) {
            if (infos[i] != null && cpu[i] >= 0) {
                threads.put(ids[i], new ThreadCpu(infos[i].getThreadName(), cpu[i]));
            }
        }
        long pauseNs = 0;
        long count = 0;
        for (final GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            pauseNs += collector.getCollectionTime() * 1_000_000L;
            count += collector.getCollectionCount();
        }
        final long[] machine = machine();
        return new ResourceSample(System.nanoTime(), SYSTEM.getProcessCpuTime(), threads, pauseNs, count,
                THREADS.getTotalThreadAllocatedBytes(), machine[0], machine[1]);
    }

    /** @return busy and stolen ns of all CPUs */
    private static long[] machine() {
        try {
            final String[] fields = Files.readString(STAT).lines().findFirst().orElse("").split(" +");
            // cpu user nice system idle iowait irq softirq steal
            final long user = Long.parseLong(fields[1]) + Long.parseLong(fields[2]);
            final long system = Long.parseLong(fields[3]) + Long.parseLong(fields[6]) + Long.parseLong(fields[7]);
            return new long[]{(user + system) * JIFFY_NS, Long.parseLong(fields[8]) * JIFFY_NS};
        } catch (final IOException | RuntimeException e) {
            return new long[2];
        }
    }

    /** What was used from {@code start} to this. */
    ResourceUse since(final ResourceSample start) {
        long client = 0;
        long server = 0;
        for (final Map.Entry<Long, ThreadCpu> each : threadCpuNs.entrySet()) {
            final ThreadCpu before = start.threadCpuNs.get(each.getKey());
            final long ns = each.getValue().cpuNs() - (before == null ? 0 : before.cpuNs());
            if (each.getValue().name().contains("-client")) {
                client += ns;
            } else if (each.getValue().name().contains("-server")) {
                server += ns;
            }
        }
        final long process = processCpuNs - start.processCpuNs;
        final long others = machineBusyNs == 0 ? 0 : Math.max(0, machineBusyNs - start.machineBusyNs - process);
        return new ResourceUse(timeNs - start.timeNs, process, client, server, gcPauseNs - start.gcPauseNs,
                gcCount - start.gcCount, allocatedBytes - start.allocatedBytes, others, stolenNs - start.stolenNs);
    }
}
