package io.netchannel.perf.services;

import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.memory.BlockHeap;
import io.netchannel.kernel.memory.LoopHeap;
import io.netchannel.kernel.memory.MagazineHeap;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import io.netchannel.perf.services.BufferWorkload.Allocator;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/** Buffers of packets and of bytes, out and back, in one loop and in two at once, against malloc and Netty's allocators. */
final class PacketBufferComparison implements ServiceComparison {

    private static final int THREADS = 2;
    private static final int BUFFERS = 1024;
    private static final double MAX_NS = 10;
    /** Of the cost with two loops to that with one: what CPUs that share a core's clock and memory make of nothing shared. */
    private static final double MAX_SHARING = 1.2;
    private static final long DURATION_NS = 150_000_000L;
    private static final int WARM_UPS = 3;
    private static final String PACKETS = "packet pool";
    private static final String MAGAZINES = "magazines";
    private static final String MALLOC = "malloc in C";

    @Override
    public String name() {
        return "packet-buffer";
    }

    @Override
    public String description() {
        return "4 KiB buffers, 32 out and back, by one loop and by two at once: ours, C's malloc, Netty";
    }

    @Override
    public String target() {
        return "at most " + (int) MAX_NS + " ns for each, and at most " + MAX_SHARING + "x that with two loops";
    }

    @Override
    public String unavailability() {
        if (Linux.affinity().cardinality() < THREADS) {
            return "two loops need two CPUs, and this process may use one: see taskset";
        }
        return MallocProgram.unavailability();
    }

    @Override
    public ComparisonResult run(final int rounds, final PrintWriter progress) throws IOException, InterruptedException {
        final BitSet allowed = Linux.affinity();
        final int first = allowed.nextSetBit(0);
        final int[] cpus = {first, allowed.nextSetBit(first + 1)};
        final BufferWorkload workload = new BufferWorkload(cpus);
        try (Region region = Region.create("comparison", PacketMemory.requiredBytes(THREADS * BUFFERS,
                BufferWorkload.BUFFER_BYTES));
                MagazineHeap heap = new MagazineHeap(new BlockHeap("comparison", 16 << 20, BufferWorkload.BUFFER_BYTES,
                        64 << 20), BufferWorkload.BUFFER_BYTES, THREADS);
                MallocProgram malloc = MallocProgram.compile(cpus)) {
            final Map<String, IntFunction<Allocator>> ours = allocators(region, heap);
            final Map<String, double[][]> figures = new LinkedHashMap<>();
            ours.keySet().forEach(each -> figures.put(each, new double[THREADS][rounds]));
            figures.put(MALLOC, new double[THREADS][rounds]);
            for (int round = -WARM_UPS; round < rounds; round++) {
                for (int threads = 1; threads <= THREADS; threads++) {
                    for (final Map.Entry<String, IntFunction<Allocator>> each : ours.entrySet()) {
                        keep(figures, each.getKey(), threads, round, workload.measure(threads, DURATION_NS, each
                                .getValue()));
                    }
                    keep(figures, MALLOC, threads, round, malloc.measure(threads, DURATION_NS));
                }
                if (round >= 0) {
                    report(progress, round, figures);
                }
            }
            return result(figures);
        }
    }

    private static void keep(final Map<String, double[][]> figures, final String name, final int threads,
            final int round, final double ns) {
        if (round >= 0) {
            figures.get(name)[threads - 1][round] = ns;
        }
    }

    private static void report(final PrintWriter progress, final int round, final Map<String, double[][]> figures) {
        final StringBuilder line = new StringBuilder("  round " + (round + 1) + ":");
        figures.forEach((name, ns) -> line.append(String.format(Locale.ROOT, " %s %.1f, %.1f ns;", name,
                ns[0][round], ns[1][round])));
        progress.println(line.deleteCharAt(line.length() - 1));
        progress.flush();
    }

    private static ComparisonResult result(final Map<String, double[][]> all) {
        final List<ComparisonResult.Figure> figures = new ArrayList<>();
        all.forEach((name, ns) -> {
            figures.add(new ComparisonResult.Figure(name + ", one loop", "ns", ns[0]));
            figures.add(new ComparisonResult.Figure(name + ", each of two", "ns", ns[1]));
        });
        final double packets = sharing(all.get(PACKETS));
        final double magazines = sharing(all.get(MAGAZINES));
        final double ratio = Math.max(packets, magazines);
        return new ComparisonResult(figures, ratio, ratio <= MAX_SHARING && median(all.get(PACKETS)[0]) <= MAX_NS
                && median(all.get(MAGAZINES)[0]) <= MAX_NS);
    }

    private static double median(final double[] values) {
        return new ComparisonResult.Figure("", "", values).median();
    }

    private static double sharing(final double[][] ns) {
        return median(ns[1]) / median(ns[0]);
    }

    private static Map<String, IntFunction<Allocator>> allocators(final Region region, final MagazineHeap heap) {
        final Map<String, IntFunction<Allocator>> all = new LinkedHashMap<>();
        final PacketMemory memory = new PacketMemory(region, THREADS * BUFFERS, BufferWorkload.BUFFER_BYTES);
        final PacketPool[] pools = new PacketPool[THREADS];
        final LoopHeap[] loops = new LoopHeap[THREADS];
        for (int i = 0; i < THREADS; i++) {
            pools[i] = new PacketPool(memory, i * BUFFERS, BUFFERS, index -> {
                throw new IllegalStateException("buffer " + index + " is another's");
            });
            loops[i] = heap.newLoop();
        }
        all.put(PACKETS, i -> new Packets(pools[i]));
        all.put(MAGAZINES, i -> new Magazines(loops[i]));
        final ByteBufAllocator adaptive = new AdaptiveByteBufAllocator(true, true);
        final ByteBufAllocator pooled = PooledByteBufAllocator.DEFAULT;
        all.put("Netty adaptive", i -> new NettyAdaptive(adaptive));
        all.put("Netty pooled", i -> new NettyPooled(pooled));
        return all;
    }

    private record Packets(PacketPool pool, int[] held) implements Allocator {

        Packets(final PacketPool pool) {
            this(pool, new int[BufferWorkload.BURST]);
        }

        @Override
        public void run(final int bursts) {
            for (int burst = 0; burst < bursts; burst++) {
                for (int i = 0; i < held.length; i++) {
                    held[i] = pool.allocate();
                }
                for (final int index : held) {
                    pool.release(index);
                }
            }
        }
    }

    private record Magazines(LoopHeap heap, long[] held) implements Allocator {

        Magazines(final LoopHeap heap) {
            this(heap, new long[BufferWorkload.BURST]);
        }

        @Override
        public void run(final int bursts) {
            for (int burst = 0; burst < bursts; burst++) {
                for (int i = 0; i < held.length; i++) {
                    held[i] = heap.allocate(BufferWorkload.BUFFER_BYTES);
                }
                for (final long block : held) {
                    heap.free(block, BufferWorkload.BUFFER_BYTES);
                }
            }
        }
    }

    private record NettyAdaptive(ByteBufAllocator allocator, ByteBuf[] held) implements Allocator {

        NettyAdaptive(final ByteBufAllocator allocator) {
            this(allocator, new ByteBuf[BufferWorkload.BURST]);
        }

        @Override
        public void run(final int bursts) {
            for (int burst = 0; burst < bursts; burst++) {
                for (int i = 0; i < held.length; i++) {
                    held[i] = allocator.directBuffer(BufferWorkload.BUFFER_BYTES);
                }
                for (final ByteBuf buffer : held) {
                    buffer.release();
                }
            }
        }
    }

    /** The same code as {@link NettyAdaptive} once more: with one class for both, the JIT's profile of a call would be of two allocators. */
    private record NettyPooled(ByteBufAllocator allocator, ByteBuf[] held) implements Allocator {

        NettyPooled(final ByteBufAllocator allocator) {
            this(allocator, new ByteBuf[BufferWorkload.BURST]);
        }

        @Override
        public void run(final int bursts) {
            for (int burst = 0; burst < bursts; burst++) {
                for (int i = 0; i < held.length; i++) {
                    held[i] = allocator.directBuffer(BufferWorkload.BUFFER_BYTES);
                }
                for (final ByteBuf buffer : held) {
                    buffer.release();
                }
            }
        }
    }
}
