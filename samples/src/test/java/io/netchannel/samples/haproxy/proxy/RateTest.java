package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateTest {

    private final Rate rate = new Rate();

    @Test
    void shouldLetAsManyPassInASecondAsTheLimitSays() {
        final long[] passed = new long[4];
        for (long nowMs = 10_000; nowMs < 14_000; nowMs++) {
            if (rate.delayMs(5, nowMs) == 0) {
                rate.add(nowMs, 1);
                passed[(int) (nowMs - 10_000) / 1_000]++;
            }
        }
        assertThat(passed).containsExactly(5, 5, 5, 5);
    }

    @Test
    void shouldSayWhenTheNextMayPass() {
        for (int i = 0; i < 5; i++) {
            rate.add(10_000, 1);
        }
        final long delayMs = rate.delayMs(5, 10_000);
        assertThat(delayMs).isPositive();
        long nowMs = 10_000;
        while (rate.delayMs(5, nowMs) > 0) {
            nowMs += rate.delayMs(5, nowMs);
        }
        assertThat(nowMs).isBetween(11_000L, 11_400L);
    }

    @Test
    void shouldNeverHoldUpWithoutALimit() {
        rate.add(10_000, 1_000_000);
        assertThat(rate.delayMs(0, 10_000)).isZero();
        assertThat(rate.max()).isEqualTo(1_000_000);
    }
}
