package io.netchannel.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.Allocations;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ObjectPoolTest {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;
    private static final int PART_BYTES = 1 << 20;
    private static final int MIN_BLOCK_BYTES = 64;

    private final BlockHeap blocks = new BlockHeap("object-pool-test", PART_BYTES, MIN_BLOCK_BYTES, 4L * PART_BYTES);
    private final MagazineHeap heap = new MagazineHeap(blocks, MIN_BLOCK_BYTES, 1);
    private final LoopHeap loop = heap.newLoop();

    @AfterEach
    void close() {
        heap.close();
    }

    @Test
    void shouldPackObjectsThatPowersOfTwoDoNotFit() {
        final ObjectPool pool = new ObjectPool(loop, 520);
        for (int i = 0; i < 1000; i++) {
            pool.allocate();
        }
        assertThat(pool.used()).isEqualTo(1000);
        // By powers of two it would be 1,024,000.
        assertThat(pool.slabBytes()).isBetween(520_000L, 600_000L);
    }

    @Test
    void shouldRoundSizesUpToWords() {
        final ObjectPool pool = new ObjectPool(loop, 1);
        assertThat(pool.objectBytes()).isEqualTo(8);
        assertThat(Math.abs(pool.allocate() - pool.allocate())).isEqualTo(8);
        assertThatThrownBy(() -> new ObjectPool(loop, 0)).hasMessage("objectBytes=0 is not within 1..32768");
        assertThatThrownBy(() -> new ObjectPool(loop, 32_769)).hasMessage("objectBytes=32769 is not within 1..32768");
    }

    @Test
    void shouldGiveSlabsBackThatAreEmpty() {
        final ObjectPool pool = new ObjectPool(loop, 100);
        final List<Long> held = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            held.add(pool.allocate());
        }
        Collections.shuffle(held, new Random(3));
        held.forEach(pool::free);
        assertThat(pool.used()).isZero();
        assertThat(pool.slabBytes()).as("one stays, for the next").isEqualTo(4096);
        pool.close();
        assertThat(pool.slabBytes()).isZero();
        loop.giveBack(Long.MAX_VALUE);
        assertThat(blocks.freeBytes()).isEqualTo(blocks.mappedBytes());
    }

    @Test
    void shouldSayThatThereIsNoneAtTheLimitAndGoOnAfterwards() {
        final ObjectPool pool = new ObjectPool(loop, 32 << 10);
        final List<Long> held = new ArrayList<>();
        for (long object = pool.allocate(); object != ObjectPool.NONE; object = pool.allocate()) {
            held.add(object);
        }
        assertThat(held).hasSize(4 * PART_BYTES / (32 << 10));
        pool.free(held.getFirst());
        assertThat(pool.allocate()).isEqualTo(held.getFirst());
    }

    @Test
    void shouldRefuseWhatIsNoObjectInUse() {
        final ObjectPool pool = new ObjectPool(loop, 24);
        final long object = pool.allocate();
        final long other = pool.allocate();
        assertThatThrownBy(() -> pool.free(object + 8)).isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith(" is no object of pool of 24-byte objects");
        // 170 of them leave 16 bytes.
        assertThatThrownBy(() -> pool.free(object + 170 * 24)).hasMessageContaining(" is no object of");
        assertThatThrownBy(() -> pool.free(object + 4096)).hasMessageContaining(" is no object of");
        pool.free(object);
        assertThatThrownBy(() -> pool.free(object)).hasMessageContaining(" freed twice, of pool of 24-byte objects");
        pool.free(other);
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "2, 24", "3, 64", "4, 500", "5, 520", "6, 4096", "7, 5000", "8, 32768"})
    void shouldAgreeWithAModelWhateverHappens(final long seed, final int objectBytes) {
        final Random random = new Random(seed);
        final ObjectPool pool = new ObjectPool(loop, objectBytes);
        final TreeMap<Long, Long> used = new TreeMap<>();
        final List<Long> held = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            final boolean grows = step / 2000 % 2 == 0;
            if (held.isEmpty() || random.nextInt(3) < (grows ? 2 : 1)) {
                final long object = pool.allocate();
                if (object == ObjectPool.NONE) {
                    continue;
                }
                final Map.Entry<Long, Long> below = used.lowerEntry(object + objectBytes);
                assertThat(below == null || below.getKey() + objectBytes <= object).as("seed %d, step %d", seed, step)
                        .isTrue();
                MEMORY.putLong(object, step);
                MEMORY.putLong(object + objectBytes - Long.BYTES, step);
                used.put(object, (long) step);
                held.add(object);
            } else {
                final long object = held.remove(random.nextInt(held.size()));
                final long content = used.remove(object);
                assertThat(MEMORY.getLong(object)).as("seed %d, step %d", seed, step).isEqualTo(content);
                assertThat(MEMORY.getLong(object + objectBytes - Long.BYTES)).isEqualTo(content);
                pool.free(object);
            }
            assertThat(pool.used()).isEqualTo(held.size());
        }
        held.forEach(pool::free);
        pool.close();
        loop.giveBack(Long.MAX_VALUE);
        assertThat(blocks.freeBytes()).as("seed %d", seed).isEqualTo(blocks.mappedBytes());
    }

    @Test
    void shouldTellWhoFreedTwiceWhoWroteAndWhoNeverFreed() {
        final BlockHeap debugged = new BlockHeap("debugged-objects", PART_BYTES, MIN_BLOCK_BYTES, PART_BYTES,
                PageChoice.BASE, new MemoryDebugger(MEMORY));
        final MagazineHeap magazines = new MagazineHeap(debugged, MIN_BLOCK_BYTES, 1);
        final LoopHeap own = magazines.newLoop();
        final ObjectPool pool = new ObjectPool(own, 40);
        final List<Long> first = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            first.add(pool.allocate());
        }
        final long twice = first.getFirst();
        pool.free(twice);
        assertThatThrownBy(() -> pool.free(twice)).hasMessageContaining("..+40 freed twice")
                .hasMessageContaining("ObjectPoolTest");
        MEMORY.putByte(twice + 5, (byte) 1);
        assertThatThrownBy(pool::allocate).hasMessageContaining("..+40 used after it was freed: byte 5 is 0x1");
        // Slabs that go and come, as objects of this size, and as blocks.
        first.subList(1, first.size()).forEach(pool::free);
        final long block = own.allocate(4096);
        own.free(block, 4096);
        own.giveBack(Long.MAX_VALUE);
        for (int i = 0; i < 300; i++) {
            pool.allocate();
        }
        assertThatThrownBy(magazines::close).hasMessageContaining("never freed").hasMessageContaining("..+40");
    }

    @Test
    void shouldAllocateNothingOnTheHeap() {
        final ObjectPool pool = new ObjectPool(loop, 72);
        final long[] held = new long[3000];
        assertThat(Allocations.leastBytes(() -> {
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < held.length; i++) {
                    held[i] = pool.allocate();
                }
                for (final long object : held) {
                    pool.free(object);
                }
            }
        })).isZero();
    }
}
