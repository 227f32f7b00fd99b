package io.netchannel.kernel.storage.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.storage.block.BlockQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A disk in virtual time: what it promises holds in every run, what it doesn't promise fails in some. */
final class SimulatedBlockDeviceTest {

    private static final int BLOCK = 4096;
    private static final int SECTORS = BLOCK / SectorStore.SECTOR_BYTES;
    private static final int BLOCKS = 16;
    private static final int DEPTH = 8;
    private static final int SEEDS = 500;

    private final OrderedMemory memory = HostMemory.INSTANCE;
    private final Region region = Region.create("simulated", 1 << 20);
    private final long buffers = region.allocate(64L * BLOCK, BLOCK);

    @AfterEach
    void close() {
        region.close();
    }

    private long buffer(final int index) {
        return buffers + (long) index * BLOCK;
    }

    private SimulatedBlockDevice device(final BlockFaults faults, final long seed) {
        return new SimulatedBlockDevice((long) BLOCKS * BLOCK, BLOCK, faults, seed);
    }

    /** Drives one request at a time. */
    private final class Caller {
        private final BlockQueue queue;
        private int result;
        private long nowNs;

        Caller(final SimulatedBlockDevice device) {
            queue = device.openQueue(region, DEPTH, Doorbell.NONE, (token, value) -> result = value);
        }

        int await(final int submitted) {
            while (submitted == BlockQueue.ACCEPTED && queue.outstanding() > 0) {
                queue.poll(nowNs);
                nowNs = Math.max(nowNs, queue.nextDeadlineNs() == BlockQueue.NO_DEADLINE
                        ? nowNs
                        : queue.nextDeadlineNs());
            }
            return submitted == BlockQueue.ACCEPTED ? result : submitted;
        }

        int write(final int block, final int value) {
            memory.fill(buffer(0), BLOCK, (byte) value);
            return await(queue.write(buffer(0), BLOCK, (long) block * BLOCK, 1));
        }

        /** @return value of each sector of the block */
        int[] read(final int block) {
            assertThat(await(queue.read(buffer(1), BLOCK, (long) block * BLOCK, 1))).isEqualTo(BLOCK);
            final int[] values = new int[SECTORS];
            for (int i = 0; i < SECTORS; i++) {
                values[i] = memory.getByte(buffer(1) + (long) i * SectorStore.SECTOR_BYTES) & 0xFF;
            }
            return values;
        }
    }

    /** What a user of the device knows, and so what it may find after a cut. */
    private static final class Knowledge {
        /** Of each block, what it may hold after a cut, oldest first: what was flushed for certain, and all since. */
        private final List<List<Integer>> possible = new ArrayList<>();
        private final int[] completed = new int[BLOCKS];

        Knowledge() {
            for (int i = 0; i < BLOCKS; i++) {
                possible.add(new ArrayList<>(List.of(0)));
            }
        }

        void flushed(final int[] before) {
            for (int block = 0; block < BLOCKS; block++) {
                final List<Integer> values = possible.get(block);
                possible.set(block, new ArrayList<>(values.subList(values.lastIndexOf(before[block]), values.size())));
            }
        }
    }

    /** A load of writes and flushes, several outstanding, until power goes. */
    private final class Load {
        private final SplittableRandom random;
        private final BlockQueue queue;
        private final Knowledge knowledge = new Knowledge();
        private final boolean[] busy = new boolean[BLOCKS];
        private final int[] values = new int[BLOCKS];
        private int[] flushing;
        private int nextValue = 1;

        Load(final SimulatedBlockDevice device, final long seed) {
            random = new SplittableRandom(seed);
            queue = device.openQueue(region, DEPTH, Doorbell.NONE, this::completed);
        }

        private void completed(final long token, final int result) {
            if (token == BLOCKS) {
                assertThat(result).isZero();
                knowledge.flushed(flushing);
                flushing = null;
            } else {
                assertThat(result).isEqualTo(BLOCK);
                busy[(int) token] = false;
                knowledge.completed[(int) token] = values[(int) token];
            }
        }

        void submit() {
            if (flushing == null && random.nextInt(4) == 0) {
                if (queue.flush(BLOCKS) == BlockQueue.ACCEPTED) {
                    flushing = knowledge.completed.clone();
                }
                return;
            }
            final int block = random.nextInt(BLOCKS);
            if (!busy[block] && nextValue < 256) {
                memory.fill(buffer(block), BLOCK, (byte) nextValue);
                if (queue.write(buffer(block), BLOCK, (long) block * BLOCK, block) == BlockQueue.ACCEPTED) {
                    busy[block] = true;
                    values[block] = nextValue;
                    knowledge.possible.get(block).add(nextValue++);
                }
            }
        }

        void run(final SimulatedBlockDevice device) {
            for (long nowNs = 0; !device.isOff() && nextValue < 256; nowNs += random.nextLong(60_000)) {
                submit();
                queue.poll(nowNs);
            }
        }
    }

    @Test
    void shouldKeepWhatAFlushHasCompletedForWheneverPowerGoes() {
        int lost = 0;
        int kept = 0;
        int torn = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            final SimulatedBlockDevice device = device(BlockFaults.NONE.withCutAtWrite(1 + seed % 100), seed);
            final Load load = new Load(device, seed);
            load.run(device);
            assertThat(device.isOff()).as("seed " + seed).isTrue();
            assertThat(load.queue.flush(1)).isEqualTo(-Errno.ENODEV);
            final Caller after = new Caller(device.cutPower(BlockFaults.NONE));
            for (int block = 0; block < BLOCKS; block++) {
                final List<Integer> possible = load.knowledge.possible.get(block);
                final int[] found = after.read(block);
                for (final int value : found) {
                    assertThat(possible).as("seed " + seed + ", block " + block).contains(value);
                    lost += value == possible.getLast() ? 0 : 1;
                    kept += value == possible.getLast() && possible.size() > 1 ? 1 : 0;
                    torn += value == found[0] ? 0 : 1;
                }
            }
        }
        // Otherwise nothing was tried.
        assertThat(List.of(lost, kept, torn)).allMatch(count -> count > SEEDS);
    }

    @Test
    void shouldReadWhatWasWrittenLast() {
        for (long seed = 1; seed <= 20; seed++) {
            final SplittableRandom random = new SplittableRandom(seed);
            final int[] expected = new int[BLOCKS];
            final Caller caller = new Caller(device(BlockFaults.NONE, seed));
            for (int i = 0; i < 200; i++) {
                final int block = random.nextInt(BLOCKS);
                switch (random.nextInt(5)) {
                    case 0 -> assertThat(caller.await(caller.queue.flush(1))).isZero();
                    case 1 -> {
                        assertThat(caller.await(caller.queue.discard((long) block * BLOCK, BLOCK, 1))).isZero();
                        expected[block] = 0;
                    }
                    case 2 -> {
                        assertThat(caller.await(caller.queue.writeZeroes((long) block * BLOCK, BLOCK, 1))).isZero();
                        expected[block] = 0;
                    }
                    default -> {
                        expected[block] = random.nextInt(1, 256);
                        assertThat(caller.write(block, expected[block])).isEqualTo(BLOCK);
                    }
                }
                assertThat(caller.read(block)).as("seed " + seed).containsOnly(expected[block]);
            }
        }
    }

    @Test
    void shouldDoTheSameAgainFromTheSameSeed() {
        final List<List<Long>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            final SimulatedBlockDevice device = device(BlockFaults.NONE.withErrors(0.2).withShort(0.3), 77);
            final List<Long> log = new ArrayList<>();
            final BlockQueue queue = device.openQueue(region, DEPTH, Doorbell.NONE, (token, result) -> log.add(
                    token << 32 | result & 0xFFFF_FFFFL));
            for (int i = 0; i < 100; i++) {
                queue.write(buffer(i % 8), 4 * BLOCK, (long) (i % 4) * BLOCK, i);
                queue.poll(i * 20_000L);
            }
            queue.close();
            runs.add(log);
        }
        assertThat(runs.getFirst()).isEqualTo(runs.getLast()).hasSizeGreaterThan(50);
        assertThat(runs.getFirst()).as("reordered").isNotEqualTo(runs.getFirst().stream().sorted().toList());
    }

    @Test
    void shouldMoveLessThanAskedForAndFailAsOftenAsItIsTold() {
        final SimulatedBlockDevice device = device(BlockFaults.NONE.withErrors(0.2).withShort(0.5), 5);
        final Caller caller = new Caller(device);
        int failed = 0;
        int shortened = 0;
        for (int i = 0; i < 1000; i++) {
            final int result = caller.await(caller.queue.read(buffer(0), 8 * BLOCK, 0, 1));
            assertThat(result == -Errno.EIO || result > 0 && result <= 8 * BLOCK && result % BLOCK == 0).isTrue();
            failed += result == -Errno.EIO ? 1 : 0;
            shortened += result > 0 && result < 8 * BLOCK ? 1 : 0;
        }
        assertThat(failed).isBetween(100, 300);
        assertThat(shortened).isBetween(300, 500);
    }

    @Test
    void shouldRunOutOfSpaceAndGetItBackByADiscard() {
        final Caller caller = new Caller(device(BlockFaults.NONE.withSpace(2L * BLOCK), 1));
        assertThat(caller.write(0, 1)).isEqualTo(BLOCK);
        assertThat(caller.write(1, 2)).isEqualTo(BLOCK);
        assertThat(caller.write(2, 3)).isEqualTo(-Errno.ENOSPC);
        assertThat(caller.write(1, 4)).as("has its space already").isEqualTo(BLOCK);
        assertThat(caller.await(caller.queue.writeZeroes(0, BLOCK, 1))).isZero();
        assertThat(caller.write(2, 3)).as("zeroes keep their space").isEqualTo(-Errno.ENOSPC);
        assertThat(caller.await(caller.queue.discard(0, BLOCK, 1))).isZero();
        assertThat(caller.write(2, 3)).isEqualTo(BLOCK);
        assertThat(caller.read(0)).containsOnly(0);
        assertThat(caller.read(1)).containsOnly(4);
    }

    @Test
    void shouldRefuseMoreThanItsDepthAndTellOfAllWhenItCloses() {
        final SimulatedBlockDevice device = device(BlockFaults.NONE, 1);
        final List<Long> told = new ArrayList<>();
        final BlockQueue queue = device.openQueue(region, 2, Doorbell.NONE, (token, result) -> told.add(token));
        assertThat(queue.flush(1)).isZero();
        assertThat(queue.flush(2)).isZero();
        assertThat(queue.flush(3)).isEqualTo(BlockQueue.FULL);
        assertThat(queue.arm()).isFalse();
        queue.poll(0);
        assertThat(queue.arm()).isTrue();
        assertThat(queue.nextDeadlineNs()).isBetween(10_000L, 200_000L);
        queue.close();
        assertThat(told).containsExactlyInAnyOrder(1L, 2L);
        device.close();
    }
}
