package io.netchannel.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.cpu.Cpu;
import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.Allocations;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTimesTest {

    // Not an automatic one: of its memory there would be nothing left but the address, and a collection would free it.
    private final Arena arena = Arena.ofConfined();
    private final LoopTimes times = new LoopTimes(HostMemory.INSTANCE, arena.allocate(LoopTimes.SIZE_BYTES, Cpu.host()
            .separationBytes()).address());

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void shouldTileAllTimesWithBuckets() {
        for (int i = 0; i < LoopTimes.BUCKETS; i++) {
            assertThat(LoopTimes.bucket(LoopTimes.lowestNs(i))).isEqualTo(i);
            assertThat(LoopTimes.bucket(LoopTimes.lowestNs(i + 1) - 1)).isEqualTo(i);
            assertThat(LoopTimes.lowestNs(i + 1) - LoopTimes.lowestNs(i)).as("bucket " + i)
                    .isLessThanOrEqualTo(Math.max(
                            1, LoopTimes.lowestNs(i) >> LoopTimes.SUB_BITS));
        }
        assertThat(LoopTimes.bucket(-5)).isZero();
        assertThat(LoopTimes.bucket(Long.MAX_VALUE)).isEqualTo(LoopTimes.BUCKETS - 1);
    }

    @Test
    void shouldTellPercentilesToAnEighth() {
        final long seed = 20261122;
        final SplittableRandom random = new SplittableRandom(seed);
        final long[] values = random.longs(10_000, 0, 1L << 34).map(v -> v >>> random.nextInt(34)).toArray();
        for (final long value : values) {
            times.record(LoopTime.WAKE_UP, value);
        }
        Arrays.sort(values);
        final TimeDistribution seen = times.get(LoopTime.WAKE_UP);
        for (final double percent : new double[]{0, 1, 25, 50, 90, 99, 99.9, 100}) {
            final long exact = values[Math.max(0, (int) Math.ceil(values.length * percent / 100) - 1)];
            assertThat(seen.percentileNs(percent)).as("seed %d, %s %%", seed, percent).isBetween(exact,
                    exact + (exact >> LoopTimes.SUB_BITS));
        }
        assertThat(seen.count()).isEqualTo(values.length);
        assertThat(seen.maxNs()).isEqualTo(values[values.length - 1]);
        assertThat(seen.meanNs()).isEqualTo(Arrays.stream(values).sum() / values.length);
        assertThat(times.get(LoopTime.PARK).count()).isZero();
    }

    @Test
    void shouldAddAndSubtract() {
        times.record(LoopTime.PARK, 100);
        final TimeDistribution before = times.get(LoopTime.PARK);
        times.record(LoopTime.PARK, 1_000_000);
        final TimeDistribution after = times.get(LoopTime.PARK);
        assertThat(after.minus(before).count()).isEqualTo(1);
        assertThat(after.minus(before).meanNs()).isEqualTo(1_000_000);
        assertThat(after.plus(before).count()).isEqualTo(3);
        assertThat(after.plus(TimeDistribution.empty())).hasToString(after.toString());
        assertThat(TimeDistribution.empty().percentileNs(99)).isZero();
        assertThat(TimeDistribution.empty().meanNs()).isZero();
        assertThatThrownBy(() -> after.percentileNs(101)).hasMessage("percent=101.0 is not within 0..100");
    }

    @Test
    void shouldAllocateNothing() {
        assertThat(Allocations.leastBytes(() -> {
            for (int i = 0; i < 10_000; i++) {
                times.record(LoopTime.BUSY_TURN, i * 37L);
            }
        })).isZero();
    }

    @Test
    void shouldMeasureHowLongATaskWaited() {
        final ManualClock clock = new ManualClock(0);
        try (RunLoop loop = RunLoop.builder("test").clock(clock).build()) {
            loop.execute(() -> {
            });
            clock.advance(7_000);
            // The one sample that is under way was the first's.
            loop.execute(() -> {
            });
            assertThat(loop.runOnce()).as("the measure is no work").isEqualTo(2);
            TimeDistribution seen = loop.times().get(LoopTime.RUN_QUEUE_DELAY);
            assertThat(seen.count()).isEqualTo(1);
            assertThat(seen.maxNs()).isEqualTo(7_000);
            loop.execute(() -> {
            });
            loop.runOnce();
            assertThat(loop.times().get(LoopTime.RUN_QUEUE_DELAY).count()).as("too soon for another").isEqualTo(1);
            clock.advance(QueueProbe.INTERVAL_NS);
            loop.runOnce();
            loop.execute(() -> {
            });
            clock.advance(9_000);
            loop.runOnce();
            seen = loop.times().get(LoopTime.RUN_QUEUE_DELAY);
            assertThat(seen.count()).isEqualTo(2);
            assertThat(seen.maxNs()).isEqualTo(9_000);
        }
    }

    /** Its times are the machine's, and a simulation must come out the same each time. */
    @Test
    void shouldMeasureNothingByTheClockInTurnsOfVirtualTime() {
        final ManualClock clock = new ManualClock(0);
        try (RunLoop loop = RunLoop.builder("test").clock(clock).build()) {
            for (int turn = 0; turn < 3; turn++) {
                loop.execute(() -> {
                });
                clock.advance(7_000);
                loop.runOnce(turn * 1_000_000L);
            }
            for (final LoopTime what : LoopTime.values()) {
                assertThat(loop.times().get(what).count()).as(what.name()).isZero();
            }
        }
    }
}
