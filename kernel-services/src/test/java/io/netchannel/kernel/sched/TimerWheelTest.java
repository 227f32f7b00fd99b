package io.netchannel.kernel.sched;

import static io.netchannel.kernel.sched.TimerWheel.NO_DEADLINE;
import static io.netchannel.kernel.sched.TimerWheel.RESOLUTION_NS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.Allocations;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {

    private static final long DAY_NS = 86_400_000_000_000L;

    private final TimerWheel wheel = new TimerWheel(0);
    private final List<String> fired = new ArrayList<>();

    /** Notes that it fired, then does something. */
    private final class Noting extends Timer {
        private final String name;
        private final Runnable then;

        Noting(final String name) {
            this(name, () -> {
            });
        }

        Noting(final String name, final Runnable then) {
            this.name = name;
            this.then = then;
        }

        @Override
        protected void expire(final long nowNs) {
            fired.add(name + "@" + nowNs / RESOLUTION_NS);
            then.run();
        }
    }

    private static long ticks(final long count) {
        return count * RESOLUTION_NS;
    }

    @Test
    void shouldFireAtItsDeadlineAndNotBefore() {
        final Timer timer = new Noting("a");
        wheel.schedule(timer, ticks(10));
        assertThat(timer.isArmed()).isTrue();
        assertThat(timer.deadlineNs()).isEqualTo(ticks(10));
        assertThat(wheel.nextDeadlineNs()).isEqualTo(ticks(10));
        assertThat(wheel.advance(ticks(10) - 1)).isZero();
        assertThat(wheel.advance(ticks(10))).isEqualTo(1);
        assertThat(fired).containsExactly("a@10");
        assertThat(timer.isArmed()).isFalse();
        assertThat(timer.deadlineNs()).isEqualTo(NO_DEADLINE);
        assertThat(wheel.size()).isZero();
        assertThat(wheel.nextDeadlineNs()).isEqualTo(NO_DEADLINE);
    }

    @Test
    void shouldRoundADeadlineUpToTheResolution() {
        final Timer timer = new Noting("a");
        wheel.schedule(timer, ticks(3) + 1);
        assertThat(timer.deadlineNs()).isEqualTo(ticks(4));
        wheel.advance(ticks(3) + 2);
        assertThat(fired).isEmpty();
        wheel.advance(ticks(4));
        assertThat(fired).hasSize(1);
    }

    @Test
    void shouldFireInTheOrderOfDeadlinesThenOfScheduling() {
        wheel.schedule(new Noting("late"), ticks(5000));
        wheel.schedule(new Noting("b"), ticks(70));
        wheel.schedule(new Noting("c"), ticks(70));
        wheel.schedule(new Noting("d"), ticks(70));
        wheel.schedule(new Noting("e"), ticks(70));
        wheel.schedule(new Noting("a1"), ticks(1));
        wheel.schedule(new Noting("a2"), ticks(1));
        wheel.schedule(new Noting("a3"), ticks(1));
        assertThat(wheel.advance(ticks(6000))).isEqualTo(8);
        assertThat(fired).containsExactly("a1@6000", "a2@6000", "a3@6000", "b@6000",
                "c@6000", "d@6000", "e@6000", "late@6000");
    }

    @Test
    void shouldMoveATimerThatIsArmed() {
        final Timer timer = new Noting("a");
        wheel.schedule(timer, ticks(5));
        wheel.schedule(timer, ticks(500));
        assertThat(wheel.size()).isEqualTo(1);
        assertThat(wheel.advance(ticks(499))).isZero();
        wheel.schedule(timer, ticks(501));
        wheel.schedule(timer, ticks(500));
        assertThat(wheel.advance(ticks(500))).isEqualTo(1);
        assertThat(wheel.advance(ticks(1000))).isZero();
    }

    @Test
    void shouldNotFireWhatWasCancelled() {
        final Timer timer = new Noting("a");
        wheel.cancel(timer);
        wheel.schedule(timer, ticks(5));
        wheel.cancel(timer);
        wheel.cancel(timer);
        assertThat(timer.isArmed()).isFalse();
        assertThat(wheel.size()).isZero();
        assertThat(wheel.advance(DAY_NS)).isZero();
        wheel.schedule(timer, ticks(5));
        wheel.schedule(timer, NO_DEADLINE);
        assertThat(timer.isArmed()).isFalse();
    }

    @Test
    void shouldFireWhatIsDueAlreadyAtTheNextAdvance() {
        wheel.advance(ticks(1000));
        wheel.schedule(new Noting("past"), ticks(10));
        wheel.schedule(new Noting("now"), ticks(1000));
        wheel.schedule(new Noting("beforeAllTime"), Long.MIN_VALUE);
        assertThat(wheel.nextDeadlineNs()).isEqualTo(ticks(1000));
        assertThat(wheel.advance(ticks(1000))).isEqualTo(3);
    }

    @Test
    void shouldLetATimerThatExpiresScheduleItself() {
        final Timer[] self = new Timer[1];
        self[0] = new Noting("again", () -> wheel.schedule(self[0], 0));
        wheel.schedule(self[0], ticks(1));
        assertThat(wheel.advance(ticks(9))).as("once per advance, or it would never end").isEqualTo(1);
        assertThat(self[0].deadlineNs()).isEqualTo(ticks(10));
        assertThat(wheel.advance(ticks(9))).isZero();
        assertThat(wheel.advance(ticks(10))).isEqualTo(1);
    }

    @Test
    void shouldLetATimerThatExpiresCancelOneOfTheSameTick() {
        final Timer victim = new Noting("victim");
        final Timer laterVictim = new Noting("laterVictim");
        wheel.schedule(new Noting("killer", () -> {
            wheel.cancel(victim);
            wheel.cancel(laterVictim);
        }), ticks(7));
        wheel.schedule(victim, ticks(7));
        wheel.schedule(new Noting("survivor"), ticks(7));
        wheel.schedule(laterVictim, ticks(9));
        assertThat(wheel.advance(ticks(20))).isEqualTo(2);
        assertThat(fired).containsExactly("killer@20", "survivor@20");
        assertThat(wheel.size()).isZero();
    }

    @Test
    void shouldLetATimerThatExpiresMoveOneOfTheSameTick() {
        final Timer other = new Noting("other");
        wheel.schedule(new Noting("mover", () -> wheel.schedule(other, ticks(100))), ticks(7));
        wheel.schedule(other, ticks(7));
        assertThat(wheel.advance(ticks(50))).isEqualTo(1);
        assertThat(wheel.advance(ticks(100))).isEqualTo(1);
        assertThat(fired).containsExactly("mover@50", "other@100");
    }

    @Test
    void shouldKeepTheOthersWhenATimerThrows() {
        wheel.schedule(new Noting("bad", () -> {
            throw new IllegalStateException("bad");
        }), ticks(7));
        wheel.schedule(new Noting("sameTick"), ticks(7));
        wheel.schedule(new Noting("later"), ticks(8));
        assertThatThrownBy(() -> wheel.advance(ticks(10))).hasMessage("bad");
        assertThat(wheel.size()).isEqualTo(2);
        assertThat(wheel.advance(ticks(10))).isEqualTo(2);
        assertThat(fired).containsExactly("bad@10", "sameTick@10", "later@10");
    }

    @Test
    void shouldRefuseToAdvanceFromWithinATimer() {
        wheel.schedule(new Noting("nested", () -> wheel.advance(ticks(50))), ticks(7));
        assertThatThrownBy(() -> wheel.advance(ticks(10))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("within expire()");
    }

    @Test
    void shouldRefuseATimerOfAnotherWheel() {
        final Timer timer = new Noting("a");
        wheel.schedule(timer, ticks(5));
        final TimerWheel other = new TimerWheel(0);
        assertThatThrownBy(() -> other.cancel(timer)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> other.schedule(timer, 1)).isInstanceOf(IllegalStateException.class);
        wheel.cancel(timer);
        other.schedule(timer, ticks(5));
        assertThat(other.advance(ticks(5))).isEqualTo(1);
    }

    @Test
    void shouldIgnoreTimeThatGoesBack() {
        wheel.advance(ticks(100));
        wheel.schedule(new Noting("a"), ticks(101));
        assertThat(wheel.advance(ticks(3))).isZero();
        assertThat(wheel.advance(Long.MIN_VALUE)).isZero();
        assertThat(wheel.advance(ticks(101))).isEqualTo(1);
    }

    @Test
    void shouldReachAFarDeadlineBySteppingToItsBounds() {
        final Timer timer = new Noting("far");
        final long deadlineNs = 400 * DAY_NS + 12_345;
        wheel.schedule(timer, deadlineNs);
        int steps = 0;
        long lastNs = -1;
        while (timer.isArmed()) {
            final long nextNs = wheel.nextDeadlineNs();
            assertThat(nextNs).isGreaterThan(lastNs).isLessThanOrEqualTo(timer.deadlineNs());
            lastNs = nextNs;
            wheel.advance(nextNs);
            steps++;
        }
        assertThat(steps).isLessThanOrEqualTo(TimerWheel.LEVELS);
        assertThat(lastNs).isBetween(deadlineNs, deadlineNs + RESOLUTION_NS - 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 12_345_678_901L, -4_000_000_000_000_000_000L, 4_000_000_000_000_000_000L})
    void shouldStartAtAnyTime(final long startNs) {
        final TimerWheel started = new TimerWheel(startNs);
        final Timer timer = new Noting("a");
        started.schedule(timer, startNs + 1_000_000);
        assertThat(timer.deadlineNs()).isBetween(startNs + 1_000_000, startNs + 1_000_000 + RESOLUTION_NS);
        assertThat(started.advance(startNs)).isZero();
        assertThat(started.advance(startNs + 999_999)).isZero();
        assertThat(started.advance(startNs + 1_100_000)).isEqualTo(1);
        started.schedule(timer, Long.MAX_VALUE - 1);
        assertThat(started.advance(startNs + DAY_NS)).isZero();
        assertThat(timer.isArmed()).isTrue();
    }

    @Test
    void shouldAllocateNothing() {
        final Random random = new Random(11);
        final Timer[] timers = new Timer[256];
        for (int i = 0; i < timers.length; i++) {
            timers[i] = new Timer() {
                @Override
                protected void expire(final long nowNs) {
                    wheel.schedule(this, nowNs + ticks(3));
                }
            };
        }
        final long[] nowNs = {0};
        assertThat(Allocations.leastBytes(() -> {
            for (int i = 0; i < 20_000; i++) {
                final Timer timer = timers[random.nextInt(timers.length)];
                if (random.nextInt(3) == 0) {
                    wheel.cancel(timer);
                } else {
                    wheel.schedule(timer, nowNs[0] + ticks(random.nextInt(100_000)));
                }
                nowNs[0] += random.nextInt(1_000_000);
                wheel.advance(nowNs[0]);
                wheel.nextDeadlineNs();
            }
        })).isZero();
    }
}
