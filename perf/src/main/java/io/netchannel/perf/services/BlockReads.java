package io.netchannel.perf.services;

import com.sun.management.OperatingSystemMXBean;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.IdleStrategy;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.kernel.storage.block.BlockDevice;
import io.netchannel.kernel.storage.block.BlockFileConfig;
import io.netchannel.kernel.storage.block.IoUringBlockDevice;
import io.netchannel.perf.blocks.QueueLoad;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Random reads of 4 KiB: one loop with an io_uring, {@value #DEPTH} of them outstanding, against threads that read through a
 * {@link FileChannel}, as many as cost least. From the device, past the page cache, and from the page cache; there with the
 * copy by itself, from a mapping.
 *
 * <p>What counts is the CPU time of the whole process, user and system, for each read: the kernel's threads for an io_uring
 * are the process's too. Reads go on for a time, each side in turn.
 */
final class BlockReads implements ServiceComparison {

    private static final int BLOCK_BYTES = 4096;
    private static final long FILE_BYTES = 256L << 20;
    private static final int DEPTH = 32;
    private static final int[] THREADS = {1, 2, 4, DEPTH};
    private static final long MEASURE_MS = 1_000;
    private static final double TARGET = 2;

    private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory
            .getOperatingSystemMXBean();

    /** One way to read: what it did in a round. */
    private interface Reader {

        long read(Path file, boolean direct, long seed) throws IOException, InterruptedException;
    }

    /** A way to read, from the page cache or past it, with what its rounds came to. */
    private record Side(String what, boolean direct, Reader reader, List<Double> cpuNs, List<Double> perSecond) {

        Side(final String what, final boolean direct, final Reader reader) {
            this(what, direct, reader, new ArrayList<>(), new ArrayList<>());
        }

        void measure(final Path file, final int round, final PrintWriter progress) throws IOException,
                InterruptedException {
            final long cpuNs = PROCESS.getProcessCpuTime();
            final long startNs = System.nanoTime();
            final long reads = reader.read(file, direct, round);
            final double readNs = (double) (PROCESS.getProcessCpuTime() - cpuNs) / reads;
            final double rate = reads * 1e9 / (System.nanoTime() - startNs);
            progress.printf(Locale.ROOT, "    %s: %.0f ns of CPU a read, %.0f reads/s%n", what, readNs, rate);
            progress.flush();
            if (round > 0) {
                this.cpuNs.add(readNs);
                perSecond.add(rate);
            }
        }

        ComparisonResult.Figure cpu() {
            return new ComparisonResult.Figure(what + ", CPU", "ns", array(cpuNs));
        }

        ComparisonResult.Figure rate() {
            return new ComparisonResult.Figure(what + ", rate", "reads/s", array(perSecond));
        }

        private static double[] array(final List<Double> values) {
            return values.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }

    @Override
    public String name() {
        return "block-reads";
    }

    @Override
    public String description() {
        return "CPU time of a random 4 KiB read, from the device (O_DIRECT) and from the page cache: an io_uring at queue depth "
                + DEPTH + " on one run loop against FileChannel in 1 to " + DEPTH
                + " threads, of which the cheapest count";
    }

    @Override
    public String target() {
        return "at least 2x (CPU of a read from the device, the cheapest threads' to io_uring's: more is better)";
    }

    @Override
    public String unavailability() {
        final String refused = IoUringBlockDevice.unavailability();
        return refused == null
                ? null
                : "no io_uring (" + refused + "); see /proc/sys/kernel/io_uring_disabled";
    }

    @Override
    public ComparisonResult run(final int rounds, final PrintWriter progress) throws IOException,
            InterruptedException {
        final Path file = makeFile();
        try (Arena arena = Arena.ofShared(); FileChannel channel = FileChannel.open(file)) {
            final MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, FILE_BYTES, arena);
            mapped.load();
            final List<Side> cache = sides("page cache, ", false);
            final List<Side> device = sides("device, ", true);
            final Side copy = new Side("page cache, the copy alone", false, (path, past, seed) -> byCopy(mapped, seed));
            final List<Side> all = new ArrayList<>(cache);
            all.add(copy);
            all.addAll(device);
            for (int round = 0; round <= rounds; round++) {
                progress.println(round == 0 ? "  warm-up" : "  round " + round);
                for (final Side side : all) {
                    side.measure(file, round, progress);
                }
            }
            return result(all, cache, device, copy);
        } finally {
            Files.delete(file);
        }
    }

    /** The ring first. */
    private static List<Side> sides(final String from, final boolean direct) {
        final List<Side> sides = new ArrayList<>();
        sides.add(new Side(from + "io_uring of depth " + DEPTH, direct, BlockReads::byRing));
        for (final int count : THREADS) {
            sides.add(new Side(from + threads(count), direct, (path, past, seed) -> byThreads(path, past, seed, count,
                    Thread.ofPlatform())));
        }
        sides.add(new Side(from + DEPTH + " virtual threads", direct, (path, past, seed) -> byThreads(path, past, seed,
                DEPTH, Thread.ofVirtual())));
        return sides;
    }

    private static String threads(final int count) {
        return count == 1 ? "1 thread" : count + " threads";
    }

    private static ComparisonResult result(final List<Side> all, final List<Side> cache, final List<Side> device,
            final Side copy) {
        final List<ComparisonResult.Figure> figures = new ArrayList<>();
        all.forEach(side -> figures.add(side.cpu()));
        all.forEach(side -> figures.add(side.rate()));
        final Side cheapestOfCache = cheapestThreads(cache);
        figures.add(ratio(cheapestOfCache, cache.getFirst()));
        figures.add(ratio(cheapestOfCache, copy));
        final ComparisonResult.Figure judged = ratio(cheapestThreads(device), device.getFirst());
        figures.add(judged);
        return new ComparisonResult(figures, judged.median(), judged.median() >= TARGET);
    }

    private static Side cheapestThreads(final List<Side> ringFirst) {
        return ringFirst.stream().skip(1).min(Comparator.comparingDouble(side -> side.cpu().median())).orElseThrow();
    }

    private static ComparisonResult.Figure ratio(final Side dearer, final Side cheaper) {
        return new ComparisonResult.Figure(dearer.what + " to" + cheaper.what.substring(cheaper.what.indexOf(',') + 1),
                "times", dearer.cpu().median() / cheaper.cpu().median());
    }

    /** Written whole, so that each block is one of the disk's. */
    private static Path makeFile() throws IOException {
        final Path file = Files.createTempFile("netchannel-blocks", ".img");
        final byte[] part = new byte[1 << 20];
        new Random(1).nextBytes(part);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (long done = 0; done < FILE_BYTES; done += part.length) {
                channel.write(ByteBuffer.wrap(part));
            }
            channel.force(true);
        }
        return file;
    }

    // -- the ways to read

    private static long byRing(final Path path, final boolean direct, final long seed) throws InterruptedException {
        final BlockFileConfig config = BlockFileConfig.DEFAULT.withReadOnly(true).withDirect(direct);
        try (Region region = Region.create("blocks", 1 << 20);
                BlockDevice device = IoUringBlockDevice.open(path, config, lost -> {
                    throw new IllegalStateException(lost);
                });
                RunLoop loop = RunLoop.builder("blocks").idle(IdleStrategy.PARK_AT_ONCE).build()) {
            final QueueLoad load = new QueueLoad(loop, device, region, QueueLoad.Pattern.RANDOM_READ, BLOCK_BYTES,
                    DEPTH,
                    seed, false);
            loop.start();
            load.start();
            measure();
            load.stop();
            load.ended().join();
            return load.completed();
        }
    }

    private static long byThreads(final Path path, final boolean direct, final long seed, final int count,
            final Thread.Builder threads) throws IOException, InterruptedException {
        final Set<OpenOption> options = direct
                ? Set.of(StandardOpenOption.READ, directOption())
                : Set.of(StandardOpenOption.READ);
        final AtomicReference<IOException> failure = new AtomicReference<>();
        final AtomicLong reads = new AtomicLong();
        final CountDownLatch stop = new CountDownLatch(1);
        try (FileChannel channel = FileChannel.open(path, options)) {
            final List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                final SplittableRandom random = new SplittableRandom(seed * 1000 + i);
                readers.add(threads.start(() -> {
                    try {
                        reads.addAndGet(readUntil(stop, channel, random));
                    } catch (final IOException failed) {
                        failure.set(failed);
                    }
                }));
            }
            measure();
            stop.countDown();
            for (final Thread reader : readers) {
                reader.join();
            }
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        return reads.get();
    }

    /** What is left of a read from the page cache if it costs no system call; the pages are those of a mapping. */
    private static long byCopy(final MemorySegment mapped, final long seed) throws InterruptedException {
        final AtomicLong copies = new AtomicLong();
        final CountDownLatch stop = new CountDownLatch(1);
        final Thread copier = Thread.ofPlatform().start(() -> copies.set(copyUntil(stop, mapped, seed)));
        measure();
        stop.countDown();
        copier.join();
        return copies.get();
    }

    private static long copyUntil(final CountDownLatch stop, final MemorySegment mapped, final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final MemorySegment buffers = Arena.ofAuto().allocate((long) DEPTH * BLOCK_BYTES, BLOCK_BYTES);
        long copies = 0;
        while (stop.getCount() > 0) {
            MemorySegment.copy(mapped, random.nextLong(FILE_BYTES / BLOCK_BYTES) * BLOCK_BYTES, buffers,
                    copies++ % DEPTH * BLOCK_BYTES, BLOCK_BYTES);
        }
        return copies;
    }

    /** The JDK's own, which javac warns of whatever is suppressed. */
    private static OpenOption directOption() {
        try {
            for (final Object option : Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
                if (option.toString().equals("DIRECT")) {
                    return (OpenOption) option;
                }
            }
        } catch (final ClassNotFoundException without) {
            throw new IllegalStateException("this JDK's FileChannel has no direct I/O", without);
        }
        throw new IllegalStateException("this JDK's FileChannel has no direct I/O");
    }

    private static long readUntil(final CountDownLatch stop, final FileChannel channel, final SplittableRandom random)
            throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(2 * BLOCK_BYTES).alignedSlice(BLOCK_BYTES).limit(
                BLOCK_BYTES).slice();
        long reads = 0;
        while (stop.getCount() > 0) {
            buffer.clear();
            channel.read(buffer, random.nextLong(FILE_BYTES / BLOCK_BYTES) * BLOCK_BYTES);
            reads++;
        }
        return reads;
    }

    /** The time that the reads go on for. */
    private static void measure() throws InterruptedException {
        new CountDownLatch(1).await(MEASURE_MS, TimeUnit.MILLISECONDS);
    }
}
