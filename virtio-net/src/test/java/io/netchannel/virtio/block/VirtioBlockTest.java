package io.netchannel.virtio.block;

import static io.netchannel.virtio.block.BlockPair.BLOCK;
import static io.netchannel.virtio.block.BlockPair.DEPTH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.IdleStrategy;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.kernel.storage.block.BlockDevice;
import io.netchannel.kernel.storage.block.BlockFileConfig;
import io.netchannel.kernel.storage.block.BlockFiles;
import io.netchannel.kernel.storage.block.BlockQueue;
import io.netchannel.kernel.storage.fault.BlockFaults;
import io.netchannel.kernel.storage.fault.SimulatedBlockDevice;
import io.netchannel.virtio.net.DeviceStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A block device behind virtqueues: over a simulated disk in virtual time, and over a file. */
final class VirtioBlockTest {

    private static final int BLOCKS = 16;
    private static final long CAPACITY = (long) BLOCKS * BLOCK;
    private static final long ALL = BlockFeature.all();

    /** Split and packed, with every combination of what shapes a ring. */
    static LongStream rings() {
        final BlockFeature[] shapes = {BlockFeature.RING_PACKED, BlockFeature.EVENT_IDX, BlockFeature.INDIRECT_DESC};
        return LongStream.range(0, 1 << shapes.length).map(chosen -> {
            long features = ALL;
            for (int i = 0; i < shapes.length; i++) {
                features &= (chosen >> i & 1) == 0 ? ~shapes[i].mask() : -1L;
            }
            return features;
        });
    }

    private static SimulatedBlockDevice disk(final BlockFaults faults, final long seed) {
        return new SimulatedBlockDevice(CAPACITY, BLOCK, faults, seed);
    }

    private static BlockPair pair(final BlockFaults faults, final long features) {
        return new BlockPair(disk(faults, 1), features, DEPTH);
    }

    private static long at(final int block) {
        return (long) block * BLOCK;
    }

    @ParameterizedTest
    @MethodSource("rings")
    void shouldReadWhatWasWritten(final long features) {
        try (BlockPair p = pair(BlockFaults.NONE, features)) {
            assertThat(p.driver.capacityBytes()).isEqualTo(CAPACITY);
            assertThat(p.driver.blockBytes()).isEqualTo(BLOCK);
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < DEPTH; i++) {
                    p.fill(i, 1 + round + i);
                    assertThat(p.queue.write(p.buffer(i), BLOCK, at(i), i)).isZero();
                }
                assertThat(p.queue.flush(99)).isEqualTo(BlockQueue.FULL);
                p.settle();
                for (int i = 0; i < DEPTH; i++) {
                    assertThat(p.result(p.queue.read(p.buffer(DEPTH), BLOCK, at(i), i), i)).isEqualTo(BLOCK);
                    assertThat(p.sectors(DEPTH)).containsOnly(1 + round + i);
                }
            }
            assertThat(p.order).as("some overtake others").isNotEqualTo(p.order.stream().sorted().toList());
            assertThat(p.server.counters().get(BlockCounter.VIOLATIONS)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("rings")
    void shouldDiscardZeroAndFlush(final long features) {
        try (BlockPair p = pair(BlockFaults.NONE, features)) {
            p.fill(0, 5);
            for (int block = 0; block < 3; block++) {
                assertThat(p.result(p.queue.write(p.buffer(0), BLOCK, at(block), 1), 1)).isEqualTo(BLOCK);
            }
            assertThat(p.result(p.queue.flush(2), 2)).isZero();
            assertThat(p.result(p.queue.discard(0, BLOCK, 3), 3)).isZero();
            assertThat(p.result(p.queue.writeZeroes(BLOCK, BLOCK, 4), 4)).isZero();
            for (int block = 0; block < 3; block++) {
                assertThat(p.result(p.queue.read(p.buffer(1), BLOCK, at(block), 5), 5)).isEqualTo(BLOCK);
                assertThat(p.sectors(1)).containsOnly(block == 2 ? 5 : 0);
            }
        }
    }

    @Test
    void shouldGoOnAfterShortTransfersWithLessRoomBelowThanAbove() {
        try (BlockPair p = new BlockPair(disk(BlockFaults.NONE.withShort(0.7), 3), ALL, 2)) {
            for (int i = 0; i < BLOCKS; i++) {
                p.fill(i, i + 1);
            }
            for (int round = 0; round < 10; round++) {
                assertThat(p.queue.write(p.buffer(0), 8 * BLOCK, 0, 1)).isZero();
                assertThat(p.queue.write(p.buffer(8), 8 * BLOCK, 8 * BLOCK, 2)).isZero();
                p.settle();
                assertThat(p.results).containsEntry(1L, 8 * BLOCK).containsEntry(2L, 8 * BLOCK);
                assertThat(p.result(p.queue.read(p.buffer(16), BLOCKS * BLOCK, 0, 3), 3)).isEqualTo(BLOCKS * BLOCK);
                for (int i = 0; i < BLOCKS; i++) {
                    assertThat(p.sectors(16 + i)).containsOnly(i + 1);
                }
            }
            assertThat(p.server.counters().get(BlockCounter.SHORT_TRANSFERS)).isPositive();
        }
    }

    @Test
    void shouldTellOfErrorsBelow() {
        try (BlockPair p = pair(BlockFaults.NONE.withErrors(1), ALL)) {
            assertThat(p.result(p.queue.read(p.buffer(0), BLOCK, 0, 1), 1)).isEqualTo(-Errno.EIO);
            assertThat(p.result(p.queue.write(p.buffer(0), BLOCK, 0, 2), 2)).isEqualTo(-Errno.EIO);
            assertThat(p.result(p.queue.flush(3), 3)).isEqualTo(-Errno.EIO);
            assertThat(p.server.counters().get(BlockCounter.FAILED)).isEqualTo(3);
        }
        try (BlockPair p = pair(BlockFaults.NONE.withSpace(0), ALL)) {
            assertThat(p.result(p.queue.write(p.buffer(0), BLOCK, 0, 2), 2)).isEqualTo(-Errno.EIO);
        }
    }

    @Test
    void shouldOfferNothingThatWasNotNegotiated() {
        try (BlockPair p = pair(BlockFaults.NONE, 0)) {
            assertThat(p.driver.features()).isEqualTo(BlockFeature.VERSION_1.mask());
            assertThat(p.driver.blockBytes()).isEqualTo(BlockRequestLayout.SECTOR_BYTES);
            assertThat(p.queue.discard(0, BLOCK, 1)).isEqualTo(-Errno.EOPNOTSUPP);
            assertThat(p.queue.writeZeroes(0, BLOCK, 1)).isEqualTo(-Errno.EOPNOTSUPP);
            assertThat(p.result(p.queue.flush(2), 2)).as("nothing is cached").isZero();
            // Smaller than what the disk moves: it is the disk that refuses.
            assertThat(p.result(p.queue.read(p.buffer(0), 512, 512, 3), 3)).isEqualTo(-Errno.EIO);
        }
    }

    /** What a completed flush covers survives; without FLUSH, what a completed write wrote. */
    @Test
    void shouldKeepWhatIsDurableWheneverPowerGoes() {
        int lost = 0;
        for (long seed = 1; seed <= 100; seed++) {
            for (final boolean flushes : new boolean[]{true, false}) {
                final long features = flushes ? ALL : ALL & ~BlockFeature.FLUSH.mask();
                final SimulatedBlockDevice disk = disk(BlockFaults.NONE.withCutAtWrite(3 + seed % 20), seed);
                final int[] durable = new int[BLOCKS];
                final int[] newest = new int[BLOCKS];
                try (BlockPair p = new BlockPair(disk, features, DEPTH)) {
                    write(p, disk, new SplittableRandom(seed), flushes, durable, newest);
                    p.settle();
                    final SimulatedBlockDevice after = disk.cutPower(BlockFaults.NONE);
                    try (BlockPair again = new BlockPair(after, ALL, DEPTH)) {
                        for (int block = 0; block < BLOCKS; block++) {
                            assertThat(again.result(again.queue.read(again.buffer(0), BLOCK, at(block), 1), 1))
                                    .isEqualTo(BLOCK);
                            assertThat(again.sectors(0)).as("seed " + seed + ", flushes " + flushes)
                                    .allMatch(in(durable[block], newest[block]));
                            lost += again.sectors(0).contains(newest[block]) ? 0 : 1;
                        }
                    }
                }
            }
        }
        assertThat(lost).isPositive();
    }

    private static Predicate<Integer> in(final int durable, final int newest) {
        // Values of a block only grow.
        return value -> value >= durable && value <= newest;
    }

    private static void write(final BlockPair p, final SimulatedBlockDevice disk, final SplittableRandom random,
            final boolean flushes, final int[] durable, final int[] newest) {
        for (int value = 1; !disk.isOff(); value++) {
            final int block = random.nextInt(BLOCKS);
            p.fill(0, value);
            newest[block] = value;
            p.results.clear();
            if (p.queue.write(p.buffer(0), BLOCK, at(block), 1) == 0) {
                p.settle();
            }
            if (!flushes && p.results.containsKey(1L)) {
                durable[block] = value;
            } else if (flushes && random.nextInt(3) == 0 && p.queue.flush(2) == 0) {
                p.settle();
                if (p.results.getOrDefault(2L, -1) == 0) {
                    System.arraycopy(newest, 0, durable, 0, BLOCKS);
                }
            }
        }
    }

    @Test
    void shouldTellOfAllThatIsOutstandingWhenItCloses() {
        final BlockPair p = pair(BlockFaults.NONE, ALL);
        for (int i = 0; i < DEPTH; i++) {
            assertThat(p.queue.write(p.buffer(i), BLOCK, at(i), i)).isZero();
            if (i == 3) {
                p.turn();
            }
        }
        p.close();
        assertThat(p.results).hasSize(DEPTH);
        assertThat(p.results.values()).containsOnly(BLOCK);
        assertThat(p.queue.flush(1)).isEqualTo(-Errno.ENODEV);
        assertThat(p.device.status()).isEqualTo(DeviceStatus.RESET);
    }

    @Test
    void shouldSleepAndBeRungForEachRequest() {
        try (BlockPair p = pair(BlockFaults.NONE, ALL)) {
            assertThat(p.server.arm()).isTrue();
            p.queue.read(p.buffer(0), BLOCK, 0, 1);
            assertThat(p.queue.arm()).as("not published").isFalse();
            p.queue.poll(0);
            assertThat(p.queue.arm()).isTrue();
            assertThat(p.server.arm()).as("there is work").isFalse();
            p.server.disarm();
            p.server.poll(0);
            p.nowNs = p.server.nextDeadlineNs();
            p.server.poll(p.nowNs);
            assertThat(p.server.counters().get(BlockCounter.INTERRUPTS)).isEqualTo(1);
            assertThat(p.queue.arm()).as("there is a completion").isFalse();
        }
    }

    @Test
    void shouldServeAFile(@TempDir final Path directory) throws IOException {
        final Path path = Files.write(directory.resolve("disk"), new byte[BLOCKS * BLOCK]);
        final List<String> lost = new ArrayList<>();
        final var below = BlockFiles.open(path, BlockFileConfig.DEFAULT, lost::add);
        try (BlockPair p = new BlockPair(below, ALL, DEPTH)) {
            for (int i = 0; i < DEPTH; i++) {
                p.fill(i, i + 1);
                assertThat(p.queue.write(p.buffer(i), BLOCK, at(i), i)).isZero();
            }
            p.turn();
        }
        below.close();
        final byte[] written = Files.readAllBytes(path);
        for (int i = 0; i < DEPTH; i++) {
            assertThat(written[i * BLOCK]).isEqualTo((byte) (i + 1));
        }
        final var readOnly = BlockFiles.open(path, BlockFileConfig.DEFAULT.withReadOnly(true), lost::add);
        try (BlockPair p = new BlockPair(readOnly, ALL, DEPTH)) {
            assertThat(p.driver.isReadOnly()).isTrue();
            assertThat(p.queue.write(p.buffer(0), BLOCK, 0, 1)).isEqualTo(-Errno.EROFS);
        }
        readOnly.close();
    }

    /** Driver and device on loops of their own, which sleep between the requests: a wake-up that is lost hangs the test. */
    @Test
    void shouldServeADriverOnAnotherLoop(@TempDir final Path directory) throws Exception {
        final Path path = Files.write(directory.resolve("disk"), new byte[BLOCKS * BLOCK]);
        final CompletableFuture<Integer> all = new CompletableFuture<>();
        try (Region region = Region.create("two loops", 1 << 20);
                BlockDevice below = BlockFiles.open(path, BlockFileConfig.DEFAULT, line -> {
                })) {
            final RunLoop driverLoop = RunLoop.builder("driver").idle(IdleStrategy.PARK_AT_ONCE).build();
            final RunLoop deviceLoop = RunLoop.builder("device").idle(IdleStrategy.PARK_AT_ONCE).build();
            final long buffer = region.allocate(BLOCK, BLOCK);
            final VirtioBlockDevice device = new VirtioBlockDevice(below, ALL, 1);
            final VirtioBlockDriver driver = VirtioBlockDriver.open(device, region, ALL, 1, DEPTH);
            final BlockQueue[] queue = new BlockQueue[1];
            queue[0] = driver.openQueue(region, DEPTH, driverLoop.wakeWord()::signal, (token, result) -> {
                if (token == 300 || result != BLOCK) {
                    all.complete(result);
                } else {
                    queue[0].read(buffer, BLOCK, at((int) (token % BLOCKS)), token + 1);
                }
            });
            final BlockServer server = device.serve(0, region, DEPTH, deviceLoop.wakeWord()::signal);
            deviceLoop.onClose(server::close);
            deviceLoop.add(server);
            driverLoop.onClose(queue[0]::close);
            driverLoop.add(queue[0]);
            deviceLoop.start();
            driverLoop.start();
            driverLoop.execute(() -> queue[0].read(buffer, BLOCK, 0, 1));
            assertThat(all.get()).isEqualTo(BLOCK);
            deviceLoop.close();
            driverLoop.close();
            driver.close();
        }
    }

    @Test
    void shouldHaveAQueueForEachLoop() {
        final SimulatedBlockDevice disk = disk(BlockFaults.NONE, 1);
        final VirtioBlockDevice device = new VirtioBlockDevice(disk, ALL, 2);
        try (BlockPair one = pair(BlockFaults.NONE, ALL)) {
            assertThatThrownBy(() -> VirtioBlockDriver.open(device, one.region, 0, 2, DEPTH)).isInstanceOf(
                    IllegalArgumentException.class).hasMessageContaining("needs MQ");
            final VirtioBlockDriver driver = VirtioBlockDriver.open(device, one.region, ALL, 2, DEPTH);
            for (int i = 0; i < 2; i++) {
                final int[] told = new int[1];
                final BlockQueue queue = driver.openQueue(one.region, DEPTH, () -> {
                }, (token, result) -> told[0] = result);
                final BlockServer server = device.serve(i, one.region, DEPTH, () -> {
                });
                assertThat(queue.read(one.buffer(0), BLOCK, 0, 1)).isZero();
                queue.poll(0);
                server.poll(0);
                server.poll(1_000_000);
                queue.poll(1_000_000);
                assertThat(told[0]).isEqualTo(BLOCK);
                queue.close();
            }
            driver.close();
        }
    }
}
