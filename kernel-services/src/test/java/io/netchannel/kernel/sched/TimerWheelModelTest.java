package io.netchannel.kernel.sched;

import static io.netchannel.kernel.sched.TimerWheel.NO_DEADLINE;
import static io.netchannel.kernel.sched.TimerWheel.RESOLUTION_NS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The wheel against a {@link TreeMap}, over seeded random lives of timers. */
class TimerWheelModelTest {

    private static final int RUNS = 300;
    private static final int STEPS = 400;
    private static final int TIMERS = 24;

    @Test
    void shouldDoWhatATreeMapDoes() {
        for (long seed = 1; seed <= RUNS; seed++) {
            try {
                new Run(seed).run();
            } catch (final AssertionError | RuntimeException failed) {
                throw new AssertionError("seed " + seed + ": " + failed.getMessage(), failed);
            }
        }
    }

    private static final class Run {

        private final Random random;
        private final TimerWheel wheel;
        private final Modelled[] timers = new Modelled[TIMERS];
        private final TreeMap<Long, Set<Modelled>> model = new TreeMap<>();
        private final long startNs;
        private long nowNs;
        private long expiringAtNs = -1;
        private boolean expiring;

        Run(final long seed) {
            random = new Random(seed);
            startNs = random.nextInt(4) == 0 ? random.nextLong() >> 4 : 0;
            nowNs = startNs;
            wheel = new TimerWheel(startNs);
            for (int i = 0; i < TIMERS; i++) {
                timers[i] = new Modelled();
            }
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> schedule(anyTimer());
                    case 3 -> cancel(anyTimer());
                    case 4 -> advance(wheel.nextDeadlineNs());
                    case 5 -> advance(nowNs + random.nextLong(2 * RESOLUTION_NS));
                    default -> advance(nowNs + spread());
                }
                check();
            }
            drain();
        }

        private Modelled anyTimer() {
            return timers[random.nextInt(TIMERS)];
        }

        /** From nothing to 30 days, all magnitudes alike. */
        private long spread() {
            return random.nextLong() >>> 13 + random.nextInt(51);
        }

        private void schedule(final Modelled timer) {
            final long deadlineNs = random.nextInt(10) == 0 ? nowNs - spread() : nowNs + spread();
            wheel.schedule(timer, deadlineNs);
            forget(timer);
            // Rounded up; not in the past; not within the advance() that runs.
            final long presentNs = floor(nowNs) + (expiring ? RESOLUTION_NS : 0);
            timer.dueNs = Math.max(ceiling(deadlineNs), presentNs);
            model.computeIfAbsent(timer.dueNs, due -> new LinkedHashSet<>()).add(timer);
            assertThat(timer.deadlineNs()).isEqualTo(timer.dueNs).isGreaterThanOrEqualTo(deadlineNs);
        }

        private void cancel(final Modelled timer) {
            wheel.cancel(timer);
            forget(timer);
            assertThat(timer.isArmed()).isFalse();
        }

        private void forget(final Modelled timer) {
            final Set<Modelled> due = model.get(timer.dueNs);
            if (due != null && due.remove(timer) && due.isEmpty()) {
                model.remove(timer.dueNs);
            }
        }

        private long floor(final long timeNs) {
            return startNs + Math.floorDiv(timeNs - startNs, RESOLUTION_NS) * RESOLUTION_NS;
        }

        private long ceiling(final long timeNs) {
            return startNs + Math.ceilDiv(timeNs - startNs, RESOLUTION_NS) * RESOLUTION_NS;
        }

        private void advance(final long toNs) {
            if (toNs == NO_DEADLINE) {
                return;
            }
            final long boundNs = wheel.nextDeadlineNs();
            nowNs = Math.max(nowNs, toNs);
            expiring = true;
            expiringAtNs = Long.MIN_VALUE;
            final int expired = wheel.advance(nowNs);
            expiring = false;
            final Map.Entry<Long, Set<Modelled>> next = model.firstEntry();
            assertThat(next == null || next.getKey() > nowNs).as("something due is left").isTrue();
            assertThat(expired > 0 || boundNs > nowNs || wheel.nextDeadlineNs() > boundNs)
                    .as("progress at the bound %d", boundNs).isTrue();
        }

        private void check() {
            assertThat(wheel.size()).isEqualTo(model.values().stream().mapToInt(Set::size).sum());
            if (model.isEmpty()) {
                assertThat(wheel.nextDeadlineNs()).isEqualTo(NO_DEADLINE);
            } else {
                assertThat(wheel.nextDeadlineNs()).isLessThanOrEqualTo(model.firstKey());
            }
        }

        private void drain() {
            for (int i = 0; i < 10_000 && !model.isEmpty(); i++) {
                advance(wheel.nextDeadlineNs());
                for (int t = 0; t < TIMERS; t++) {
                    timers[t].quiet = true;
                }
                check();
            }
            assertThat(model).isEmpty();
        }

        private final class Modelled extends Timer {
            private long dueNs;
            private boolean quiet;

            @Override
            protected void expire(final long atNs) {
                assertThat(atNs).isEqualTo(nowNs).isGreaterThanOrEqualTo(dueNs);
                assertThat(isArmed()).isFalse();
                assertThat(model.firstKey()).as("the earliest first").isEqualTo(dueNs);
                assertThat(model.firstEntry().getValue()).contains(this);
                assertThat(dueNs).isGreaterThanOrEqualTo(expiringAtNs);
                expiringAtNs = dueNs;
                forget(this);
                for (int i = quiet ? 0 : random.nextInt(3); i > 0; i--) {
                    switch (random.nextInt(3)) {
                        case 0 -> schedule(this);
                        case 1 -> schedule(anyTimer());
                        default -> cancel(anyTimer());
                    }
                }
            }
        }
    }
}
