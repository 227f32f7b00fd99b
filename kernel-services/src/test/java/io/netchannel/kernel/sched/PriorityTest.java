package io.netchannel.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who goes first in a turn, and how long the others wait at most, in virtual time. */
class PriorityTest {

    private static final long SLICE_NS = 1_000;
    private static final int SLICE_WORK = 8;
    private static final long WAIT_NS = 50_000;

    private final ManualClock clock = new ManualClock(0);
    private final List<String> events = new ArrayList<>();
    private final RunLoop loop = RunLoop.builder("test").clock(clock).applicationSlice(SLICE_WORK, SLICE_NS)
            .backgroundWaitNs(WAIT_NS).build();

    @AfterEach
    void close() {
        loop.close();
    }

    private Poller noting(final String name) {
        return nowNs -> {
            events.add(name);
            return 1;
        };
    }

    private Runnable taking(final String name, final long ns) {
        return () -> {
            events.add(name);
            clock.advance(ns);
        };
    }

    @Test
    void shouldRunTheDataplaneThenApplicationsThenWhatSendsThenTheBackground() {
        loop.add(nowNs -> {
            events.add("background");
            return 0;
        }, Priority.BACKGROUND);
        loop.addTransmit(nowNs -> {
            events.add("transmit");
            return 0;
        });
        loop.add(nowNs -> {
            events.add("application");
            return 0;
        });
        loop.add(nowNs -> {
            events.add("dataplane");
            return 0;
        }, Priority.DATAPLANE);
        loop.runOnce();
        assertThat(events).containsExactly("dataplane", "application", "transmit", "background");
        events.clear();
        loop.execute(taking("task", 0));
        loop.execute(taking("urgent task", 0), Priority.DATAPLANE);
        loop.runOnce();
        assertThat(events).containsExactly("urgent task", "dataplane", "task", "application", "transmit");
    }

    @Test
    void shouldEndTheSliceOfTasksWhenItsTimeIsOver() {
        for (int i = 0; i < 6; i++) {
            loop.execute(taking("task" + i, 400));
        }
        loop.add(noting("dataplane"), Priority.DATAPLANE);
        loop.runOnce();
        assertThat(events).containsExactly("dataplane", "task0", "task1", "task2");
        assertThat(loop.counters().get(LoopCounter.APPLICATION_CUTS)).isEqualTo(1);
        loop.runOnce();
        assertThat(events).endsWith("dataplane", "task3", "task4", "task5");
        assertThat(loop.counters().get(LoopCounter.APPLICATION_CUTS)).as("nothing was left").isEqualTo(1);
    }

    @Test
    void shouldRunOneTaskHoweverLongItTakes() {
        loop.execute(taking("long", 100 * SLICE_NS));
        loop.execute(taking("next", 0));
        loop.runOnce();
        assertThat(events).containsExactly("long");
        loop.runOnce();
        assertThat(events).containsExactly("long", "next");
    }

    @Test
    void shouldLetNoTimePassInATurnThatIsHandedIts() {
        for (int i = 0; i < SLICE_WORK; i++) {
            loop.execute(taking("task" + i, 400));
        }
        loop.runOnce(0);
        assertThat(events).hasSize(SLICE_WORK);
    }

    @Test
    void shouldGoOnWithThePollerThatTheLastTurnDidNotGetTo() {
        for (int i = 0; i < 3; i++) {
            final String name = "p" + i;
            loop.add(nowNs -> {
                events.add(name);
                return SLICE_WORK / 2;
            });
        }
        loop.runOnce();
        assertThat(events).containsExactly("p0", "p1");
        loop.runOnce();
        assertThat(events).endsWith("p2", "p0");
        loop.runOnce();
        assertThat(events).endsWith("p1", "p2");
    }

    @Test
    void shouldPollOneApplicationWhenTasksHaveUsedUpTheSlice() {
        loop.add(noting("p0"));
        loop.add(noting("p1"));
        for (int i = 0; i < 3 * SLICE_WORK; i++) {
            loop.execute(() -> {
            });
        }
        loop.runOnce();
        assertThat(events).containsExactly("p0");
        loop.runOnce();
        assertThat(events).containsExactly("p0", "p1");
        loop.runOnce();
        assertThat(events).as("the slice held all tasks").containsExactly("p0", "p1", "p0", "p1");
    }

    @Test
    void shouldGiveTheBackgroundOneUnitInATurnWithoutOtherWork() {
        loop.execute(taking("b0", 0), Priority.BACKGROUND);
        loop.execute(taking("b1", 0), Priority.BACKGROUND);
        loop.add(noting("poller"), Priority.BACKGROUND);
        assertThat(loop.runOnce()).isEqualTo(1);
        loop.runOnce();
        loop.runOnce();
        assertThat(events).as("tasks and pollers in turn").containsExactly("b0", "poller", "b1");
    }

    @Test
    void shouldGiveTheBackgroundAUnitWhenItIsDue() {
        loop.add(noting("busy"), Priority.DATAPLANE);
        loop.runOnce();
        loop.execute(taking("background", 0), Priority.BACKGROUND);
        while (clock.nowNs() < WAIT_NS) {
            loop.runOnce();
            clock.advance(1_000);
        }
        assertThat(events).containsOnly("busy");
        loop.runOnce();
        assertThat(events).endsWith("busy", "background");
        assertThat(loop.counters().get(LoopCounter.BACKGROUND_DUE)).isEqualTo(1);
    }

    @Test
    void shouldNotSleepOnTasksOfAnyPriority() {
        for (final Priority priority : Priority.values()) {
            loop.execute(taking(priority.name(), 0), priority);
            loop.runOnce();
            assertThat(events).endsWith(priority.name());
        }
    }

    @Test
    void shouldRunWhatWasHandedOverBeforeTheEnd() {
        for (final Priority priority : Priority.values()) {
            loop.execute(taking(priority.name(), 0), priority);
        }
        loop.close();
        assertThat(events).containsExactly("DATAPLANE", "APPLICATION", "BACKGROUND");
    }

    @Test
    void shouldRefuseSlicesThatLetNothingThrough() {
        assertThatThrownBy(() -> RunLoop.builder("x").applicationSlice(0, 1)).hasMessage(
                "applicationSlice work=0, timeNs=1: each must be 1 or more");
        assertThatThrownBy(() -> RunLoop.builder("x").backgroundWaitNs(-1)).hasMessage("backgroundWaitNs=-1 < 0");
    }

    /** Tasks of all priorities and lengths from a seed, more than there is time for: none waits for longer than it may. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void shouldBoundTheWaitOfEachPriority(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final long maxTaskNs = 300;
        final long maxPollNs = 200;
        final long[] polledNs = {0};
        final long[] longestDataplaneWaitNs = {0};
        loop.add(nowNs -> {
            longestDataplaneWaitNs[0] = Math.max(longestDataplaneWaitNs[0], clock.nowNs() - polledNs[0]);
            clock.advance(random.nextLong(maxPollNs));
            polledNs[0] = clock.nowNs();
            return 1;
        }, Priority.DATAPLANE);
        final int[] left = {0};
        final long[] backgroundNs = {0};
        final long[] longestBackgroundWaitNs = {0};
        loop.add(nowNs -> {
            clock.advance(random.nextLong(maxPollNs));
            return random.nextInt(2 * SLICE_WORK);
        });
        for (int turn = 0; turn < 5_000; turn++) {
            for (int i = random.nextInt(2 * SLICE_WORK); i > 0; i--) {
                left[0]++;
                loop.execute(() -> {
                    left[0]--;
                    clock.advance(random.nextLong(maxTaskNs));
                });
            }
            loop.execute(() -> {
                longestBackgroundWaitNs[0] = Math.max(longestBackgroundWaitNs[0], clock.nowNs() - backgroundNs[0]);
                backgroundNs[0] = clock.nowNs();
                clock.advance(random.nextLong(maxTaskNs));
            }, Priority.BACKGROUND);
            final int before = left[0];
            loop.runOnce();
            assertThat(before == 0 || left[0] < before).as("seed %d, turn %d: a task was done", seed, turn).isTrue();
        }
        final long applicationsNs = SLICE_NS + maxTaskNs + maxPollNs;
        assertThat(longestDataplaneWaitNs[0]).as("seed " + seed).isLessThanOrEqualTo(applicationsNs + maxTaskNs);
        final long turnNs = applicationsNs + maxTaskNs + maxPollNs;
        assertThat(longestBackgroundWaitNs[0]).as("seed " + seed).isLessThanOrEqualTo(WAIT_NS + 2 * turnNs);
        assertThat(loop.counters().get(LoopCounter.BACKGROUND_DUE)).as("seed " + seed).isPositive();
    }
}
