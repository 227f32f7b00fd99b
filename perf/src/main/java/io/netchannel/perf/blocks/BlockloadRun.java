package io.netchannel.perf.blocks;

import com.sun.management.OperatingSystemMXBean;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.kernel.storage.block.BlockDevice;
import io.netchannel.kernel.storage.block.BlockFileConfig;
import io.netchannel.kernel.storage.block.BlockFiles;
import io.netchannel.kernel.storage.block.FileBlockDevice;
import io.netchannel.kernel.storage.block.IoUringBlockDevice;
import io.netchannel.perf.blocks.QueueLoad.Pattern;
import io.netchannel.virtio.block.BlockFeature;
import io.netchannel.virtio.block.VirtioBlockDevice;
import io.netchannel.virtio.block.VirtioBlockDriver;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** One load: opens the file, starts a loop for each queue, ends them after a time. */
final class BlockloadRun {

    /** The ways to the file. */
    enum Engine {
        uring, file, virtio
    }

    private static final long SLACK_BYTES = 1 << 16;
    private static final long TELL_NS = 1_000_000_000;

    private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory
            .getOperatingSystemMXBean();

    private final Path file;
    private final BlockFileConfig config;
    private final Engine engine;
    private final Pattern pattern;
    private final int requestBytes;
    private final int depth;
    private final int loopCount;
    private final Consumer<String> lost;
    private final Consumer<String> progress;

    /** @param progress told what takes long, as it begins and goes on */
    BlockloadRun(final Path file, final BlockFileConfig config, final Engine engine, final Pattern pattern,
            final int requestBytes, final int depth, final int loopCount, final Consumer<String> lost,
            final Consumer<String> progress) {
        this.file = file;
        this.config = config;
        this.engine = engine;
        this.pattern = pattern;
        this.requestBytes = requestBytes;
        this.depth = depth;
        this.loopCount = loopCount;
        this.lost = lost;
        this.progress = progress;
    }

    /**
     * @throws LinuxException if the file can't be opened, or a request failed
     * @throws IllegalArgumentException if the file is smaller than a request
     */
    BlockloadResult execute(final long durationNs) throws InterruptedException {
        final long regionBytes = loopCount * ((long) depth * requestBytes + SLACK_BYTES)
                + VirtioBlockDriver.requiredBytes(loopCount, depth);
        progress.accept(
                String.format(Locale.ROOT, "opening %d queues of depth %d; %.1f MiB of buffers", loopCount, depth,
                        (double) regionBytes / (1 << 20)));
        try (Region region = Region.create("blockload", regionBytes);
                BlockDevice device = engine == Engine.file
                        ? FileBlockDevice.open(file, config, lost)
                        : BlockFiles.open(file, config, lost)) {
            if (device.capacityBytes() < requestBytes) {
                throw new IllegalArgumentException(
                        file + ": sizeBytes=" + device.capacityBytes() + " < requestBytes=" + requestBytes);
            }
            final boolean ioUring = device instanceof IoUringBlockDevice;
            return engine == Engine.virtio
                    ? throughQueues(device, region, durationNs, ioUring)
                    : load(device, null, region, durationNs, ioUring);
        }
    }

    private BlockloadResult throughQueues(final BlockDevice below, final Region region, final long durationNs,
            final boolean ioUring) throws InterruptedException {
        final VirtioBlockDevice device = new VirtioBlockDevice(below, BlockFeature.all(), loopCount);
        try (VirtioBlockDriver driver = VirtioBlockDriver.open(device, region, BlockFeature.all(), loopCount, depth)) {
            return load(driver, device, region, durationNs, ioUring);
        }
    }

    /** @param served whose queues each loop serves itself, or null */
    private BlockloadResult load(final BlockDevice device, final VirtioBlockDevice served, final Region region,
            final long durationNs, final boolean ioUring) throws InterruptedException {
        final List<RunLoop> loops = new ArrayList<>();
        final List<QueueLoad> loads = new ArrayList<>();
        long toldNs = System.nanoTime();
        try {
            for (int i = 0; i < loopCount; i++) {
                final RunLoop loop = RunLoop.builder("blocks-" + i).build();
                loops.add(loop);
                loads.add(new QueueLoad(loop, device, region, pattern, requestBytes, depth, 1 + i, true));
                if (served != null) {
                    loop.add(served.serve(i, region, depth, loop.wakeWord()::signal));
                }
                // An io_uring pins its buffers, which is slow where there are many.
                if (System.nanoTime() - toldNs > TELL_NS) {
                    toldNs = System.nanoTime();
                    progress.accept("queue " + (i + 1) + " of " + loopCount + " is open");
                }
            }
            progress.accept(String.format(Locale.ROOT, "running for %.1f s", durationNs / 1e9));
            return measure(loops, loads, durationNs, ioUring);
        } finally {
            loops.forEach(RunLoop::close);
        }
    }

    private static BlockloadResult measure(final List<RunLoop> loops, final List<QueueLoad> loads,
            final long durationNs, final boolean ioUring) throws InterruptedException {
        loops.forEach(RunLoop::start);
        final long cpuNs = PROCESS.getProcessCpuTime();
        final long startNs = System.nanoTime();
        loads.forEach(QueueLoad::start);
        new CountDownLatch(1).await(durationNs, TimeUnit.NANOSECONDS);
        loads.forEach(QueueLoad::stop);
        try {
            loads.forEach(load -> load.ended().join());
        } catch (final CompletionException thrown) {
            throw thrown.getCause() instanceof final LinuxException cause ? cause : thrown;
        }
        final long elapsedNs = System.nanoTime() - startNs;
        final long usedNs = PROCESS.getProcessCpuTime() - cpuNs;
        final Histogram latencies = new Histogram(3);
        long completed = 0;
        long failed = 0;
        for (final QueueLoad load : loads) {
            latencies.add(load.latencies());
            completed += load.completed();
            failed += load.failed();
        }
        return new BlockloadResult(completed, failed, elapsedNs, usedNs, latencies, ioUring);
    }
}
