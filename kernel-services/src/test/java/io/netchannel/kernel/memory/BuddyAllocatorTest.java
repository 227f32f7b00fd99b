package io.netchannel.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.linux.Linux;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuddyAllocatorTest {

    private static final long BASE = 1 << 20;
    private static final int UNIT = 64;

    /** What a range of so many units has free when nothing is in use: the largest aligned blocks. */
    private static Map<Long, Long> blocksOf(final int units) {
        final Map<Long, Long> blocks = new TreeMap<>();
        long unit = 0;
        while (unit < units) {
            long size = unit == 0 ? Long.highestOneBit(units) : Long.lowestOneBit(unit);
            while (unit + size > units) {
                size /= 2;
            }
            blocks.put(unit, size);
            unit += size;
        }
        return blocks;
    }

    @Test
    void shouldHalveBlocksAndJoinThemAgain() {
        final BuddyAllocator buddy = new BuddyAllocator(BASE, 16 * UNIT, UNIT);
        final long one = buddy.allocate(1);
        assertThat(one).isEqualTo(BASE);
        assertThat(buddy.freeBlocks(0)).isEqualTo(1);
        assertThat(buddy.freeBlocks(1)).isEqualTo(1);
        assertThat(buddy.freeBlocks(2)).isEqualTo(1);
        assertThat(buddy.freeBlocks(3)).isEqualTo(1);
        assertThat(buddy.largestFreeBytes()).isEqualTo(8 * UNIT);
        assertThat(buddy.fragmentation()).isEqualTo(1 - 8.0 / 15);
        assertThat(buddy.allocate(4 * UNIT)).isEqualTo(BASE + 4 * UNIT);
        assertThat(buddy.free(one)).isEqualTo(UNIT);
        assertThat(buddy.freeBlocks(2)).isEqualTo(1);
        assertThat(buddy.free(BASE + 4 * UNIT)).isEqualTo(4 * UNIT);
        assertThat(buddy.freeBlocks(4)).isEqualTo(1);
        assertThat(buddy.fragmentation()).isZero();
        assertThat(buddy.freeBytes()).isEqualTo(16 * UNIT);
    }

    @Test
    void shouldRoundUpToPowersOfTwoAndRefuseWhatIsTooLarge() {
        final BuddyAllocator buddy = new BuddyAllocator(BASE, 16 * UNIT, UNIT);
        final long block = buddy.allocate(2 * UNIT + 1);
        assertThat(buddy.sizeOf(block)).isEqualTo(4 * UNIT);
        assertThat(buddy.allocate(16 * UNIT)).isEqualTo(BuddyAllocator.NONE);
        assertThat(buddy.allocate(Long.MAX_VALUE)).isEqualTo(BuddyAllocator.NONE);
        assertThatThrownBy(() -> buddy.allocate(0)).hasMessage("sizeBytes=0 < 1");
        assertThat(buddy.allocate(8 * UNIT)).isEqualTo(BASE + 8 * UNIT);
    }

    @Test
    void shouldSayWhatLiesWhereSomethingIsFreedThatIsNoBlock() {
        final BuddyAllocator buddy = new BuddyAllocator(BASE, 16 * UNIT, UNIT);
        final long block = buddy.allocate(4 * UNIT);
        assertThatThrownBy(() -> buddy.free(block + UNIT)).isInstanceOf(IllegalStateException.class).hasMessage(
                "0x100040 is no block in use: it lies in a block in use, 0x100000..+256");
        assertThatThrownBy(() -> buddy.free(block + 1)).hasMessageContaining("it lies in a block in use");
        buddy.free(block);
        assertThatThrownBy(() -> buddy.free(block)).hasMessage(
                "0x100000 is no block in use: it lies in a free block, 0x100000..+1024");
        assertThatThrownBy(() -> buddy.free(BASE - UNIT)).hasMessageContaining("it lies outside 0x100000..+1024");
        assertThatThrownBy(() -> buddy.free(BASE + 16 * UNIT)).hasMessageContaining("outside");
        assertThatThrownBy(() -> buddy.sizeOf(0)).hasMessageContaining("outside");
        assertThat(buddy.freeBytes()).isEqualTo(16 * UNIT);
    }

    @ParameterizedTest
    @CsvSource({"0,64,64", "4096,63,64", "4096,64,48", "4096,64,0", "4096,-1,64", "4096,1099511627776,1"})
    void shouldRefuseARangeThatIsNone(final long address, final long lengthBytes, final int unitBytes) {
        assertThatThrownBy(() -> new BuddyAllocator(address, lengthBytes, unitBytes))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldUseEveryUnitOfAnyLength() {
        for (int units = 1; units <= 300; units++) {
            final BuddyAllocator buddy = new BuddyAllocator(BASE, (long) units * UNIT + UNIT / 2, UNIT);
            assertThat(buddy.largestFreeBytes()).isEqualTo((long) Integer.highestOneBit(units) * UNIT);
            final Set<Long> taken = new TreeSet<>();
            for (int i = 0; i < units; i++) {
                taken.add(buddy.allocate(UNIT));
            }
            assertThat(taken).as("units %d", units).hasSize(units).allMatch(buddy::contains);
            assertThat(buddy.allocate(1)).isEqualTo(BuddyAllocator.NONE);
            assertThat(buddy.largestFreeBytes()).isZero();
            for (int i = units - 1; i >= 0; i--) {
                buddy.free(BASE + (long) i * UNIT);
            }
            final Map<Long, Long> whole = blocksOf(units);
            for (int order = 0; order <= buddy.maxOrder(); order++) {
                final long size = 1L << order;
                assertThat(buddy.freeBlocks(order)).as("units %d, order %d", units, order)
                        .isEqualTo((int) whole.values().stream().filter(each -> each == size).count());
            }
        }
    }

    /** The model: a map of the blocks in use; the free ones are what follows from it by halving whatever is partly in use. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldAgreeWithAModelWhateverHappens(final long seed) {
        final Random random = new Random(seed);
        final int units = 1 + random.nextInt(700);
        final BuddyAllocator buddy = new BuddyAllocator(BASE, (long) units * UNIT, UNIT);
        final TreeMap<Long, Long> used = new TreeMap<>();
        for (int step = 0; step < 4000; step++) {
            final String replay = "seed " + seed + ", step " + step;
            if (used.isEmpty() || random.nextInt(100) < 55) {
                final long size = 1L << random.nextInt(random.nextInt(9) + 1);
                final long block = buddy.allocate((size - 1) * UNIT + 1 + random.nextInt(UNIT));
                final int[] free = freeBlocks(units, used, buddy.maxOrder());
                boolean fits = false;
                for (int order = Long.numberOfTrailingZeros(size); order < free.length; order++) {
                    fits |= free[order] > 0;
                }
                assertThat(block != BuddyAllocator.NONE).as(replay).isEqualTo(fits);
                if (fits) {
                    final long unit = (block - BASE) / UNIT;
                    assertThat(unit % size).as(replay).isZero();
                    final Map.Entry<Long, Long> below = used.lowerEntry(unit + size);
                    assertThat(below == null || below.getKey() + below.getValue() <= unit).as(replay).isTrue();
                    used.put(unit, size);
                }
            } else {
                final List<Long> all = new ArrayList<>(used.keySet());
                final long unit = all.get(random.nextInt(all.size()));
                assertThat(buddy.free(BASE + unit * UNIT)).as(replay).isEqualTo(used.remove(unit) * UNIT);
            }
            if (step % 16 == 0) {
                final int[] free = freeBlocks(units, used, buddy.maxOrder());
                for (int order = 0; order < free.length; order++) {
                    assertThat(buddy.freeBlocks(order)).as(replay + ", order " + order).isEqualTo(free[order]);
                }
            }
            assertThat(buddy.freeBytes()).as(replay).isEqualTo(
                    (units - used.values().stream().mapToLong(Long::longValue).sum()) * UNIT);
        }
    }

    private static int[] freeBlocks(final int units, final TreeMap<Long, Long> used, final int maxOrder) {
        final int[] counts = new int[maxOrder + 1];
        blocksOf(units).forEach((unit, size) -> count(unit, size, used, counts));
        return counts;
    }

    private static void count(final long unit, final long size, final TreeMap<Long, Long> used, final int[] counts) {
        final Map.Entry<Long, Long> below = used.lowerEntry(unit + size);
        if (below == null || below.getKey() + below.getValue() <= unit) {
            counts[Long.numberOfTrailingZeros(size)]++;
        } else if (size > 1 && !Long.valueOf(size).equals(used.get(unit))) {
            count(unit, size / 2, used, counts);
            count(unit + size / 2, size / 2, used, counts);
        }
    }

    @Test
    void shouldGiveBackThePagesOfFreeBlocksThatSomebodyHasHad() {
        final int page = (int) Linux.pageBytes();
        try (Region region = Region.create("buddy", 256L * page)) {
            final BuddyAllocator buddy = new BuddyAllocator(region.address(), 64L * page, page / 4);
            assertThat(buddy.giveBack(region, Long.MAX_VALUE)).as("nobody has touched any").isZero();
            final long kept = buddy.allocate(page / 4);
            final long large = buddy.allocate(16L * page);
            region.memory().fill(kept, page / 4, (byte) 7);
            region.memory().fill(large, 16L * page, (byte) 7);
            buddy.free(large);
            assertThat(buddy.giveBack(region, Long.MAX_VALUE)).isEqualTo(16L * page);
            assertThat(buddy.giveBack(region, Long.MAX_VALUE)).as("again").isZero();
            assertThat(region.memory().getByte(kept)).isEqualTo((byte) 7);
            assertThat(region.memory().getByte(large)).as("comes again as zeros").isZero();
            buddy.free(kept);
            assertThat(buddy.giveBack(region, Long.MAX_VALUE)).as("the page that a small block was in").isEqualTo(page);
        }
    }
}
