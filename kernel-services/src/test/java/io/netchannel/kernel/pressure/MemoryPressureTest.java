package io.netchannel.kernel.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In virtual time, with a machine whose memory is a number. */
final class MemoryPressureTest {

    private static final long MIB = 1 << 20;
    private static final long SECOND_NS = 1_000_000_000L;
    // Low mark 60 MiB, high mark 90 MiB, critical 20 MiB.
    private static final long LIMIT = 1000 * MIB;

    private final Queue<Runnable> home = new ArrayDeque<>();
    private final List<String> reports = new ArrayList<>();
    private final List<String> order = new ArrayList<>();
    private long available = 500 * MIB;
    private boolean gone;
    private long nowNs;
    private final MemoryPressure pressure = new MemoryPressure(home::add, List.of(new Machine()),
            PressureThresholds.DEFAULT, reports::add);

    private final class Machine implements MemoryGauge {
        @Override
        public String name() {
            return "machine";
        }

        @Override
        public MemoryReading read() throws IOException {
            if (gone) {
                throw new IOException("no such file");
            }
            return new MemoryReading.Room(LIMIT, available);
        }
    }

    private final class Holder implements Shrinker {
        private final String name;
        private final int cost;
        private final long step;
        private long held;
        private RuntimeException failure;

        private Holder(final String name, final int cost, final long held, final long step) {
            this.name = name;
            this.cost = cost;
            this.held = held;
            this.step = step;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int cost() {
            return cost;
        }

        @Override
        public long reclaimableBytes() {
            return held;
        }

        @Override
        public long shrink(final long wantedBytes) {
            order.add(name);
            if (failure != null) {
                throw failure;
            }
            final long given = Math.min(Math.min(step, held), wantedBytes);
            held -= given;
            available += given;
            return given;
        }

        @Override
        public void mayGrow(final long bytes) {
            held += bytes;
            available -= bytes;
        }
    }

    @AfterEach
    void close() {
        pressure.close();
    }

    /** As a loop does, that has nothing else to do. */
    private void runFor(final long ns) {
        final long endNs = nowNs + ns;
        for (int turns = 0;; turns++) {
            assertThat(turns).as("turns: it never rests").isLessThan(1_000_000);
            for (Runnable task = home.poll(); task != null; task = home.poll()) {
                task.run();
            }
            if (pressure.poll(nowNs) == 0 && home.isEmpty()) {
                final long nextNs = Math.max(nowNs, pressure.nextDeadlineNs());
                if (nextNs > endNs) {
                    nowNs = endNs;
                    return;
                }
                nowNs = nextNs;
            }
        }
    }

    private long count(final PressureCounter counter) {
        return pressure.counters().get(counter);
    }

    @Test
    void shouldAskTheCheapestFirstAndTheNextOnlyForTheRest() {
        final RegisteredShrinker cache = pressure.register(new Holder("cache", ShrinkCost.CACHE, 100 * MIB, MIB));
        final RegisteredShrinker buffers = pressure.register(new Holder("buffers", ShrinkCost.FREE_BUFFERS, 5 * MIB,
                2 * MIB));
        available = 10 * MIB;
        runFor(SECOND_NS);
        assertThat(available).isEqualTo(90 * MIB);
        assertThat(pressure.level()).isEqualTo(PressureLevel.NONE);
        assertThat(order.subList(0, 4)).containsExactly("buffers", "buffers", "buffers", "cache");
        assertThat(buffers.counters().get(ShrinkerCounter.GIVEN_BYTES)).isEqualTo(5 * MIB);
        assertThat(cache.counters().get(ShrinkerCounter.GIVEN_BYTES)).isEqualTo(75 * MIB);
        assertThat(cache.counters().get(ShrinkerCounter.ASKED_BYTES)).isGreaterThanOrEqualTo(75 * MIB);
        assertThat(count(PressureCounter.GIVEN_BYTES)).isEqualTo(80 * MIB);
        assertThat(count(PressureCounter.ROUNDS)).as("all at once, since it is critical").isEqualTo(1);
    }

    @Test
    void shouldGiveInPartsWhileThereIsTime() {
        pressure.register(new Holder("cache", ShrinkCost.CACHE, 100 * MIB, MIB));
        available = 50 * MIB;
        runFor(1);
        assertThat(available).as("half of what is missing").isEqualTo(70 * MIB);
        runFor(MemoryPressure.MIN_REST_NS);
        assertThat(available).as("a quarter of the rest").isEqualTo(75 * MIB);
        runFor(5 * SECOND_NS);
        assertThat(available).isEqualTo(90 * MIB);
        final long rounds = count(PressureCounter.ROUNDS);
        runFor(5 * SECOND_NS);
        assertThat(count(PressureCounter.ROUNDS)).isEqualTo(rounds);
    }

    @Test
    void shouldPassOverWhoThrowsOrGivesNothing() {
        final Holder broken = new Holder("broken", 1, 50 * MIB, MIB);
        broken.failure = new IllegalStateException("on purpose");
        final RegisteredShrinker first = pressure.register(broken);
        final RegisteredShrinker empty = pressure.register(new Holder("empty", 2, 0, MIB));
        final RegisteredShrinker stubborn = pressure.register(new Holder("stubborn", 3, MIB, 0));
        pressure.register(new Holder("cache", 4, 200 * MIB, MIB));
        available = 10 * MIB;
        runFor(SECOND_NS / 2);
        assertThat(available).isEqualTo(90 * MIB);
        assertThat(first.counters().get(ShrinkerCounter.FAILED)).isEqualTo(1);
        assertThat(empty.counters().get(ShrinkerCounter.EMPTY)).isEqualTo(1);
        assertThat(stubborn.counters().get(ShrinkerCounter.EMPTY)).isEqualTo(1);
        assertThat(reports).containsExactly(
                "shrinker broken failed and is passed over: java.lang.IllegalStateException: on purpose");
        available = 10 * MIB;
        runFor(SECOND_NS / 4);
        assertThat(first.counters().get(ShrinkerCounter.ASKS)).as("rests").isEqualTo(1);
    }

    @Test
    void shouldAskLessAndLessOftenWhenNobodyCanGive() {
        final RegisteredShrinker empty = pressure.register(new Holder("empty", 1, 0, MIB));
        available = 10 * MIB;
        runFor(1000 * SECOND_NS);
        // Rests of 1, 2, 4 ... 64 s.
        assertThat(empty.counters().get(ShrinkerCounter.ASKS)).isBetween(15L, 25L);
        assertThat(count(PressureCounter.LOOKS)).as("ten a second").isBetween(9_900L, 10_200L);
        assertThat(reports).isEmpty();
    }

    @Test
    void shouldLetThoseGrowAgainWhoGaveOnceThereHasBeenRoomForLong() {
        final Holder cache = new Holder("cache", ShrinkCost.CACHE, 100 * MIB, MIB);
        final Holder buffers = new Holder("buffers", ShrinkCost.FREE_BUFFERS, 10 * MIB, MIB);
        pressure.register(cache);
        pressure.register(buffers);
        available = 10 * MIB;
        runFor(SECOND_NS);
        assertThat(cache.held).isEqualTo(30 * MIB);
        available = 500 * MIB;
        runFor(8 * SECOND_NS);
        assertThat(cache.held).as("not yet").isEqualTo(30 * MIB);
        runFor(4 * SECOND_NS);
        assertThat(cache.held).as("the costliest first").isGreaterThan(50 * MIB);
        runFor(20 * SECOND_NS);
        assertThat(cache.held).isEqualTo(100 * MIB);
        assertThat(buffers.held).isEqualTo(10 * MIB);
        assertThat(count(PressureCounter.REGROWN_BYTES)).isEqualTo(80 * MIB);
        runFor(100 * SECOND_NS);
        assertThat(cache.held).as("no more than it gave").isEqualTo(100 * MIB);
    }

    @Test
    void shouldNeverGrowIntoPressure() {
        final Holder cache = new Holder("cache", ShrinkCost.CACHE, 400 * MIB, MIB);
        pressure.register(cache);
        available = 10 * MIB;
        runFor(SECOND_NS);
        available += 20 * MIB;
        runFor(1000 * SECOND_NS);
        assertThat(available).isBetween(90 * MIB, 95 * MIB);
        assertThat(count(PressureCounter.ROUNDS)).isEqualTo(1);
    }

    /** Somebody else takes all that is given up, whenever something has grown. */
    @Test
    void shouldTryLessOftenToGrowWhenThatBringsPressure() {
        final Holder cache = new Holder("cache", ShrinkCost.CACHE, 400 * MIB, 4 * MIB);
        pressure.register(cache);
        long regrown = 0;
        long times = 0;
        available = 10 * MIB;
        for (int second = 0; second < 3600; second++) {
            runFor(SECOND_NS);
            final long now = count(PressureCounter.REGROWN_BYTES);
            if (now > regrown) {
                regrown = now;
                times++;
                available = 10 * MIB;
            } else if (pressure.level() == PressureLevel.NONE) {
                available = Math.max(available, 200 * MIB);
            }
        }
        // Without back-off it would be each 11 s: 320. With it: 10, 20 ... 600 s.
        assertThat(times).isBetween(5L, 15L);
    }

    @Test
    void shouldPassOverALoopThatDoesNotAnswerAndCountItsAnswerLater() {
        final Queue<Runnable> other = new ArrayDeque<>();
        final RegisteredShrinker blocked = pressure.register(new Holder("blocked", 1, 30 * MIB, 30 * MIB), other::add);
        pressure.register(new Holder("cache", 2, 200 * MIB, MIB));
        available = 10 * MIB;
        runFor(SECOND_NS / 2);
        assertThat(available).isEqualTo(10 * MIB);
        runFor(SECOND_NS);
        assertThat(available).isEqualTo(90 * MIB);
        assertThat(blocked.counters().get(ShrinkerCounter.LATE)).isEqualTo(1);
        available = 10 * MIB;
        runFor(SECOND_NS);
        assertThat(other).as("owes an answer, so is asked nothing more").hasSize(1);
        other.remove().run();
        runFor(SECOND_NS);
        assertThat(blocked.counters().get(ShrinkerCounter.GIVEN_BYTES)).isEqualTo(30 * MIB);
        assertThat(available).isEqualTo(120 * MIB);
    }

    @Test
    void shouldPassOverALoopThatHasEnded() {
        pressure.register(new Holder("ended", 1, 30 * MIB, 30 * MIB), task -> {
            throw new RejectedExecutionException("loop x is closed");
        });
        pressure.register(new Holder("cache", 2, 200 * MIB, MIB));
        available = 10 * MIB;
        runFor(SECOND_NS / 2);
        assertThat(available).isEqualTo(90 * MIB);
        assertThat(reports).hasSize(1).first().asString().contains("ended").contains("loop x is closed");
    }

    @Test
    void shouldGoOnWithoutAGaugeThatHasGoneAndSaySoOnce() {
        available = 10 * MIB;
        runFor(1);
        assertThat(pressure.level()).isEqualTo(PressureLevel.CRITICAL);
        gone = true;
        runFor(10 * SECOND_NS);
        assertThat(pressure.level()).isEqualTo(PressureLevel.NONE);
        assertThat(reports).containsExactly("machine is looked at no more: no such file");
        assertThat(count(PressureCounter.LOST_GAUGES)).isEqualTo(1);
    }

    @Test
    void shouldLookOnceASecondAndSleepInBetween() {
        runFor(100 * SECOND_NS);
        assertThat(count(PressureCounter.LOOKS)).isEqualTo(101);
        assertThat(pressure.nextDeadlineNs()).isEqualTo(nowNs + SECOND_NS);
        assertThat(pressure.wakeFd()).as("no gauge that tells").isEqualTo(-1);
        pressure.close();
        assertThat(pressure.nextDeadlineNs()).isEqualTo(MemoryPressure.NO_DEADLINE);
        assertThat(pressure.poll(nowNs + SECOND_NS)).isZero();
    }

    /** Whatever others take, and whatever can be given: what is given is counted, none is given without need, and it rests. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldKeepItsBooksWithAnyLoad(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<Holder> holders = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < 5; i++) {
            final Holder holder = new Holder("h" + i, random.nextInt(3), random.nextInt(200) * MIB,
                    random.nextInt(4) * MIB + 4096);
            holders.add(holder);
            total += holder.held;
            pressure.register(holder);
        }
        long heldBefore = total;
        for (int step = 0; step < 200; step++) {
            available = Math.clamp(available + random.nextInt(-150, 150) * MIB, 0, 300 * MIB);
            final boolean needed = available < 90 * MIB;
            runFor(random.nextLong(20 * SECOND_NS));
            final long held = holders.stream().mapToLong(each -> each.held).sum();
            assertThat(held >= heldBefore || needed).as("given without need, step " + step + ", seed " + seed).isTrue();
            heldBefore = held;
            assertThat(total - held).as("seed " + seed).isEqualTo(
                    count(PressureCounter.GIVEN_BYTES) - count(PressureCounter.REGROWN_BYTES));
            assertThat(held).as("seed " + seed).isLessThanOrEqualTo(total);
        }
        assertThat(count(PressureCounter.GIVEN_BYTES)).as("seed " + seed).isPositive();
    }
}
