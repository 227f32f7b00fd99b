package io.netchannel.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.Allocations;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopHeapTest {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;
    private static final int PART_BYTES = 4 << 20;

    private final BlockHeap blocks = new BlockHeap("loop-heap-test", PART_BYTES, 64, 8L * PART_BYTES);
    private final MagazineHeap heap = new MagazineHeap(blocks, 64, 3);
    private final LoopHeap loop = heap.newLoop();

    @AfterEach
    void close() {
        heap.close();
    }

    @Test
    void shouldHandOutWhatWasFreedLast() {
        final long first = loop.allocate(4096);
        final long second = loop.allocate(4000);
        loop.free(first, 4096);
        loop.free(second, 4000);
        assertThat(loop.allocate(2049)).isEqualTo(second);
        assertThat(loop.allocate(4096)).isEqualTo(first);
        assertThat(loop.usableBytes(2049)).isEqualTo(4096);
        assertThat(loop.usableBytes(1)).isEqualTo(64);
    }

    @Test
    void shouldGoToTheDepotAtMostOnceForAMagazineful() {
        final List<Long> held = new ArrayList<>();
        final Random random = new Random(7);
        for (int i = 0; i < 64; i++) {
            held.add(loop.allocate(256));
        }
        final long before = loop.exchanges();
        for (int step = 0; step < 64_000; step++) {
            // As badly as a magazine's length of either allows, around its edge.
            if (random.nextBoolean() && !held.isEmpty()) {
                loop.free(held.removeLast(), 256);
            } else {
                held.add(loop.allocate(256));
            }
        }
        assertThat(loop.exchanges() - before).isLessThanOrEqualTo(64_000 / 64);
        held.forEach(block -> loop.free(block, 256));
    }

    @Test
    void shouldLetOneLoopHaveWhatAnotherFreed() {
        final LoopHeap other = heap.newLoop();
        final Set<Long> taken = new HashSet<>();
        for (int i = 0; i < 256; i++) {
            assertThat(taken.add(loop.allocate(1024))).isTrue();
        }
        taken.forEach(block -> other.free(block, 1024));
        int again = 0;
        for (int i = 0; i < 256; i++) {
            again += taken.contains(loop.allocate(1024)) ? 1 : 0;
        }
        assertThat(again).as("by the depot, or by the blocks where that has enough").isGreaterThanOrEqualTo(128);
    }

    @Test
    void shouldTakeLargeOnesFromTheBlocksEachTime() {
        final long freeBytes = blocks.freeBytes();
        final long large = loop.allocate(3 << 20);
        assertThat(loop.usableBytes(3 << 20)).isEqualTo(4 << 20);
        MEMORY.putLong(large + (4 << 20) - 8, 1);
        final long huge = loop.allocate(9 << 20);
        MEMORY.putLong(huge + (16 << 20) - 8, 1);
        assertThat(blocks.mappedBytes()).isEqualTo(20 << 20);
        loop.free(huge, 9 << 20);
        assertThat(blocks.mappedBytes()).as("a region of its own").isEqualTo(4 << 20);
        loop.free(large, 4 << 20);
        assertThat(blocks.freeBytes()).isEqualTo(freeBytes + (4 << 20));
    }

    @Test
    void shouldSayThatThereIsNoneAtTheLimit() {
        long got = 0;
        while (loop.allocate(64 << 10) != LoopHeap.NONE) {
            got += 64 << 10;
        }
        assertThat(got).isEqualTo(8L * PART_BYTES);
        assertThat(loop.allocate(1 << 20)).isEqualTo(LoopHeap.NONE);
        assertThatThrownBy(() -> loop.allocate(0)).hasMessage("sizeBytes=0 < 1");
        heap.newLoop();
        heap.newLoop();
        assertThatThrownBy(heap::newLoop).hasMessage("a loop more than maxLoops=3");
    }

    @Test
    void shouldGiveAllBackThatIsFree() {
        final LoopHeap other = heap.newLoop();
        final List<Long> held = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            final long block = loop.allocate(4096);
            MEMORY.fill(block, 4096, (byte) 1);
            held.add(block);
        }
        held.forEach(block -> other.free(block, 4096));
        other.flush();
        assertThat(loop.giveBack(Long.MAX_VALUE)).isEqualTo(500L * 4096);
        assertThat(blocks.freeBytes()).isEqualTo(blocks.mappedBytes());
        assertThat(loop.keptBytes() + other.keptBytes()).isZero();
        assertThat(other.giveBack(Long.MAX_VALUE)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldAgreeWithAModelWhateverHappens(final long seed) {
        final Random random = new Random(seed);
        final LoopHeap[] loops = {loop, heap.newLoop()};
        final TreeMap<Long, Integer> used = new TreeMap<>();
        final List<Long> held = new ArrayList<>();
        long usedBytes = 0;
        for (int step = 0; step < 30_000; step++) {
            final String replay = "seed " + seed + ", step " + step;
            final LoopHeap by = loops[random.nextInt(2)];
            if (random.nextInt(2000) == 0) {
                by.giveBack(1 + random.nextInt(1 << 20));
            }
            if (random.nextBoolean() || held.isEmpty()) {
                final int bytes = 1 + random.nextInt(1 << 3 + random.nextInt(17));
                final long block = by.allocate(bytes);
                if (block == LoopHeap.NONE) {
                    assertThat(usedBytes).as(replay).isGreaterThan(PART_BYTES);
                    continue;
                }
                final int whole = (int) by.usableBytes(bytes);
                final Map.Entry<Long, Integer> below = used.lowerEntry(block + whole);
                assertThat(below == null || below.getKey() + below.getValue() <= block).as(replay).isTrue();
                MEMORY.putLong(block, block);
                MEMORY.putLong(block + whole - Long.BYTES, block);
                used.put(block, whole);
                held.add(block);
                usedBytes += whole;
            } else {
                final long block = held.remove(random.nextInt(held.size()));
                final int whole = used.remove(block);
                usedBytes -= whole;
                assertThat(MEMORY.getLong(block)).as(replay).isEqualTo(block);
                assertThat(MEMORY.getLong(block + whole - Long.BYTES)).as(replay).isEqualTo(block);
                by.free(block, random.nextBoolean() ? whole : whole / 2 + 1);
            }
        }
        held.forEach(block -> loop.free(block, used.get(block)));
        loops[0].flush();
        loops[1].giveBack(Long.MAX_VALUE);
        assertThat(blocks.freeBytes()).as("seed %d", seed).isEqualTo(blocks.mappedBytes());
    }

    /** One takes and hands over, the other frees. */
    @Test
    void shouldKeepBlocksApartBetweenThreads() throws Exception {
        final LoopHeap other = heap.newLoop();
        final ConcurrentLinkedQueue<Long> way = new ConcurrentLinkedQueue<>();
        final AtomicReference<Throwable> failed = new AtomicReference<>();
        final int count = 100_000;
        final Thread thread = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; i < count; i++) {
                    Long block = way.poll();
                    while (block == null) {
                        Thread.yield();
                        block = way.poll();
                    }
                    assertThat(MEMORY.getLong(block)).isEqualTo(i);
                    MEMORY.putLong(block, -1);
                    other.free(block, 2048);
                }
            } catch (final Throwable e) {
                failed.set(e);
            }
        });
        for (int i = 0; i < count && failed.get() == null; i++) {
            final long block = loop.allocate(2048);
            if (block == LoopHeap.NONE) {
                Thread.yield();
                i--;
                continue;
            }
            MEMORY.putLong(block, i);
            way.add(block);
        }
        thread.join();
        assertThat(failed.get()).isNull();
        loop.flush();
        other.giveBack(Long.MAX_VALUE);
        assertThat(blocks.freeBytes()).isEqualTo(blocks.mappedBytes());
    }

    @Test
    void shouldAllocateNothingOnTheHeap() {
        final LoopHeap other = heap.newLoop();
        final long[] held = new long[300];
        assertThat(Allocations.leastBytes(() -> {
            for (int round = 0; round < 100; round++) {
                for (int i = 0; i < held.length; i++) {
                    held[i] = loop.allocate(512);
                }
                for (final long block : held) {
                    other.free(block, 512);
                }
            }
        })).isZero();
    }
}
