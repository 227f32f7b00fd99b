package io.netchannel.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ClocksTest {

    @Test
    void shouldPassOnlyWhenTold() {
        final ManualClock clock = new ManualClock(100);
        assertThat(clock.nowNs()).isEqualTo(100);
        clock.advance(0);
        clock.advance(50);
        assertThat(clock.nowNs()).isEqualTo(150);
        clock.advanceTo(150);
        clock.advanceTo(1_000);
        assertThat(clock.nowNs()).isEqualTo(1_000);
    }

    @Test
    void shouldNeverGoBack() {
        final ManualClock clock = new ManualClock(100);
        assertThatThrownBy(() -> clock.advance(-1)).hasMessage("deltaNs=-1 < 0");
        assertThatThrownBy(() -> clock.advanceTo(99)).hasMessage("timeNs=99 < nowNs=100");
        assertThatThrownBy(() -> clock.advance(Long.MAX_VALUE)).isInstanceOf(ArithmeticException.class);
        assertThat(clock.nowNs()).isEqualTo(100);
    }

    @Test
    void shouldReadTheMachinesClockFromItsOrigin() {
        final long first = SystemNanoClock.INSTANCE.nowNs();
        assertThat(first).isNotNegative();
        for (int i = 0; i < 1000; i++) {
            assertThat(SystemNanoClock.INSTANCE.nowNs()).isGreaterThanOrEqualTo(first);
        }
    }
}
