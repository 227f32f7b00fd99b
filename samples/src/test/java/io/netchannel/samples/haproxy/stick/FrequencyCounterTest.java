package io.netchannel.samples.haproxy.stick;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rates as haproxy computes them: beside a plain transcription of its formula, and by hand. */
final class FrequencyCounterTest {

    /** Two counters and a tick of 32 bits, step by step as the formula says. */
    private static final class Reference {

        private long tick;
        private long current;
        private long previous;

        void add(final long period, final long events, final long now) {
            if ((now - tick & 0xffff_ffffL) < period) {
                current += events;
                return;
            }
            previous = current;
            current = events;
            tick += period;
            if ((now - tick & 0xffff_ffffL) >= period) {
                previous = 0;
                tick = now;
            }
            tick &= ~1L;
        }

        long read(final long period, final long now) {
            long curr = current;
            long past = previous;
            long remain = tick + period - now;
            if (remain < 0) {
                remain += period;
                past = remain >= 0 ? curr : 0;
                curr = 0;
            }
            return curr == 0 && past <= 1 ? past : (past * remain + curr * period) / period;
        }
    }

    @Test
    void shouldFollowTheFormulaOverRandomHistories() {
        for (int seed = 0; seed < 50; seed++) {
            final Random random = new Random(seed);
            final long period = 1 + random.nextInt(20_000);
            final FrequencyCounter counter = new FrequencyCounter(period);
            final Reference reference = new Reference();
            long now = 1_000_000 + random.nextInt(1_000_000);
            for (int step = 0; step < 500; step++) {
                now += random.nextInt(3) == 0 ? random.nextLong(3 * period + 1) : random.nextLong(period / 10 + 1);
                if (random.nextBoolean()) {
                    final long events = random.nextInt(20);
                    counter.add(events, now);
                    reference.add(period, events, now);
                }
                assertThat(counter.read(now)).as("seed %d step %d", seed, step).isEqualTo(reference.read(period, now));
            }
        }
    }

    @Test
    void shouldCountThePartOfThePastThatTheWindowCovers() {
        final FrequencyCounter counter = new FrequencyCounter(1_000);
        counter.add(10, 100_000);
        assertThat(counter.read(100_000)).isEqualTo(10);
        assertThat(counter.read(101_000)).isEqualTo(10);
        assertThat(counter.read(101_250)).isEqualTo(7);
        assertThat(counter.read(101_999)).isZero();
        counter.add(4, 101_500);
        assertThat(counter.read(101_500)).isEqualTo(4 + 5);
        assertThat(counter.read(110_000)).isZero();
    }

    @Test
    void shouldNotFlapAtOneEventPerPeriod() {
        final FrequencyCounter counter = new FrequencyCounter(1_000);
        counter.add(1, 100_000);
        assertThat(counter.read(101_900)).isEqualTo(1);
        assertThat(counter.read(102_001)).isZero();
    }

    @Test
    void shouldSayHowMuchRemainsAndHowLongToWait() {
        final FrequencyCounter counter = new FrequencyCounter(1_000);
        counter.add(10, 100_000);
        assertThat(counter.remaining(15, 0, 100_000)).isEqualTo(5);
        assertThat(counter.remaining(15, 3, 100_000)).isEqualTo(2);
        assertThat(counter.remaining(5, 0, 100_000)).isZero();
        assertThat(counter.delayMs(15, 0, 100_000)).isZero();
        assertThat(counter.delayMs(10, 0, 100_000)).isEqualTo(1);
        assertThat(counter.delayMs(8, 0, 100_000)).isEqualTo(250);
    }

    @Test
    void shouldBeginAgainWhenTheClockGoesBack() {
        final FrequencyCounter counter = new FrequencyCounter(1_000);
        counter.add(10, 100_000);
        counter.add(3, 50_000);
        assertThat(counter.read(50_000)).isEqualTo(3);
    }
}
