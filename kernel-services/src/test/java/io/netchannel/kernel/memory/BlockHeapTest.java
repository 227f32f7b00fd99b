package io.netchannel.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.Pages;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a heap says that it has given to the system is what is no longer resident. */
final class BlockHeapTest {

    private static final int PART_BYTES = 4 << 20;
    private static final int BLOCK_BYTES = 64 << 10;
    private static final int PARTS = 3;
    private static final int HUGE_BYTES = 2 << 20;

    private final BlockHeap heap = new BlockHeap("block-heap-test", PART_BYTES, BLOCK_BYTES, (long) PARTS * PART_BYTES,
            PageChoice.BASE);

    @AfterEach
    void close() {
        heap.close();
    }

    private static void write(final long block, final long lengthBytes) {
        HostMemory.INSTANCE.fill(block, lengthBytes, (byte) 7);
    }

    @Test
    void shouldCountOnlyWhatSomebodyHasWritten() {
        final long block = heap.allocate(BLOCK_BYTES);
        final long page = Linux.pageBytes();
        write(block, page);
        write(block + 3 * page, page);
        heap.free(block);
        assertThat(heap.giveBack(Long.MAX_VALUE)).isEqualTo(2 * page);
        assertThat(heap.giveBack(Long.MAX_VALUE)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldCountWhatGoesWithARegionToo(final long seed) {
        final Random random = new Random(seed);
        final List<Long> blocks = new ArrayList<>();
        final List<Long> written = new ArrayList<>();
        for (int i = 0; i < PARTS * PART_BYTES / BLOCK_BYTES; i++) {
            final long block = heap.allocate(BLOCK_BYTES);
            final long pages = random.nextInt(1 + BLOCK_BYTES / (int) Linux.pageBytes());
            write(block, pages * Linux.pageBytes());
            blocks.add(block);
            written.add(pages * Linux.pageBytes());
        }
        while (!blocks.isEmpty()) {
            final int which = random.nextInt(blocks.size());
            final long bytes = written.remove(which);
            assertThat(heap.freeAndGiveBack(blocks.remove(which))).as("seed %d, %d left", seed, blocks.size())
                    .isEqualTo(bytes);
        }
        assertThat(heap.mappedBytes()).isEqualTo(PART_BYTES);
    }

    @Test
    void shouldGiveNothingOfReservedPagesWhichWouldStayReserved() {
        // As a region on huge pages is, which a machine need not have.
        try (Region region = Region.map("reserved", 2L * HUGE_BYTES, HUGE_BYTES, 0, HUGE_BYTES, false)) {
            write(region.address(), region.sizeBytes());
            assertThat(region.release(region.address(), HUGE_BYTES)).isZero();
            assertThat(region.release(region.address(), HUGE_BYTES / 2)).isZero();
            assertThat(Pages.residentBytes(region.address(), region.sizeBytes())).isEqualTo(region.sizeBytes());
            final BuddyAllocator buddy = new BuddyAllocator(region.address(), region.sizeBytes(), HUGE_BYTES / 2);
            buddy.free(buddy.allocate(HUGE_BYTES));
            assertThat(buddy.giveBack(region, Long.MAX_VALUE)).isZero();
        }
    }

    @Test
    void shouldNotLieOnReservedPages() {
        try (BlockHeap usual = new BlockHeap("usual", PART_BYTES, HUGE_BYTES, PART_BYTES)) {
            final long block = usual.allocate(HUGE_BYTES);
            write(block, HUGE_BYTES);
            assertThat(usual.freeAndGiveBack(block)).as("also on a machine that has some").isEqualTo(HUGE_BYTES);
        }
    }
}
