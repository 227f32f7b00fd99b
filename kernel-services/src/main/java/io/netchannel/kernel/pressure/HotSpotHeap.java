package io.netchannel.kernel.pressure;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.netchannel.kernel.linux.Linux;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * HotSpot's levers, which differ by collector:
 *
 * <pre>
 *              what shrinks the heap                  System.gc()                      what there is no lever for
 *   Serial     Min/MaxHeapFreeRatio, manageable       stands still, at once            SoftMaxHeapSize: ignored
 *   Parallel   the same                               stands still, at once            the same
 *   G1         the same; at the end of its marking    as ExplicitGCInvokesConcurrent   that flag: from the start only;
 *              too, see G1PeriodicGCInterval          was at the start                 SoftMaxHeapSize: ignored
 *   ZGC        SoftMaxHeapSize, manageable            beside the application           ZUncommitDelay (300 s): from the start only
 * </pre>
 */
final class HotSpotHeap implements HeapLevers {

    private static final String MIN_FREE = "MinHeapFreeRatio";
    private static final String MAX_FREE = "MaxHeapFreeRatio";
    private static final String SOFT_MAX = "SoftMaxHeapSize";
    private static final String TIGHT_MIN_FREE = "10";
    private static final String TIGHT_MAX_FREE = "20";
    private static final int TIGHT_SOFT_MAX_PERCENT = 125;

    private final HotSpotDiagnosticMXBean flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    private final Map<String, String> originals = new LinkedHashMap<>();
    private final List<GarbageCollectorMXBean> pausing = new ArrayList<>();
    private final List<MemoryPoolMXBean> collected = new ArrayList<>();
    private final boolean isZ;
    private final Consumer<String> report;
    private boolean refused;

    HotSpotHeap(final Consumer<String> report) {
        this.report = report;
        boolean z = false;
        for (final GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
            z |= bean.getName().startsWith("ZGC");
            // Their time is that of collections beside the application.
            if (!bean.getName().endsWith("Cycles") && !bean.getName().contains("Concurrent")) {
                pausing.add(bean);
            }
        }
        isZ = z;
        for (final MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null) {
                collected.add(pool);
            }
        }
        for (final String flag : isZ ? List.of(SOFT_MAX) : List.of(MIN_FREE, MAX_FREE)) {
            try {
                originals.put(flag, flags.getVMOption(flag).getValue());
            } catch (final IllegalArgumentException unknown) {
                report.accept("this JVM has no " + flag + ": its heap is collected, and shrinks as it likes");
            }
        }
    }

    @Override
    public long committedBytes() {
        return Runtime.getRuntime().totalMemory();
    }

    @Override
    public long liveBytes() {
        long live = 0;
        for (final MemoryPoolMXBean pool : collected) {
            final MemoryUsage usage = pool.getCollectionUsage();
            live += usage == null ? 0 : usage.getUsed();
        }
        return live == 0 ? -1 : live;
    }

    @Override
    public long maxBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    @Override
    public long pausedMs() {
        long paused = 0;
        for (final GarbageCollectorMXBean bean : pausing) {
            paused += Math.max(0, bean.getCollectionTime());
        }
        return paused;
    }

    @Override
    public long residentBytes() {
        try {
            // proc(5): pages of the program, of those in memory, ...
            final String[] words = Files.readString(Path.of("/proc/self/statm")).split(" ");
            return Long.parseLong(words[1]) * Linux.pageBytes();
        } catch (final IOException e) {
            return 0;
        }
    }

    @Override
    public void tighten() {
        if (isZ) {
            final long live = liveBytes();
            if (live > 0) {
                set(SOFT_MAX, Long.toString(Math.min(maxBytes(), live / 100 * TIGHT_SOFT_MAX_PERCENT)));
            }
        } else {
            // The lower one first: the JVM wants them in order at all times.
            set(MIN_FREE, TIGHT_MIN_FREE);
            set(MAX_FREE, TIGHT_MAX_FREE);
        }
    }

    @Override
    public void loosen() {
        final List<String> order = isZ ? List.of(SOFT_MAX) : List.of(MAX_FREE, MIN_FREE);
        for (final String flag : order) {
            if (originals.containsKey(flag)) {
                set(flag, originals.get(flag));
            }
        }
    }

    private void set(final String flag, final String value) {
        if (!originals.containsKey(flag)) {
            return;
        }
        try {
            flags.setVMOption(flag, value);
        } catch (final IllegalArgumentException declined) {
            if (!refused) {
                refused = true;
                report.accept("this JVM doesn't take " + flag + "=" + value + ": " + declined.getMessage());
            }
        }
    }

    @Override
    public void collect() {
        System.gc();
    }
}
