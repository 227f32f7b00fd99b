package io.netchannel.kernel.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class PressurePolicyTest {

    private static final long LIMIT = 1_000_000;
    private static final long SECOND_NS = 1_000_000_000L;
    // Low 60,000, high 90,000, critical 20,000.
    private final PressurePolicy policy = new PressurePolicy(PressureThresholds.DEFAULT);
    private final int gauge = policy.add("limit");
    private long nowNs;

    private PressureDemand available(final long bytes) {
        policy.observe(gauge, new MemoryReading.Room(LIMIT, bytes), nowNs);
        return policy.demand();
    }

    @Test
    void shouldWantNothingAboveTheLowMark() {
        assertThat(available(60_000)).isEqualTo(new PressureDemand(PressureLevel.NONE, 0, 0, null));
        assertThat(available(500_000).spareBytes()).isEqualTo(410_000);
    }

    @Test
    void shouldWantWhatIsMissingToTheHighMarkUntilItIsThere() {
        assertThat(available(59_999)).isEqualTo(new PressureDemand(PressureLevel.MEDIUM, 30_001, 0, "limit"));
        assertThat(available(70_000)).isEqualTo(new PressureDemand(PressureLevel.LOW, 20_000, 0, "limit"));
        assertThat(available(89_999).wantedBytes()).isEqualTo(1);
        assertThat(available(90_000).level()).isEqualTo(PressureLevel.NONE);
        // Between the marks it is as it was before.
        assertThat(available(70_000).level()).isEqualTo(PressureLevel.NONE);
    }

    @Test
    void shouldBeCriticalNearTheLimit() {
        assertThat(available(19_999)).isEqualTo(new PressureDemand(PressureLevel.CRITICAL, 70_001, 0, "limit"));
        assertThat(available(0).wantedBytes()).isEqualTo(90_000);
    }

    @Test
    void shouldTakeTheWorstOfAllGauges() {
        final int second = policy.add("group");
        available(50_000);
        policy.observe(second, new MemoryReading.Room(10 * LIMIT, 100_000), nowNs);
        assertThat(policy.demand()).isEqualTo(new PressureDemand(PressureLevel.CRITICAL, 800_000, 0, "group"));
        policy.observe(second, new MemoryReading.Unlimited(), nowNs);
        assertThat(policy.demand().cause()).isEqualTo("limit");
    }

    @Test
    void shouldCountGrowthThatIsToComeAsTaken() {
        final int heap = policy.add("heap");
        policy.observe(heap, new MemoryReading.Growth(50_000), nowNs);
        assertThat(available(100_000)).isEqualTo(new PressureDemand(PressureLevel.MEDIUM, 40_000, 0, "limit"));
        policy.observe(heap, new MemoryReading.Growth(0), nowNs);
        assertThat(available(100_000).level()).isEqualTo(PressureLevel.NONE);
    }

    private PressureDemand stalled(final int gaugeOfStalls, final long totalNs) {
        nowNs += SECOND_NS;
        policy.observe(gaugeOfStalls, new MemoryReading.Stall(totalNs), nowNs);
        return policy.demand();
    }

    @Test
    void shouldWantMoreWithEachStepWhileTasksWaitForMemory() {
        final int stalls = policy.add("stalls");
        available(500_000);
        assertThat(stalled(stalls, 1_000 * SECOND_NS).level()).as("nothing is known before").isEqualTo(
                PressureLevel.NONE);
        assertThat(stalled(stalls, 1_000 * SECOND_NS + 74_000_000).level()).isEqualTo(PressureLevel.NONE);
        assertThat(stalled(stalls, 1_000 * SECOND_NS + 149_000_000)).isEqualTo(
                new PressureDemand(PressureLevel.MEDIUM, LIMIT / 64, 410_000, "stalls"));
        assertThat(stalled(stalls, 1_000 * SECOND_NS + 449_000_000)).isEqualTo(
                new PressureDemand(PressureLevel.CRITICAL, 2 * (LIMIT / 64), 410_000, "stalls"));
        for (int i = 1; i <= 20; i++) {
            stalled(stalls, (1_000 + i) * SECOND_NS);
        }
        assertThat(policy.demand().wantedBytes()).as("bounded").isEqualTo(LIMIT / 8);
        // Half of the mark keeps it on, less ends it.
        assertThat(stalled(stalls, 1_020 * SECOND_NS + 40_000_000).level()).isEqualTo(PressureLevel.MEDIUM);
        assertThat(stalled(stalls, 1_020 * SECOND_NS + 60_000_000).level()).isEqualTo(PressureLevel.NONE);
    }

    @Test
    void shouldNotOverflowAtTheLargestLimit() {
        policy.observe(gauge, new MemoryReading.Room(Long.MAX_VALUE, 0), nowNs);
        assertThat(policy.demand().wantedBytes()).isBetween(Long.MAX_VALUE / 1000 * 89, Long.MAX_VALUE / 1000 * 91);
    }

    @Test
    void shouldRefuseMarksOutOfOrder() {
        assertThatThrownBy(() -> new PressureThresholds(90, 60, 20, 75)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lowPermille=90 < highPermille=60");
        assertThatThrownBy(() -> new PressureThresholds(60, 90, 20, 0))
                .hasMessage("stallPermille=0 is not within 1..1000");
    }
}
