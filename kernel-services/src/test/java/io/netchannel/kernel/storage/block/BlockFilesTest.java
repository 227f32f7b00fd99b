package io.netchannel.kernel.storage.block;

import static io.netchannel.kernel.storage.block.BlockFixture.BLOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.Allocations;
import io.netchannel.kernel.Needs;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.linux.MapFlags;
import io.netchannel.kernel.linux.OpenFlags;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.RunLoop;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file as a block device, by io_uring and by threads: the same promises. */
final class BlockFilesTest {

    private static final int BLOCKS = 64;
    private static final int TURNS = 500;

    @TempDir
    private Path directory;

    private BlockFixture open(final Engine engine, final int depth) throws IOException {
        return new BlockFixture(engine, BlockFixture.file(directory, BLOCKS), BlockFileConfig.DEFAULT, depth);
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadWhatWasWritten(final Engine engine) throws IOException {
        try (BlockFixture f = open(engine, 16)) {
            for (int i = 0; i < 16; i++) {
                f.fill(i, i + 1);
                assertThat(f.queue.write(f.buffer(i), BLOCK, (long) (BLOCKS - 1 - i) * BLOCK, i)).isZero();
            }
            f.settle();
            for (int i = 0; i < 16; i++) {
                assertThat(f.results).as(engine + " " + f.lost).containsEntry((long) i, BLOCK);
                assertThat(f.queue.read(f.buffer(16 + i), BLOCK, (long) (BLOCKS - 1 - i) * BLOCK, 100 + i)).isZero();
            }
            f.settle();
            for (int i = 0; i < 16; i++) {
                assertThat(f.results).containsEntry(100L + i, BLOCK);
                assertThat(f.value(16 + i)).as("block " + i).isEqualTo(i + 1);
            }
        }
    }

    /** Any blocks, any depth, against an array of what each block has. */
    @ParameterizedTest
    @EnumSource
    void shouldKeepEachBlockOnItsOwn(final Engine engine) throws IOException {
        final long seed = 8;
        final Random random = new Random(seed);
        final int[] expected = new int[BLOCKS];
        try (BlockFixture f = open(engine, 32)) {
            for (int round = 0; round < 20; round++) {
                final boolean[] used = new boolean[BLOCKS];
                for (int i = 0; i < 32; i++) {
                    final int block = random.nextInt(BLOCKS);
                    if (!used[block]) {
                        used[block] = true;
                        expected[block] = random.nextInt(1, 256);
                        f.fill(i, expected[block]);
                        assertThat(f.queue.write(f.buffer(i), BLOCK, (long) block * BLOCK, i)).isZero();
                    }
                }
                f.settle();
            }
            for (int block = 0; block < BLOCKS; block++) {
                assertThat(f.result(f.queue.read(f.buffer(0), BLOCK, (long) block * BLOCK, block), block))
                        .isEqualTo(BLOCK);
                assertThat(f.value(0)).as(engine + ", seed " + seed + ", block " + block).isEqualTo(expected[block]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFlushDiscardAndWriteZeroes(final Engine engine) throws IOException {
        try (BlockFixture f = open(engine, 4)) {
            f.fill(0, 7);
            for (int block = 0; block < 4; block++) {
                assertThat(f.result(f.queue.write(f.buffer(0), BLOCK, (long) block * BLOCK, 1), 1)).isEqualTo(BLOCK);
            }
            assertThat(f.result(f.queue.flush(2), 2)).isZero();
            assertThat(f.result(f.queue.discard(0, BLOCK, 3), 3)).isZero();
            assertThat(f.result(f.queue.writeZeroes(2 * BLOCK, BLOCK, 4), 4)).isZero();
            final int[] after = new int[4];
            for (int block = 0; block < 4; block++) {
                assertThat(f.result(f.queue.read(f.buffer(1), BLOCK, (long) block * BLOCK, 5), 5)).isEqualTo(BLOCK);
                after[block] = f.value(1);
            }
            assertThat(after).containsExactly(0, 7, 0, 7);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseWhatIsOutOfBoundsOrUnaligned(final Engine engine) throws IOException {
        try (BlockFixture f = open(engine, 4)) {
            final long end = (long) BLOCKS * BLOCK;
            assertThat(f.device.capacityBytes()).isEqualTo(end);
            final long past = f.region.address() + f.region.sizeBytes();
            final BlockQueue queue = f.queue;
            assertThat(List.of(queue.read(f.buffer(0), BLOCK, end, 1),
                    queue.read(f.buffer(0), 2 * BLOCK, end - BLOCK, 1),
                    queue.read(f.buffer(0), BLOCK, -BLOCK, 1), queue.read(f.buffer(0), BLOCK, 512, 1),
                    queue.read(f.buffer(0), 0, 0, 1), queue.read(f.buffer(0), -BLOCK, 0, 1),
                    queue.read(f.buffer(0), 512, 0, 1), queue.read(f.buffer(0) + 512, BLOCK, 0, 1),
                    queue.read(past, BLOCK, 0, 1), queue.write(past - BLOCK, 2 * BLOCK, 0, 1),
                    queue.read(f.buffer(0), BLOCK, Long.MAX_VALUE & -BLOCK, 1), queue.discard(0, end + BLOCK, 1),
                    queue.discard(BLOCK, Long.MAX_VALUE & -BLOCK, 1), queue.writeZeroes(0, 0, 1)))
                    .containsOnly(-Errno.EINVAL);
            assertThat(queue.outstanding()).isZero();
            assertThat(f.results).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseMoreThanItsDepthUntilSomethingCompletes(final Engine engine) throws IOException {
        try (BlockFixture f = open(engine, 3)) {
            for (int i = 0; i < 3; i++) {
                assertThat(f.queue.read(f.buffer(i), BLOCK, 0, i)).isZero();
            }
            assertThat(f.queue.read(f.buffer(3), BLOCK, 0, 3)).isEqualTo(BlockQueue.FULL);
            assertThat(f.queue.flush(3)).isEqualTo(BlockQueue.FULL);
            f.settle();
            assertThat(f.queue.read(f.buffer(3), BLOCK, 0, 3)).isZero();
            f.settle();
            assertThat(f.results).hasSize(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseChangesOfAReadOnlyDevice(final Engine engine) throws IOException {
        final Path path = BlockFixture.file(directory, BLOCKS);
        try (BlockFixture f = new BlockFixture(engine, path, BlockFileConfig.DEFAULT.withReadOnly(true), 4)) {
            assertThat(f.queue.write(f.buffer(0), BLOCK, 0, 1)).isEqualTo(-Errno.EROFS);
            assertThat(f.queue.discard(0, BLOCK, 1)).isEqualTo(-Errno.EROFS);
            assertThat(f.queue.writeZeroes(0, BLOCK, 1)).isEqualTo(-Errno.EROFS);
            assertThat(f.result(f.queue.read(f.buffer(0), BLOCK, 0, 2), 2)).isEqualTo(BLOCK);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellOfAllThatIsOutstandingWhenItCloses(final Engine engine) throws IOException {
        final Path path = BlockFixture.file(directory, BLOCKS);
        final BlockFixture f = new BlockFixture(engine, path, BlockFileConfig.DEFAULT, 32);
        for (int i = 0; i < 32; i++) {
            f.fill(i, 9);
            assertThat(f.queue.write(f.buffer(i), BLOCK, (long) i * BLOCK, i)).isZero();
            if (i == 15) {
                f.loop.runOnce(0);
            }
        }
        f.queue.close();
        f.queue.close();
        assertThat(f.results).hasSize(32);
        assertThat(f.results.values()).containsOnly(BLOCK);
        assertThat(f.queue.flush(1)).isEqualTo(-Errno.ENODEV);
        f.close();
        assertThat(Files.readAllBytes(path)).startsWith(9).hasSize(BLOCKS * BLOCK);
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayThatNothingIsThereOfAFileThatWasCut(final Engine engine) throws IOException {
        final Path path = BlockFixture.file(directory, BLOCKS);
        try (BlockFixture f = new BlockFixture(engine, path, BlockFileConfig.DEFAULT, 4)) {
            try (RandomAccessFile cut = new RandomAccessFile(path.toFile(), "rw")) {
                cut.setLength(BLOCK);
            }
            assertThat(f.result(f.queue.read(f.buffer(0), 2 * BLOCK, 0, 1), 1)).isEqualTo(BLOCK);
            assertThat(f.result(f.queue.read(f.buffer(0), BLOCK, 8 * BLOCK, 2), 2)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"URING_CACHED", "URING_SUBMISSION_THREAD"})
    void shouldNotAllocateForARequest(final Engine engine) throws IOException {
        try (BlockFixture f = open(engine, 8)) {
            final int[] done = new int[1];
            try (BlockQueue queue = f.device.openQueue(f.region, 8, Doorbell.NONE, (token, result) -> done[0]++)) {
                final long leastBytes = Allocations.leastBytes(() -> {
                    for (int turn = 0; turn < TURNS; turn++) {
                        for (int i = 0; i < 8; i++) {
                            queue.read(f.buffer(i), BLOCK, (long) i * BLOCK, i);
                        }
                        while (queue.outstanding() > 0) {
                            queue.poll(0);
                            Thread.onSpinWait();
                        }
                    }
                });
                // Less than an object for each request. What there may be is the linker's, for a system call, once a turn:
                // whether the compiler removes that depends on how deep the call is inlined.
                assertThat(leastBytes).isLessThanOrEqualTo(TURNS * 48L);
                assertThat(done[0]).isPositive();
            }
        }
    }

    /** A loop with a thread, which sleeps between the requests. */
    @ParameterizedTest
    @EnumSource
    void shouldWakeALoopThatSleeps(final Engine engine) throws Exception {
        final Path path = BlockFixture.file(directory, BLOCKS);
        final RunLoop loop = RunLoop.builder("blocks").build();
        try (Region region = Region.create("blocks", 1 << 20);
                BlockDevice device = engine.open(path, BlockFileConfig.DEFAULT, line -> {
                })) {
            final long buffer = region.allocate(BLOCK, BLOCK);
            final List<Integer> results = new ArrayList<>();
            final CompletableFuture<List<Integer>> all = new CompletableFuture<>();
            final BlockQueue[] queue = new BlockQueue[1];
            queue[0] = device.openQueue(region, 1, loop.wakeWord()::signal, (token, result) -> {
                results.add(result);
                if (token == 50) {
                    all.complete(results);
                } else {
                    queue[0].read(buffer, BLOCK, token % BLOCKS * BLOCK, token + 1);
                }
            });
            loop.onClose(queue[0]::close);
            loop.add(queue[0]);
            loop.start();
            loop.execute(() -> queue[0].read(buffer, BLOCK, 0, 1));
            assertThat(all.get()).hasSize(50).containsOnly(BLOCK);
            loop.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveAQueueForEachLoopAndNoMore(final Engine engine) throws IOException {
        final Path path = BlockFixture.file(directory, BLOCKS);
        try (BlockFixture f = new BlockFixture(engine, path, BlockFileConfig.DEFAULT.withQueues(2), 4)) {
            final BlockQueue second = f.device.openQueue(f.region, 4, Doorbell.NONE, (token, result) -> {
            });
            assertThatThrownBy(() -> f.device.openQueue(f.region, 4, Doorbell.NONE, (token, result) -> {
            })).isInstanceOf(IllegalStateException.class).hasMessageContaining("queues=2");
            assertThatThrownBy(f.device::close).isInstanceOf(IllegalStateException.class);
            second.close();
            f.device.openQueue(f.region, 4, Doorbell.NONE, (token, result) -> {
            }).close();
        }
    }

    @Test
    void shouldSayOnceThatAFileSystemHasNoDirectIo() {
        final Path path = Path.of("/sys/kernel/fscaps");
        Needs.need(Files.exists(path), path.toString());
        final List<String> lost = new ArrayList<>();
        // A page long, as sysfs has it, whatever is in it.
        try (BlockDevice device = FileBlockDevice.open(path, BlockFileConfig.DEFAULT.withReadOnly(true), lost::add)) {
            assertThat(device.capacityBytes()).isEqualTo(BLOCK);
        }
        assertThat(lost).hasSize(1).first().asString().contains("no direct I/O", "page cache");
    }

    /** Pages of a file, unlike those of a memfd, may not be pinned for long. */
    @Test
    void shouldSayOnceThatBuffersCannotBeRegistered() throws IOException {
        Needs.need(IoUringBlockDevice.unavailability() == null, "io_uring");
        final Path path = BlockFixture.file(directory, BLOCKS);
        final List<String> lost = new ArrayList<>();
        final int fd = Linux.open(path.toString(), OpenFlags.O_RDWR);
        final long sizeBytes = (long) BLOCKS * BLOCK;
        final long address = Linux.mmap(sizeBytes, MapFlags.PROT_READ | MapFlags.PROT_WRITE, MapFlags.MAP_SHARED, fd,
                0);
        final Region region = Region.over("a file", HostMemory.INSTANCE, address, sizeBytes);
        try (BlockDevice device = IoUringBlockDevice.open(path, BlockFileConfig.DEFAULT.withDirect(false), lost::add)) {
            for (int i = 0; i < 2; i++) {
                final List<Integer> results = new ArrayList<>();
                final BlockQueue queue = device.openQueue(region, 4, Doorbell.NONE, (token, result) -> results.add(
                        result));
                assertThat(queue.read(address, BLOCK, BLOCK, 1)).isZero();
                queue.close();
                assertThat(results).containsExactly(BLOCK);
            }
        } finally {
            Linux.munmap(address, sizeBytes);
            Linux.close(fd);
        }
        assertThat(lost).hasSize(1).first().asString().contains("buffers are not registered")
                .doesNotContain("RLIMIT_MEMLOCK");
    }

    @Test
    void shouldSayWhyAFileIsNoDevice() throws IOException {
        assertThatThrownBy(() -> BlockFiles.open(directory.resolve("none"), BlockFileConfig.DEFAULT, line -> {
        })).isInstanceOf(LinuxException.class).hasMessageContaining("ENOENT");
        final Path small = Files.write(directory.resolve("small"), new byte[100]);
        assertThatThrownBy(() -> BlockFiles.open(small, BlockFileConfig.DEFAULT, line -> {
        })).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("sizeBytes=100 < blockBytes=4096");
        for (final boolean direct : new boolean[]{true, false}) {
            // Linux opens a directory for reading, and says that it is nearly endless.
            final BlockFileConfig readOnly = BlockFileConfig.DEFAULT.withReadOnly(true).withDirect(direct);
            assertThatThrownBy(() -> BlockFiles.open(directory, readOnly, line -> {
            })).as("direct " + direct).isInstanceOf(LinuxException.class).hasMessageContaining("EISDIR");
        }
        assertThatThrownBy(() -> BlockFileConfig.DEFAULT.withBlockBytes(1000))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("blockBytes=1000");
    }
}
