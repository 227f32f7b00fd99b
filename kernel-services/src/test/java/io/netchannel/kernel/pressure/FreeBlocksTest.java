package io.netchannel.kernel.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.memory.BlockHeap;
import io.netchannel.kernel.memory.LoopHeap;
import io.netchannel.kernel.memory.MagazineHeap;
import io.netchannel.kernel.memory.PageChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FreeBlocksTest {

    private static final String NAME = "free-blocks-test";
    private static final int PART_BYTES = 4 << 20;
    private static final int BLOCK_BYTES = 4096;
    private static final int BLOCKS = 3 * PART_BYTES / BLOCK_BYTES;
    private static final long ALL = Long.MAX_VALUE;

    private final MagazineHeap heap = new MagazineHeap(
            new BlockHeap(NAME, PART_BYTES, BLOCK_BYTES, 4L * PART_BYTES, PageChoice.BASE), BLOCK_BYTES, 2);
    private final LoopHeap first = heap.newLoop();
    private final LoopHeap second = heap.newLoop();
    private final FreeBlocks ofFirst = new FreeBlocks("first", first);
    private final FreeBlocks ofSecond = new FreeBlocks("second", second);

    @AfterEach
    void close() {
        heap.close();
    }

    private List<Long> take(final int count) {
        final List<Long> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final long block = first.allocate(BLOCK_BYTES);
            HostMemory.INSTANCE.fill(block, BLOCK_BYTES, (byte) 7);
            blocks.add(block);
        }
        return blocks;
    }

    /** As the kernel counts it, also of what is mapped no more. */
    private static long residentBytes() throws IOException {
        long kib = 0;
        boolean own = false;
        for (final String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.startsWith("Rss:") && own) {
                kib += Long.parseLong(line.replaceAll("\\D", ""));
            } else if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                own = line.contains(NAME);
            }
        }
        return kib << 10;
    }

    @Test
    void shouldGiveWhatIsInMagazines() throws IOException {
        final List<Long> some = take(100);
        some.forEach(block -> first.free(block, BLOCK_BYTES));
        assertThat(first.keptBytes()).isPositive();
        assertThat(residentBytes()).isEqualTo(100 * BLOCK_BYTES);
        assertThat(ofFirst.reclaimableBytes()).isPositive();
        assertThat(ofFirst.shrink(ALL)).isEqualTo(100 * BLOCK_BYTES);
        assertThat(residentBytes()).isZero();
        assertThat(ofFirst.shrink(ALL)).isZero();
    }

    @Test
    void shouldLeaveOtherLoopsMagazinesToTheirs() throws IOException {
        final List<Long> some = take(64);
        some.forEach(block -> second.free(block, BLOCK_BYTES));
        first.flush();
        assertThat(ofFirst.shrink(ALL)).isZero();
        assertThat(second.keptBytes()).isEqualTo(64 * BLOCK_BYTES);
        assertThat(ofSecond.shrink(ALL)).isEqualTo(64 * BLOCK_BYTES).isEqualTo(64 * BLOCK_BYTES - residentBytes());
    }

    @Test
    void shouldCountWhatGoesWithRegions() throws IOException {
        final List<Long> all = take(BLOCKS);
        final long mapped = heap.mappedBytes();
        all.subList(0, BLOCKS - 200).forEach(block -> first.free(block, BLOCK_BYTES));
        all.subList(BLOCKS - 200, BLOCKS).forEach(block -> second.free(block, BLOCK_BYTES));
        final long before = residentBytes();
        long given = ofSecond.shrink(ALL);
        for (long more = ofFirst.shrink(ALL); more > 0; more = ofFirst.shrink(ALL)) {
            given += more;
        }
        assertThat(given).isEqualTo(before);
        assertThat(residentBytes()).isZero();
        assertThat(heap.mappedBytes()).isLessThan(mapped);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldSayWhatIsNoLongerResident(final long seed) throws IOException {
        final Random random = new Random(seed);
        final List<Long> held = take(BLOCKS);
        while (!held.isEmpty()) {
            for (int i = random.nextInt(400); i >= 0 && !held.isEmpty(); i--) {
                final LoopHeap by = random.nextBoolean() ? first : second;
                by.free(held.remove(random.nextInt(held.size())), BLOCK_BYTES);
            }
            final long before = residentBytes();
            final long given = (random.nextBoolean() ? ofFirst : ofSecond).shrink(1 + random.nextInt(2 << 20));
            assertThat(before - residentBytes()).as("seed %d, %d held", seed, held.size()).isEqualTo(given);
            assertThat(held.stream().allMatch(block -> HostMemory.INSTANCE.getByte(block) == 7)).isTrue();
        }
    }

    @Test
    void shouldGiveHardlyMoreThanIsWanted() {
        take(BLOCKS / 2).forEach(block -> first.free(block, BLOCK_BYTES));
        // By blocks as the buddies have joined them.
        assertThat(ofFirst.shrink(1 << 20)).isBetween(1L << 20, (long) PART_BYTES);
    }
}
