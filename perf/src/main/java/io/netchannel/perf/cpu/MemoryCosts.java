package io.netchannel.perf.cpu;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.cost.CpuCaches;
import io.netchannel.cpu.cost.Operation;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.MapFlags;
import java.util.SplittableRandom;

/**
 * Loads of which each needs the one before: a walk through all lines of a working set, in an order that no prefetcher
 * knows. And copies.
 *
 * <p>The memory is mapped with advice to use huge pages; where there are none, what the TLB misses is in the figures.
 */
final class MemoryCosts implements AutoCloseable {

    private static final int LINE_BYTES = 64;
    private static final long MIN_DRAM_BYTES = 64L << 20;
    private static final long MAX_DRAM_BYTES = 256L << 20;
    private static final int COPY_BYTES = 1024;
    private static final int HOPS = 16;

    private final OrderedMemory memory = HostMemory.INSTANCE;
    private final CpuCaches caches;
    private final long lengthBytes;
    private final long base;
    private final SplittableRandom random = new SplittableRandom(1);
    private long position;

    MemoryCosts(final CpuCaches caches, final boolean quick) {
        this.caches = caches;
        final long wanted = Math.clamp((quick ? 2 : 4) * caches.largestBytes(), MIN_DRAM_BYTES, MAX_DRAM_BYTES);
        this.lengthBytes = wanted;
        this.base = Linux.mmap(lengthBytes, MapFlags.PROT_READ | MapFlags.PROT_WRITE,
                MapFlags.MAP_PRIVATE | MapFlags.MAP_ANONYMOUS, -1, 0);
        // Advice only: without huge pages there is a figure too.
        Linux.madvise(base, lengthBytes, MapFlags.MADV_HUGEPAGE);
    }

    void measure(final Stopwatch stopwatch, final CostSheet sheet) {
        walk(Operation.L1_HIT, caches.bytes(1) / 2, stopwatch, sheet);
        walk(Operation.L2_HIT, caches.bytes(2) / 2, stopwatch, sheet);
        // A quarter: a shared cache holds other programs' lines too.
        walk(Operation.L3_HIT, caches.bytes(3) / 4, stopwatch, sheet);
        walk(Operation.DRAM_ACCESS, lengthBytes, stopwatch, sheet);
        sheet.add(Operation.COPY_KIB, stopwatch.measure(this::copies));
    }

    private void walk(final Operation operation, final long bytes, final Stopwatch stopwatch, final CostSheet sheet) {
        if (bytes < LINE_BYTES * HOPS) {
            sheet.leaveOut(operation, "/sys names no such cache");
            return;
        }
        chain((int) (Math.min(bytes, lengthBytes) / LINE_BYTES));
        sheet.add(operation, stopwatch.measure(this::hops).partOf(0, HOPS));
    }

    /** One cycle through all lines, by Sattolo's shuffle; the first word of each line is the address of the next. */
    private void chain(final int lines) {
        final int[] next = new int[lines];
        for (int i = 0; i < lines; i++) {
            next[i] = i;
        }
        for (int i = lines - 1; i > 0; i--) {
            final int other = random.nextInt(i);
            final int swapped = next[i];
            next[i] = next[other];
            next[other] = swapped;
        }
        for (int i = 0; i < lines; i++) {
            memory.putLong(base + (long) i * LINE_BYTES, base + (long) next[i] * LINE_BYTES);
        }
        position = base;
    }

    private long hops(final int turns) {
        long at = position;
        for (int i = 0; i < turns; i++) {
            for (int hop = 0; hop < HOPS; hop++) {
                at = memory.getLong(at);
            }
        }
        position = at;
        return at;
    }

    private long copies(final int turns) {
        for (int i = 0; i < turns; i++) {
            memory.copy(base + (i & 1) * COPY_BYTES, base + 4 * COPY_BYTES, COPY_BYTES);
        }
        return memory.getLong(base + 4 * COPY_BYTES);
    }

    @Override
    public void close() {
        Linux.munmap(base, lengthBytes);
    }
}
