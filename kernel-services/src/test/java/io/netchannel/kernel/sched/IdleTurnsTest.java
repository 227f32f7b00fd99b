package io.netchannel.kernel.sched;

import static io.netchannel.kernel.sched.IdleTurns.LONG_PARK_NS;
import static io.netchannel.kernel.sched.IdleTurns.LONG_YIELD_NS;
import static io.netchannel.kernel.sched.IdleTurns.MIN_PERIODS_WITHOUT_YIELD;
import static io.netchannel.kernel.sched.IdleTurns.SHARED_YIELD_NS;
import static io.netchannel.kernel.sched.IdleTurns.SHORT_PARK_NS;
import static io.netchannel.kernel.sched.IdleTurns.Step.PARK;
import static io.netchannel.kernel.sched.IdleTurns.Step.SPIN;
import static io.netchannel.kernel.sched.IdleTurns.Step.YIELD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class IdleTurnsTest {

    private static String steps(final IdleTurns turns, final int count) {
        final StringBuilder steps = new StringBuilder();
        for (int i = 0; i < count; i++) {
            steps.append(turns.next().name().charAt(0));
        }
        return steps.toString();
    }

    @Test
    void shouldSpinThenYieldThenPark() {
        final IdleTurns turns = new IdleTurns(new IdleStrategy(3, 2, true));
        assertThat(steps(turns, 8)).isEqualTo("SSSYYPPP");
        turns.reset();
        assertThat(steps(turns, 6)).isEqualTo("SSSYYP");
    }

    @Test
    void shouldParkAtOnceOrNeverIfToldTo() {
        final IdleTurns atOnce = new IdleTurns(IdleStrategy.PARK_AT_ONCE);
        assertThat(atOnce.next()).isEqualTo(PARK);
        final IdleTurns never = new IdleTurns(new IdleStrategy(1, 0, false));
        assertThat(never.next()).isEqualTo(SPIN);
        for (int i = 0; i < 1000; i++) {
            assertThat(never.next()).isEqualTo(YIELD);
        }
    }

    @Test
    void shouldWaitLessAfterLongParksAndMoreAfterShortOnes() {
        final IdleTurns turns = new IdleTurns(new IdleStrategy(8, 4, true));
        assertThat(steps(turns, 13)).isEqualTo("SSSSSSSSYYYYP");
        turns.parked(LONG_PARK_NS + 1, true);
        turns.reset();
        assertThat(steps(turns, 7)).isEqualTo("SSSSYYP");
        for (int i = 0; i < 100; i++) {
            turns.parked(LONG_PARK_NS + 1, false);
        }
        turns.reset();
        assertThat(turns.next()).isEqualTo(PARK);
        for (int i = 0; i < 100; i++) {
            turns.parked(SHORT_PARK_NS - 1, true);
        }
        turns.reset();
        assertThat(steps(turns, 13)).as("no more than the strategy's").isEqualTo("SSSSSSSSYYYYP");
    }

    @Test
    void shouldHardlySpinWhileYieldsLetOthersRun() {
        final IdleTurns turns = new IdleTurns(new IdleStrategy(5, 3, true));
        assertThat(steps(turns, 6)).isEqualTo("SSSSSY");
        turns.yielded(SHARED_YIELD_NS + 1);
        turns.reset();
        assertThat(steps(turns, 6)).isEqualTo("SSYYYP");
        turns.yielded(SHARED_YIELD_NS);
        turns.reset();
        assertThat(steps(turns, 6)).as("alone again").isEqualTo("SSSSSY");
    }

    @Test
    void shouldNotSpinMoreThanToldWhereACpuIsShared() {
        final IdleTurns turns = new IdleTurns(new IdleStrategy(1, 1, true));
        turns.yielded(SHARED_YIELD_NS + 1);
        assertThat(steps(turns, 3)).isEqualTo("SYP");
    }

    @Test
    void shouldLearnNothingFromADeadlineOrAParkOfMiddleLength() {
        final IdleTurns turns = new IdleTurns(new IdleStrategy(4, 0, true));
        turns.parked(LONG_PARK_NS + 1, true);
        turns.parked(SHORT_PARK_NS - 1, false);
        turns.parked(SHORT_PARK_NS, true);
        turns.parked(LONG_PARK_NS, true);
        assertThat(steps(turns, 3)).isEqualTo("SSP");
    }

    @Test
    void shouldRefuseTurnsOutOfRange() {
        assertThatThrownBy(() -> new IdleStrategy(-1, 0, true)).hasMessage("maxSpinTurns=-1 is not within 0..1000000");
        assertThatThrownBy(() -> new IdleStrategy(0, 1_000_001, true))
                .hasMessage("maxYieldTurns=1000001 is not within 0..1000000");
    }

    @Test
    void shouldParkAtOnceForAWhileAfterAStrangerHadTheCpu() {
        final IdleTurns turns = new IdleTurns(new IdleStrategy(1, 2, true));
        assertThat(steps(turns, 4)).isEqualTo("SYYP");
        turns.yielded(LONG_YIELD_NS + 1);
        turns.reset();
        for (int busyTurn = 0; busyTurn < 100; busyTurn++) {
            turns.reset();
        }
        for (int period = 1; period < MIN_PERIODS_WITHOUT_YIELD; period++) {
            assertThat(steps(turns, 2)).as("period %d", period).isEqualTo("PP");
            turns.reset();
        }
        turns.yielded(LONG_YIELD_NS);
        assertThat(steps(turns, 4)).as("tries again").isEqualTo("SYYP");
        turns.yielded(LONG_YIELD_NS + 1);
        for (int period = 0; period < 2 * MIN_PERIODS_WITHOUT_YIELD; period++) {
            assertThat(turns.next()).as("period %d of twice as many", period).isEqualTo(PARK);
            turns.reset();
        }
        assertThat(turns.next()).isEqualTo(SPIN);
    }

    @Test
    void shouldNotMindYieldsThatComeBackSoon() {
        final IdleTurns turns = new IdleTurns(new IdleStrategy(1, 2, true));
        for (int i = 0; i < 1000; i++) {
            turns.yielded(LONG_YIELD_NS);
        }
        assertThat(steps(turns, 4)).isEqualTo("SYYP");
    }

    @Test
    void shouldNeverParkALoopThatMayNot() {
        final IdleTurns turns = new IdleTurns(IdleStrategy.BUSY);
        turns.yielded(LONG_YIELD_NS + 1);
        assertThat(turns.next()).isEqualTo(SPIN);
    }
}
