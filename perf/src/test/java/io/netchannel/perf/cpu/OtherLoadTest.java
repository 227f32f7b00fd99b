package io.netchannel.perf.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OtherLoadTest {

    @Test
    void shouldTellOthersFromThisProcess() {
        final OtherLoad begin = new OtherLoad(1_000, 500, 200);
        assertThat(begin.hasDisturbedUntil(new OtherLoad(2_000, 2_500, 2_200))).isFalse();
        assertThat(begin.hasDisturbedUntil(new OtherLoad(2_000, 2_500, 2_001))).isFalse();
        assertThat(begin.hasDisturbedUntil(new OtherLoad(2_000, 2_500, 1_999))).isTrue();
    }

    @Test
    void shouldLeaveNoRoundOutWhereNobodyKnows() {
        assertThat(new OtherLoad(1_000, 0, 200).hasDisturbedUntil(new OtherLoad(2_000, 0, 900))).isFalse();
    }
}
